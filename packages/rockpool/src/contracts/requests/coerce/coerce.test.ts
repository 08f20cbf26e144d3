// oxlint-disable unicorn/no-thenable -- `then` is a keyword of JSON Schema
import { describe, expect, test } from 'vitest'
import { contractOf } from '../../../../test/support/contracts.ts'
import type { SchemaObject } from '../../types.ts'
import { createValidator } from '../../validation/index.ts'
import type { Value } from '../types.ts'
import { coerce } from './coerce.ts'
import type { Source } from './coerce.ts'

function coerced(schema: object, value: Value, source: Source = 'text', schemas: object = {}): Value {
  const contract = contractOf({ components: { schemas: { Root: schema, ...schemas } } })
  const validator = createValidator(contract, { direction: 'request' })
  return coerce({ contract, validator }, contract.schemas.get('Root') as SchemaObject, value, source).value
}

describe('a whole number', () => {
  test.each([
    ['5', 5],
    ['-5', -5],
    ['+5', 5],
    ['05', 5],
    ['5.0', 5],
    ['1e3', 1000],
    ['-0', 0],
    ['9007199254740991', 9007199254740991],
  ])('is made of “%s”', (text, number) => expect(coerced({ type: 'integer' }, text)).toBe(number))

  test.each([
    '',
    ' ',
    ' 5',
    '0x10',
    '5.5',
    'NaN',
    'Infinity',
    '1e400',
    '9007199254740992',
    '1_000',
    '٣',
    '5n',
    '.',
    '1e',
  ])('is not made of “%s”', (text) => expect(coerced({ type: 'integer' }, text)).toBe(text))
})

describe('a number', () => {
  test.each([
    ['0.1', 0.1],
    ['-2.5e-3', -0.0025],
    ['9007199254740993', 9007199254740992],
  ])('is made of “%s”', (text, number) => expect(coerced({ type: 'number' }, text)).toBe(number))

  test.each(['', '0x10', 'NaN', '-Infinity', '1e400', '1,5', '--1', '.5', '5.'])(
    'is not made of “%s”',
    (text) => expect(coerced({ type: 'number' }, text)).toBe(text),
  )
})

describe('true or false', () => {
  test.each(['t', 'true', 'y', 'yes', 'on', '1', 'TRUE', 'Yes', 'oN'])('“%s” is true', (text) =>
    expect(coerced({ type: 'boolean' }, text)).toBe(true),
  )
  test.each(['f', 'false', 'n', 'no', 'off', '0', 'FALSE', 'oFF'])('“%s” is false', (text) =>
    expect(coerced({ type: 'boolean' }, text)).toBe(false),
  )
  test.each(['', '2', 'tr', 'ja', 'constructor'])('“%s” is neither', (text) =>
    expect(coerced({ type: 'boolean' }, text)).toBe(text),
  )
})

describe('a string', () => {
  test.each<[Value, Value]>([
    [true, 'true'],
    [5.5, '5.5'],
    [['a'], 'a'],
    [[5], '5'],
    [
      ['a', 'b'],
      ['a', 'b'],
    ],
    [[['a']], [['a']]],
    [{ a: 1 }, { a: 1 }],
    [null, null],
  ])('of %j', (value, expected) => expect(coerced({ type: 'string' }, value, 'json')).toEqual(expected))
})

describe('a list', () => {
  const list = { type: 'array', items: { type: 'integer' } }
  test('of one is made of a single value', () => expect(coerced(list, '5')).toEqual([5]))
  test('has items with their types', () => expect(coerced(list, ['5', 'x'])).toEqual([5, 'x']))
  test('is not made of null', () => expect(coerced(list, null, 'json')).toBe(null))
  test('may say something of each place', () => {
    const tuple = {
      type: 'array',
      prefixItems: [{ type: 'string' }, { type: 'integer' }],
      items: { type: 'boolean' },
    }
    expect(coerced(tuple, ['1', '1', '1'])).toEqual(['1', 1, true])
  })
})

describe('an enum', () => {
  test.each<[object, Value, Value]>([
    [{ enum: ['Open', 'closed'] }, 'OPEN', 'Open'],
    [{ enum: ['a', 'A'] }, 'A', 'A'],
    [{ type: 'integer', enum: [1, 2] }, '2', 2],
    [{ enum: [1, true] }, '1', 1],
    [{ enum: ['1', 1] }, '1', '1'],
    [{ const: 'EUR' }, 'eur', 'EUR'],
    [{ enum: ['a'] }, 'b', 'b'],
    [{ enum: ['a'] }, 'constructor', 'constructor'],
  ])('%j: %j is %j', (schema, value, expected) => expect(coerced(schema, value)).toBe(expected))
})

describe('types that are listed', () => {
  test('are tried in their order for text', () => {
    expect(coerced({ type: ['integer', 'string'] }, '5')).toBe(5)
    expect(coerced({ type: ['string', 'integer'] }, '5')).toBe('5')
    expect(coerced({ type: ['null', 'integer'] }, '5')).toBe(5)
  })
  test('count as they are for JSON', () => {
    expect(coerced({ type: ['integer', 'string'] }, '5', 'json')).toBe('5')
    expect(coerced({ type: ['integer', 'null'] }, null, 'json')).toBe(null)
    expect(coerced({ type: ['integer', 'null'] }, '5', 'json')).toBe(5)
  })
})

describe('an object', () => {
  test('loses members that are null where the schema does not allow it, and keeps what is unknown', () => {
    const schema = {
      type: 'object',
      properties: {
        a: { type: 'string' },
        b: { type: ['string', 'null'] },
        c: { $ref: '#/components/schemas/Id' },
      },
    }
    const value = { a: null, b: null, c: null, d: null, e: '5' }
    expect(coerced(schema, value, 'json', { Id: { type: 'integer' } })).toEqual({ b: null, d: null, e: '5' })
  })
  test('has members by name, by pattern, and others', () => {
    const schema = {
      properties: { a: { type: 'integer' } },
      patternProperties: { '^x': { type: 'boolean' } },
      additionalProperties: { type: 'number' },
    }
    expect(coerced(schema, { a: '1', x1: '1', other: '1.5' })).toEqual({ a: 1, x1: true, other: 1.5 })
  })
  test('may have members of any name', () => {
    const schema = {
      properties: JSON.parse('{"__proto__":{"type":"integer"},"constructor":{"type":"integer"}}') as object,
    }
    const value = JSON.parse('{"__proto__":"1","constructor":"2","toString":"3"}') as Value
    expect(JSON.stringify(coerced(schema, value))).toBe('{"__proto__":1,"constructor":2,"toString":"3"}')
  })
  test('has the types of all that it is made of', () => {
    const schema = {
      allOf: [{ $ref: '#/components/schemas/Base' }, { properties: { b: { type: 'integer' } } }],
      properties: { c: { type: 'integer' } },
      dependentSchemas: {
        a: { properties: { e: { type: 'integer' } } },
        x: { properties: { f: { type: 'integer' } } },
      },
      if: { properties: { kind: { const: 'x' } } },
      then: { properties: { d: { type: 'integer' } } },
      else: { properties: { d: { type: 'boolean' } } },
    }
    const schemas = { Base: { properties: { a: { type: 'integer' } } } }
    const value = { a: '1', b: '1', c: '1', d: '1', e: '1', f: '1', kind: 'x' }
    expect(coerced(schema, value, 'text', schemas)).toEqual({
      a: 1,
      b: 1,
      c: 1,
      d: 1,
      e: 1,
      f: '1',
      kind: 'x',
    })
    expect(coerced(schema, { ...value, kind: 'y' }, 'text', schemas)).toMatchObject({ d: true })
  })
})

describe('a union', () => {
  const card = {
    type: 'object',
    required: ['number'],
    properties: { number: { type: 'string' }, cvv: { type: 'integer' } },
  }
  const bank = {
    type: 'object',
    required: ['iban'],
    properties: { iban: { type: 'string' }, cvv: { type: 'string' } },
  }

  test.each(['oneOf', 'anyOf'])('%s: takes the first branch whose types hold', (keyword) => {
    expect(coerced({ [keyword]: [{ type: 'integer' }, { type: 'string' }] }, '5')).toBe(5)
    expect(coerced({ [keyword]: [{ type: 'integer' }, { type: 'string' }] }, 'x')).toBe('x')
    expect(coerced({ [keyword]: [card, bank] }, { iban: 'DE', cvv: '5' })).toEqual({ iban: 'DE', cvv: '5' })
    expect(coerced({ [keyword]: [bank, card] }, { number: '4', cvv: '5' })).toEqual({ number: '4', cvv: 5 })
  })
  test('leaves JSON alone that holds as it is', () => {
    expect(coerced({ anyOf: [{ type: 'integer' }, { type: 'string' }] }, '5', 'json')).toBe('5')
  })
  test('comes nearest where nothing holds, so that what is told is what is wrong', () => {
    const schema = {
      oneOf: [
        { ...bank, required: ['iban', 'bic'] },
        { ...card, required: ['number', 'name'] },
      ],
    }
    expect(coerced(schema, { number: '4', cvv: '5' })).toEqual({ number: '4', cvv: 5 })
  })

  const schemas = {
    Card: { properties: { type: { type: 'string' }, n: { type: 'integer' } } },
    Bank: { properties: { type: { type: 'string' }, n: { type: 'string' } } },
  }
  const tagged = {
    oneOf: [{ $ref: '#/components/schemas/Bank' }, { $ref: '#/components/schemas/Card' }],
    discriminator: {
      propertyName: 'type',
      mapping: { card: '#/components/schemas/Card', bank: '#/components/schemas/Bank' },
    },
  }
  test.each([
    ['card', 'card', 5],
    ['CARD', 'card', 5],
    ['bank', 'bank', '5'],
  ])('is what its discriminator %s names', (type, canonical, n) => {
    expect(coerced(tagged, { type, n: '5' }, 'text', schemas)).toEqual({ type: canonical, n })
  })
})

test('what is not told apart keeps being itself: nothing is copied where nothing changes', () => {
  const value = { a: [1, { b: 'x' }], c: null }
  expect(
    coerced({ properties: { a: { type: 'array', items: { type: ['integer', 'object'] } } } }, value, 'json'),
  ).toBe(value)
})
