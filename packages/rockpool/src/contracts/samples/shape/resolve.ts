import { Impossible } from '../impossible.ts'
import { gather } from './gather.ts'
import type { Names } from './names.ts'
import type { Node } from './node.ts'
import type { ChoicePoint, Shape, Step } from './types.ts'

/** Of more branches none is looked at before it is taken. */
const mostTried = 60

/** Goes from choice to choice until all is known. What was found on the way is kept at the node. */
export function resolve(
  node: Node,
  choose: (point: ChoicePoint) => number,
  names: Names,
): Shape | Impossible {
  const picks: number[] = []
  const lookAt = (further: number[]): Step => gather(node.schemas, further, names)
  let step = (node.start ??= lookAt(picks))
  while (!(step instanceof Impossible) && step.kind === 'choice') {
    const point = step
    point.open ??= openBranches(point, (pick) => lookAt([...picks, pick]))
    if (point.open.length === 0) return new Impossible(`no branch of ${point.keyword} is possible`)
    const pick = choose(point)
    picks.push(pick)
    step = point.next[pick] ??= lookAt(picks)
  }
  return step
}

/** Those that do not contradict at once what holds already. */
export function openBranches(point: ChoicePoint, lookAt: (pick: number) => Step): readonly number[] {
  const all = [...point.branches.keys()]
  if (all.length > mostTried) return all
  return all.filter((pick) => !((point.next[pick] ??= lookAt(pick)) instanceof Impossible))
}
