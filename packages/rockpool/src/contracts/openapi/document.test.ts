import { expect, test } from 'vitest'
import { contractOf, readDocument } from '../../../test/support/contracts.ts'
import { readContract } from '../read.ts'
import { originOf } from '../source/origins.ts'
import type { JsonObject } from '../types.ts'

const ok = { '200': { description: 'ok' } }
const get = (operation: JsonObject = {}) => ({
  get: { operationId: 'getThing', responses: ok, ...operation },
})
const messagesOf = (document: object) => readDocument(document).findings.map(({ message }) => message)

test('an operation with all that it has', () => {
  const contract = contractOf({
    servers: [{ url: 'https://example.test/{v}', variables: { v: { default: '1' } } }],
    security: [{ key: [] }],
    tags: [{ name: 'things' }],
    'x-owner': 'us',
    paths: {
      '/things/{id}': {
        summary: 'One thing',
        parameters: [
          { name: 'id', in: 'path', required: true, schema: { type: 'string' } },
          { $ref: '#/components/parameters/Page' },
        ],
        put: {
          operationId: 'putThing',
          tags: ['things'],
          deprecated: true,
          security: [],
          parameters: [{ name: 'page', in: 'query', style: 'pipeDelimited', schema: { type: 'array' } }],
          requestBody: { $ref: '#/components/requestBodies/Thing' },
          responses: {
            '4xx': { $ref: '#/components/responses/Refused' },
            '200': {
              description: 'ok',
              headers: { ETag: { schema: { type: 'string' } } },
              content: { 'application/json': { schema: { type: 'object' }, example: { a: 1 } } },
            },
          },
          callbacks: { done: { '{$request.body#/url}': { post: { responses: ok } } } },
          'x-sensitive': ['a'],
        },
      },
    },
    components: {
      parameters: { Page: { name: 'page', in: 'query', schema: { type: 'integer' } } },
      requestBodies: { Thing: { required: true, content: { 'application/json': { schema: true } } } },
      responses: { Refused: { description: 'refused' } },
      securitySchemes: { key: { type: 'http', scheme: 'bearer' } },
    },
    webhooks: { thingMade: { post: { responses: ok } } },
  })
  expect(contract).toMatchObject({
    title: 'Things',
    servers: [{ url: 'https://example.test/{v}', variables: { v: { default: '1' } } }],
    security: [{ key: [] }],
    extensions: { 'x-owner': 'us' },
    webhooks: [{ path: 'thingMade', method: 'POST', isNamed: false }],
  })
  expect(contract.securitySchemes.get('key')).toEqual({ type: 'http', scheme: 'bearer' })
  const [operation] = contract.operations
  expect(operation).toMatchObject({
    id: 'putThing',
    isNamed: true,
    method: 'PUT',
    path: '/things/{id}',
    summary: 'One thing',
    tags: ['things'],
    deprecated: true,
    security: [],
    servers: null,
    parameters: [
      { name: 'id', in: 'path', required: true, style: 'simple', explode: false },
      { name: 'page', in: 'query', style: 'pipeDelimited', explode: false, schema: { type: 'array' } },
    ],
    body: { required: true, content: [{ name: 'application/json', schema: true }] },
    responses: [
      {
        status: '200',
        headers: [{ name: 'ETag' }],
        content: [{ examples: [{ name: '', value: { a: 1 } }] }],
      },
      { status: '4XX', description: 'refused' },
    ],
    callbacks: [{ name: 'done', operations: [{ method: 'POST', path: '{$request.body#/url}' }] }],
    extensions: { 'x-sensitive': ['a'] },
  })
  expect(originOf(operation!)?.pointer).toBe('/paths/~1things~1{id}/put')
  expect(originOf(operation!.body!)?.pointer).toBe('/components/requestBodies/Thing')
})

test('operations without an id, or with somebody else’s, get one that says where they are', () => {
  const reading = readDocument({
    paths: {
      '/things/{id}/parts': { get: { responses: ok } },
      '/a': {
        get: { operationId: 'getThingsByIdParts', responses: ok },
        post: { operationId: 'getThingsByIdParts', responses: ok },
      },
    },
  })
  expect(reading.ok && reading.contract.operations.map(({ id, isNamed }) => [id, isNamed])).toEqual([
    ['getThingsByIdParts_2', false],
    ['getThingsByIdParts', true],
    ['postA', false],
  ])
  expect(reading.findings.map(({ message }) => message)).toContain(
    'operationId must be a name that no other operation has, and GET /a has it: here it is postA',
  )
})

test.each([
  [{ paths: { '/a/{id}': get() } }, 'the path parameter id is not declared: it is taken for any text'],
  [
    { paths: { '/a': get({ parameters: [{ name: 'id', in: 'path', required: true, schema: true }] }) } },
    '/a has no {id}: the parameter is left out',
  ],
  [
    { paths: { '/a/{id}': get({ parameters: [{ name: 'id', in: 'path', schema: true }] }) } },
    'the path parameter id must say required: true',
  ],
  [{ paths: { a: get() } }, 'a must begin with /'],
  [
    { paths: { '/a?b=c': get() } },
    '/a?b=c: a path ends before its query; write parameters of the query as parameters',
  ],
  [{ paths: { '/a#b': get() } }, '/a#b: what stands behind # is never sent: nobody can call it'],
  [
    { paths: { '/a': { get: { operationId: 'a' } } } },
    'responses are missing: nobody knows what is answered',
  ],
  [
    { paths: { '/a': get({ responses: { ok: { description: '' } } }) } },
    '“ok” is no status: write one such as 200, 4XX or default',
  ],
  [
    { paths: { '/a': get({ parameters: [{ name: 'Accept', in: 'header', schema: true }] }) } },
    'the header Accept is no parameter: it is left out',
  ],
  [
    { paths: { '/a': get({ parameters: [{ name: 'q', in: 'query', style: 'simple', schema: true }] }) } },
    'style must be form or spaceDelimited or pipeDelimited or deepObject in query: it is left out',
  ],
  [
    { paths: { '/a': get({ parameters: [{ name: 'q', in: 'query', type: 'string' }] }) } },
    'since OpenAPI 3.0 the type of q stands in its schema',
  ],
  [
    { paths: { '/a': get({ responses: { '200': { description: '', schema: { type: 'string' } } } }) } },
    'since OpenAPI 3.0 a schema stands in content: it is taken for that of application/json',
  ],
  [{ paths: { '/a': get({ summary: 3 }) } }, '“summary” must be a text: put it in quotes'],
  [{ paths: { '/a': get({ summary: ['a'] }) } }, '“summary” must be a text'],
  [{ paths: { '/a': get({ requestBody: { content: {} } }) } }, 'a body must name at least one media type'],
  [{ info: undefined, paths: { '/a': get() } }, 'info is missing: title and version'],
])('%j is read, with a warning: %s', (document, message) => {
  const reading = readDocument(document)
  expect(reading.ok).toBe(true)
  expect(reading.findings.map((finding) => finding.message)).toContain(message)
})

test.each([
  [{ openapi: '4.0.0' }, 'openapi must be a version 3.0.x, 3.1.x or 3.2.x'],
  [
    { openapi: undefined },
    'is no contract: neither OpenAPI (openapi, swagger) nor API Builder (name, and models or resources)',
  ],
  [{ paths: undefined }, 'there are no paths'],
  [{ paths: { '/a': { get: 3 } } }, 'get must be an object'],
  [{ paths: { '/a': get({ parameters: [{ in: 'query' }] }) } }, 'a parameter must have a name'],
  [
    { paths: { '/a': get({ parameters: [{ name: 'a', in: 'formData' }] }) } },
    'the parameter a is in formData, as in OpenAPI 2.0: write it as the requestBody',
  ],
  [
    { paths: { '/a': get({ parameters: [{ name: 'a', in: 'nowhere' }] }) } },
    'the parameter a must say in: path, query, header, cookie, querystring',
  ],
  [{ paths: { '/a': get({ parameters: [{ $ref: '#/nowhere' }] }) } }, '$ref “#/nowhere” leads to nothing'],
  [
    { paths: { '/a': get({ security: {} }) } },
    'security must be a list; an empty one says that no credential is needed',
  ],
  [
    { paths: { '/a': get({ security: [{ key: 'all' }] }) } },
    'must be an object of schemes, each with a list of scopes',
  ],
  [
    { paths: { '/a': get({ security: [{ key: { read: 'all' } }] }) } },
    'must be an object of schemes, each with a list of scopes',
  ],
  [{ paths: { '/a': get(), a: get() } }, 'GET /a stands here twice'],
  [
    { paths: { '/a': get({ callbacks: { c: { '{$url}': { $ref: '#/paths/~1a' } } } }) } },
    'its callbacks lead to itself',
  ],
  [{ paths: { '/a': { $ref: '#/paths/~1b' }, '/b': { $ref: '#/paths/~1a' } } }, 'its $ref leads in a circle'],
])('%j is refused: %s', (document, message) => {
  expect(readDocument(document).ok).toBe(false)
  expect(messagesOf(document)).toContain(message)
})

test.each([
  [{ key: {} }, 'key'],
  [{ other: ['read'], key: null }, 'key'],
])('%j asks for a scheme without scopes, with a warning', (requirement, name) => {
  const reading = readDocument({ paths: { '/a': get({ security: [requirement] }) } })
  expect(reading.ok && reading.contract.operations[0]!.security).toEqual([{ ...requirement, key: [] }])
  expect(reading.findings).toEqual([
    expect.objectContaining({
      level: 'warning',
      path: `/paths/~1a/get/security/0/${name}`,
      message: 'key has a list of scopes: write [] where there are none',
    }),
  ])
})

test('what is written as in OpenAPI 2.0 is understood in a later document, too', () => {
  const thing = { $ref: '#/components/schemas/Thing' }
  const body = { name: 'thing', in: 'body', required: true, schema: thing }
  const limit = {
    name: 'limit',
    in: 'query',
    type: 'integer',
    maximum: 9,
    description: 'At most',
    example: 3,
  }
  const requestBody = { content: { 'text/plain': {} } }
  const reading = readDocument({
    paths: {
      '/things': {
        parameters: [{ ...body, schema: { type: 'string' } }],
        put: { parameters: [limit, body], responses: { '200': { description: 'ok', schema: thing } } },
        post: { requestBody, responses: { '204': { description: 'done' } } },
      },
    },
    components: { schemas: { Thing: { type: 'object' } } },
  })
  const json = [{ name: 'application/json', schema: thing }]
  expect(reading.ok && reading.contract.operations).toMatchObject([
    {
      method: 'PUT',
      parameters: [{ name: 'limit', schema: { type: 'integer', maximum: 9 }, examples: [{ value: 3 }] }],
      body: { required: true, content: json },
      responses: [{ content: json }],
    },
    { method: 'POST', parameters: [], body: { required: false, content: [{ name: 'text/plain' }] } },
  ])
  expect(reading.findings.map(({ message }) => message).toSorted()).toEqual([
    'a parameter in body is of OpenAPI 2.0: it is left out',
    'a parameter in body is of OpenAPI 2.0: it is left out',
    'a parameter in body is of OpenAPI 2.0: it is taken for the requestBody',
    'since OpenAPI 3.0 a schema stands in content: it is taken for that of application/json',
    'since OpenAPI 3.0 the type of limit stands in its schema',
  ])
})

test('what YAML takes for a number stays as it was written, where a text is meant', () => {
  const text = `
openapi: 3.1.0
info: { title: Things, version: 1.10 }
paths:
  /a:
    get:
      parameters: [{ name: v, in: query, schema: { type: string, enum: [1.0, 1.1, 1.10] } }]
      responses: { 200: { description: 007 } }
`
  const reading = readContract(text, { file: 'contract.yaml' })
  expect(reading.ok && reading.contract).toMatchObject({
    version: '1.10',
    operations: [
      { parameters: [{ schema: { enum: ['1.0', '1.1', '1.10'] } }], responses: [{ description: '007' }] },
    ],
  })
})

test('all findings come at once, errors first', () => {
  const { findings } = readDocument({
    paths: {
      '/a': get({ summary: 3, parameters: [{ in: 'query' }] }),
      '/b/{id}': { post: { responses: 3 } },
    },
  })
  expect(findings.map(({ level }) => level)).toEqual(['error', 'warning', 'warning', 'warning', 'warning'])
})

test('OpenAPI 3.2: other methods, streams of items, a query as a whole', () => {
  const contract = contractOf({
    openapi: '3.2.0',
    paths: {
      '/a': {
        query: {
          responses: ok,
          parameters: [
            { name: 'q', in: 'querystring', content: { 'application/json': { schema: { type: 'object' } } } },
          ],
        },
        additionalOperations: {
          COPY: {
            responses: {
              '200': {
                description: '',
                content: { 'application/jsonl': { itemSchema: { type: 'integer' } } },
              },
            },
          },
        },
      },
    },
  })
  expect(contract.operations).toMatchObject([
    {
      method: 'QUERY',
      parameters: [{ in: 'querystring', mediaType: 'application/json', schema: { type: 'object' } }],
    },
    { method: 'COPY', responses: [{ content: [{ schema: true, itemSchema: { type: 'integer' } }] }] },
  ])
})
