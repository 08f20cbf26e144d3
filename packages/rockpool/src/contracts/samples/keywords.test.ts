// oxlint-disable unicorn/no-thenable -- `then` is a keyword of JSON Schema
import { expect, test } from 'vitest'
import { keys, sampled, valueOf } from '../../../test/support/contract-samples.ts'
import type { Schema } from '../types.ts'

const schemas: Record<string, Schema> = {
  true: true,
  'nothing said': {},
  'type null': { type: 'null' },
  'type boolean': { type: 'boolean' },
  'several types': { type: ['integer', 'null', 'string'] },
  const: { const: { a: [1, null] } },
  'const null': { const: null },
  enum: { enum: [1, 'two', null, [3]] },
  'enum and type': { enum: [1, 'two', null], type: 'string' },
  'minimum and maximum': { type: 'integer', minimum: 7, maximum: 7 },
  'exclusive bounds': { type: 'integer', exclusiveMinimum: 4, exclusiveMaximum: 6 },
  'narrow bounds': { type: 'number', exclusiveMinimum: 0.1, exclusiveMaximum: 0.11 },
  multipleOf: { type: 'number', multipleOf: 0.01, minimum: 0.03, maximum: 900 },
  'two multiples': { allOf: [{ multipleOf: 6 }, { multipleOf: 0.4, type: 'number' }] },
  'multiple far away': { type: 'integer', multipleOf: 7919, minimum: 1e12 },
  'integer of number': { allOf: [{ type: 'number' }, { type: ['integer', 'string'] }] },
  int32: { type: 'integer', format: 'int32', minimum: 2147483640 },
  lengths: { type: 'string', minLength: 30, maxLength: 32 },
  'no length': { type: 'string', maxLength: 0 },
  'lengths in characters': {
    type: 'string',
    pattern: '^[\u{1F600}-\u{1F64F}]+$',
    minLength: 3,
    maxLength: 3,
  },
  'long text': { type: 'string', minLength: 5000 },
  pattern: { type: 'string', pattern: '^[A-Z]{2}\\d{4}(-[a-f]+)?$' },
  'pattern and lengths': { type: 'string', pattern: '^[a-z]+(,[a-z]+)*$', minLength: 40, maxLength: 41 },
  'pattern without anchors': { type: 'string', pattern: 'abc', minLength: 12 },
  'pattern that looks ahead': { type: 'string', pattern: '^(?=.*[A-Z])(?=.*\\d)(?=.*[^\\w]).{8,12}$' },
  'two patterns': { allOf: [{ type: 'string', pattern: '^a' }, { pattern: 'z$' }] },
  content: { type: 'string', contentEncoding: 'base64', minLength: 20 },
  properties: { type: 'object', properties: { a: { type: 'string' }, b: false } },
  'required and undeclared': { type: 'object', required: ['a', '__proto__', 'constructor'] },
  patternProperties: { type: 'object', patternProperties: { '^x-[a-z]+$': { type: 'integer' } } },
  'patternProperties alone': {
    type: 'object',
    patternProperties: { '^[a-z]{3}$': { type: 'integer' } },
    additionalProperties: false,
    minProperties: 4,
  },
  'pattern upon property': {
    properties: { ab: { minimum: 3 } },
    patternProperties: { '^a': { type: 'integer', maximum: 4 } },
  },
  additionalProperties: { type: 'object', additionalProperties: { type: 'boolean' }, minProperties: 3 },
  propertyNames: { type: 'object', propertyNames: { pattern: '^[A-Z]{3}$' }, minProperties: 3 },
  'propertyNames and property': {
    properties: { ab: true, XYZ: true },
    propertyNames: { pattern: '^[A-Z]{3}$' },
  },
  maxProperties: { properties: { a: true, b: true, c: true }, required: ['c'], maxProperties: 2 },
  dependentRequired: {
    properties: { a: { type: 'string' } },
    required: ['a'],
    dependentRequired: { a: ['b'], b: ['c'] },
  },
  'dependentRequired that cannot be': { properties: { a: true, b: false }, dependentRequired: { a: ['b'] } },
  dependentSchemas: {
    properties: { a: true },
    dependentSchemas: { a: { required: ['b'], minProperties: 3 } },
  },
  'dependentSchemas that cannot be': { properties: { a: true, b: true }, dependentSchemas: { a: false } },
  items: { type: 'array', items: { type: 'integer' }, minItems: 3 },
  'no items': { type: 'array', items: false },
  'items that cannot be': { type: 'array', items: { allOf: [{ type: 'string' }, { type: 'integer' }] } },
  prefixItems: { type: 'array', prefixItems: [{ type: 'string' }, { type: 'integer' }], items: false },
  contains: { type: 'array', items: { type: 'integer' }, contains: { const: 5 } },
  'minContains and maxContains': {
    type: 'array',
    items: { type: 'integer', minimum: 1, maximum: 3 },
    contains: { const: 2 },
    minContains: 2,
    maxContains: 2,
    minItems: 6,
  },
  'contains behind a tuple': {
    prefixItems: [{ type: 'string' }],
    contains: { type: 'boolean' },
    type: 'array',
  },
  uniqueItems: { type: 'array', items: { enum: [1, 2, 3, 4, 5] }, uniqueItems: true, minItems: 5 },
  'uniqueItems of few': { type: 'array', items: { type: 'boolean' }, uniqueItems: true, minItems: 2 },
  unevaluatedItems: {
    type: 'array',
    prefixItems: [true],
    unevaluatedItems: { type: 'integer' },
    minItems: 3,
  },
  'unevaluatedItems: false': {
    allOf: [{ prefixItems: [true, true] }],
    type: 'array',
    unevaluatedItems: false,
  },
  unevaluatedProperties: {
    allOf: [{ properties: { a: true } }],
    properties: { b: true },
    patternProperties: { '^c': true },
    type: 'object',
    unevaluatedProperties: false,
  },
  'unevaluatedProperties as a map': {
    properties: { a: true },
    unevaluatedProperties: { type: 'integer' },
    minProperties: 3,
  },
  'unevaluatedProperties of cousins': {
    allOf: [
      { properties: { a: true } },
      { properties: { b: true }, unevaluatedProperties: { type: 'integer' } },
    ],
  },
  allOf: {
    allOf: [
      { type: 'object', properties: { a: { minimum: 3 } }, required: ['a'] },
      { properties: { a: { type: 'integer', maximum: 3 } } },
    ],
  },
  anyOf: { anyOf: [{ type: 'string' }, { type: 'object', required: ['a'] }] },
  'anyOf of which few can be': { type: 'integer', anyOf: [{ type: 'string' }, { maximum: 3 }], minimum: 3 },
  'oneOf of required members': {
    type: 'object',
    properties: { card: { type: 'string' }, bank: { type: 'string' } },
    oneOf: [{ required: ['card'] }, { required: ['bank'] }],
  },
  'oneOf of overlapping types': { oneOf: [{ type: 'number' }, { type: 'integer' }] },
  'oneOf of multiples': { type: 'integer', oneOf: [{ multipleOf: 2 }, { multipleOf: 3 }] },
  'oneOf that all hold but one': { type: 'integer', minimum: 4, oneOf: [{ minimum: 4 }, { maximum: 9 }] },
  'oneOf of open objects': {
    oneOf: [
      { type: 'object', properties: { a: { type: 'string' } }, required: ['a'] },
      { type: 'object', properties: { b: { type: 'string' } }, required: ['b'] },
    ],
  },
  'if and then': {
    properties: { country: { enum: ['DE', 'US'] }, zip: { type: 'string' } },
    required: ['country', 'zip'],
    if: { properties: { country: { const: 'US' } } },
    then: { properties: { zip: { pattern: '^\\d{5}$' } } },
    else: { properties: { zip: { pattern: '^D-\\d{5}$' } } },
  },
  'if that must not hold': { type: 'integer', if: { minimum: 5 }, then: false, minimum: 1, maximum: 9 },
  'not a value': { type: 'integer', minimum: 1, maximum: 3, not: { enum: [1, 3] } },
  'not a type': { not: { type: ['string', 'object'] } },
  'not a member': { properties: { a: true, b: true }, not: { required: ['a'] }, type: 'object' },
  'not a value of a member': {
    properties: { a: { enum: [1, 2] } },
    required: ['a'],
    not: { properties: { a: { const: 1 } } },
  },
  'not both members': { properties: { a: true, b: true }, not: { required: ['a', 'b'] }, type: 'object' },
  'not not': { not: { not: { type: 'integer', minimum: 3 } } },
  'not any of': {
    type: 'integer',
    minimum: 0,
    maximum: 9,
    not: { anyOf: [{ maximum: 3 }, { const: 5 }, { minimum: 8 }] },
  },
}

for (const [name, schema] of Object.entries(schemas))
  test(`${name}: every sample is valid`, () => {
    for (const key of keys) valueOf(schema, { key })
  })

test('few keywords need what is made to be mended', () => {
  const mended = Object.entries(schemas).filter(([, schema]) =>
    keys.some((key) => {
      const sample = sampled(schema, { key })
      return sample.ok && sample.from === 'repaired'
    }),
  )
  // What these refuse cannot be told beforehand.
  expect(mended.map(([name]) => name)).toEqual([
    'minContains and maxContains',
    'oneOf of multiples',
    'oneOf that all hold but one',
    'if that must not hold',
    'not a value',
    'not both members',
    'not any of',
  ])
})

const impossible: Record<string, Schema> = {
  false: false,
  'types that exclude each other': { allOf: [{ type: 'string' }, { type: 'integer' }] },
  'bounds that exclude each other': { type: 'integer', minimum: 3, maximum: 2 },
  'a whole number between two': { type: 'integer', exclusiveMinimum: 3, exclusiveMaximum: 4 },
  'a required member that is not allowed': { type: 'object', required: ['a'], properties: { a: false } },
  'a pattern that nothing matches': { type: 'string', pattern: '^a(?!a)a$' },
  'more different items than there are': {
    type: 'array',
    items: { type: 'boolean' },
    uniqueItems: true,
    minItems: 3,
  },
  'not anything': { not: {} },
  'no branch': { oneOf: [false, { type: 'string', not: { type: 'string' } }] },
  'more members than a sample may have': { type: 'array', minItems: 10_000_000 },
  'a text that is too long': { type: 'string', minLength: 1e9 },
}

for (const [name, schema] of Object.entries(impossible))
  test(`${name}: refused, with the reason`, () => {
    expect(sampled(schema)).toEqual({ ok: false, reason: expect.stringMatching(/\w+ \w+/) })
  })
