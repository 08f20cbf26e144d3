import { describe, expect, test } from 'vitest'
import {
  apiOf,
  errorsOfField,
  readApi,
  schemaNamed,
  schemaOfField,
  withField,
} from '../../../test/support/apibuilder.ts'

describe('the type of a field', () => {
  test.each([
    ['boolean', { type: 'boolean' }],
    ['date-iso8601', { type: 'string', format: 'date' }],
    ['date-time-iso8601', { type: 'string', format: 'date-time' }],
    ['decimal', { type: 'number', format: 'decimal' }],
    ['double', { type: 'number', format: 'double' }],
    ['integer', { type: 'integer', format: 'int32' }],
    ['long', { type: 'integer', format: 'int64' }],
    ['json', true],
    ['object', { type: 'object' }],
    ['string', { type: 'string' }],
    ['unit', { type: 'null' }],
    ['uuid', { type: 'string', format: 'uuid' }],
    ['other', { $ref: '#/components/schemas/other' }],
    ['[other]', { type: 'array', items: { $ref: '#/components/schemas/other' } }],
    ['map[long]', { type: 'object', additionalProperties: { type: 'integer', format: 'int64' } }],
    ['map[[json]]', { type: 'object', additionalProperties: { type: 'array', items: true } }],
  ])('%s', (type, schema) => {
    expect(schemaOfField({ type })).toEqual(schema)
  })

  test('map alone is map[string]', () => {
    expect(schemaOfField({ type: 'map' })).toEqual(schemaOfField({ type: 'map[string]' }))
  })

  test('primitives may be written in any case', () => {
    expect(schemaOfField({ type: '[UUID]' })).toEqual(schemaOfField({ type: '[uuid]' }))
    expect(schemaOfField({ type: 'Date-Time-ISO8601' })).toEqual(schemaOfField({ type: 'date-time-iso8601' }))
  })

  test('inline types are declared where they are used: enum, model, interface, union, and lists of them', () => {
    const contract = apiOf({
      models: {
        thing: {
          fields: [
            { name: 'a', type: { enum: '[colour]', values: [{ name: 'red' }] } },
            {
              name: 'b',
              type: {
                model: 'part',
                fields: [{ name: 'c', type: { enum: 'size', values: [{ name: 's' }] } }],
              },
            },
            { name: 'd', type: { union: 'either', discriminator: 'kind', types: [{ type: 'part' }] } },
          ],
        },
      },
    })
    expect(schemaNamed(contract, 'thing').properties).toEqual({
      a: { type: 'array', items: { $ref: '#/components/schemas/colour' } },
      b: { $ref: '#/components/schemas/part' },
      d: { $ref: '#/components/schemas/either' },
    })
    expect(schemaNamed(contract, 'part').properties).toEqual({ c: { $ref: '#/components/schemas/size' } })
    expect([...contract.schemas.keys()]).toEqual(['colour', 'size', 'part', 'thing', 'either', 'either.part'])
    expect(errorsOfField({ type: { interface: 'way', fields: [] } })).toEqual([
      '/models/thing/fields/0/type: way is an interface: name a model or a union',
    ])
    expect(errorsOfField({ type: { fields: [] } })).toEqual([
      '/models/thing/fields/0/type: a type that is declared where it is used must say its name: enum, interface, model or union',
    ])
  })

  test('interfaces are not field types', () => {
    expect(errorsOfField({ type: '[named]' })).toEqual([
      '/models/thing/fields/0/type: named is an interface: name a model or a union',
    ])
  })

  test('an unknown type, and what is none, are refused', () => {
    expect(errorsOfField({ type: '[nobody]' })).toEqual([
      '/models/thing/fields/0/type: there is no type “nobody”',
    ])
    expect(errorsOfField({ type: '[]' })).toEqual(['/models/thing/fields/0/type: “[]” is no type'])
    expect(errorsOfField({ type: '['.repeat(90) + ']'.repeat(90) })[0]).toMatch(/is no type$/)
  })
})

test('a field is required unless it says otherwise', () => {
  const fields = [
    { name: 'a', type: 'string' },
    { name: 'b', type: 'string', required: true, default: 'x' },
    { name: 'c', type: 'string', required: false },
    { name: 'd', type: 'string', required: 'false' },
  ]
  expect(schemaNamed(apiOf({ models: { thing: { fields } } }), 'thing').required).toEqual(['a', 'b'])
})

describe('minimum and maximum', () => {
  test.each([
    ['long', { minimum: 1, maximum: 5 }],
    ['decimal', { minimum: 1, maximum: 5 }],
    ['string', { minLength: 1, maxLength: 5 }],
    ['[other]', { minItems: 1, maxItems: 5 }],
    ['map[other]', { minProperties: 1, maxProperties: 5 }],
    ['boolean', { 'x-rockpool-minimum': 1, 'x-rockpool-maximum': 5 }],
    ['other', { 'x-rockpool-minimum': 1, 'x-rockpool-maximum': 5 }],
  ])('are about what a %s has', (type, bounds) => {
    expect(schemaOfField({ type, minimum: 1, maximum: 5 })).toEqual({
      ...(schemaOfField({ type }) as object),
      ...bounds,
    })
  })

  test('min ≤ max', () => {
    expect(errorsOfField({ type: 'long', minimum: 3, maximum: 2 })).toEqual([
      '/models/thing/fields/0/minimum: the minimum 3 must not be above the maximum 2',
    ])
  })
})

test('deprecation stands on every node', () => {
  const deprecation = { description: 'use other' }
  const contract = apiOf({
    enums: { role: { values: [{ name: 'a', deprecation }], deprecation } },
    models: { thing: { fields: [{ name: 'a', type: 'string', deprecation }], deprecation } },
    unions: { any: { types: [{ type: 'thing', deprecation }], deprecation } },
    annotations: { pii: { deprecation } },
    resources: {
      thing: {
        deprecation,
        operations: [
          {
            method: 'POST',
            deprecation,
            body: { type: 'thing', deprecation },
            parameters: [{ name: 'q', type: 'string', deprecation }],
            responses: {
              200: { type: 'thing', deprecation, headers: [{ name: 'X-A', type: 'string', deprecation }] },
            },
          },
        ],
      },
    },
  })
  const words = { 'x-rockpool-deprecation': deprecation }
  const told = { deprecated: true, ...words }
  const { role, thing, any } = Object.fromEntries(contract.schemas)
  expect(role).toMatchObject({ ...told, 'x-rockpool-values': [{ name: 'a', deprecation }] })
  expect(thing).toMatchObject({ ...told, properties: { a: told } })
  expect(any).toMatchObject({
    ...told,
    oneOf: [{ deprecated: true }],
    'x-rockpool-types': [{ type: 'thing', deprecation }],
  })
  const operation = contract.operations[0]!
  expect(operation).toMatchObject({ deprecated: true, extensions: words, body: { extensions: words } })
  expect(operation.parameters[0]).toMatchObject({ deprecated: true, extensions: words })
  expect(operation.responses[0]).toMatchObject({
    extensions: words,
    headers: [{ deprecated: true, extensions: words }],
  })
  expect(contract.tags[0]).toMatchObject(words)
  expect(contract.extensions['x-rockpool-annotations']).toEqual([{ name: 'pii', deprecation }])
})

describe('annotations', () => {
  const api = (annotations: unknown) => ({
    annotations: { pii: { description: 'personal' } },
    models: { thing: { fields: [{ name: 'a', type: 'string', annotations }] } },
  })

  test('are kept with the field', () => {
    const contract = apiOf(api(['pii']))
    expect(schemaNamed(contract, 'thing').properties!['a']).toEqual({
      type: 'string',
      'x-rockpool-annotations': ['pii'],
    })
    expect(contract.extensions['x-rockpool-annotations']).toEqual([{ name: 'pii', description: 'personal' }])
  })

  test('are declared before use, and stand there once', () => {
    expect(readApi(api(['pci', 'pii', 'pii'])).errors).toEqual([
      '/models/thing/fields/0: the annotation “pii” stands here more than once',
      '/models/thing/fields/0/annotations: the annotation “pci” is not declared',
    ])
  })
})

describe('a model that implements an interface', () => {
  const api = (...fields: object[]) => ({
    interfaces: {
      named: {
        fields: [
          { name: 'name', type: 'string' },
          { name: 'age', type: 'long', required: false },
        ],
      },
    },
    models: { thing: { interfaces: ['named'], fields } },
  })

  test('has its fields with the same type and requiredness', () => {
    const name = { name: 'name', type: 'string' }
    expect(readApi(api(name, { name: 'age', type: 'long', required: false })).errors).toEqual([])
    expect(readApi(api({ name: 'name', type: '[string]' }, { name: 'age', type: 'long' })).errors).toEqual([
      '/models/thing/fields/0: thing implements named: its field name must be of type string',
      '/models/thing/fields/1: thing implements named: its field age must be optional',
    ])
    expect(readApi(api(name)).errors).toEqual([
      '/models/thing: thing implements named: its field age is missing',
    ])
  })

  test('does not refer to its schema, and tells its name', () => {
    const contract = apiOf(
      api({ name: 'name', type: 'string' }, { name: 'age', type: 'long', required: false }),
    )
    expect(schemaNamed(contract, 'thing')).toEqual({
      type: 'object',
      properties: { name: { type: 'string' }, age: { type: 'integer', format: 'int64' } },
      required: ['name'],
      'x-rockpool-kind': 'model',
      'x-rockpool-interfaces': ['named'],
    })
  })

  test('names one that there is', () => {
    expect(readApi({ models: { thing: { interfaces: ['nobody'], fields: [] } } }).errors).toEqual([
      '/models/thing/interfaces: there is no interface “nobody”',
    ])
  })
})

describe('an enum', () => {
  test('says what stands on the wire: the value, by default the name', () => {
    expect(schemaNamed(apiOf(withField({ type: 'role' })), 'role')).toEqual({
      type: 'string',
      enum: ['admin', 'ReadOnly'],
      'x-rockpool-kind': 'enum',
      'x-rockpool-values': [{ name: 'admin' }, { name: 'read_only', value: 'ReadOnly' }],
    })
  })

  test('has at least one value, unique names, unique values on the wire', () => {
    const errors = (values: object[]) => readApi({ enums: { role: { values } } }).errors
    expect(errors([])).toEqual(['/enums/role/values: the enum role must have a value'])
    expect(errors([{ name: 'a' }, { name: 'b', value: 'a' }])).toEqual([
      '/enums/role/values/1: the value on the wire “a” stands here more than once',
    ])
  })
})

test('attributes and a plural that does not follow from the name are kept', () => {
  const attributes = [{ name: 'scala', value: { extends: 'Ordered' } }]
  const contract = apiOf({
    attributes,
    models: { person: { plural: 'folk', fields: [{ name: 'a', type: 'string', attributes }], attributes } },
    enums: { bus: { plural: 'buses', values: [{ name: 'a', attributes }] } },
  })
  const kept = { 'x-rockpool-attributes': attributes }
  expect(schemaNamed(contract, 'person')).toMatchObject({
    'x-rockpool-plural': 'folk',
    properties: { a: kept },
    ...kept,
  })
  expect(schemaNamed(contract, 'bus')).not.toHaveProperty('x-rockpool-plural')
  expect(schemaNamed(contract, 'bus')['x-rockpool-values']).toEqual([{ name: 'a', attributes }])
  expect(contract.extensions).toMatchObject(kept)
})
