import { expect, test } from 'vitest'
import { contractOf, readDocument } from '../../../test/support/contracts.ts'
import { originOf } from '../source/origins.ts'

const followedMessage = 'a $ref has no place here in OpenAPI: it is followed'
const messagesOf = (document: object) => readDocument(document).findings.map(({ message }) => message)
const ok = { '200': { description: 'ok' } }

test('a $ref where OpenAPI has none is followed, with a warning', () => {
  const reading = readDocument({
    info: { $ref: '#/x-parts/info' },
    servers: { $ref: '#/x-parts/servers' },
    tags: { $ref: '#/x-parts/tags' },
    paths: { $ref: '#/x-parts/paths' },
    components: { $ref: '#/x-parts/components' },
    'x-parts': {
      info: { title: 'Kites', version: '3', description: { $ref: '#/x-parts/words' } },
      words: 'All about kites',
      servers: [{ url: 'https://kites.test' }],
      tags: [{ name: 'kites', description: { $ref: '#/x-parts/words' } }],
      paths: {
        '/kites/{id}': {
          parameters: { $ref: '#/x-parts/parameters' },
          get: { $ref: '#/x-parts/getKite' },
        },
      },
      parameters: [{ name: 'id', in: 'path', required: true, schema: { type: 'integer' } }],
      getKite: { operationId: 'getKite', responses: { $ref: '#/x-parts/responses' } },
      responses: {
        '200': {
          description: 'ok',
          headers: { $ref: '#/x-parts/headers' },
          content: { $ref: '#/x-parts/content' },
        },
      },
      headers: { ETag: { schema: { type: 'string' } } },
      content: {
        'application/json': {
          schema: { $ref: '#/components/schemas/Kite' },
          examples: { $ref: '#/x-parts/examples' },
        },
      },
      examples: { red: { value: { colour: 'red' } } },
      components: { schemas: { $ref: '#/x-parts/schemas' } },
      schemas: {
        Kite: { type: 'object', properties: { tail: { $ref: '#/components/schemas/Tail' } } },
        Tail: { type: 'string' },
      },
    },
  })
  if (!reading.ok) throw new Error(JSON.stringify(reading.findings))
  expect(new Set(reading.findings.map(({ message }) => message))).toEqual(new Set([followedMessage]))
  expect(reading.findings.map(({ path }) => path)).toContain('/x-parts/paths/~1kites~1{id}/get/$ref')
  const { contract } = reading
  expect(contract).toMatchObject({
    title: 'Kites',
    description: 'All about kites',
    servers: [{ url: 'https://kites.test' }],
    tags: [{ name: 'kites', description: 'All about kites' }],
    operations: [
      {
        id: 'getKite',
        parameters: [{ name: 'id', schema: { type: 'integer' } }],
        responses: [
          {
            status: '200',
            headers: [{ name: 'ETag' }],
            content: [{ schema: { $ref: '#/components/schemas/Kite' }, examples: [{ name: 'red' }] }],
          },
        ],
      },
    ],
  })
  expect([...contract.schemas.keys()]).toEqual(['Kite', 'Tail'])
  expect(originOf(contract.operations[0]!)?.pointer).toBe('/x-parts/getKite')
})

test('a pointer may lead through a $ref', () => {
  const contract = contractOf({
    paths: {
      '/a': {
        get: {
          responses: {
            '200': {
              description: '',
              content: {
                'application/json': { schema: { $ref: '#/components/schemas/Short/properties/id' } },
              },
            },
          },
        },
      },
    },
    components: {
      schemas: {
        Short: { $ref: '#/components/schemas/Other' },
        Other: { $ref: '#/components/schemas/Long' },
        Long: { type: 'object', properties: { id: { type: 'integer' } } },
      },
    },
  })
  expect(contract.schemas.get('id')).toEqual({ type: 'integer' })
})

test.each([
  [{ paths: { '/a': { get: { $ref: '#/x-nowhere' } } } }, '$ref “#/x-nowhere” leads to nothing'],
  [{ paths: { '/a': { get: { $ref: '#/info/title' } } } }, 'get must be an object'],
  [{ paths: { '/a': { get: { $ref: '#/paths/~1a/get' } } } }, 'its $ref leads in a circle'],
  [{ paths: { $ref: '#/paths/more' } }, '$ref “#/paths/more” leads to nothing'],
  [
    {
      paths: { '/a': { get: { responses: ok, parameters: [{ $ref: '#/x-one/a' }] } } },
      'x-one': { $ref: '#/x-other/b' },
      'x-other': { $ref: '#/x-one/c' },
    },
    '$ref “#/x-one/a” leads to nothing',
  ],
])('%j is refused: %s', (document, message) => {
  const reading = readDocument(document)
  expect(reading.ok).toBe(false)
  expect(reading.findings.map((finding) => finding.message)).toContain(message)
})

test('neither many pointers through each other nor what stands beside a $ref holds it up', () => {
  const levels = Array.from({ length: 20_000 }, (_, at) => [
    `x-${at}`,
    { $ref: `#/x-${at + 1}/a`, a: undefined, b: { $ref: `#/x-${at + 2}/a/b` } },
  ])
  const began = performance.now()
  const document = {
    ...Object.fromEntries(levels),
    paths: { '/a': { get: { $ref: '#/x-0/b/c', summary: 'A' } } },
  }
  expect(messagesOf(document)).toContain(
    'a $ref has no place here in OpenAPI: it is followed, and what stands beside it is left out',
  )
  expect(performance.now() - began).toBeLessThan(5_000)
})

test('what stands beside the $ref of a path belongs to it', () => {
  const reading = readDocument({
    paths: {
      '/kites': {
        $ref: '#/x-parts/kites',
        parameters: [{ name: 'page', in: 'query', schema: { type: 'integer' } }],
        post: { operationId: 'postKite', responses: ok },
        delete: { operationId: 'deleteKites', responses: ok },
      },
    },
    'x-parts': {
      kites: {
        get: { operationId: 'getKites', responses: ok },
        delete: { operationId: 'loseKites', responses: ok },
      },
    },
  })
  if (!reading.ok) throw new Error(JSON.stringify(reading.findings))
  expect(reading.contract.operations.map(({ id, parameters }) => [id, parameters.length])).toEqual([
    ['getKites', 1],
    ['postKite', 1],
    ['deleteKites', 1],
  ])
  expect(reading.findings).toMatchObject([
    {
      level: 'warning',
      path: '/paths/~1kites/delete',
      message: 'delete stands in what its $ref leads to, too: this one counts',
    },
  ])
})

test('an example that is a $ref alone shows what that leads to, if anything', () => {
  const schema = { type: 'object', example: { $ref: '#/components/examples/red/value' } }
  const contentOf = (media: object) => ({
    responses: { '200': { description: '', content: { 'application/json': { schema, ...media } } } },
  })
  const reading = readDocument({
    openapi: '3.0.3',
    paths: {
      '/a': { get: contentOf({ example: { $ref: '#/components/examples/red/value' } }) },
      '/b': { get: contentOf({ examples: { a: { value: { $ref: '#/components/examples/red/value' } } } }) },
      '/c': { get: contentOf({ example: { $ref: '#/somewhere/of/theirs' } }) },
      '/d': { get: contentOf({ example: { $ref: '#/paths', also: 1 } }) },
    },
    components: { examples: { red: { value: { colour: 'red' } } } },
  })
  if (!reading.ok) throw new Error(JSON.stringify(reading.findings))
  const media = reading.contract.operations.map(({ responses }) => responses[0]!.content[0]!)
  expect(media.map(({ examples }) => examples[0]!.value)).toEqual([
    { colour: 'red' },
    { colour: 'red' },
    { $ref: '#/somewhere/of/theirs' },
    { $ref: '#/paths', also: 1 },
  ])
  expect(media[0]!.schema).toEqual({ type: 'object', examples: [{ colour: 'red' }] })
  expect(new Set(reading.findings.map(({ message }) => message))).toEqual(new Set([followedMessage]))
})
