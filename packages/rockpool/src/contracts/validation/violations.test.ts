import { describe, expect, test } from 'vitest'
import { readText } from '../source/text.ts'
import type { Schema, SchemaObject } from '../types.ts'
import { createValidator } from './index.ts'
import type { ValidatorOptions } from './index.ts'

const to = (name: string): SchemaObject => ({ $ref: `#/components/schemas/${name}` })
const validator = (schemas: Record<string, Schema>, options?: ValidatorOptions) =>
  createValidator({ schemas: new Map(Object.entries(schemas)) }, options)
const messages = (schema: Schema, value: unknown, schemas: Record<string, Schema> = {}) =>
  validator(schemas)
    .validate(schema, value)
    .map(({ message }) => message)

const order: SchemaObject = {
  type: 'object',
  required: ['id', 'items'],
  properties: {
    id: { type: 'string', minLength: 1 },
    state: { enum: ['open', 'paid'] },
    email: { type: 'string', format: 'email' },
    items: {
      type: 'array',
      minItems: 1,
      items: {
        type: 'object',
        required: ['price'],
        properties: {
          price: { type: 'number', minimum: 0, multipleOf: 0.01 },
          sku: { pattern: '^[A-Z]{3}$' },
        },
      },
    },
  },
  additionalProperties: false,
}

describe('a violation', () => {
  test('names field and rule, and all of them are told at once', () => {
    const value = {
      state: 'lost',
      email: 'nobody',
      items: [{ price: -0.001, sku: 'abc' }, { price: '1' }, {}],
      'a/b': 1,
    }
    expect(messages(order, value)).toEqual([
      '/id: is required',
      '/state: must be one of “open”, “paid”',
      '/email: must be an e-mail address',
      '/items/0/price: must be at least 0',
      '/items/0/price: must be a multiple of 0.01',
      '/items/0/sku: must match the pattern ^[A-Z]{3}$',
      '/items/1/price: must be a number',
      '/items/2/price: is required',
      '/a~1b: is not allowed',
    ])
  })

  test('tells nothing of the value but names of its members', () => {
    const secret = 'hunter2'
    const value = { id: '', state: secret, email: secret, items: secret }
    expect(JSON.stringify(validator({}).validate(order, value))).not.toContain(secret)
  })

  test('stands below the pointer that was given', () => {
    const [violation] = validator({}).validate(order, { id: 'a', items: [{ price: -1 }] }, '/body')
    expect(violation).toMatchObject({
      pointer: '/body/items/0/price',
      keyword: 'minimum',
      message: '/body/items/0/price: must be at least 0',
      params: { minimum: 0 },
    })
  })

  test('knows where its schema was read', () => {
    const text = '{\n "type": "object",\n "properties": {\n  "a": { "minimum": 1 } } }'
    const schema = readText(text, 'pets.json').value as Schema
    const [violation] = validator({}).validate(schema, { a: 0 })
    expect(violation?.origin).toEqual({ file: 'pets.json', line: 4, pointer: '/properties/a' })
  })

  test('of a wrong type stands alone', () => {
    expect(messages({ type: 'string', enum: ['a'], minLength: 1 }, 5)).toEqual([
      '(the whole): must be a string',
    ])
  })

  test('that two schemas have in common is told once', () => {
    const both = { allOf: [{ required: ['a'] }, { required: ['a', 'b'] }] }
    expect(messages(both, {})).toEqual(['/a: is required', '/b: is required'])
  })

  test('of a long list of values shows the first of them', () => {
    const values = Array.from({ length: 300 }, (_, index) => `v${index}`)
    expect(messages({ enum: values }, 'x')[0]).toMatch(/“v9” \(and 290 more\)$/)
  })

  test('of a name is one of its member', () => {
    expect(messages({ propertyNames: { pattern: '^[a-z]+$' } }, { 'a: B': 1 })).toEqual([
      '/a: B: its name must match the pattern ^[a-z]+$',
    ])
  })

  test('says which items are equal, and what else a member needs', () => {
    expect(messages({ uniqueItems: true }, [1, 2, 1])).toEqual([
      '(the whole): must have no item twice: items 0 and 2 are equal',
    ])
    expect(messages({ dependentRequired: { card: ['holder'] } }, { card: 1 })).toEqual([
      '/holder: is required where “card” is',
    ])
  })
})

const pets: Record<string, Schema> = {
  Cat: {
    type: 'object',
    required: ['kind', 'lives'],
    properties: { kind: { type: 'string' }, lives: { type: 'integer', maximum: 9 } },
  },
  Dog: {
    type: 'object',
    required: ['kind', 'bark'],
    properties: { kind: { type: 'string' }, bark: { type: 'string' }, size: { type: 'number' } },
  },
}
const oneOf = [to('Cat'), to('Dog')]

describe('of several branches', () => {
  test('the one that fits best is explained', () => {
    expect(messages({ anyOf: oneOf }, { kind: 'x', bark: 'wuff', size: 'L' }, pets)).toEqual([
      '/size: must be a number',
    ])
    const tagged: SchemaObject = {
      oneOf: [
        { properties: { type: { const: 'a' }, n: { type: 'number' } }, required: ['type', 'n'] },
        {
          properties: { type: { const: 'b' }, m: { type: 'number' }, o: { type: 'number' } },
          required: ['type', 'm', 'o'],
        },
      ],
    }
    expect(messages(tagged, { type: 'b' })).toEqual(['/m: is required', '/o: is required'])
  })

  test('of mere types are told as one', () => {
    const either = { oneOf: [{ type: 'string' }, { type: ['null', 'integer'] }] } satisfies SchemaObject
    expect(messages({ properties: { a: either } }, { a: [] })).toEqual([
      '/a: must be a string, null or a whole number',
    ])
  })

  test('more than one may match of `anyOf`, not of `oneOf`', () => {
    expect(messages({ anyOf: oneOf }, { kind: 'x', bark: 'wuff', lives: 1 }, pets)).toEqual([])
    expect(messages({ oneOf }, { kind: 'x', bark: 'wuff', lives: 1 }, pets)).toEqual([
      '(the whole): must match one of the alternatives only, and matches 1 and 2',
    ])
  })
})

describe('a discriminator', () => {
  const mapping = { cat: '#/components/schemas/Cat', dog: 'Dog' }
  const pet: SchemaObject = { oneOf, discriminator: { propertyName: 'kind', mapping } }

  test.each([
    ['by its mapping', pet, 'cat'],
    ['by the name of a schema', { ...pet, discriminator: { propertyName: 'kind' } }, 'Cat'],
    ['beside `anyOf`', { anyOf: oneOf, discriminator: { propertyName: 'kind', mapping } }, 'cat'],
  ])('tells which branch is explained: %s', (_how, schema, kind) => {
    expect(messages(schema, { kind, lives: 10, size: 1 }, pets)).toEqual(['/lives: must be at most 9'])
  })

  test('that names no branch is what is wrong', () => {
    for (const value of [{ kind: 'cow' }, {}, { kind: 5 }, { kind: 'Cat' }, { kind: 'toString' }])
      expect(messages(pet, value, pets)).toEqual([
        '/kind: must be one of “cat”, “dog”: it says what the rest is',
      ])
  })

  test('holds a value to the branch that it names', () => {
    const { isValid } = validator(pets)
    expect(isValid(pet, { kind: 'dog', bark: 'wuff' })).toBe(true)
    expect(isValid(pet, { kind: 'cat', bark: 'wuff' })).toBe(false)
    expect(isValid({ ...pet, oneOf: [true], anyOf: oneOf }, { kind: 'cat', bark: 'wuff' })).toBe(false)
    expect(
      isValid({ ...pet, discriminator: { propertyName: 'kind' } }, { kind: 'other', bark: 'wuff' }),
    ).toBe(true)
  })

  test('decides, where it is told to, between branches that both match', () => {
    const alike: Record<string, Schema> = {
      Cat: { properties: { kind: true, a: { type: 'string' } } },
      Dog: { properties: { kind: true, b: { type: 'string' } } },
    }
    const value = { kind: 'cat', a: 'x' }
    expect(validator(alike).isValid(pet, value)).toBe(false)
    const { isValid } = validator(alike, { discriminator: 'decides' })
    expect(isValid(pet, value)).toBe(true)
    expect(isValid(pet, { kind: 'cat', a: 1 })).toBe(false)
    expect(isValid(pet, { a: 'x' })).toBe(false)
    const closed = { ...pet, unevaluatedProperties: false }
    expect(isValid(closed, value)).toBe(true)
    expect(isValid(closed, { ...value, b: 'x' })).toBe(false)
  })
})

describe('what only one side writes', () => {
  const account: Record<string, Schema> = {
    Base: { required: ['id', 'name'], properties: { id: { type: 'string', readOnly: true }, name: true } },
    Secret: { type: 'string', writeOnly: true },
    Account: {
      allOf: [
        to('Base'),
        { required: ['password', 'id'], properties: { password: to('Secret') } },
        { required: ['since'], properties: { made: { readOnly: true, writeOnly: true } } },
      ],
      properties: { since: { allOf: [{ type: 'string' }, { readOnly: true }] } },
    },
  }
  const missing = (direction?: 'request' | 'response') =>
    validator(account, direction === undefined ? {} : { direction })
      .validate(to('Account'), {})
      .map(({ pointer }) => pointer)

  test('is required of that side only', () => {
    expect(missing('request')).toEqual(['/name', '/password'])
    expect(missing('response')).toEqual(['/id', '/name', '/since'])
    expect(missing()).toEqual(['/id', '/name', '/password', '/since'])
  })

  test('is still held to its schema where it is there all the same', () => {
    const { isValid } = validator(account, { direction: 'request' })
    expect(isValid(to('Base'), { name: 'a', id: 5 })).toBe(false)
    expect(isValid(to('Base'), { name: 'a', id: 'x' })).toBe(true)
  })
})

describe('formats', () => {
  test('may be added, replaced, and taken away', () => {
    const sku = { of: 'string', holds: (value: string) => /^[A-Z]{3}$/.test(value), says: 'a SKU' } as const
    const { validate, isValid } = validator({}, { formats: { sku, date: null } })
    expect(validate({ format: 'sku' }, 'abc')).toMatchObject([{ message: '(the whole): must be a SKU' }])
    expect(isValid({ format: 'date' }, 'never')).toBe(true)
    expect(isValid({ format: 'toString' }, 'x')).toBe(true)
  })
})

describe('a pattern that is not judged', () => {
  test('refuses nothing, and is found', () => {
    const { isValid, findings } = validator({})
    const schema: SchemaObject = {
      properties: { a: { pattern: '(' } },
      patternProperties: { '(b)\\1': { type: 'number' } },
      additionalProperties: false,
    }
    expect(isValid(schema, { a: 'x', c: 'y' })).toBe(true)
    expect(findings().every(({ level }) => level === 'warning')).toBe(true)
    expect(new Set(findings().map(({ message }) => message))).toEqual(
      new Set([
        'nothing is refused by the pattern (b)\\1: it refers back to what it has matched',
        'nothing is refused by the pattern (: it is no regular expression of ECMA 262',
      ]),
    )
  })
})
