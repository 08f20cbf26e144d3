// oxlint-disable unicorn/no-thenable -- `then` is a keyword of JSON Schema
import fc from 'fast-check'
import { setMember } from '../../src/contracts/json-object.ts'
import type { Json, Schema, SchemaObject } from '../../src/contracts/types.ts'

/** Names as documents have them, and some that are traps. Ajv overlooks members named `__proto__`: it judges none. */
const names = ['id', 'name', 'city', 'price', 'created_at', 'x-note', 'kind', 'constructor', 'a/b']

const scalar: fc.Arbitrary<Json> = fc.oneof(
  fc.constant(null),
  fc.boolean(),
  fc.integer({ min: -1000, max: 1000 }),
  fc.integer({ min: -100_000, max: 100_000 }).map((cents) => cents / 100),
  fc.string({ maxLength: 12 }),
  fc.constantFrom('DE', 'open', 'ord_17', '2024-05-01', 'sea\u{1F30A}'),
)

export const { value: someValue } = fc.letrec<{ value: Json; list: Json[]; object: Record<string, Json> }>(
  (tie) => ({
    value: fc.oneof({ maxDepth: 3, depthSize: 'small' }, scalar, tie('list'), tie('object')),
    list: fc.array(tie('value'), { maxLength: 4 }),
    object: fc
      .uniqueArray(fc.tuple(fc.constantFrom(...names), tie('value')), {
        maxLength: 5,
        selector: ([name]) => name,
      })
      .map((entries) => objectOf(entries)),
  }),
)

function objectOf<T>(entries: [string, T][]): Record<string, T> {
  const object: Record<string, T> = {}
  for (const [name, value] of entries) setMember(object, name, value)
  return object
}

/** A schema that allows this value, but for what its `oneOf`, `not` and `if` refuse by chance. */
export function schemaAround(value: Json, depth = 3): fc.Arbitrary<Schema> {
  const own = ownSchema(value, depth)
  if (depth === 0) return own
  const inner = schemaAround(value, depth - 1)
  const other = someValue.chain((stranger) => schemaAround(stranger, Math.min(1, depth - 1)))
  return fc.oneof(
    { arbitrary: own, weight: 8 },
    fc.constant<Schema>(true),
    fc.tuple(inner, inner).map((allOf): Schema => ({ allOf })),
    fc.tuple(own, inner).map(([schema, part]): Schema => ({ ...(schema as SchemaObject), allOf: [part] })),
    fc
      .tuple(inner, other, fc.boolean())
      .map(([a, b, isFirst]): Schema => ({ anyOf: isFirst ? [a, b] : [b, a] })),
    fc.tuple(inner, other, other).map(([a, b, c]): Schema => ({ oneOf: [b, a, c] })),
    fc.tuple(inner, other).map(([schema, not]): Schema => ({ allOf: [schema], not })),
    fc
      .tuple(other, inner, inner)
      .map(([condition, yes, no]): Schema => ({ if: condition, then: yes, else: no })),
  )
}

function ownSchema(value: Json, depth: number): fc.Arbitrary<Schema> {
  if (value === null)
    return fc.constantFrom<Schema>({ type: 'null' }, { type: ['string', 'null'] }, { const: null })
  if (typeof value === 'boolean')
    return fc.constantFrom<Schema>({ type: 'boolean' }, { enum: [value, 'neither'] })
  if (typeof value === 'number') return numberSchema(value)
  if (typeof value === 'string') return textSchema(value)
  return Array.isArray(value) ? listSchema(value, depth) : objectSchema(value, depth)
}

function numberSchema(value: number): fc.Arbitrary<Schema> {
  const type = Number.isInteger(value) ? fc.constantFrom('integer', 'number') : fc.constant('number')
  const divisor = [1, 2, 3, 5, 0.5, 0.25].filter((size) => Number.isInteger(value / size))
  return fc.record(
    {
      type: type as fc.Arbitrary<'integer'>,
      minimum: fc.nat(50).map((less) => value - less),
      exclusiveMaximum: fc.integer({ min: 1, max: 50 }).map((more) => value + more),
      enum: fc.constant<Json[]>([value, 'none', value + 1]),
      multipleOf: divisor.length === 0 ? fc.constant(0.01) : fc.constantFrom(...divisor),
    },
    { requiredKeys: ['type'] },
  )
}

function textSchema(value: string): fc.Arbitrary<Schema> {
  const length = [...value].length
  return fc.record(
    {
      type: fc.constantFrom<'string' | ['string', 'integer']>('string', ['string', 'integer']),
      minLength: fc.nat(length),
      maxLength: fc.nat(5).map((more) => length + more),
      pattern: fc.constantFrom(patternOf(value), `^.{${length}}$`, '^[^\\u0001]*$', ''),
      const: fc.constant<Json>(value),
    },
    { requiredKeys: ['type'] },
  )
}

/** Each character as a class of its kind. */
function patternOf(value: string): string {
  const classes = [...value].map((character) => {
    if (/[a-z]/.test(character)) return '[a-z]'
    if (/\d/.test(character)) return '\\d'
    return /[A-Z]/.test(character) ? '\\p{Lu}' : `\\u{${character.codePointAt(0)!.toString(16)}}`
  })
  return `^${classes.join('')}$`
}

function listSchema(list: Json[], depth: number): fc.Arbitrary<Schema> {
  const next = Math.max(0, depth - 1)
  const parts = fc.tuple(...list.map((item) => schemaAround(item, next)))
  const isUnique = new Set(list.map((item) => JSON.stringify(item))).size === list.length
  return fc.record(
    {
      type: fc.constant('array' as const),
      minItems: fc.nat(list.length),
      maxItems: fc.nat(3).map((more) => list.length + more),
      ...(list.length > 0 && {
        prefixItems: parts,
        contains: fc.constantFrom(...list).chain((item) => schemaAround(item, next)),
        items: parts.map((anyOf): Schema => ({ anyOf })),
      }),
      ...(isUnique && { uniqueItems: fc.boolean() }),
      unevaluatedItems: fc.constant<Schema>(list.length > 0),
    },
    { requiredKeys: ['type'] },
  )
}

function objectSchema(object: Record<string, Json>, depth: number): fc.Arbitrary<Schema> {
  const next = Math.max(0, depth - 1)
  const own = Object.keys(object)
  const properties = fc
    .tuple(...own.map((name) => schemaAround(object[name]!, next)))
    .map((parts) => objectOf(own.map((name, index) => [name, parts[index]!])))
  const isWhole = fc.boolean()
  return fc
    .record(
      {
        properties,
        type: fc.constant('object' as const),
        required: fc.subarray(own),
        minProperties: fc.nat(own.length),
        maxProperties: fc.nat(3).map((more) => own.length + more),
        patternProperties: fc.constant<Record<string, Schema>>({ '^zz': { type: 'integer' } }),
        propertyNames: fc.constantFrom<Schema>({ enum: [...names, 'zzz'] }, { maxLength: 20 }),
        dependentRequired: fc.subarray(own).map((some) => objectOf(some.map((name) => [name, own]))),
      },
      { requiredKeys: ['type', 'properties'] },
    )
    .chain((schema) =>
      isWhole.chain((whole) =>
        fc.constantFrom<Schema>(
          schema,
          whole ? { ...schema, additionalProperties: false } : { ...schema, unevaluatedProperties: false },
        ),
      ),
    )
}
