import { describe, expect, test } from 'vitest'
import { apiOf, readApi, schemaNamed } from '../../../test/support/apibuilder.ts'
import { createValidator } from '../validation/index.ts'

const user = { fields: [{ name: 'name', type: 'string' }] }
const base = {
  enums: { role: { values: [{ name: 'admin' }] } },
  models: { user, guest: user },
}
const withUnions = (unions: object, more: object = {}) => ({ ...base, ...more, unions })
const withUnion = (union: object) => withUnions({ party: union })
const errorsOf = (union: object) => readApi(withUnion(union)).errors
const types = (...names: string[]) => names.map((type) => ({ type }))
const ref = (name: string) => ({ $ref: `#/components/schemas/${name}` })

describe('with a discriminator', () => {
  const contract = apiOf(
    withUnion({
      discriminator: 'type',
      types: [
        { type: 'user', discriminator_value: 'registered' },
        { type: 'guest', default: true, description: 'nobody yet' },
        { type: 'role' },
        { type: 'string' },
        { type: '[long]' },
      ],
    }),
  )
  const told = (value: string) => ({ type: { type: 'string', const: value } })

  test('a type is found by its value', () => {
    const { oneOf, discriminator } = schemaNamed(contract, 'party')
    expect(oneOf).toEqual(['user', 'guest', 'role', 'string', 'long'].map((name) => ref(`party.${name}`)))
    expect(discriminator).toEqual({
      propertyName: 'type',
      mapping: {
        registered: '#/components/schemas/party.user',
        guest: '#/components/schemas/party.guest',
        role: '#/components/schemas/party.role',
        string: '#/components/schemas/party.string',
        long: '#/components/schemas/party.long',
      },
    })
  })

  test('it stands in the object beside the fields of a model, and not in the model itself', () => {
    expect(schemaNamed(contract, 'party.user')).toEqual({
      allOf: [{ type: 'object', properties: told('registered'), required: ['type'] }, ref('user')],
      'x-rockpool-kind': 'union type',
    })
    expect(schemaNamed(contract, 'user').properties).toEqual({ name: { type: 'string' } })
  })

  test('the default type may go without it', () => {
    expect(schemaNamed(contract, 'party.guest')).toEqual({
      description: 'nobody yet',
      allOf: [{ type: 'object', properties: told('guest') }, ref('guest')],
      'x-rockpool-kind': 'union type',
    })
  })

  test('what is no object is wrapped: primitives, enums, lists', () => {
    const wrapped = (value: string, schema: object) => ({
      type: 'object',
      properties: { ...told(value), value: schema },
      required: ['type', 'value'],
      'x-rockpool-kind': 'union type',
    })
    expect(schemaNamed(contract, 'party.role')).toEqual(wrapped('role', ref('role')))
    expect(schemaNamed(contract, 'party.string')).toEqual(wrapped('string', { type: 'string' }))
    expect(schemaNamed(contract, 'party.long')).toEqual(
      wrapped('long', { type: 'array', items: { type: 'integer', format: 'int64' } }),
    )
  })

  test('what API Builder says of its types is kept', () => {
    expect(schemaNamed(contract, 'party')['x-rockpool-types']).toEqual([
      { type: 'user', discriminator_value: 'registered' },
      { type: 'guest', default: true, description: 'nobody yet' },
      { type: 'role' },
      { type: 'string' },
      { type: '[long]' },
    ])
  })
})

test('without a discriminator the name of the type stands around the value', () => {
  const contract = apiOf(withUnion({ types: types('user', 'role', 'string') }))
  const around = (name: string, schema: object) => ({
    type: 'object',
    properties: { [name]: schema },
    required: [name],
  })
  expect(schemaNamed(contract, 'party').oneOf).toEqual([
    around('user', ref('user')),
    around('role', ref('role')),
    around('string', { type: 'object', properties: { value: { type: 'string' } }, required: ['value'] }),
  ])
})

test.each([
  ['type', { type: 'user', name: 'Ada' }, { user: { name: 'Ada' } }],
  ['type', { type: 'role', value: 'admin' }, { type: 'role', value: 'owner' }],
  ['type', { type: 'string', value: 'a' }, 'a'],
  ['type', { name: 'Ada' }, { type: 'nobody', name: 'Ada' }],
  [undefined, { user: { name: 'Ada' } }, { type: 'user', name: 'Ada' }],
  [undefined, { role: 'admin' }, { role: { value: 'admin' } }],
  [undefined, { string: { value: 'a' } }, { string: 'a' }],
])('with the discriminator %s, %j is one on the wire, and %j is none', (discriminator, good, bad) => {
  const guest = { type: 'guest', ...(discriminator === undefined ? {} : { default: true }) }
  const contract = apiOf(withUnion({ discriminator, types: [...types('user', 'role', 'string'), guest] }))
  const validator = createValidator(contract)
  expect(validator.validate(schemaNamed(contract, 'party'), good)).toEqual([])
  expect(validator.isValid(schemaNamed(contract, 'party'), bad)).toBe(false)
})

test('nested unions share one discriminator, and their types are types of the whole', () => {
  const contract = apiOf(
    withUnions({
      party: { discriminator: 'type', types: types('person', 'role') },
      person: { discriminator: 'type', types: types('user', 'guest') },
    }),
  )
  expect(schemaNamed(contract, 'party')).toMatchObject({
    oneOf: [ref('person.user'), ref('person.guest'), ref('party.role')],
    discriminator: { mapping: { user: '#/components/schemas/person.user' } },
    'x-rockpool-types': types('person', 'role'),
  })
  const other = withUnions({
    party: { discriminator: 'type', types: types('person') },
    person: { discriminator: 'kind', types: types('user') },
  })
  expect(readApi(other).errors).toEqual([
    '/unions/party/discriminator: person is a union, too: both must have the same discriminator, or none',
  ])
})

test('union types may carry fields, which makes a model', () => {
  const contract = apiOf({
    unions: {
      event: {
        discriminator: 'type',
        types: [
          { type: 'opened', fields: [{ name: 'at', type: 'long' }] },
          { type: 'closed', fields: [] },
        ],
      },
    },
  })
  expect(schemaNamed(contract, 'opened')).toMatchObject({
    type: 'object',
    properties: { at: { type: 'integer' } },
    required: ['at'],
    'x-rockpool-kind': 'model',
  })
  expect(schemaNamed(contract, 'closed').properties).toEqual({})
  expect(schemaNamed(contract, 'event').oneOf).toEqual([ref('event.opened'), ref('event.closed')])
})

const refused: [rule: string, union: object, errors: string[]][] = [
  ['a union has at least one type', { types: [] }, ['/unions/party/types: the union party must have a type']],
  [
    'a type stands there once',
    { types: types('user', 'user') },
    ['/unions/party/types/1: the type “user” stands here more than once'],
  ],
  [
    'its types are known',
    { types: types('nobody') },
    ['/unions/party/types/0/type: there is no type “nobody”'],
  ],
  [
    'unit is no type of a union',
    { types: types('unit', 'user') },
    ['/unions/party/types/0/type: unit is no type of a union: make the field optional'],
  ],
  [
    'at most one default',
    {
      discriminator: 'type',
      types: [
        { type: 'user', default: true },
        { type: 'guest', default: true },
      ],
    },
    ['/unions/party/types/1/default: only one type of a union can be its default'],
  ],
  [
    'a default only with a discriminator',
    { types: [{ type: 'user', default: true }] },
    ['/unions/party/types/0/default: a union without a discriminator has no default'],
  ],
  [
    'the discriminator is not value',
    { discriminator: 'value', types: types('user') },
    ['/unions/party/discriminator: “value” cannot be a discriminator'],
  ],
  [
    'the discriminator is not implicit',
    { discriminator: 'implicit', types: types('user') },
    ['/unions/party/discriminator: “implicit” cannot be a discriminator'],
  ],
  [
    'the discriminator is no field of a member',
    { discriminator: 'name', types: types('role', 'user') },
    ['/unions/party/types/1/type: user has a field name, as its discriminator is called'],
  ],
  [
    'discriminator values are names',
    { discriminator: 'type', types: [{ type: 'user', discriminator_value: 'a user' }] },
    [
      '/unions/party/types/0: the discriminator value “a user” must begin with a letter or “_”, and have only letters, digits, “-”, “_” and “.”',
    ],
  ],
  [
    'discriminator values are distinct',
    { discriminator: 'type', types: [{ type: 'user' }, { type: 'guest', discriminator_value: 'user' }] },
    ['/unions/party/types: two of its types have the discriminator value “user”'],
  ],
  [
    'no union contains itself',
    { types: types('party') },
    ['/unions/party/types: the union party contains itself'],
  ],
]

describe('refused', () => {
  test.each(refused)('%s', (_, union, errors) => {
    expect(errorsOf(union)).toEqual(errors)
  })

  test('values that are not distinct across nested unions', () => {
    const { errors } = readApi(
      withUnions({
        party: {
          discriminator: 'type',
          types: [{ type: 'person' }, { type: 'role', discriminator_value: 'guest' }],
        },
        person: { discriminator: 'type', types: types('user', 'guest') },
      }),
    )
    expect(errors).toEqual(['/unions/party/types: two of its types have the discriminator value “guest”'])
  })

  test('a model that has another discriminator or value in another union', () => {
    const union = (discriminator: string, value: string) => ({
      discriminator,
      types: [{ type: 'user', discriminator_value: value }],
    })
    expect(readApi(withUnions({ a: union('type', 'x'), b: union('type', 'x') })).errors).toEqual([])
    expect(readApi(withUnions({ a: union('type', 'x'), b: union('type', 'y') })).errors).toEqual([
      '/unions/b/types/0: user has the discriminator value “x” in the union a',
    ])
    expect(readApi(withUnions({ a: union('type', 'x'), b: union('kind', 'x') })).errors).toEqual([
      '/unions/b/types/0: user has another discriminator in the union a',
    ])
  })

  test('unions in a circle', () => {
    const { errors } = readApi(
      withUnions({ a: { types: types('b') }, b: { types: types('c') }, c: { types: types('a') } }),
    )
    expect(errors).toEqual(
      ['a', 'b', 'c'].map((name) => `/unions/${name}/types: the union ${name} contains itself`),
    )
  })

  test('types of other services: a union has local types only', () => {
    const { errors } = readApi(
      withUnions(
        { party: { types: types('io.other.v0.models.user') } },
        { imports: [{ uri: 'https://other.example/service.json' }] },
      ),
    )
    expect(errors).toEqual([
      '/unions/party/types/0/type: io.other.v0.models.user is imported: only a type of this service can be in its unions',
    ])
  })
})
