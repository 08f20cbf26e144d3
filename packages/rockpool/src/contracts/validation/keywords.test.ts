// oxlint-disable unicorn/no-thenable -- `then` is a keyword of JSON Schema
import { describe, expect, test } from 'vitest'
import type { Json, Schema, SchemaObject } from '../types.ts'
import { createValidator } from './index.ts'

/** A keyword in a schema; values that hold, values that do not. */
type Case = [keyword: string, schema: SchemaObject, valid: Json[], invalid: Json[]]

const named: Record<string, Schema> = {
  Name: { type: 'string', minLength: 2 },
  Chain: { properties: { next: { $ref: '#/components/schemas/Chain' }, n: { type: 'number' } } },
  'a/b~c': { const: 1 },
}
const contract = { schemas: new Map(Object.entries(named)) }
const to = (name: string): SchemaObject => ({ $ref: `#/components/schemas/${name}` })

const cases: Case[] = [
  ['type', { type: 'null' }, [null], [0, '', false, [], {}]],
  ['type', { type: 'boolean' }, [true, false], [0, 'true', null]],
  ['type', { type: 'object' }, [{}], [[], null, 'x']],
  ['type', { type: 'array' }, [[]], [{}, null]],
  ['type', { type: 'number' }, [0, -1.5, 1e300], ['1', null]],
  ['type', { type: 'integer' }, [0, -3, 1, 1e20], [1.5, '1']],
  ['type', { type: 'string' }, ['', 'x'], [1, null]],
  ['type', { type: ['string', 'null'] }, ['x', null], [1, []]],
  ['type', { type: ['string', 'null', 'integer'] }, ['x', null, 1], [1.5, []]],
  [
    'enum',
    { enum: ['a', 1, null, [1, 2], { a: 1, b: 2 }] },
    ['a', 1, null, [1, 2], { b: 2, a: 1 }],
    ['b', 2, false, [2, 1], {}, { a: 1 }],
  ],
  ['const', { const: { a: [1] } }, [{ a: [1] }], [{ a: [1, 2] }, { a: 1 }, [1], null]],
  ['const', { const: 0 }, [0, -0], [false, null, '0', '']],
  ['const', { const: false }, [false], [0, null, [false]]],
  ['const', { const: null }, [null], [0, false, '']],
  ['const', { const: [false] }, [[false]], [[0], [[false]]]],
  ['minimum', { minimum: 0 }, [0, 5, 'x', null], [-1, -0.001]],
  ['maximum', { maximum: 1.5 }, [1.5, -5, 'xx'], [1.6]],
  ['exclusiveMinimum', { exclusiveMinimum: 0 }, [0.1, []], [0, -1]],
  ['exclusiveMaximum', { exclusiveMaximum: 0 }, [-0.1], [0, 1]],
  ['multipleOf', { multipleOf: 2 }, [0, 4, -2, 'x'], [1, 2.5]],
  [
    'multipleOf',
    { multipleOf: 0.01 },
    [0, 0.01, 19.99, 0.07, 1.1, 4.35, 1e21, -0.29],
    [0.001, 19.999, 0.1 + 0.2],
  ],
  ['multipleOf', { multipleOf: 1e-8 }, [12391239123, 1e-8, 5e-7], [1e-9]],
  ['multipleOf', { multipleOf: 0.123456789 }, [0.246913578], [1e308]],
  ['multipleOf', { multipleOf: 0.5 }, [1e308, 4.5], [4.25]],
  ['minLength', { minLength: 2 }, ['ab', '💩💩', 5], ['a', '💩', '']],
  ['maxLength', { maxLength: 2 }, ['', 'ab', '💩💩', [1, 2, 3]], ['abc', '💩💩💩']],
  ['pattern', { pattern: '^a+$' }, ['a', 'aaa', 5, {}], ['', 'b', 'aab']],
  ['pattern', { pattern: '^.$' }, ['💩', 'a'], ['ab']],
  ['pattern', { pattern: 'b' }, ['abc'], ['ac']],
  ['format', { format: 'date' }, ['2026-02-28', 5], ['2026-02-30', '']],
  ['format', { format: 'int32' }, [2 ** 31 - 1, -(2 ** 31), '5'], [2 ** 31, 0.5]],
  ['format', { format: 'of-nobody' }, ['x', 1], []],
  ['items', { items: { type: 'number' } }, [[], [1, 2], {}, 'x'], [[1, 'x'], [null]]],
  ['items', { prefixItems: [true], items: false }, [[], [1]], [[1, 2]]],
  [
    'prefixItems',
    { prefixItems: [{ type: 'number' }, { type: 'string' }] },
    [[], [1], [1, 'x'], [1, 'x', null]],
    [['x'], [1, 2]],
  ],
  [
    'items',
    { prefixItems: [{ type: 'number' }], items: { type: 'string' } },
    [[1, 'x', 'y']],
    [
      [1, 2],
      [1, 'x', 2],
    ],
  ],
  ['contains', { contains: { type: 'number' } }, [['x', 1], [1], {}], [[], ['x']]],
  [
    'minContains',
    { contains: { type: 'number' }, minContains: 2 },
    [
      [1, 2],
      [1, 'x', 2],
    ],
    [[1], [1, 'x']],
  ],
  ['contains', { contains: { type: 'number' }, minContains: 0 }, [[], ['x']], []],
  ['maxContains', { contains: { type: 'number' }, maxContains: 1 }, [[1], [1, 'x']], [[1, 2]]],
  ['maxContains', { contains: { type: 'number' }, minContains: 0, maxContains: 1 }, [[], [1]], [[1, 2]]],
  ['minContains', { minContains: 5, maxContains: 0 }, [[1], []], []],
  ['minItems', { minItems: 1 }, [[1], 'x', {}], [[]]],
  ['maxItems', { maxItems: 1 }, [[], [1], 'xx'], [[1, 2]]],
  [
    'uniqueItems',
    { uniqueItems: true },
    [
      [],
      [1, '1', true, null, 'true', 'null'],
      [{ a: 1 }, { a: 2 }, [1], ['1']],
      [[1], [[1]]],
      ['[]', []],
      [{}, '{}'],
    ],
    [
      [1, 1],
      [
        { a: 1, b: 2 },
        { b: 2, a: 1 },
      ],
      [[1], [1]],
      ['a', 'b', 'a'],
      [0, -0],
      [null, null],
    ],
  ],
  ['uniqueItems', { uniqueItems: false }, [[1, 1]], []],
  [
    'properties',
    { properties: { a: { type: 'number' }, b: false } },
    [{}, { a: 1 }, { c: 'x' }, [], 'x'],
    [{ a: 'x' }, { b: 1 }],
  ],
  [
    'patternProperties',
    { patternProperties: { '^x': { type: 'number' }, y$: { minimum: 1 } } },
    [{ x: 1 }, { z: 'x' }, { xy: 1 }],
    [{ xa: 'x' }, { xy: 0 }],
  ],
  [
    'additionalProperties',
    { properties: { a: true }, additionalProperties: false },
    [{}, { a: 1 }, []],
    [{ a: 1, b: 2 }],
  ],
  ['additionalProperties', { additionalProperties: { type: 'number' } }, [{ a: 1 }], [{ a: 'x' }]],
  [
    'additionalProperties',
    { patternProperties: { '^x': true }, additionalProperties: false },
    [{ x: 1 }],
    [{ y: 1 }],
  ],
  [
    'additionalProperties',
    { allOf: [{ properties: { a: true } }], additionalProperties: false },
    [{}],
    [{ a: 1 }],
  ],
  ['propertyNames', { propertyNames: { maxLength: 2 } }, [{}, { ab: 1 }, ['abc']], [{ abc: 1 }]],
  ['propertyNames', { propertyNames: false }, [{}], [{ a: 1 }]],
  ['required', { required: ['a', 'b'] }, [{ a: 1, b: null }, [], 'x'], [{}, { a: 1 }]],
  ['required', { required: ['toString', 'constructor'] }, [{ toString: 1, constructor: 1 }], [{}]],
  ['minProperties', { minProperties: 1 }, [{ a: 1 }, []], [{}]],
  ['maxProperties', { maxProperties: 1 }, [{ a: 1 }, {}], [{ a: 1, b: 2 }]],
  [
    'dependentRequired',
    { dependentRequired: { a: ['b', 'c'] } },
    [{}, { b: 1 }, { a: 1, b: 1, c: 1 }],
    [{ a: 1, b: 1 }],
  ],
  ['required', { dependentSchemas: { a: { required: ['b'] } } }, [{}, { a: 1, b: 1 }, []], [{ a: 1 }]],
  ['minimum', { allOf: [{ minimum: 1 }, { maximum: 3 }] }, [1, 3, 'x'], [0]],
  ['anyOf', { anyOf: [{ type: 'string' }, { type: 'number' }] }, ['x', 1], [null]],
  ['oneOf', { oneOf: [{ multipleOf: 2 }, { multipleOf: 3 }] }, [2, 3, 4], [6]],
  ['oneOf', { oneOf: [true, false] }, [1], []],
  ['oneOf', { oneOf: [true, true] }, [], [1]],
  ['not', { not: { type: 'string' } }, [1, null], ['x']],
  ['not', { not: {} }, [], [1, null]],
  ['minimum', { if: { type: 'integer' }, then: { minimum: 10 }, else: { type: 'string' } }, [10, 'x'], [9]],
  ['type', { if: { type: 'integer' }, then: { minimum: 10 }, else: { type: 'string' } }, [], [1.5, null]],
  ['minimum', { if: true, then: { minimum: 1 } }, [1], [0]],
  ['minimum', { if: false, then: { minimum: 1 } }, [0], []],
  ['minimum', { then: { minimum: 1 }, else: { minimum: 1 } }, [0], []],
  ['minLength', to('Name'), ['ab'], ['a']],
  ['maxLength', { ...to('Name'), maxLength: 3 }, ['abc'], ['abcd']],
  ['type', to('Chain'), [{ next: { next: { n: 1 } } }], [{ next: { next: { n: 'x' } } }]],
  ['const', to('a~1b~0c'), [1], [2]],
]

const { validate, isValid } = createValidator(contract)

describe('JSON Schema 2020-12', () => {
  test.each(cases)('%s: %j', (_keyword, schema, valid, invalid) => {
    for (const value of valid) expect(validate(schema, value), JSON.stringify(value)).toEqual([])
    for (const value of invalid) expect(validate(schema, value), JSON.stringify(value)).not.toEqual([])
    expect(valid.map((value) => isValid(schema, value))).toEqual(valid.map(() => true))
    expect(invalid.map((value) => isValid(schema, value))).toEqual(invalid.map(() => false))
  })

  test('a schema that is true or false takes all or nothing', () => {
    expect(isValid(true, null)).toBe(true)
    expect(isValid(false, null)).toBe(false)
    expect(validate(false, null)).toMatchObject([{ pointer: '', message: '(the whole): is not allowed' }])
  })

  test('a reference to nothing refuses nothing', () => {
    expect(isValid(to('Nobody'), 1)).toBe(true)
  })

  test('names that every object inherits are names like others', () => {
    const text = '{"__proto__": 1, "constructor": 2, "toString": 3}'
    const names: SchemaObject = { properties: JSON.parse(text.replaceAll(/\d/g, '{"type":"string"}')) }
    expect(isValid(names, {})).toBe(true)
    expect(validate(names, JSON.parse(text)).map(({ pointer }) => pointer)).toEqual([
      '/__proto__',
      '/constructor',
      '/toString',
    ])
    const closed: SchemaObject = { properties: { a: true }, additionalProperties: false }
    expect(validate(closed, JSON.parse(text))).toHaveLength(3)
    expect(isValid({ dependentRequired: { toString: ['a'] } }, {})).toBe(true)
    expect(isValid({ const: JSON.parse('{"__proto__":1}') as Json }, {})).toBe(false)
  })

  test('a member that is undefined is not there, as in the text that JSON would be', () => {
    const schema: SchemaObject = {
      properties: { a: { type: 'number' } },
      required: ['b'],
      additionalProperties: false,
    }
    expect(isValid(schema, { a: undefined, b: undefined })).toBe(false)
    expect(isValid({ ...schema, required: [] }, { a: undefined, c: undefined })).toBe(true)
  })

  test('what no JSON text can be has no type', () => {
    for (const value of [undefined, Number.NaN, Infinity, 1n, () => 1])
      expect(isValid({ type: ['null', 'boolean', 'object', 'array', 'number', 'string'] }, value)).toBe(false)
  })
})
