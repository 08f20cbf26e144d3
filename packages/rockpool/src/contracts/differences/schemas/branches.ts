import { follow, isReference, nameOfReference } from '../../references.ts'
import type { Contract, Schema, SchemaObject } from '../../types.ts'
import { isEqual } from '../../json-equal.ts'
import { detailOf, glance } from './equal.ts'
import { kindsOf, scalarOf } from './kinds.ts'
import { simplify } from './simplify.ts'
import type { Ground } from './types.ts'

export interface Pairing {
  pairs: [before: Schema, after: Schema][]
  gone: Schema[]
  added: Schema[]
}

const mostLikened = 40

/**
 * Which schema of one list is which of another. By their names; by the value that a discriminator gives them, by title, by
 * constant members; by what they are; then by likeness. Never by where they stand in the list.
 */
export function pairUp(
  ground: Ground,
  before: Schema[],
  after: Schema[],
  valuesOf: (schema: Schema, isAfter: boolean) => string[] = () => [],
): Pairing {
  const pairing: Pairing = { pairs: [], gone: [...before], added: [...after] }
  take(pairing, nameOf, nameOf)
  take(
    pairing,
    (schema) => valuesOf(schema, false)[0] ?? null,
    (schema) => valuesOf(schema, true)[0] ?? null,
  )
  take(pairing, titleOf, titleOf)
  take(pairing, constantsOf, constantsOf)
  take(pairing, plainOf, plainOf)
  takeAlike(pairing, ground)
  return pairing
}

/** Pairs those up that have the same key, where it is the only one of its list that has it. */
function take(
  pairing: Pairing,
  keyBefore: (schema: Schema) => string | null,
  keyAfter: typeof keyBefore,
): void {
  if (pairing.gone.length === 0 || pairing.added.length === 0) return
  const [ones, others] = [byKey(pairing.gone, keyBefore), byKey(pairing.added, keyAfter)]
  for (const [key, one] of ones) {
    const other = others.get(key)
    if (other === undefined || one === null || other === null) continue
    settle(pairing, one, other)
  }
}

function settle(pairing: Pairing, one: Schema, other: Schema): void {
  pairing.pairs.push([one, other])
  pairing.gone.splice(pairing.gone.indexOf(one), 1)
  pairing.added.splice(pairing.added.indexOf(other), 1)
}

/** Null: several have the key. */
function byKey(schemas: Schema[], keyOf: (schema: Schema) => string | null): Map<string, Schema | null> {
  const found = new Map<string, Schema | null>()
  for (const schema of schemas) {
    const key = keyOf(schema)
    if (key !== null) found.set(key, found.has(key) ? null : schema)
  }
  return found
}

function nameOf(schema: Schema): string | null {
  const plain = simplify(schema, new WeakMap()).schema
  return isReference(plain) ? nameOfReference(plain.$ref) : null
}

function titleOf(schema: Schema): string | null {
  return typeof schema === 'object' ? (schema.title ?? null) : null
}

function plainOf(schema: Schema): string | null {
  return typeof schema === 'object' ? scalarOf(schema) : null
}

/** Members that are always the same, such as `{ kind: 'card' }`. */
function constantsOf(schema: Schema): string | null {
  if (typeof schema !== 'object' || schema.properties === undefined) return null
  const constants = Object.entries(schema.properties).flatMap(([name, property]) => {
    if (typeof property !== 'object') return []
    const values = property.const === undefined ? property.enum : [property.const]
    return values?.length === 1 ? [`${name}=${JSON.stringify(detailOf(values[0]))}`] : []
  })
  return constants.length === 0 ? null : constants.toSorted().join('&')
}

/** The best likeness first. Of two names it is only the same under another name. */
function takeAlike(pairing: Pairing, ground: Ground): void {
  const [gone, added] = [pairing.gone.slice(0, mostLikened), pairing.added.slice(0, mostLikened)]
  const scored = gone.flatMap((one) =>
    added.map((other) => {
      const score = likeness(resolved(one, ground.before), resolved(other, ground.after))
      const isRenamed = nameOf(one) !== null && nameOf(other) !== null
      return { one, other, score: isRenamed && score < 1 ? 0 : score }
    }),
  )
  for (const { one, other, score } of scored.toSorted((a, b) => b.score - a.score))
    if (score >= 0.5 && pairing.gone.includes(one) && pairing.added.includes(other))
      settle(pairing, one, other)
}

function resolved(schema: Schema, contract: Contract): Schema {
  return follow(contract, simplify(schema, new WeakMap()).schema)
}

/** From 0, nothing in common, to 1. */
export function likeness(a: Schema, b: Schema): number {
  if (isEqual(a, b, glance)) return 1
  if (typeof a !== 'object' || typeof b !== 'object') return 0
  const [ones, others] = [Object.keys(a.properties ?? {}), new Set(Object.keys(b.properties ?? {}))]
  const all = new Set([...ones, ...others]).size
  // Of the same members, but not the same.
  if (all > 0) return Math.min(0.99, ones.filter((name) => others.has(name)).length / all)
  const [kinds, otherKinds] = [kindsOf(a), kindsOf(b)]
  if (kinds === null && otherKinds === null) return keywordsOf(a) === keywordsOf(b) ? 0.5 : 0
  const isSameKind = kinds !== null && otherKinds !== null && [...kinds].join() === [...otherKinds].join()
  return isSameKind ? 0.5 : 0
}

function keywordsOf(schema: SchemaObject): string {
  return Object.keys(schema).toSorted().join()
}

/** What people call it: its name, title, type, or itself. */
export function labelOf(schema: Schema): string {
  const name = nameOf(schema) ?? titleOf(schema) ?? plainOf(schema) ?? constantsOf(schema)
  if (name !== null) return name
  return JSON.stringify(detailOf(schema))
}

/** Its label as a token of a path; what has none is told by its kind. */
export function tokenOf(schema: Schema): string {
  const name = nameOf(schema) ?? titleOf(schema) ?? plainOf(schema) ?? constantsOf(schema)
  return `<${name ?? kindText(schema)}>`
}

function kindText(schema: Schema): string {
  const kinds = typeof schema === 'object' ? kindsOf(schema) : null
  return kinds === null ? 'anything' : [...kinds].join(' or ')
}
