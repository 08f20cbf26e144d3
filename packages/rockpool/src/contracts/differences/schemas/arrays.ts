import { refusesOnlyBy } from '../../references.ts'
import type { Schema, SchemaObject } from '../../types.ts'
import { detailOf } from './equal.ts'
import type { At, Pair, Walker } from './types.ts'

/** JSON Schema 10.3.1: compares what the items of a list are. */
export function compareArrays(walker: Walker, pair: Pair): void {
  comparePrefix(walker, pair)
  compareItems(walker, pair)
  compareRefusing(walker, pair, 'contains', 'contains')
  compareRefusing(walker, pair, 'unevaluatedItems', 'unevaluated-items')
}

function comparePrefix(walker: Walker, { before, after, at }: Pair): void {
  const [ones, others] = [before.prefixItems ?? [], after.prefixItems ?? []]
  for (let index = 0; index < Math.max(ones.length, others.length); index += 1) {
    const [one, other] = [ones[index], others[index]]
    const spots = { before: { at: ones, member: index }, after: { at: others, member: index } }
    if (one !== undefined && other !== undefined)
      walker.visit(one, other, { ...at, ...spots, path: `${at.path}/${index}`, isWhole: false })
    else if (one !== undefined)
      walker.tell('prefix-items-removed', at, { name: index, before: detailOf(one) }, spots)
    else if (other !== undefined)
      walker.tell('prefix-items-added', at, { name: index, after: detailOf(other) }, spots)
  }
}

function compareItems(walker: Walker, { before, after, at }: Pair): void {
  const [one, other] = [before.items, after.items]
  if (one === undefined && other === undefined) return
  const spots = spotsOf(before, after, 'items')
  if (one === false || other === false) {
    if (one !== other)
      walker.tell(other === false ? 'additional-items-forbidden' : 'additional-items-allowed', at, {}, spots)
    return
  }
  walker.visit(one ?? true, other ?? true, { ...at, ...spots, path: `${at.path}/[]`, isWhole: false })
}

/** A keyword whose schema refuses what it does not allow: whether it is there, and what is different in it. */
export function compareRefusing(
  walker: Walker,
  { before, after, at }: Pair,
  keyword: 'contains' | 'unevaluatedItems' | 'unevaluatedProperties' | 'propertyNames' | 'then' | 'else',
  fact: string,
): void {
  const [one, other] = [before[keyword], after[keyword]]
  const [wasThere, isThere] = [isRefusing(one), isRefusing(other)]
  const spots = spotsOf(before, after, keyword)
  if (wasThere && isThere)
    walker.visit(one ?? true, other ?? true, {
      ...at,
      ...spots,
      path: `${at.path}/<${keyword}>`,
      isWhole: false,
    })
  else if (wasThere) walker.tell(`${fact}-removed`, at, { before: detailOf(one) }, spots)
  else if (isThere) walker.tell(`${fact}-added`, at, { after: detailOf(other) }, spots)
}

function isRefusing(schema: Schema | undefined): boolean {
  return schema === false || (typeof schema === 'object' && !refusesOnlyBy(schema))
}

function spotsOf(before: SchemaObject, after: SchemaObject, member: string): Pick<At, 'before' | 'after'> {
  return { before: { at: before, member }, after: { at: after, member } }
}
