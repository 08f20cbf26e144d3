import { follow, refusesOnlyBy } from '../../references.ts'
import { escapeToken } from '../../source/origins.ts'
import type { Contract, Schema, SchemaObject } from '../../types.ts'
import { compareRefusing } from './arrays.ts'
import { detailOf } from './equal.ts'
import { isAnything, kindsOf } from './kinds.ts'
import { simplify } from './simplify.ts'
import { readOnly, writeOnly } from './types.ts'
import type { At, Pair, Walker } from './types.ts'

type Schemas = Record<string, Schema>
const none: Schemas = {}

/** JSON Schema 10.3.2 and validation 6.5: compares the members of an object. */
export function compareObjects(walker: Walker, pair: Pair): void {
  compareProperties(walker, pair)
  compareOthers(walker, pair)
  compareByName(walker, pair, 'patternProperties', 'pattern-property')
  compareByName(walker, pair, 'dependentSchemas', 'dependent-schema')
  compareDependencies(walker, pair)
  compareRefusing(walker, pair, 'propertyNames', 'property-names')
  compareRefusing(walker, pair, 'unevaluatedProperties', 'unevaluated-properties')
}

function compareProperties(walker: Walker, { before, after, at }: Pair): void {
  const [ones, others] = [before.properties ?? none, after.properties ?? none]
  const [needed, neededAfter] = [new Set(before.required), new Set(after.required)]
  for (const name of new Set([...Object.keys(ones), ...Object.keys(others), ...needed, ...neededAfter])) {
    const one = Object.hasOwn(ones, name) ? ones[name] : undefined
    const other = Object.hasOwn(others, name) ? others[name] : undefined
    const below = propertyAt(walker, at, name, ones, others)
    const [was, is] = [needed.has(name), neededAfter.has(name)]
    if (one === undefined && other !== undefined && !was) tellAdded(walker, below, other, is)
    else if (one !== undefined && other === undefined && !is)
      walker.tell(was ? 'property-removed-required' : 'property-removed-optional', below, {}, { after: null })
    else {
      if (was !== is) tellNeed(walker, below, other, is)
      compareAccess(walker, below, one, other, is)
      if (one !== undefined || other !== undefined) walker.visit(one ?? true, other ?? true, below)
    }
  }
}

function propertyAt({ ground }: Walker, at: At, name: string, ones: Schemas, others: Schemas): At {
  const isLast = Object.hasOwn(others, name)
  const [schemas, contract] = isLast ? [others, ground.after] : [ones, ground.before]
  const schema = Object.hasOwn(schemas, name) ? schemas[name] : undefined
  return {
    path: `${at.path}/${escapeToken(name)}`,
    depth: at.depth,
    isWhole: false,
    access: at.access | accessOf(schema ?? true, contract),
    before: { at: ones, member: name },
    after: { at: others, member: name },
  }
}

function tellAdded(walker: Walker, at: At, schema: Schema, isNeeded: boolean): void {
  if (!isNeeded) walker.tell('property-added-optional', at, {}, { before: null })
  else {
    const suffix = hasDefault(schema, walker.ground.after) ? '-with-default' : ''
    walker.tell(`property-added-required${suffix}`, at, {}, { before: null })
  }
}

function tellNeed(walker: Walker, at: At, schema: Schema | undefined, isNeeded: boolean): void {
  const suffix = schema !== undefined && hasDefault(schema, walker.ground.after) ? '-with-default' : ''
  walker.tell(isNeeded ? `became-required${suffix}` : 'became-optional', at, {})
}

function compareAccess(
  walker: Walker,
  at: At,
  one: Schema | undefined,
  other: Schema | undefined,
  isNeeded: boolean,
): void {
  const [was, is] = [
    accessOf(one ?? true, walker.ground.before),
    accessOf(other ?? true, walker.ground.after),
  ]
  const need = isNeeded ? 'required' : 'optional'
  for (const [bit, name] of [
    [readOnly, 'read-only'],
    [writeOnly, 'write-only'],
  ] as const)
    if ((was & bit) !== (is & bit))
      walker.tell(`became-${(is & bit) === 0 ? 'not-' : ''}${name}-${need}`, at, {})
}

/** What is said of a property, beside a name or under it. */
function accessOf(schema: Schema, contract: Contract): number {
  const isSo = (keyword: 'readOnly' | 'writeOnly'): boolean => saidOf(schema, keyword, contract) === true
  return (isSo('readOnly') ? readOnly : 0) | (isSo('writeOnly') ? writeOnly : 0)
}

function hasDefault(schema: Schema, contract: Contract): boolean {
  return saidOf(schema, 'default', contract) !== undefined
}

function saidOf(schema: Schema, keyword: 'readOnly' | 'writeOnly' | 'default', contract: Contract) {
  if (typeof schema !== 'object') return undefined
  if (schema[keyword] !== undefined || (schema.$ref === undefined && schema.allOf === undefined))
    return schema[keyword]
  const target = follow(contract, simplify(schema, new WeakMap()).schema)
  return typeof target === 'object' ? target[keyword] : undefined
}

/** Compares what is said of members that are not told. */
function compareOthers(walker: Walker, { before, after, at }: Pair): void {
  if (!mayBeObject(before) || !mayBeObject(after)) return
  const [one, other] = [before.additionalProperties, after.additionalProperties]
  const [was, is] = [openness(one), openness(other)]
  const spots = {
    before: { at: before, member: 'additionalProperties' },
    after: { at: after, member: 'additionalProperties' },
  }
  if (was === 'typed' && is === 'typed')
    walker.visit(one ?? true, other ?? true, { ...at, ...spots, path: `${at.path}/{}`, isWhole: false })
  else if (was !== is) {
    const details = {
      ...(was === 'typed' && { before: detailOf(one) }),
      ...(is === 'typed' && { after: detailOf(other) }),
    }
    walker.tell(othersFact(was, is), at, details, spots)
  }
}

type Openness = 'open' | 'closed' | 'typed'

function openness(schema: Schema | undefined): Openness {
  if (schema === false) return 'closed'
  return typeof schema !== 'object' || refusesOnlyBy(schema) ? 'open' : 'typed'
}

function othersFact(was: Openness, is: Openness): string {
  if (is === 'closed') return 'additional-properties-forbidden'
  if (was === 'closed') return 'additional-properties-allowed'
  return is === 'typed' ? 'additional-properties-typed' : 'additional-properties-untyped'
}

function mayBeObject(schema: SchemaObject): boolean {
  return isAnything(schema) || kindsOf(schema)?.has('object') !== false
}

function compareByName(
  walker: Walker,
  { before, after, at }: Pair,
  keyword: 'patternProperties' | 'dependentSchemas',
  fact: string,
): void {
  const [ones, others] = [before[keyword] ?? none, after[keyword] ?? none]
  for (const name of new Set([...Object.keys(ones), ...Object.keys(others)])) {
    const one = Object.hasOwn(ones, name) ? ones[name] : undefined
    const other = Object.hasOwn(others, name) ? others[name] : undefined
    const spots = { before: { at: ones, member: name }, after: { at: others, member: name } }
    const path = `${at.path}/<${keyword} ${escapeToken(name)}>`
    if (one !== undefined && other !== undefined)
      walker.visit(one, other, { ...at, ...spots, path, isWhole: false })
    else if (one !== undefined) walker.tell(`${fact}-removed`, at, { name, before: detailOf(one) }, spots)
    else if (other !== undefined) walker.tell(`${fact}-added`, at, { name, after: detailOf(other) }, spots)
  }
}

function compareDependencies(walker: Walker, { before, after, at }: Pair): void {
  const [ones, others] = [before.dependentRequired ?? {}, after.dependentRequired ?? {}]
  for (const name of new Set([...Object.keys(ones), ...Object.keys(others)])) {
    const one = Object.hasOwn(ones, name) ? ones[name]?.toSorted() : undefined
    const other = Object.hasOwn(others, name) ? others[name]?.toSorted() : undefined
    const spots = { before: { at: ones, member: name }, after: { at: others, member: name } }
    if (one === undefined && other !== undefined)
      walker.tell('dependent-required-added', at, { name, after: other }, spots)
    else if (one !== undefined && other === undefined)
      walker.tell('dependent-required-removed', at, { name, before: one }, spots)
    else if (one !== undefined && other !== undefined && one.join('\0') !== other.join('\0'))
      walker.tell('dependent-required-changed', at, { name, before: one, after: other }, spots)
  }
}
