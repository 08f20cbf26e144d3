import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import {
  between,
  contractIn,
  done,
  inPath,
  query,
  readWhole,
  told,
  withTitle,
} from '../../../test/support/differences/compare.ts'
import { differencesOf } from './index.ts'

const documents = join(
  process.env['ROCKPOOL_SHARED'] ?? fileURLToPath(new URL('../../../../../../shared', import.meta.url)),
  'data/contracts',
)

test('a path whose parameter is called otherwise is the same path', () => {
  const path = (name: string, more: string) =>
    `paths: { '/things/{${name}}/parts': { get: { ${done}, parameters: [${inPath(name)}${more}] } } }`
  expect(told(path('id', `, ${query('a')}`), path('thing', ''))).toEqual([
    'request-path-parameter-renamed: GET /things/{id}/parts parameter path id',
    'request-parameter-removed: GET /things/{id}/parts parameter query a',
  ])
})

test('parameters of a path that change places by name stay where they are', () => {
  const path = (first: string, second: string) =>
    `paths: { '/{${first}}/{${second}}': { get: { ${done}, parameters: [${inPath('a')}, ${inPath('b')}] } } }`
  expect(told(path('a', 'b'), path('b', 'a'))).toEqual([
    'request-path-parameter-renamed: GET /{a}/{b} parameter path a',
    'request-path-parameter-renamed: GET /{a}/{b} parameter path b',
  ])
})

test('nothing is matched by its place in a list, nor by the case of a header', () => {
  const path = (parameters: string[], tags: string, security: string, header: string) => `
servers: [${tags === 'a, b' ? '{ url: /a }, { url: /b }' : '{ url: /b }, { url: /a }'}]
paths:
  /things:
    get:
      parameters: [${parameters.join(', ')}, { name: ${header}, in: header, schema: { type: string } }]
      tags: [${tags}]
      security: [${security}]
      responses: { 200: { description: Done, headers: { ${header}: { schema: { type: string } } } } }
components: { securitySchemes: { a: { type: http, scheme: basic }, b: { type: http, scheme: bearer } } }`
  const before = path([query('a'), query('b')], 'a, b', '{ a: [], b: [] }, { a: [] }', 'X-Thing')
  const after = path([query('b'), query('a')], 'b, a', '{ a: [] }, { b: [], a: [] }', 'x-thing')
  expect(told(before, after)).toEqual([])
})

test('a range that takes in what was taken refuses nobody', () => {
  const body = (types: string) =>
    `paths: { /things: { post: { ${done}, requestBody: { content: { ${types} } } } } }`
  expect(told(body('application/json: {}'), body('application/*: {}'))).toEqual([
    'request-body-media-type-added: POST /things request body',
  ])
  expect(told(body('application/*: {}'), body('application/json: {}'))).toEqual([
    'request-body-media-type-added: POST /things request body',
    'request-body-media-type-removed: POST /things request body',
  ])
})

test('paths of one shape, and schemes of one name, pair off the same in any order', () => {
  const path = (name: string, tag: string) =>
    `'/a/{${name}}': { get: { ${done}, tags: [${tag}], parameters: [${inPath(name)}] } }`
  const contract = (paths: string[], scopes: string[]) => `
paths: { ${paths.join(', ')} }
security: [${scopes.map((scope) => `{ oauth: [${scope}] }`).join(', ')}]
components: { securitySchemes: { oauth: { type: openIdConnect, openIdConnectUrl: /o } } }`
  const after = contract([path('c', 'c'), path('d', 'd')], ['a, c', 'b, d'])
  const there = told(contract([path('a', 'a'), path('b', 'b')], ['a', 'b']), after)
  expect(there.length).toBeGreaterThan(6)
  expect(told(contract([path('b', 'b'), path('a', 'a')], ['b', 'a']), after)).toEqual(there)
  const fingerprints = (before: string) => between(before, after).map(({ fingerprint }) => fingerprint)
  expect(fingerprints(contract([path('b', 'b'), path('a', 'a')], ['b', 'a']))).toEqual(
    fingerprints(contract([path('a', 'a'), path('b', 'b')], ['a', 'b'])),
  )
})

test('of several media types that are kin the same one is taken in any order', () => {
  const contract = (...types: string[]) => {
    const content = types.map((type) => `application/${type}: { schema: { type: string } }`).join(', ')
    return `paths: { /a: { get: { responses: { 200: { description: Done, content: { ${content} } } } } } }`
  }
  const [one, other] = [
    ['a+json', 'b+json'],
    ['b+json', 'a+json'],
  ].map((types) =>
    between(contract('json'), contract(...types)).map(({ rule, details }) => ({ rule, ...details })),
  )
  expect(one).toEqual([
    { rule: 'response-media-type-added', after: 'application/b+json' },
    { rule: 'response-media-type-name-specialized', before: 'application/json', after: 'application/a+json' },
  ])
  expect(other).toEqual(one)
})

test('names of objects are names like others', () => {
  const contract = (inner: string) => `
paths:
  /things:
    get:
      operationId: __proto__
      responses: { 200: { description: Done, headers: { ${inner} }, links: { ${inner === '' ? '' : '__proto__: { operationId: __proto__ }'} } } }
components: { securitySchemes: { ${inner === '' ? '' : 'constructor: { type: http, scheme: basic }'} } }`
  const header = '__proto__: { schema: { type: string } }, toString: { schema: { type: string } }'
  const expected = [
    'api-security-component-removed: security scheme constructor',
    'optional-response-header-removed: GET /things response 200 header __proto__',
    'optional-response-header-removed: GET /things response 200 header toString',
    'response-link-removed: GET /things response 200 link __proto__',
  ]
  expect(told(contract(header), contract(''))).toEqual(expected)
  expect(told(contract(''), contract(header))).toHaveLength(expected.length)
})

const before = `
servers: [{ url: /v1 }]
paths:
  /things:
    get: { operationId: list, tags: [a], parameters: [${query('a')}], responses: { 200: { description: Things, headers: { X-A: { schema: { type: string } } } } } }
    put: { operationId: put, requestBody: { content: { text/plain: { schema: { type: string } } } }, responses: { 204: { description: Put } } }`
const after = `
servers: [{ url: /v2 }]
paths:
  /things:
    get: { responses: { 202: { description: Later } }, deprecated: true, operationId: all, tags: [b], parameters: [${query('b')}] }`

test('the same edit through JSON and YAML has the same fingerprints', () => {
  const asJson = (text: string) => JSON.stringify(parse(withTitle(text)))
  const throughYaml = differencesOf(contractIn(before), contractIn(after))
  const throughJson = differencesOf(readWhole(asJson(before), 'a.json'), readWhole(asJson(after), 'b.json'))
  expect(throughYaml.length).toBeGreaterThan(8)
  expect(throughJson.map(({ fingerprint }) => fingerprint)).toEqual(
    throughYaml.map(({ fingerprint }) => fingerprint),
  )
  expect(new Set(throughJson.map(({ fingerprint }) => fingerprint)).size).toBe(throughJson.length)
})

test
  .skipIf(!existsSync(documents))
  .each(['adyen-checkout70.json', 'stripe-2017-09-05.json', 'petstore.yaml'])(
  `%s (shared/data) differs from itself in nothing`,
  (name) => {
    const text = readFileSync(join(documents, name), 'utf8')
    expect(differencesOf(readWhole(text, name), readWhole(text, name))).toEqual([])
  },
)
