import { expect, test } from 'vitest'
import { ajvOf } from '../../../test/support/contract-ajv.ts'
import { keys, sampled, valueOf } from '../../../test/support/contract-samples.ts'
import type { Json, Schema } from '../types.ts'
import { createSampler } from './index.ts'

test('items are made different from the others, not by chance', () => {
  const items: Schema = { type: 'integer', minimum: 1, maximum: 12 }
  const schema: Schema = { type: 'array', items, uniqueItems: true, minItems: 12 }
  for (const key of keys) expect(sampled(schema, { key })).toMatchObject({ ok: true, from: 'schema' })
})

test('a branch among hundreds is reached', () => {
  const oneOf = Array.from({ length: 300 }, (_, index): Schema => ({
    const: index,
    title: `branch ${index}`,
  }))
  expect(valueOf({ oneOf }, { branch: { '': 'branch 217' } })).toBe(217)
})

test('the same seed and key give the same sample; another gives another', () => {
  const schema: Schema = {
    type: 'object',
    properties: { id: { type: 'string' }, at: { type: 'string', format: 'date-time' } },
  }
  expect(valueOf(schema)).toEqual(valueOf(schema))
  expect(valueOf(schema, { key: 'quay getOrder' })).not.toEqual(valueOf(schema))
  expect(valueOf(schema, { seed: 'other' })).not.toEqual(valueOf(schema))
})

test('what was sampled before changes nothing', () => {
  const contract = { schemas: new Map() }
  const sampler = createSampler(contract, { validator: ajvOf(contract) })
  const schema: Schema = {
    type: 'object',
    properties: { a: { oneOf: [{ type: 'string' }, { type: 'integer' }] } },
  }
  const options = { key: 'k', direction: 'response' as const }
  const first = sampler.sample(schema, options)
  for (const key of keys) sampler.sample(schema, { ...options, key })
  expect(sampler.sample(schema, options)).toEqual(first)
})

test('a member that is added changes no other value', () => {
  const line: Schema = { type: 'object', properties: { sku: { type: 'string' }, price: { type: 'number' } } }
  const members: Record<string, Schema> = {
    id: { type: 'string', format: 'uuid' },
    customer: { type: 'object', properties: { email: { type: 'string' }, city: { type: 'string' } } },
    lines: { type: 'array', items: line },
    state: { oneOf: [{ enum: ['open', 'paid'] }, { type: 'integer' }] },
  }
  const before = valueOf({ type: 'object', properties: members })
  const more: Schema = {
    type: 'object',
    properties: { currency: { type: 'string' }, price: { type: 'number' } },
  }
  const properties = {
    added: more,
    ...members,
    customer: { ...(members.customer as object), required: ['email'] },
  }
  expect(valueOf({ type: 'object', required: ['added'], properties })).toMatchObject(before as object)
})

test('an example is given before anything is made, if it is valid', () => {
  const schema: Schema = { type: 'object', properties: { a: { type: 'integer' } }, required: ['a'] }
  const example = (value: Json) => ({ name: '', summary: null, description: null, value })
  const examples = [example({ a: 'no' }), example({ a: 5 }), example({ a: 6 })]
  expect(sampled(schema, { examples })).toEqual({ ok: true, value: { a: 5 }, from: 'example' })
  expect(sampled(schema, { examples: examples.slice(0, 1) })).toMatchObject({ ok: true, from: 'schema' })
})

test('examples and defaults of members are taken, unless they are not valid', () => {
  const properties: Record<string, Schema> = {
    a: { type: 'string', examples: ['sea'] },
    b: { type: 'string', examples: [5] },
    c: { type: 'integer', default: 25 },
    d: { type: 'integer', default: 25, maximum: 3 },
  }
  const value = valueOf({ type: 'object', properties }) as Record<string, Json>
  expect(value).toMatchObject({ a: 'sea', c: 25 })
  expect(typeof value.b).toBe('string')
})

test('what is set stands where it was set, in examples and in what is made', () => {
  const schema: Schema = {
    type: 'object',
    properties: {
      id: { type: 'string' },
      lines: { type: 'array', items: { type: 'object', properties: { n: { type: 'integer' } } } },
    },
  }
  const overrides = { '/id': 'ord_1', '/lines/4/n': 77 }
  const value = valueOf(schema, { overrides }) as { lines: unknown[] }
  expect(value).toMatchObject({ id: 'ord_1' })
  expect(value.lines[4]).toEqual({ n: 77 })
  const examples = [{ name: '', summary: null, description: null, value: { id: 'x', lines: [] } }]
  expect(sampled(schema, { examples, overrides: { '/id': 'ord_2' } })).toEqual({
    ok: true,
    value: { id: 'ord_2', lines: [] },
    from: 'example',
  })
})

test('what cannot stand where it is set is refused', () => {
  const schema: Schema = {
    type: 'object',
    properties: { id: { type: 'string' } },
    additionalProperties: false,
  }
  const reason = (pointer: string, value: Json) => sampled(schema, { overrides: { [pointer]: value } })
  expect(reason('/id', 5)).toMatchObject({ ok: false })
  expect(reason('/other', 5)).toEqual({ ok: false, reason: 'other is required, and not allowed' })
  expect(reason('/id/deeper', 5)).toEqual({ ok: false, reason: 'what is set does not fit: /id/deeper' })
})

test('what is set decides the branch; what no branch allows is refused', () => {
  const schema: Schema = {
    oneOf: ['card', 'bank', 'cash'].map((kind) => ({
      type: 'object',
      properties: { kind: { const: kind }, [kind]: { type: 'string' } },
      required: ['kind', kind],
    })),
  }
  for (const kind of ['card', 'bank', 'cash'])
    expect(valueOf(schema, { overrides: { '/kind': kind } })).toMatchObject({ [kind]: expect.any(String) })
  expect(sampled(schema, { overrides: { '/kind': 'gold' } })).toMatchObject({ ok: false })
  expect(sampled(schema, { overrides: { kind: 'card' } })).toEqual({
    ok: false,
    reason: 'kind is no JSON pointer',
  })
})

const pets: Record<string, Schema> = {
  Cat: {
    type: 'object',
    properties: { kind: { type: 'string' }, lives: { type: 'integer' } },
    required: ['kind', 'lives'],
  },
  Dog: {
    type: 'object',
    properties: { kind: { type: 'string' }, tricks: { type: 'string' } },
    required: ['kind', 'tricks'],
  },
}

test('each branch of a union is reached by its name, title, number or the value of its discriminator', () => {
  const schema: Schema = {
    oneOf: [
      { $ref: '#/components/schemas/Cat' },
      { $ref: '#/components/schemas/Dog' },
      { title: 'none', type: 'null' },
    ],
    discriminator: { propertyName: 'kind', mapping: { felis: '#/components/schemas/Cat' } },
  }
  const taken = (label: string) => valueOf(schema, { schemas: pets, branch: { '': label } })
  expect(taken('Cat')).toMatchObject({ kind: 'felis', lives: expect.any(Number) })
  expect(taken('felis')).toEqual(taken('Cat'))
  expect(taken('Dog')).toMatchObject({ kind: 'Dog', tricks: expect.any(String) })
  expect(taken('1')).toEqual(taken('Dog'))
  expect(taken('none')).toBe(null)
  expect(sampled(schema, { schemas: pets, branch: { '': 'Bird' } })).toMatchObject({ ok: false })
  const list: Schema = { type: 'array', items: schema, minItems: 2 }
  const branch = { '/0': 'Dog', '/1': 'Cat' }
  expect(valueOf(list, { schemas: pets, branch })).toMatchObject([{ kind: 'Dog' }, { kind: 'felis' }])
})

test('a branch is taken in a member that would be left out, and refused where there are none', () => {
  const union: Schema = {
    oneOf: [
      { title: 'a', const: 1 },
      { title: 'b', const: { c: 2 } },
    ],
  }
  const deep = ['v', 'w', 'x', 'y', 'z'].reduce<Schema>(
    (inner, name) => ({ type: 'object', properties: { [name]: inner } }),
    union,
  )
  expect(valueOf(deep, { branch: { '/z/y/x/w/v': 'b' } })).toEqual({
    z: { y: { x: { w: { v: { c: 2 } } } } },
  })
  expect(sampled({ type: 'object' }, { branch: { '': 'b' } })).toMatchObject({ ok: false })
  expect(sampled({ type: 'object' }, { branch: { '/a/b': 'b' } })).toMatchObject({ ok: false })
})

test('branches of a union within a union are reached, too', () => {
  const schema: Schema = {
    oneOf: [
      {
        oneOf: [
          { title: 'a', const: 1 },
          { title: 'b', const: 2 },
        ],
      },
      { title: 'c', const: 3 },
    ],
  }
  expect(['a', 'b', 'c'].map((label) => valueOf(schema, { branch: { '': label } }))).toEqual([1, 2, 3])
})

test('a schema with a discriminator is one of those that build on it, and says which', () => {
  const base: Schema = {
    type: 'object',
    properties: { kind: { type: 'string' } },
    required: ['kind'],
    discriminator: { propertyName: 'kind' },
  }
  const heir = (name: string): Schema => ({
    allOf: [
      { $ref: '#/components/schemas/Pet' },
      { properties: { [name]: { type: 'integer' } }, required: [name] },
    ],
  })
  const schemas = { Pet: base, Cat: heir('lives'), Dog: heir('tricks') }
  const pet: Schema = { $ref: '#/components/schemas/Pet' }
  expect(valueOf(pet, { schemas, branch: { '': 'Cat' } })).toEqual({ kind: 'Cat', lives: expect.any(Number) })
  expect(valueOf(pet, { schemas, branch: { '': 'Dog' } })).toEqual({
    kind: 'Dog',
    tricks: expect.any(Number),
  })
  expect(valueOf({ $ref: '#/components/schemas/Dog' }, { schemas })).toMatchObject({ kind: 'Dog' })
})

test.each([
  ['integer', '2', 2],
  ['boolean', 'True', true],
] as const)('a discriminator may be of type %s, which a mapping names by its text', (type, text, kind) => {
  const cash = { $ref: '#/components/schemas/Cash' }
  const discriminator = { propertyName: 'kind', mapping: { [text]: cash.$ref } }
  const base: Schema = { properties: { kind: { type } }, required: ['kind'], discriminator }
  const heir: Schema = { type: 'object', allOf: [{ $ref: '#/components/schemas/Pay' }] }
  const schemas = { Pay: base, Cash: heir }
  for (const schema of [base, { oneOf: [cash], discriminator }])
    expect(valueOf(schema, { schemas })).toMatchObject({ kind })
})

test('read-only members stay out of requests, write-only ones out of responses', () => {
  const schema: Schema = {
    type: 'object',
    properties: {
      id: { type: 'string', readOnly: true },
      password: { type: 'string', writeOnly: true },
      name: { type: 'string' },
    },
  }
  expect(Object.keys(valueOf(schema, { direction: 'request' }) as object)).toEqual(['password', 'name'])
  expect(Object.keys(valueOf(schema, { direction: 'response' }) as object)).toEqual(['id', 'name'])
  const strict = { ...schema, required: ['id'] }
  // Ajv knows no directions, and insists.
  expect(Object.keys(valueOf(strict, { direction: 'request' }) as object)).toEqual(['id', 'password', 'name'])
})

test('recursion ends where it may; where it must not, nothing is valid', () => {
  const node: Schema = {
    type: 'object',
    properties: {
      name: { type: 'string' },
      parent: { anyOf: [{ $ref: '#/components/schemas/Node' }, { type: 'null' }] },
      children: { type: 'array', items: { $ref: '#/components/schemas/Node' } },
      next: { $ref: '#/components/schemas/Node' },
    },
    required: ['name', 'children', 'parent'],
  }
  const self: Schema = { $ref: '#/components/schemas/Node' }
  expect(JSON.stringify(valueOf(self, { schemas: { Node: node } })).length).toBeLessThan(2_000)
  const endless = { ...node, required: ['next'] }
  expect(sampled(self, { schemas: { Node: endless } })).toEqual({
    ok: false,
    reason: 'no value that ends is allowed',
  })
  const within: Schema = { type: 'object', properties: { a: { type: 'integer' }, node: self } }
  expect(valueOf(within, { schemas: { Node: endless } })).toEqual({ a: expect.any(Number) })
  const list: Schema = { type: 'array', items: self, minItems: 1 }
  expect(
    sampled({ type: 'object', properties: { list }, required: ['list'] }, { schemas: { Node: endless } }),
  ).toMatchObject({ ok: false })
})

test('of recursive branches the one that ends is taken', () => {
  const expression: Schema = {
    oneOf: [
      {
        type: 'object',
        properties: { left: { $ref: '#/components/schemas/E' }, right: { $ref: '#/components/schemas/E' } },
        required: ['left', 'right'],
        additionalProperties: false,
      },
      {
        type: 'object',
        properties: { value: { type: 'integer' } },
        required: ['value'],
        additionalProperties: false,
      },
    ],
  }
  for (const key of keys) valueOf({ $ref: '#/components/schemas/E' }, { key, schemas: { E: expression } })
})
