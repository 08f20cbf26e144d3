import { expect, test } from 'vitest'
import type { Contract, JsonObject, Schema, SchemaObject } from '../../types.ts'
import { differencesOf } from '../index.ts'
import {
  contractIn,
  documentWith,
  operation,
  toldOf,
  toSchema,
} from '../../../../test/support/differences/schema-documents.ts'

const text = { type: 'string' }
const object = (properties: JsonObject): JsonObject => ({ type: 'object', properties })

/** A contract whose one body is this schema, as a reader would not have to give it. */
function contractOf(schema: Schema, schemas: Record<string, Schema> = {}): Contract {
  const contract = contractIn(
    JSON.stringify(documentWith({ '/things': { post: operation({ type: 'object' }) } })),
  )
  contract.operations[0]!.body!.content[0]!.schema = schema
  return { ...contract, schemas: new Map(Object.entries(schemas)) }
}

function rulesBetween(before: Contract, after: Contract): string[] {
  return differencesOf(before, after)
    .filter(({ place }) => place !== 'version')
    .map(({ rule }) => rule)
}

test.each(['__proto__', 'constructor', 'toString', '$ref', 'a/b~c', ''])(
  'a property may be called %o',
  (name) => {
    const named = (schema: JsonObject) =>
      JSON.parse(`{ ${JSON.stringify(name)}: ${JSON.stringify(schema)} }`) as JsonObject
    const token = name.replaceAll('~', '~0').replaceAll('/', '~1')
    expect(toldOf(object({}), object(named(text)))).toEqual([`new-optional-request-property: body /${token}`])
    expect(toldOf(object(named(text)), object({}))).toEqual([`request-property-removed: body /${token}`])
    expect(toldOf(object(named(text)), object(named({ type: 'integer' })))).toEqual([
      `request-property-type-changed: body /${token}`,
    ])
    expect(toldOf({ ...object({}), required: [] }, { ...object({}), required: [name] })).toEqual([
      `request-property-became-required: body /${token}`,
    ])
  },
)

test('a schema may be called like what every object has', () => {
  const named = (schema: JsonObject) =>
    JSON.parse(
      `{ "__proto__": ${JSON.stringify(schema)}, "constructor": ${JSON.stringify(schema)} }`,
    ) as JsonObject
  const body = object({ a: toSchema('__proto__'), b: toSchema('constructor') })
  expect(toldOf(body, body, named(text), named({ ...text, maxLength: 9 }))).toEqual([
    'request-property-max-length-set: schema __proto__',
    'request-property-max-length-set: schema constructor',
  ])
})

function nested(depth: number, leaf: Schema, wrap: (inner: Schema) => SchemaObject): Schema {
  let schema = leaf
  for (let level = 0; level < depth; level += 1) schema = wrap(schema)
  return schema
}

test.each<[string, (inner: Schema) => SchemaObject]>([
  ['properties', (inner) => ({ type: 'object', properties: { a: inner } })],
  ['items', (inner) => ({ type: 'array', items: inner })],
  ['allOf', (inner) => ({ allOf: [inner, { minProperties: 1 }] })],
  ['oneOf', (inner) => ({ oneOf: [inner, { type: 'integer' }] })],
  ['anyOf of one and null', (inner) => ({ anyOf: [inner, { type: 'null' }] })],
  ['not', (inner) => ({ not: inner })],
  ['if', (inner) => ({ if: inner })],
])('%s that is 10,000 deep is compared, and the same as itself', (_, wrap) => {
  const deep = (leaf: Schema) => contractOf(nested(10_000, leaf, wrap))
  expect(rulesBetween(deep({ type: 'string' }), deep({ type: 'string' }))).toEqual([])
  expect(rulesBetween(deep({ type: 'string' }), deep({ type: 'boolean' })).length).toBeGreaterThan(0)
  expect(rulesBetween(deep({ type: 'string' }), contractOf({ type: 'string' })).length).toBeLessThan(50)
})

test('what is deeper than can be told is told to be different', () => {
  const deep = (leaf: Schema) =>
    contractOf(nested(10_000, leaf, (inner) => ({ type: 'object', properties: { a: inner } })))
  expect(rulesBetween(deep({ type: 'string' }), deep({ type: 'boolean' }))).toEqual([
    'request-property-not-compared',
  ])
})

test('circles of different lengths come to an end', () => {
  const circle = (length: number, leaf: Schema) =>
    Object.fromEntries(
      Array.from({ length }, (_, index) => [
        `S${index}`,
        {
          type: 'object',
          properties: { next: { $ref: `#/components/schemas/S${(index + 1) % length}` }, leaf },
        } as const,
      ]),
    )
  const [one, other] = [circle(97, { type: 'string' }), circle(101, { type: 'string', maxLength: 9 })]
  const [before, after] = [
    contractOf({ $ref: '#/components/schemas/S0' }, one),
    contractOf({ $ref: '#/components/schemas/S0' }, other),
  ]
  expect(rulesBetween(before, after)).toHaveLength(97 * 101)
})

test('lists of schemas that all hold, and list each other, come to an end', () => {
  const [a, b] = ['A', 'B'].map((name) => ({ $ref: `#/components/schemas/${name}` }))
  const schemas: Record<string, Schema> = {
    A: { allOf: [b!, { minProperties: 1 }] },
    B: { allOf: [a!, { maxProperties: 9 }] },
  }
  expect(rulesBetween(contractOf(a!, schemas), contractOf(a!, schemas))).toEqual([])
  const flat = contractOf({ type: 'object', minProperties: 1, maxProperties: 9 }, schemas)
  expect(rulesBetween(contractOf(a!, schemas), flat)).toEqual([])
})

test('details are short, whatever was written', () => {
  const long = 'x'.repeat(100_000)
  const before = contractOf({ enum: [long], default: { [long]: [long] } })
  const after = contractOf({ enum: [`${long}y`], default: { [long]: [`${long}y`] } })
  const differences = differencesOf(before, after)
  expect(differences.map(({ rule }) => rule)).toContain('request-body-enum-value-removed')
  for (const { details } of differences) expect(JSON.stringify(details).length).toBeLessThan(600)
})
