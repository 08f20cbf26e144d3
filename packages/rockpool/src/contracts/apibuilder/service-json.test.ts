import { describe, expect, test } from 'vitest'
import { readApi } from '../../../test/support/apibuilder.ts'

const plain = { attributes: [] }
const string = (name: string) => ({ name, type: 'string', required: true, ...plain })
const model = (name: string, ...fields: object[]) => ({
  name,
  plural: `${name}s`,
  fields,
  interfaces: [],
  ...plain,
})
const service = {
  apidoc: { version: '0.16.50' },
  name: 'Shop',
  organization: { key: 'acme' },
  application: { key: 'the-shop' },
  namespace: 'io.shop.v1',
  version: '1.2.3',
  base_url: 'https://api.example',
  info: {},
  headers: [],
  imports: [],
  enums: [],
  interfaces: [],
  unions: [],
  models: [model('user', string('id'))],
  resources: [],
  attributes: [],
  annotations: [],
}
const withOperation = (operation: object) => ({
  ...service,
  resources: [
    {
      type: 'user',
      plural: 'users',
      path: '/users',
      operations: [
        { method: 'GET', path: '/users/:id', parameters: [], responses: [], ...plain, ...operation },
      ],
      ...plain,
    },
  ],
})
const parameter = { ...string('id'), location: 'Path' }
const operationOf = (operation: object) => readApi(withOperation(operation)).contract!.operations[0]!

describe('service.json', () => {
  test('is what has lists where api.json has objects', () => {
    expect(readApi(service).format).toBe('service.json')
    expect(readApi({ models: {} }).format).toBe('api.json')
  })

  test('tells whose it is, and its version', () => {
    expect(readApi(service).contract).toMatchObject({
      title: 'Shop',
      version: '1.2.3',
      servers: [{ url: 'https://api.example' }],
      extensions: {
        'x-rockpool-namespace': 'io.shop.v1',
        'x-rockpool-key': 'the-shop',
        'x-rockpool-apidoc': { version: '0.16.50' },
        'x-rockpool-organization': { key: 'acme' },
        'x-rockpool-application': { key: 'the-shop' },
      },
    })
  })

  test('has whole paths in its operations, and places in its parameters', () => {
    expect(operationOf({ parameters: [parameter, { ...string('q'), location: 'Query' }] })).toMatchObject({
      path: '/users/{id}',
      parameters: [
        { name: 'id', in: 'path' },
        { name: 'q', in: 'query' },
      ],
    })
  })

  test.each([
    [{ integer: { value: 201 } }, '201'],
    [{ response_code_option: 'Default' }, 'default'],
    [{ response_code_option: { value: 'Default' } }, 'default'],
    [404, '404'],
    ['409', '409'],
  ])('says the code of a response as %j', (code, status) => {
    expect(operationOf({ responses: [{ code, type: 'unit' }] }).responses).toMatchObject([{ status }])
  })

  test('has responses in the order of their codes, default at last', () => {
    const responses = [{ response_code_option: 'Default' }, 404, 200].map((code) => ({ code, type: 'unit' }))
    expect(operationOf({ responses }).responses.map(({ status }) => status)).toEqual([
      '200',
      '404',
      'default',
    ])
  })

  test('may say null of what it does not say', () => {
    const { errors, warnings } = readApi({
      ...service,
      description: null,
      models: [{ ...model('a'), description: null }],
    })
    expect([...errors, ...warnings]).toEqual([])
  })
})

describe('a rule that API Builder has is no reason to refuse what it made once: it is a warning', () => {
  const field = { ...string('a'), default: 'x', type: 'long', minimum: 2, maximum: 1 }

  test('of fields, whose default is kept as it is written', () => {
    const { contract, warnings } = readApi({
      ...service,
      models: [model('thing', field, { ...string('a'), sort: 1 })],
    })
    expect(warnings).toEqual([
      '/models/0/fields/1/sort: “sort” is no member of a field',
      '/models/0/fields/1: the field “a” stands here more than once',
      '/models/0/fields/0/minimum: the minimum 2 must not be above the maximum 1',
      '/models/0/fields/0/default: the default must be a whole number that long and JSON can tell',
    ])
    expect(contract!.schemas.get('thing')).toMatchObject({ required: ['a'] })
  })

  test('of unions, parameters and responses', () => {
    const { contract, warnings } = readApi({
      ...withOperation({
        parameters: [
          { ...parameter, required: false },
          { ...string('q'), location: 'Form', required: false, default: 'a' },
        ],
        body: { type: 'user', ...plain },
        responses: [200, 201, 201].map((code, index) => ({ code, type: index === 0 ? 'user' : 'unit' })),
      }),
      unions: [
        {
          name: 'party',
          plural: 'parties',
          discriminator: 'id',
          types: [{ type: 'user', ...plain }],
          ...plain,
        },
      ],
    })
    expect(warnings).toHaveLength(7)
    expect(contract!.operations[0]).toMatchObject({
      parameters: [{ name: 'id', required: true }],
      body: { content: [{ name: 'application/json' }, { name: 'application/x-www-form-urlencoded' }] },
      responses: [{ status: '200' }, { status: '201' }],
    })
  })

  test('of an empty list for an object that need not be there', () => {
    const { contract, warnings } = readApi({ ...service, info: [] })
    expect(warnings).toEqual(['/info: “info” must be an object: an empty list says nothing'])
    expect(contract!.info).toEqual({})
    expect(readApi({ ...service, info: ['Ada'] }).errors).toEqual(['/info: “info” must be an object'])
    expect(readApi({ models: {}, info: [] }).errors).toHaveLength(1)
  })

  test('but nobody knows what is meant by a type that is not there', () => {
    expect(readApi({ ...service, models: [model('a', { ...string('b'), type: 'c' })] }).errors).toEqual([
      '/models/0/fields/0/type: there is no type “c”',
    ])
  })

  test('an import says which types it has', () => {
    const imported = {
      uri: 'https://a.example',
      namespace: 'io.a.v0',
      models: ['b'],
      enums: [],
      unions: [],
      interfaces: [],
    }
    const using = (type: string) => ({
      ...service,
      imports: [imported],
      models: [model('a', { ...string('b'), type })],
    })
    expect(readApi(using('io.a.v0.models.b')).errors).toEqual([])
    expect(readApi(using('io.a.v0.models.c')).errors).toHaveLength(1)
    expect(readApi(using('io.b.v0.models.b')).errors).toHaveLength(1)
  })
})
