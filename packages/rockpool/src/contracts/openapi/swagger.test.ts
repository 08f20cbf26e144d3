import { expect, test } from 'vitest'
import { readDocument } from '../../../test/support/contracts.ts'
import type { Contract } from '../types.ts'

function swagger(document: object): Contract {
  const reading = readDocument({ openapi: undefined, swagger: '2.0', ...document })
  if (!reading.ok) throw new Error(JSON.stringify(reading.findings, null, 2))
  return reading.contract
}

const responses = { '200': { description: 'ok' } }

test('a body parameter is a body, in each media type that is consumed', () => {
  const { operations } = swagger({
    consumes: ['application/json', 'application/xml'],
    paths: {
      '/a': {
        post: {
          parameters: [
            { name: 'thing', in: 'body', required: true, schema: { $ref: '#/definitions/Thing' } },
          ],
          responses,
        },
      },
    },
    definitions: { Thing: { type: 'object' } },
  })
  const schema = { $ref: '#/components/schemas/Thing' }
  expect(operations[0]).toMatchObject({
    parameters: [],
    body: {
      required: true,
      content: [
        { name: 'application/json', schema },
        { name: 'application/xml', schema },
      ],
    },
  })
})

test('fields of a form are one object; a file makes it multipart', () => {
  const form = (fields: object[], more = {}) =>
    swagger({ paths: { '/a': { post: { parameters: fields, responses, ...more } } } }).operations[0]!.body!
  const name = {
    name: 'name',
    in: 'formData',
    type: 'string',
    required: true,
    description: 'whose',
    maxLength: 9,
  }
  expect(form([name])).toMatchObject({
    required: true,
    content: [
      {
        name: 'application/x-www-form-urlencoded',
        schema: {
          type: 'object',
          required: ['name'],
          properties: { name: { type: 'string', maxLength: 9, description: 'whose' } },
        },
      },
    ],
  })
  expect(form([{ name: 'photo', in: 'formData', type: 'file' }]).content[0]).toMatchObject({
    name: 'multipart/form-data',
    schema: { properties: { photo: { type: 'string', format: 'binary' } } },
  })
})

test.each([
  ['csv', 'form', false],
  [undefined, 'form', false],
  ['multi', 'form', true],
  ['ssv', 'spaceDelimited', false],
  ['pipes', 'pipeDelimited', false],
])('a list in the query as %s', (collectionFormat, style, explode) => {
  const list = { name: 'ids', in: 'query', type: 'array', items: { type: 'integer' }, collectionFormat }
  const [parameter] = swagger({ paths: { '/a': { get: { parameters: [list], responses } } } }).operations[0]!
    .parameters
  expect(parameter).toMatchObject({
    style,
    explode,
    schema: { type: 'array', items: { type: 'integer' } },
    extensions: {},
  })
})

test('a list between tabs has no word in OpenAPI 3, and is kept', () => {
  const list = { name: 'ids', in: 'query', type: 'array', items: { type: 'string' }, collectionFormat: 'tsv' }
  const [parameter] = swagger({ paths: { '/a': { get: { parameters: [list], responses } } } }).operations[0]!
    .parameters
  expect(parameter!.extensions).toEqual({ 'x-rockpool-collection-format': 'tsv' })
})

test('lists in a form are written as their formats say; files are not joined', () => {
  const list = (name: string, collectionFormat?: string, items: object = { type: 'integer' }) => ({
    name,
    in: 'formData',
    type: 'array',
    items,
    ...(collectionFormat === undefined ? {} : { collectionFormat }),
  })
  const formats = ['csv', 'ssv', 'pipes', 'tsv', 'multi']
  const parameters = [
    list('plain'),
    ...formats.map((format) => list(format, format)),
    list('files', undefined, { type: 'file' }),
    { name: 'text', in: 'formData', type: 'string' },
  ]
  const { content } = swagger({ paths: { '/a': { post: { parameters, responses } } } }).operations[0]!.body!
  expect(content).toMatchObject([{ name: 'multipart/form-data' }])
  expect(content[0]!.encoding).toEqual({
    plain: { style: 'form', explode: false },
    csv: { style: 'form', explode: false },
    ssv: { style: 'spaceDelimited', explode: false },
    pipes: { style: 'pipeDelimited', explode: false },
    tsv: { style: 'form', explode: false, 'x-rockpool-collection-format': 'tsv' },
  })
})

test('host, base path and schemes are servers', () => {
  const paths = { '/a': { get: { responses } } }
  const urls = (document: object) => swagger({ paths, ...document }).servers.map(({ url }) => url)
  expect(urls({ host: 'example.test', basePath: '/v1', schemes: ['https', 'http'] })).toEqual([
    'https://example.test/v1',
    'http://example.test/v1',
  ])
  expect(urls({ basePath: '/v1' })).toEqual(['/v1'])
  expect(urls({})).toEqual([])
})

test.each([
  [{ host: 'example.test', basePath: '/v1/' }, ['https://example.test/v1'], []],
  [{ host: 'example.test:8080', basePath: '/' }, ['https://example.test:8080'], []],
  [{ host: '', basePath: '/' }, [], []],
  [{ host: 'example.test', basePath: 'v1' }, ['https://example.test/v1'], ['/basePath']],
  [{ host: 'http://example.test' }, ['http://example.test'], ['/host']],
  [{ host: 'http://example.test/', schemes: ['https'] }, ['https://example.test'], ['/host']],
  [{ host: 'example.test/api', basePath: '/v1' }, ['https://example.test/api/v1'], ['/host']],
  [{ basePath: 'http://example.test/v1/' }, ['http://example.test/v1'], ['/basePath']],
])('%j is understood', (document, urls, told) => {
  const paths = { '/a': { get: { responses } } }
  const reading = readDocument({ openapi: undefined, swagger: '2.0', paths, ...document })
  expect(reading.ok && reading.contract.servers.map(({ url }) => url)).toEqual(urls)
  expect(reading.findings.map(({ path }) => path)).toEqual(told)
})

test('security schemes are those of OpenAPI 3', () => {
  const { securitySchemes } = swagger({
    paths: { '/a': { get: { responses } } },
    securityDefinitions: {
      basic: { type: 'basic' },
      key: { type: 'apiKey', name: 'k', in: 'query' },
      oauth: {
        type: 'oauth2',
        flow: 'accessCode',
        authorizationUrl: 'https://a.test',
        tokenUrl: 'https://t.test',
        scopes: { read: 'r' },
      },
    },
  })
  expect(Object.fromEntries(securitySchemes)).toEqual({
    basic: { type: 'http', scheme: 'basic' },
    key: { type: 'apiKey', name: 'k', in: 'query' },
    oauth: {
      type: 'oauth2',
      flows: {
        authorizationCode: {
          authorizationUrl: 'https://a.test',
          tokenUrl: 'https://t.test',
          scopes: { read: 'r' },
        },
      },
    },
  })
})

test('a response is of each media type that is produced, with its example and headers', () => {
  const [operation] = swagger({
    produces: ['application/json'],
    paths: {
      '/a': {
        parameters: [{ $ref: '#/parameters/Trace' }],
        get: {
          responses: {
            '200': {
              description: 'ok',
              schema: { type: 'array', items: { $ref: '#/definitions/Thing' } },
              headers: { 'X-Count': { type: 'integer', description: 'how many' } },
              examples: { 'application/json': [1] },
            },
            default: { $ref: '#/responses/Refused' },
          },
        },
      },
    },
    parameters: { Trace: { name: 'trace', in: 'header', type: 'string' } },
    responses: { Refused: { description: 'refused' } },
    definitions: { Thing: { type: 'integer' } },
  }).operations
  expect(operation).toMatchObject({
    parameters: [{ name: 'trace', in: 'header' }],
    responses: [
      {
        status: '200',
        headers: [{ name: 'X-Count', schema: { type: 'integer' }, description: 'how many' }],
        content: [
          {
            name: 'application/json',
            schema: { items: { $ref: '#/components/schemas/Thing' } },
            examples: [{ value: [1] }],
          },
        ],
      },
      { status: 'default', description: 'refused', content: [] },
    ],
  })
})
