import { compareRefusing } from './arrays.ts'
import { isEqual } from '../../json-equal.ts'
import { detailOf } from './equal.ts'
import type { Pair, Walker } from './types.ts'

/** JSON Schema 10.2.1.4 and 10.2.2: what must not be, and what must be if something is. */
export function compareConditions(walker: Walker, pair: Pair): void {
  compareAsAWhole(walker, pair, 'not')
  compareAsAWhole(walker, pair, 'if')
  compareRefusing(walker, pair, 'then', 'then')
  compareRefusing(walker, pair, 'else', 'else')
}

/** What is narrower in it may be wider around it: it is not looked into. */
function compareAsAWhole(walker: Walker, { before, after, at }: Pair, keyword: 'not' | 'if'): void {
  const [one, other] = [before[keyword], after[keyword]]
  if (isEqual(one, other)) return
  const spots = { before: { at: before, member: keyword }, after: { at: after, member: keyword } }
  if (one === undefined) walker.tell(`${keyword}-added`, at, { after: detailOf(other) }, spots)
  else if (other === undefined) walker.tell(`${keyword}-removed`, at, { before: detailOf(one) }, spots)
  else walker.tell(`${keyword}-changed`, at, { before: detailOf(one), after: detailOf(other) }, spots)
}
