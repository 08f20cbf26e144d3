import { expect, test } from 'vitest'
import { setMember } from '../json-object.ts'
import type { Schema } from '../types.ts'
import { createValidator } from '../validation/index.ts'
import { createSampler } from './index.ts'
import type { SampleOptions } from './index.ts'

/** The sample, and how long it took: seconds at most, whatever the schema. */
function sampled(schema: Schema, schemas: [string, Schema][] = [], options: Partial<SampleOptions> = {}) {
  const contract = { schemas: new Map(schemas) }
  const sampler = createSampler(contract, { validator: createValidator(contract) })
  const started = performance.now()
  const sample = sampler.sample(schema, { key: 'k', direction: 'response', ...options })
  expect(performance.now() - started).toBeLessThan(10_000)
  return sample
}

const slow = { timeout: 60_000 }

function nested(depth: number, wrap: (inner: Schema) => Schema, innermost?: Schema): Schema {
  let schema: Schema = innermost ?? { type: 'string' }
  for (let level = 0; level < depth; level += 1) schema = wrap(schema)
  return schema
}

const many = (count: number, schema: (index: number) => Schema) =>
  Object.fromEntries(
    Array.from({ length: count }, (_, index): [string, Schema] => [`m${index}`, schema(index)]),
  )

const ok = { ok: true }
const refused = { ok: false, reason: expect.stringMatching(/\w+ \w+/) }
const members = (inner: Schema): Schema => ({ type: 'object', properties: { a: inner } })

const cases: Record<string, [Schema, object]> = {
  '10,000 members': [{ type: 'object', properties: many(10_000, () => ({ type: 'string' })) }, ok],
  '10,000 required members': [
    {
      type: 'object',
      properties: many(10_000, () => ({ type: 'integer' })),
      required: Object.keys(many(10_000, () => true)),
    },
    ok,
  ],
  '10,000 members that need each other': [
    {
      type: 'object',
      properties: many(10_000, () => true),
      dependentRequired: Object.fromEntries(
        Array.from({ length: 10_000 }, (_, index): [string, string[]] => [`m${index}`, [`m${index + 1}`]]),
      ),
    },
    ok,
  ],
  '10,000 parts of allOf': [
    {
      allOf: Object.entries(many(10_000, () => ({ type: 'string' }))).map(([name, own]) => ({
        properties: { [name]: own },
      })),
    },
    ok,
  ],
  '5,000 branches, none of them possible': [
    {
      type: 'string',
      oneOf: Array.from({ length: 5_000 }, (_, index): Schema => ({ type: 'integer', minimum: index })),
    },
    refused,
  ],
  '300 choices of three': [
    {
      type: 'object',
      allOf: Array.from({ length: 300 }, (): Schema => ({
        anyOf: [{ minProperties: 0 }, { maxProperties: 9 }, true],
      })),
    },
    ok,
  ],
  'allOf, 10,000 deep': [nested(10_000, (inner) => ({ allOf: [inner] })), refused],
  'members, 10,000 deep': [nested(10_000, members), ok],
  'required members, 10,000 deep': [
    nested(10_000, (inner) => ({ ...(members(inner) as object), required: ['a'] })),
    refused,
  ],
  'lists, 10,000 deep': [nested(10_000, (items) => ({ type: 'array', items, minItems: 1 })), refused],
  'not, 5,000 deep': [nested(5_000, (not) => ({ not })), expect.anything()],
  'a tree of 10 to the 6th': [nested(6, (items) => ({ type: 'array', items, minItems: 10 })), refused],
  'a tree of impossible branches': [
    nested(8, (inner) => ({ type: 'array', minItems: 2, items: { oneOf: [inner, inner, inner] } })),
    refused,
  ],
  'a tree of branches that contradict each other late': [
    nested(8, (inner) => ({
      type: 'array',
      minItems: 2,
      items: { oneOf: [inner, inner, { allOf: [inner] }] },
    })),
    refused,
  ],
  'lists of texts that no text is': [
    nested(4, (items) => ({ type: 'array', minItems: 3, items }), {
      type: 'string',
      pattern: '^(?=.*b)(?=.*c)(?!.*[bc]).{5,}$',
    }),
    refused,
  ],
  'a billion items': [{ type: 'array', minItems: 1e9 }, refused],
  'a billion members': [{ type: 'object', minProperties: 1e9 }, refused],
  '30,000 different items': [
    { type: 'array', items: { type: 'integer' }, uniqueItems: true, minItems: 30_000 },
    expect.anything(),
  ],
  'a pattern that explodes': [{ type: 'string', pattern: '^(a+)+$', minLength: 40 }, ok],
  'a pattern that explodes, as what a name must not be': [
    { type: 'object', patternProperties: { '^(\\w+\\s?)*$': { type: 'integer' } }, minProperties: 3 },
    expect.anything(),
  ],
  'bounds beyond all numbers': [{ type: 'integer', minimum: 1e300, multipleOf: 7 }, expect.anything()],
  'the smallest step': [{ type: 'number', multipleOf: 5e-324, minimum: 1, maximum: 2 }, expect.anything()],
}

for (const [name, [schema, expected]] of Object.entries(cases))
  test(`${name}: a sample or a refusal, in time`, slow, () => {
    expect(sampled(schema)).toEqual(expected === ok ? expect.objectContaining(ok) : expected)
  })

test('names that objects inherit are names like any other', () => {
  const properties: Record<string, Schema> = {}
  for (const name of ['__proto__', 'constructor', 'toString', 'hasOwnProperty'])
    setMember(properties, name, { type: 'integer' })
  const sample = sampled({ type: 'object', properties, required: Object.keys(properties) })
  if (!sample.ok) throw new Error(sample.reason)
  expect(Object.keys(sample.value as object)).toEqual(Object.keys(properties))
  expect(({} as Record<string, unknown>)['a']).toBeUndefined()
})

test('references in a circle, alone or in allOf and anyOf, end', () => {
  const to = (name: string): Schema => ({ $ref: `#/components/schemas/${name}` })
  const schemas: [string, Schema][] = [
    ['A', { allOf: [to('B')] }],
    ['B', { allOf: [to('A'), { type: 'object' }] }],
    ['C', { anyOf: [to('C'), { type: 'string' }] }],
  ]
  expect(sampled(to('A'), schemas)).toEqual(refused)
  expect(sampled(to('C'), schemas)).toMatchObject({ ok: expect.any(Boolean) })
  expect(sampled(to('Missing'), schemas)).toMatchObject(ok)
})

test('a chain of 10,000 references ends', slow, () => {
  const schemas = Array.from({ length: 10_000 }, (_, index): [string, Schema] => [
    `S${index}`,
    {
      type: 'object',
      properties: { next: { $ref: `#/components/schemas/S${index + 1}` } },
      required: ['next'],
    },
  ])
  expect(sampled({ $ref: '#/components/schemas/S0' }, schemas)).toEqual(refused)
})

test('what is set may be hostile, too', () => {
  const schema: Schema = {
    type: 'object',
    properties: { list: { type: 'array', items: { type: 'integer' } } },
  }
  const set = (pointer: string) => sampled(schema, [], { overrides: { [pointer]: 5 } })
  expect(set('/list/999999999')).toEqual({ ok: false, reason: 'what is set does not fit: /list/999999999' })
  expect(set('/list/999')).toMatchObject({ value: { list: { length: 1_000 } } })
  expect(set('/__proto__/polluted').ok).toBe(true)
  expect(({} as Record<string, unknown>)['polluted']).toBeUndefined()
})
