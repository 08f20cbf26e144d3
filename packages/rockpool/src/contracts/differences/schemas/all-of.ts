import { isReference, nameOfReference, refusesOnlyBy } from '../../references.ts'
import type { Schema, SchemaObject } from '../../types.ts'
import { isEqual } from '../../json-equal.ts'
import { detailOf, glance } from './equal.ts'
import { mergeAllOf } from './merge.ts'
import { simplify } from './simplify.ts'
import type { Pair, Walker } from './types.ts'
import { labelOf, pairUp } from './branches.ts'
import type { Pairing } from './branches.ts'

/**
 * Compares what `allOf` lists, and gives the pair that is left to compare. Where only how it is put together is different,
 * that is what it comes to; where both sides list something, it is compared member by member; where one does, by what it
 * comes to, if that can be said in one schema.
 */
export function withoutAllOf(walker: Walker, pair: Pair): Pair {
  const { before, after } = pair
  if (before.allOf === undefined && after.allOf === undefined) return pair
  const [one, other] = [bare(before), bare(after)]
  const pairing = pairMembers(walker, before.allOf ?? [], after.allOf ?? [])
  const isOne = isEqual(withoutAnnotations(one), withoutAnnotations(other), glance)
  if (!isOne || !isPlainly(pairing)) {
    const merged = mergedPair(walker, pair)
    const isSame =
      merged !== null && isEqual(withoutAnnotations(merged.before), withoutAnnotations(merged.after), glance)
    if (isSame) tellMembers(walker, pair, pairing, refusesNothing)
    // The same as before, with a list beside it: that list is what is new.
    const isListNew = isOne || (before.allOf !== undefined && after.allOf !== undefined)
    if (merged !== null && (isSame || !isListNew)) return merged
  }
  tellMembers(walker, pair, pairing, () => true)
  for (const [from, to] of pairing.pairs) {
    const spots = { before: spotOf(before, from), after: spotOf(after, to) }
    walker.visit(from, to, { ...pair.at, ...spots })
  }
  return { ...pair, before: one, after: other }
}

function bare(schema: SchemaObject): SchemaObject {
  if (schema.allOf === undefined) return schema
  const { allOf: _, ...rest } = schema
  return rest
}

function withoutAnnotations(schema: SchemaObject): SchemaObject {
  const rest: Record<string, unknown> = {}
  for (const [keyword, value] of Object.entries(schema))
    if (!refusesOnlyBy({ [keyword]: value })) rest[keyword] = value
  return rest as SchemaObject
}

function mergedPair({ ground }: Walker, pair: Pair): Pair | null {
  const before = mergeAllOf(pair.before, ground.before, ground.merged)
  const after = mergeAllOf(pair.after, ground.after, ground.merged)
  return before === null || after === null ? null : { ...pair, before, after }
}

function pairMembers({ ground }: Walker, before: Schema[], after: Schema[]): Pairing {
  const pairing = pairUp(ground, before, after)
  const { pairs, gone, added } = pairing
  const [one, other] = [gone[0], added[0]]
  // The last one left of each side, where neither has a name, is the same, and was changed.
  if (one !== undefined && other !== undefined && gone.length + added.length === 2 && isUnnamed(one, other))
    pairs.push([gone.pop()!, added.pop()!])
  return pairing
}

/** Each has its other, by name, or says the same. */
function isPlainly({ pairs, gone, added }: Pairing): boolean {
  return gone.length + added.length === 0 && pairs.every(([one, other]) => isEqual(one, other, glance))
}

function tellMembers(
  walker: Walker,
  pair: Pair,
  { gone, added }: Pairing,
  isTold: (member: Schema) => boolean,
): void {
  const { before, after, at } = pair
  for (const member of gone.filter(isTold)) {
    const fact = refusesNothing(member) ? 'all-of-removed-annotation-only' : 'all-of-removed'
    walker.tell(fact, at, { before: memberText(member) }, { before: spotOf(before, member) })
  }
  for (const member of added.filter(isTold)) {
    const fact = refusesNothing(member) ? 'all-of-added-annotation-only' : 'all-of-added'
    walker.tell(fact, at, { after: memberText(member) }, { after: spotOf(after, member) })
  }
}

function isUnnamed(...schemas: Schema[]): boolean {
  return schemas.every(
    (schema) => typeof schema === 'object' && schema.$ref === undefined && !refusesNothing(schema),
  )
}

function refusesNothing(schema: Schema): boolean {
  return schema === true || (typeof schema === 'object' && refusesOnlyBy(schema))
}

function memberText(member: Schema) {
  const { schema } = simplify(member, new WeakMap())
  if (isReference(schema)) return nameOfReference(schema.$ref)
  return refusesNothing(member) ? labelOf(member) : detailOf(member)
}

function spotOf(holder: SchemaObject, member: Schema) {
  return typeof member === 'object' ? { at: member } : { at: holder, member: 'allOf' }
}
