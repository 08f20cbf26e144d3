import { describe, expect, test } from 'vitest'
import { apiOf, apiWith, operationOf, readApi, schemaNamed } from '../../../test/support/apibuilder.ts'

const errorsOf = (operation: object, resource: object = {}, document: object = {}) =>
  readApi(apiWith(operation, resource, document)).errors
const at = '/resources/thing/operations/0'
const string = (name: string, more: object = {}) => ({ name, type: 'string', ...more })

describe('a resource', () => {
  const models = { thing: { fields: [{ name: 'id', type: 'uuid' }] }, person: { fields: [] } }
  const get = { operations: [{ method: 'GET' }] }

  test('is a model, an enum or a union; a tag tells it', () => {
    const contract = apiOf({
      models,
      enums: { role: { values: [{ name: 'a' }] } },
      unions: { any: { types: [{ type: 'thing' }] } },
      resources: { person: { ...get, description: 'people' }, role: get, any: get },
    })
    expect(contract.tags).toEqual([
      { name: 'person', description: 'people', 'x-rockpool-path': '/people' },
      { name: 'role', 'x-rockpool-path': '/roles' },
      { name: 'any', 'x-rockpool-path': '/anies' },
    ])
    expect(contract.operations.map(({ tags }) => tags)).toEqual([['person'], ['role'], ['any']])
    expect(readApi({ models, resources: { string: get, '[thing]': get } }).errors).toEqual([
      '/resources/string: a resource is a model, an enum or a union: string is none',
      '/resources/[thing]: a resource is a model, an enum or a union: [thing] is none',
    ])
    expect(readApi({ models, resources: { nobody: get } }).errors).toEqual([
      '/resources/nobody: there is no type “nobody”',
    ])
  })

  test('has at least one operation', () => {
    expect(readApi({ models, resources: { thing: { operations: [] } } }).errors).toEqual([
      '/resources/thing/operations: the resource thing must have an operation',
    ])
  })
})

describe('a body', () => {
  test('is JSON of its type, and required', () => {
    expect(operationOf({ method: 'POST', body: { type: '[thing]', description: 'all' } }).body).toMatchObject(
      {
        description: 'all',
        required: true,
        content: [
          {
            name: 'application/json',
            schema: { type: 'array', items: { $ref: '#/components/schemas/thing' } },
          },
        ],
      },
    )
  })

  test('of unit is none', () => {
    expect(operationOf({ method: 'POST', body: { type: 'unit' } }).body).toBeNull()
  })

  test('GET has none, nor a form', () => {
    expect(errorsOf({ body: { type: 'thing' } })).toEqual([`${at}/body: GET has no body`])
    expect(errorsOf({ parameters: [string('q', { location: 'form' })] })).toEqual([
      `${at}/parameters/0/location: GET cannot have the form parameter q, too`,
    ])
  })

  test('is one: there is no form beside it', () => {
    const parameters = [string('q', { location: 'form' })]
    expect(errorsOf({ method: 'POST', body: { type: 'thing' }, parameters })).toEqual([
      `${at}/parameters/0/location: POST cannot have the form parameter q, too`,
    ])
  })

  test('of a form may have fields of any type, and is optional where they all are', () => {
    const parameters = [{ name: 'a', type: 'map[thing]', required: false, deprecation: {} }]
    expect(operationOf({ method: 'PUT', parameters }).body).toMatchObject({
      required: false,
      content: [
        {
          name: 'application/x-www-form-urlencoded',
          schema: { properties: { a: { additionalProperties: {}, deprecated: true } } },
        },
      ],
    })
  })
})

describe('responses', () => {
  const statuses = (responses: object) => operationOf({ responses }).responses

  test('none is 204', () => {
    expect(operationOf({}).responses).toMatchObject([{ status: '204', description: '', content: [] }])
    expect(statuses({})).toMatchObject([{ status: '204' }])
  })

  test('have a type, or none: unit', () => {
    expect(
      statuses({
        200: { type: 'thing', description: 'it' },
        404: { type: 'unit' },
        default: { type: 'string' },
      }),
    ).toMatchObject([
      {
        status: '200',
        description: 'it',
        content: [{ name: 'application/json', schema: { $ref: '#/components/schemas/thing' } }],
      },
      { status: '404', content: [] },
      { status: 'default', content: [{ schema: { type: 'string' } }] },
    ])
  })

  test('have a code from 100 on, or default', () => {
    const error = (code: string) => errorsOf({ responses: { [code]: { type: 'unit' } } })
    expect(error('100')).toEqual([])
    expect(error('Default')).toEqual([])
    for (const code of ['99', 'ok', '2XX'])
      expect(error(code)).toEqual([
        `${at}/responses/${code}: “${code.toLowerCase()}” is no status: a number from 100 on is, or “default”`,
      ])
  })

  test('have one type over all 2xx', () => {
    expect(
      errorsOf({ responses: { 200: { type: 'thing' }, 201: { type: 'thing' }, 409: { type: 'string' } } }),
    ).toEqual([])
    expect(errorsOf({ responses: { 200: { type: 'thing' }, 201: { type: '[thing]' } } })).toEqual([
      `${at}/responses: all 2xx have one type: here they have thing, [thing]`,
    ])
  })

  test('204 and 304 are unit', () => {
    for (const code of [204, 304])
      expect(errorsOf({ responses: { [code]: { type: 'thing' } } })).toEqual([
        `${at}/responses/${code}/type: the response ${code} has no body: its type is unit`,
      ])
  })

  test('have headers, of string, of an enum, or of lists of these', () => {
    const headers = [string('X-A', { description: 'a' }), { name: 'X-B', type: '[string]', required: false }]
    expect(statuses({ 200: { type: 'unit', headers } })).toMatchObject([
      {
        headers: [
          { name: 'X-A', in: 'header', description: 'a', required: true, schema: { type: 'string' } },
          { name: 'X-B', required: false, schema: { type: 'array' } },
        ],
      },
    ])
    const error = errorsOf({ responses: { 200: { type: 'unit', headers: [{ name: 'X-A', type: 'long' }] } } })
    expect(error).toEqual([
      `${at}/responses/200/headers/0/type: the header X-A must be a string or an enum, or a list of these`,
    ])
  })
})

describe('headers of the service', () => {
  const headers = [
    string('X-Tenant', { description: 'whose' }),
    string('Accept', { required: false }),
    string('x-b', { required: false, attributes: [{ name: 'a', value: {} }] }),
  ]

  test('are parameters of each operation, unless it has its own, and are kept as they are written', () => {
    const contract = apiOf(apiWith({ parameters: [string('X-B', { location: 'header' })] }, {}, { headers }))
    expect(
      contract.operations[0]!.parameters.map(({ name, in: place, required }) => [name, place, required]),
    ).toEqual([
      ['X-B', 'header', true],
      ['X-Tenant', 'header', true],
    ])
    expect(contract.extensions['x-rockpool-headers']).toEqual(headers)
  })

  test('stand there once', () => {
    expect(errorsOf({}, {}, { headers: [string('X-A'), string('x-a')] })).toEqual([
      '/headers/1: the header “x-a” stands here more than once',
    ])
  })
})

describe('an operation', () => {
  test('has an id that is made of method and path, and that no other has', () => {
    const operations = [
      { method: 'get', path: '/:id' },
      { method: 'GET', path: '/by/id' },
      { method: 'GET', path: '/:id/a-b' },
    ]
    const contract = apiOf(apiWith({}, { operations }))
    expect(contract.operations.map(({ id, isNamed }) => [id, isNamed])).toEqual([
      ['getThingsById', false],
      ['getThingsById_2', false],
      ['getThingsByIdAB', false],
    ])
  })

  test('has a method of HTTP', () => {
    expect(errorsOf({ method: 'FETCH' })).toEqual([`${at}/method: “FETCH” is no method`])
  })

  test('that another one hides is left out, with a warning', () => {
    const { contract, warnings } = readApi(
      apiWith({}, { operations: [{ method: 'GET' }, { method: 'get' }] }),
    )
    expect(contract!.operations).toHaveLength(1)
    expect(warnings).toEqual([
      '/resources/thing/operations/1: there is another GET /things: the first one counts',
    ])
  })

  test('of a deprecated resource is deprecated', () => {
    expect(operationOf({}, { deprecation: {} })).toMatchObject({ deprecated: true, extensions: {} })
  })
})

test('what OpenAPI has words for is said in them', () => {
  const info = {
    license: { name: 'MIT', url: 'https://a.example' },
    contact: { name: 'Ada', email: 'a@b.example' },
  }
  const contract = apiOf({
    name: 'shop',
    description: 'sells',
    base_url: 'https://api.example',
    namespace: 'io.shop.v1',
    info,
    models: {
      thing: { description: 'what is sold', fields: [{ name: 'a', type: 'string', description: 'b' }] },
    },
  })
  expect(contract).toMatchObject({
    title: 'shop',
    version: '',
    description: 'sells',
    info,
    servers: [{ url: 'https://api.example' }],
    security: null,
    extensions: { 'x-rockpool-key': 'shop', 'x-rockpool-namespace': 'io.shop.v1' },
  })
  expect(schemaNamed(contract, 'thing')).toMatchObject({
    description: 'what is sold',
    properties: { a: { description: 'b' } },
  })
})

test('the namespace is by default that of the organization, the key and the major version', () => {
  const namespaceOf = (name: string, version: string) =>
    apiOf({ name, models: {} }, { organizationNamespace: 'io.flow', version }).extensions[
      'x-rockpool-namespace'
    ]
  expect(namespaceOf('shop', '1.4.2')).toBe('io.flow.shop.v1')
  expect(namespaceOf('apple pay-internal', '0.4.8')).toBe('io.flow.apple.pay.internal.v0')
  expect(namespaceOf('shop', 'draft')).toBe('io.flow.shop')
  expect(apiOf({ models: {} }).extensions).not.toHaveProperty('x-rockpool-namespace')
})
