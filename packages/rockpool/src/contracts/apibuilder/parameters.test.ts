import { describe, expect, test } from 'vitest'
import { apiOf, apiWith, operationOf, readApi } from '../../../test/support/apibuilder.ts'

const errorsOf = (operation: object, resource: object = {}, document: object = {}) =>
  readApi(apiWith(operation, resource, document)).errors
const at = '/resources/thing/operations/0'
const string = (name: string, more: object = {}) => ({ name, type: 'string', ...more })
const placesOf = (operation: object) =>
  Object.fromEntries(operationOf(operation).parameters.map(({ name, in: place }) => [name, place]))
const formOf = (operation: object) =>
  operationOf(operation).body?.content.find(({ name }) => name.endsWith('urlencoded'))?.schema

describe('a path', () => {
  const pathOf = (resource: object, operation: object) => operationOf(operation, resource).path

  test('is by default / and the plural', () => {
    expect(pathOf({}, {})).toBe('/things')
  })

  test('appends the path of the operation by plain concatenation; empty is /', () => {
    expect(pathOf({ path: '/a' }, { path: '/b' })).toBe('/a/b')
    expect(pathOf({ path: '/a' }, { path: '.csv' })).toBe('/a.csv')
    expect(pathOf({ path: '/a/' }, { path: '/b' })).toBe('/a//b')
    expect(pathOf({ path: '' }, { path: '/b' })).toBe('/b')
    expect(pathOf({ path: '' }, {})).toBe('/')
  })

  test('names its parameters; a name ends at a dot', () => {
    const operation = operationOf({ path: '/:id.csv' })
    expect(operation.path).toBe('/things/{id}.csv')
    expect(operation.parameters).toMatchObject([
      { name: 'id', in: 'path', required: true, schema: { format: 'uuid' } },
    ])
  })

  test('names no parameter twice, and none without a name', () => {
    expect(errorsOf({ path: '/:id/:id' })).toEqual([`${at}/path: /things/:id/:id has a parameter twice`])
    expect(errorsOf({ path: '/:' })).toEqual([`${at}/path: /things/: has a parameter without a name`])
    expect(errorsOf({ path: '/{id}' })).toEqual([`${at}/path: /things/{id} has a character that no path has`])
  })
})

describe('the type of a path parameter', () => {
  const schemaOf = (resource: string, document: object, path = '/:it') => {
    const resources = { [resource]: { operations: [{ method: 'GET', path }] } }
    return apiOf({ ...document, resources }).operations[0]!.parameters[0]!.schema
  }
  const model = (type: string) => ({ fields: [{ name: 'it', type }] })

  test('is that of the field of the model', () => {
    expect(schemaOf('thing', { models: { thing: model('long') } })).toEqual({
      type: 'integer',
      format: 'int64',
    })
  })

  test('of a union the one that its types have in common', () => {
    const unions = { any: { types: [{ type: 'a' }, { type: 'b' }] } }
    const models = (a: string, b: string) => ({ a: model(a), b: model(b) })
    expect(schemaOf('any', { unions, models: models('uuid', 'uuid') })).toEqual({
      type: 'string',
      format: 'uuid',
    })
    expect(schemaOf('any', { unions, models: models('uuid', 'long') })).toEqual({ type: 'string' })
  })

  test('is else string', () => {
    expect(schemaOf('thing', { models: { thing: model('long') } }, '/:other')).toEqual({ type: 'string' })
    expect(schemaOf('role', { enums: { role: { values: [{ name: 'a' }] } } })).toEqual({ type: 'string' })
  })

  test('is what is declared, where it is declared', () => {
    const { parameters } = operationOf({
      path: '/:id',
      parameters: [string('id', { description: 'x', minimum: 3 })],
    })
    expect(parameters).toMatchObject([
      { in: 'path', description: 'x', schema: { type: 'string', minLength: 3 } },
    ])
  })
})

describe('the place of a parameter', () => {
  const parameters = [string('q')]

  test('without a word of it: with a body the query; of GET and DELETE the query; else the form', () => {
    expect(placesOf({ method: 'POST', parameters, body: { type: 'thing' } })).toEqual({ q: 'query' })
    expect(placesOf({ method: 'GET', parameters })).toEqual({ q: 'query' })
    expect(placesOf({ method: 'DELETE', parameters })).toEqual({ q: 'query' })
    for (const method of ['POST', 'PUT', 'PATCH']) {
      expect(placesOf({ method, parameters })).toEqual({})
      expect(formOf({ method, parameters })).toEqual({
        type: 'object',
        properties: { q: { type: 'string' } },
        required: ['q'],
      })
    }
  })

  test('as it says: path, query, form, header', () => {
    const said = ['path', 'Query', 'form', 'HEADER'].map((location, index) =>
      string('abcd'[index]!, { location }),
    )
    expect(placesOf({ method: 'POST', path: '/:a', parameters: said })).toEqual({
      a: 'path',
      b: 'query',
      d: 'header',
    })
    expect(formOf({ method: 'POST', path: '/:a', parameters: said })).toMatchObject({ required: ['c'] })
    expect(errorsOf({ parameters: [string('q', { location: 'cookie' })] })).toEqual([
      `${at}/parameters/0/location: “cookie” is no location: path, query, form or header is`,
    ])
    expect(errorsOf({ parameters: [string('q', { location: 'path' })] })).toEqual([
      `${at}/parameters/0/location: the path has no :q`,
    ])
  })

  test('path parameters are required', () => {
    expect(errorsOf({ path: '/:id', parameters: [string('id', { required: false })] })).toEqual([
      `${at}/parameters/0/required: the path parameter id cannot be optional`,
    ])
  })
})

describe('a parameter', () => {
  test.each(['query', 'header'])(
    'in the %s is an enum, a primitive (not unit, object, json), or a list of these',
    (location) => {
      const enums = { role: { values: [{ name: 'a' }] } }
      const errors = (type: string) =>
        errorsOf({ parameters: [{ name: 'q', type, location }] }, {}, { enums })
      for (const type of ['string', 'long', 'uuid', 'role', '[role]', '[date-iso8601]'])
        expect(errors(type)).toEqual([])
      for (const type of [
        'unit',
        'object',
        'json',
        'thing',
        '[thing]',
        '[object]',
        'map[string]',
        '[[string]]',
      ])
        expect(errors(type)).toEqual([
          `${at}/parameters/0/type: a ${location} parameter is a primitive or an enum, or a list of these: q is none`,
        ])
    },
  )

  test('in the path is no list', () => {
    expect(errorsOf({ path: '/:id', parameters: [{ name: 'id', type: '[string]' }] })).toEqual([
      `${at}/parameters/0/type: a path parameter is a primitive or an enum: id is none`,
    ])
  })

  test('that only the path names has the type of a field, which may be none for a path', () => {
    const models = { thing: { fields: [{ name: 'tags', type: '[string]' }] } }
    expect(errorsOf({ path: '/:tags' }, {}, { models })).toEqual([
      `${at}: a path parameter is a primitive or an enum: tags is none (it has the type of that field: declare it among the parameters to say another)`,
    ])
    expect(errorsOf({ path: '/:tags', parameters: [string('tags')] }, {}, { models })).toEqual([])
  })

  test('that is optional has no default', () => {
    expect(errorsOf({ parameters: [string('q', { required: false, default: 'a' })] })).toEqual([
      `${at}/parameters/0/default: the parameter q has a default: it must be required`,
    ])
  })

  test('with a default need not be sent', () => {
    const parameter = { name: 'limit', type: 'long', default: 25, minimum: 1, maximum: 100, example: '10' }
    const [limit] = operationOf({ parameters: [parameter] }).parameters
    expect(limit).toMatchObject({
      required: false,
      schema: { type: 'integer', format: 'int64', default: 25, minimum: 1, maximum: 100 },
      examples: [{ value: 10 }],
    })
    expect(formOf({ method: 'POST', parameters: [parameter] })).not.toHaveProperty('required')
  })

  test('that is a list is sent by repeating its name', () => {
    expect(operationOf({ parameters: [{ name: 'id', type: '[string]' }] }).parameters[0]).toMatchObject({
      style: 'form',
      explode: true,
    })
  })

  test('stands there once', () => {
    expect(errorsOf({ parameters: [string('q'), string('Q')] })).toEqual([
      `${at}/parameters/1: the parameter of GET /things, “Q” stands here more than once`,
    ])
  })
})
