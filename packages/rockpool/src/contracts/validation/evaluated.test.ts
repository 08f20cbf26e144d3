// oxlint-disable unicorn/no-thenable -- `then` is a keyword of JSON Schema
import { describe, expect, test } from 'vitest'
import type { Json, SchemaObject } from '../types.ts'
import { createValidator } from './index.ts'

/** A keyword in a schema; values that hold, values that do not. */
type Case = [keyword: string, schema: SchemaObject, valid: Json[], invalid: Json[]]

const chain: SchemaObject = {
  properties: { next: { $ref: '#/components/schemas/Chain' }, n: { type: 'number' } },
}
const { validate, isValid } = createValidator({ schemas: new Map([['Chain', chain]]) })
const to = (name: string): SchemaObject => ({ $ref: `#/components/schemas/${name}` })

const cases: Case[] = [
  [
    'unevaluatedItems',
    { contains: { type: 'string' }, unevaluatedItems: { type: 'number' } },
    [
      [1, 'x'],
      ['x', 1, 'y'],
    ],
    [[null, 'x']],
  ],
  ['unevaluatedItems', { prefixItems: [true], unevaluatedItems: false }, [[], [1]], [[1, 2]]],
  ['unevaluatedItems', { allOf: [{ items: true }], unevaluatedItems: false }, [[1, 2]], []],
  ['unevaluatedItems', { allOf: [{ unevaluatedItems: true }], unevaluatedItems: false }, [[1]], []],
  ['unevaluatedProperties', { ...to('Chain'), unevaluatedProperties: false }, [{ n: 1 }], [{ m: 1 }]],

  [
    'unevaluatedItems',
    { allOf: [{ prefixItems: [true, { type: 'number' }] }], unevaluatedItems: { type: 'string' } },
    [
      [1, 2],
      [1, 2, 'x'],
    ],
    [[1, 2, 3]],
  ],
  [
    'unevaluatedItems',
    { contains: { type: 'string' }, unevaluatedItems: false },
    [['x'], ['x', 'y']],
    [['x', 1]],
  ],
  [
    'unevaluatedProperties',
    { properties: { a: true }, unevaluatedProperties: false },
    [{ a: 1 }, []],
    [{ b: 1 }],
  ],
  [
    'unevaluatedProperties',
    {
      allOf: [{ properties: { a: true } }, { patternProperties: { '^x': true } }],
      unevaluatedProperties: false,
    },
    [{ a: 1, x1: 2 }],
    [{ b: 1 }],
  ],
  [
    'unevaluatedProperties',
    {
      anyOf: [{ properties: { a: { const: 1 } }, required: ['a'] }, { properties: { b: true } }],
      unevaluatedProperties: false,
    },
    [{ a: 1 }, { a: 1, b: 2 }, { b: 1 }],
    [{ a: 2 }, { a: 1, c: 1 }],
  ],
  [
    'unevaluatedProperties',
    {
      oneOf: [
        { properties: { a: true }, required: ['a'] },
        { properties: { b: true }, required: ['b'] },
      ],
      unevaluatedProperties: false,
    },
    [{ a: 1 }, { b: 1 }],
    [{ a: 1, c: 1 }],
  ],
  [
    'unevaluatedProperties',
    {
      if: { properties: { a: { const: 1 } }, required: ['a'] },
      then: { properties: { b: true } },
      else: { properties: { c: true } },
      unevaluatedProperties: false,
    },
    [{ a: 1, b: 1 }, { c: 1 }, {}],
    [{ a: 1, c: 1 }, { a: 2 }, { b: 1 }],
  ],
  [
    'unevaluatedProperties',
    { if: { properties: { a: { const: 1 } } }, unevaluatedProperties: false },
    [{ a: 1 }],
    [{ a: 2 }],
  ],
  [
    'unevaluatedProperties',
    { dependentSchemas: { a: { properties: { a: true, b: true } } }, unevaluatedProperties: false },
    [{ a: 1, b: 1 }],
    [{ b: 1 }],
  ],
  [
    'unevaluatedProperties',
    { not: { not: { properties: { a: true } } }, unevaluatedProperties: false },
    [{}],
    [{ a: 1 }],
  ],
  [
    'unevaluatedProperties',
    { allOf: [{ additionalProperties: true }], unevaluatedProperties: false },
    [{ a: 1 }],
    [],
  ],
  [
    'unevaluatedProperties',
    { properties: { a: { properties: { b: true } } }, unevaluatedProperties: { type: 'number' } },
    [{ a: { c: 1 }, n: 1 }],
    [{ b: 'x' }],
  ],
]

describe('JSON Schema 2020-12 core, 11: what nobody has looked at', () => {
  test.each(cases)('%s: %j', (_keyword, schema, valid, invalid) => {
    for (const value of valid) expect(validate(schema, value), JSON.stringify(value)).toEqual([])
    for (const value of invalid) expect(validate(schema, value), JSON.stringify(value)).not.toEqual([])
    expect(valid.map((value) => isValid(schema, value))).toEqual(valid.map(() => true))
    expect(invalid.map((value) => isValid(schema, value))).toEqual(invalid.map(() => false))
  })
})
