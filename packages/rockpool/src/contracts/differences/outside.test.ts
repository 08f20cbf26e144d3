import { expect, test } from 'vitest'
import { between, contractIn, done, told } from '../../../test/support/differences/compare.ts'
import { differencesOf } from './index.ts'

test('what a webhook brings is judged as an answer: the service sends it', () => {
  const webhook = (types: string, header: string) =>
    `paths: {}\nwebhooks: { made: { post: { ${done}, requestBody: { content: { ${types} } }${header} } } }`
  const header = ', parameters: [{ name: X-Id, in: header, required: true, schema: { type: string } }]'
  expect(told(webhook('a/b: {}, c/d: {}', header), webhook('c/d: {}', ''))).toEqual([
    'response-media-type-removed: POST made webhook request body',
    'required-response-header-removed: POST made webhook request header X-Id',
  ])
})

test('what a callback is answered is judged as a request', () => {
  const callback = (types: string) =>
    `paths: { /things: { post: { ${done}, callbacks: { made: { '{$request.query.to}': { post: { responses: { 200: { description: Seen, content: { ${types} } } } } } } } } } }`
  expect(told(callback('a/b: {}, c/d: {}'), callback('c/d: {}'))).toEqual([
    'request-body-media-type-removed: POST /things callback made POST {$request.query.to} response 200',
  ])
})

test('what is asked of everybody is told once, with every operation that asks for it', () => {
  const contract = (security: string) => `
${security}
servers: [{ url: ${security === '' ? '/v1' : '/v2'} }]
paths: { /a: { get: { ${done} } }, /b: { get: { ${done}, security: [], servers: [{ url: /b }] } }, /c: { put: { ${done} } } }
components: { securitySchemes: { key: { type: http, scheme: bearer } } }`
  const all = between(contract(''), contract('security: [{ key: [] }]'))
  expect(all.map(({ rule }) => rule)).toEqual([
    'api-global-security-added',
    'api-security-required',
    'api-server-changed',
  ])
  for (const one of all.slice(1)) {
    expect(one).toMatchObject({ wire: 'breaks', operation: null })
    expect(one.uses.map(({ operation }) => `${operation.method} ${operation.path}`)).toEqual([
      'GET /a',
      'PUT /c',
    ])
  }
})

test('what an operation says anew as the contract said it is no difference', () => {
  const contract = (own: string) => `
security: [{ key: [] }]
servers: [{ url: /v1 }]
paths: { /a: { get: { ${done}${own} } } }
components: { securitySchemes: { key: { type: http, scheme: bearer } } }`
  expect(told(contract(''), contract(', security: [{ key: [] }], servers: [{ url: /v1 }]'))).toEqual([])
})

test('the style of a value counts only where it can have parts, or bears a mark', () => {
  const path = (schema: string, style: string) =>
    `paths: { '/{id}': { get: { ${done}, parameters: [{ name: id, in: path, required: true, schema: ${schema}, ${style} }] } } }`
  const text = '{ type: string }'
  expect(told(path(text, 'explode: false'), path(text, 'explode: true'))).toEqual([])
  const inQuery = (style: string) =>
    `paths: { /a: { get: { ${done}, parameters: [{ name: q, in: query, schema: ${text}, style: ${style} }] } } }`
  expect(told(inQuery('form'), inQuery('spaceDelimited'))).toEqual([])
  expect(told(path(text, 'style: simple'), path(text, 'style: label'))).toEqual([
    'request-parameter-style-changed: GET /{id} parameter path id',
  ])
})

test('one value that became a list of such is compared with what each may be', () => {
  const query = (schema: string) =>
    `paths: { /a: { get: { ${done}, parameters: [{ name: q, in: query, schema: ${schema} }] } } }`
  expect(
    told(query('{ type: string }'), query('{ type: array, items: { type: string, maxLength: 3 } }')),
  ).toEqual([
    'request-parameter-max-length-set: GET /a parameter query q',
    'request-parameter-type-generalized: GET /a parameter query q',
  ])
  const list = '{ type: array, items: { type: string } }, style: spaceDelimited, explode: false'
  expect(told(query('{ type: string }, style: spaceDelimited, explode: false'), query(list))).toEqual([
    'request-parameter-type-changed: GET /a parameter query q',
  ])
})

test('what a stream brings is compared item by item', () => {
  const contract = (schema: string) => `openapi: 3.2.0
info: { title: Lines, version: '1' }
paths: { /a: { get: { responses: { 200: { description: Lines, content: { application/jsonl: { schema: { type: array }, itemSchema: ${schema} } } } } } } }`
  const [found] = between(contract('{ type: string }'), contract('{ type: integer }'))
  expect(found).toMatchObject({
    rule: 'response-body-type-changed',
    place: 'response 200 application/jsonl item',
  })
})

test('a schema that says nothing is none', () => {
  const contract = (schema: string) =>
    contractIn(
      `paths: { /a: { post: { ${done}, requestBody: { content: { a/b: { schema: ${schema} } } } } } }`,
    )
  const nothing = contract('true')
  nothing.operations[0]!.body!.content[0]!.schema = {}
  const rules = differencesOf(nothing, contract('{ type: string }')).map(({ rule }) => rule)
  expect(rules).toContain('request-body-media-type-schema-added')
})

test('webhooks are deprecated and annotated as operations are, and so is the whole', () => {
  const contract = (inner: string, outer: string) =>
    `paths: {}\n${outer}\nwebhooks: { made: { post: { ${done}${inner} } } }`
  expect(told(contract('', ''), contract(', deprecated: true, x-owner: us', 'x-owner: us'))).toEqual([
    'api-annotation-added: contract',
    'api-annotation-added: POST made webhook operation',
    'endpoint-deprecated: POST made webhook operation',
  ])
})

test('a limit is the same in another unit', () => {
  const limit = (value: string) => `paths: { /a: { get: { ${done}, x-rockpool-rate-limit: ${value} } } }`
  expect(told(limit('2'), limit('{ calls: 120, seconds: 60 }'))).toEqual([])
})

test('a parameter is given as much notice as its operation is stable', () => {
  const contract = (deprecated: boolean) => `
paths:
  /a:
    get:
      x-stability-level: beta
      parameters: [{ name: q, in: query, deprecated: ${deprecated}, x-sunset: '2027-01-01', schema: { type: string } }]
      responses: { 204: { description: Done } }`
  const policy = (beta: number) => ({ today: '2026-11-23', noticeDays: { stable: 90, beta } })
  const rules = (beta: number) =>
    differencesOf(contractIn(contract(false)), contractIn(contract(true)), policy(beta)).map(
      ({ rule }) => rule,
    )
  expect(rules(30)).toEqual(['request-parameter-deprecated'])
  expect(rules(60)).toContain('request-parameter-sunset-date-too-small')
})

test('how a field of a form is written counts where the form has it on both sides', () => {
  const form = (fields: string, encoding: string) =>
    `paths: { /things: { post: { ${done}, requestBody: { content: { application/x-www-form-urlencoded: { schema: { type: object, properties: { ${fields} } }, encoding: { ${encoding} } } } } } } }`
  const encodings = (before: string, after: string) =>
    told(before, after).filter((one) => one.includes('encoding'))
  const list = 'a: { type: array }'
  expect(encodings(form(list, ''), form(list, 'a: { style: form, explode: true }'))).toEqual([])
  expect(encodings(form('', ''), form(list, 'a: { style: pipeDelimited }'))).toEqual([])
  expect(encodings(form(list, 'a: {}'), form(list, 'a: { explode: false }'))).toHaveLength(1)
})

test('a difference knows the lines of both sides', () => {
  const contract = (tags: string) =>
    `paths:\n  /a:\n    get:\n${tags}      responses: { 204: { description: Done } }`
  const [tag] = between(
    contract('      tags: [a]\n'),
    contract('\n      deprecated: false\n      tags: [b]\n'),
  )
  expect(tag!.before).toEqual({ file: 'things.yaml', line: 6, pointer: '/paths/~1a/get/tags' })
  expect(tag!.after).toMatchObject({ line: 8 })
})

test('a long value is told in brief, and is still told from others', () => {
  const contract = (end: string) =>
    `paths: { /a: { get: { ${done}, x-note: ${'long '.repeat(10_000)}${end} } } }`
  const [one] = between(contract('a'), contract('b'))
  const [other] = between(contract('a'), contract('c'))
  expect(JSON.stringify(one!.details).length).toBeLessThan(1_000)
  expect(one!.fingerprint).not.toBe(other!.fingerprint)
})

test('the version is told of only where something breaks', () => {
  expect(
    differencesOf(contractIn('paths: {}'), contractIn(`paths: { /a: { get: { ${done} } } }`)),
  ).toHaveLength(1)
})
