import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { send, startApi, type TestApi } from '../../test/support/api.ts'
import { handle, operation } from '../kernel/index.ts'
import { createApi } from './index.ts'

const answers = { 200: z.object({ seen: z.unknown() }) }
const echo = operation({
  id: 'test.echo',
  method: 'POST',
  path: '/echo/{name}',
  summary: 'Echo',
  scope: 'read',
  params: z.strictObject({ name: z.string().max(5) }),
  query: z.strictObject({ limit: z.coerce.number().int().default(3) }),
  body: z.strictObject({ n: z.number(), list: z.array(z.strictObject({ s: z.string() })).default([]) }),
  answers,
})
const leaky = operation({
  id: 'test.leaky',
  method: 'GET',
  path: '/leaky',
  summary: 'Leak',
  scope: 'read',
  answers,
})
const broken = operation({
  id: 'test.broken',
  method: 'GET',
  path: '/broken',
  summary: 'Break',
  scope: 'read',
  answers,
})
const open = operation({
  id: 'test.open',
  method: 'GET',
  path: '/open',
  summary: 'For all',
  scope: 'public',
  answers,
})
const parents = operation({
  id: 'test.parents',
  method: 'GET',
  path: '/parents',
  summary: 'For parents',
  scope: 'write',
  answers,
  parentKey: true,
  organizationBound: true,
})

let t: TestApi
let reader: string
beforeAll(async () => {
  t = await startApi({
    hosts: ['control.example.org'],
    operations: [
      handle(echo, async ({ params, query, body }) => ({ seen: { params, query, body } })),
      handle(leaky, async () => ({ seen: 1, secret: 'hunter2' })),
      handle(broken, async () => {
        throw new Error('password=hunter2')
      }),
      handle(open, async ({ caller }) => ({ seen: caller ?? 'nobody' })),
      handle(parents, async ({ caller }) => ({ seen: caller })),
    ],
    internal: [
      {
        prefix: '/internal/test',
        roles: ['gateway'],
        mount: (routes) => {
          routes.get('/hello', (c) => c.text('hello gateway'))
          routes.post('/size', async (c) => c.text(String((await c.req.text()).length)))
          routes.get('/broken', () => {
            throw new Error('password=hunter2')
          })
        },
      },
    ],
    roleTokens: { gateway: 'gateway-token', relay: 'relay-token', nobody: '' },
    open: (routes) => routes.get('/', (c) => c.text('status page')),
  })
  reader = await t.control(['read'])
})
afterAll(() => t.close())

const call = (method: string, path: string, options: Parameters<typeof send>[3] = {}) =>
  send(t.server, method, path, { credential: reader, ...options })

describe('who may call', () => {
  test.each([
    ['no credential', {}, 401, 'credential_missing'],
    ['another scheme', { authorization: 'Basic cnA6' }, 401, 'credential_missing'],
    ['an empty token', { authorization: 'Bearer ' }, 401, 'credential_missing'],
    ['a text that is no credential', { authorization: `Bearer ' or 1=1 --` }, 401, 'credential_missing'],
    [
      'a credential that never was',
      { authorization: 'Bearer rp_control_nonsense' },
      401,
      'credential_unknown',
    ],
    ['a token of 4 KB', { authorization: `Bearer ${'x'.repeat(4096)}` }, 401, 'credential_missing'],
  ])('%s is refused', async (_, headers, status, code) => {
    const answer = await send(t.server, 'GET', '/leaky', { headers })
    expect(answer).toMatchObject({ status, body: { code, status } })
    expect(answer.headers['www-authenticate']).toBe('Bearer realm="rockpool control"')
    expect(answer.headers['content-type']).toBe('application/problem+json')
  })

  test('a revoked credential counts no more with the very next request; an ended one neither', async () => {
    const made = await t.organizations.createCredential(null, {
      kind: 'control',
      allows: { none: true },
      actor: 'member',
      scopes: ['read'],
    })
    expect((await call('GET', '/leaky', { credential: made.text })).status).toBe(200)
    await t.organizations.revokeCredential(made.credential.id)
    expect(await call('GET', '/leaky', { credential: made.text })).toMatchObject({
      status: 401,
      body: { code: 'credential_ended', detail: 'this credential is revoked' },
    })
    const ended = await t.organizations.createCredential(null, {
      kind: 'control',
      allows: { none: true },
      actor: 'member',
      scopes: ['read'],
      endsAt: new Date(0),
    })
    expect((await call('GET', '/leaky', { credential: ended.text })).body.code).toBe('credential_ended')
  })

  test('each scope is held by itself: who may only read writes nothing, and an admin without read reads nothing', async () => {
    const body = { slug: 'nope', name: 'Nope', environment: 'production' }
    expect(await call('POST', '/organizations', { body })).toMatchObject({
      status: 403,
      body: { code: 'scope_missing' },
    })
    const admin = await t.control(['admin'])
    expect((await call('GET', '/leaky', { credential: admin })).body.code).toBe('scope_missing')
  })

  test('credentials of the data plane are refused, above all a live key', async () => {
    const { text } = await t.organizations.createCredential(null, {
      kind: 'live',
      allows: { organization: 'harbor' },
      environment: 'production',
      actor: 'customer',
    })
    expect(await call('GET', '/leaky', { credential: text })).toMatchObject({
      status: 403,
      body: {
        code: 'scope_missing',
        detail: 'a live credential is for the gateway; the control API takes control credentials',
      },
    })
  })

  test('a parent’s sandbox key calls what is open to it, bound to its parent, and nothing else', async () => {
    const key = { kind: 'sandbox', environment: 'sandbox', actor: 'customer' } as const
    const parent = await t.organizations.createCredential(null, { ...key, allows: { sandboxesOf: 'harbor' } })
    expect((await call('GET', '/parents', { credential: parent.text })).body['seen']).toMatchObject({
      kind: 'parent-key',
      organization: 'harbor',
      credential: parent.credential.id,
    })
    expect((await call('GET', '/leaky', { credential: parent.text })).body.code).toBe('scope_missing')
    const single = await t.organizations.createCredential(null, {
      ...key,
      allows: { organization: 'harbor-box' },
    })
    expect((await call('GET', '/parents', { credential: single.text })).body.code).toBe('scope_missing')
  })

  test('a credential bound to one organization is refused where the whole installation is meant', async () => {
    const owner = await t.memberOf('harbor', 'owner')
    expect((await call('GET', '/leaky', { credential: owner })).body.code).toBe('organization_not_allowed')
    expect((await call('GET', '/parents', { credential: owner })).status).toBe(200)
  })

  test('a public operation asks nobody, whatever is shown', async () => {
    expect((await send(t.server, 'GET', '/open', { credential: 'nonsense' })).body['seen']).toBe('nobody')
  })

  test('when a credential was last used is kept', async () => {
    const { text, credential } = await t.organizations.createCredential(null, {
      kind: 'control',
      allows: { none: true },
      actor: 'member',
      scopes: ['read'],
    })
    await call('GET', '/leaky', { credential: text })
    await expect
      .poll(async () => (await t.organizations.getCredential(credential.id)).lastUsedAt)
      .not.toBeNull()
  })
})

describe('the host name', () => {
  test.each(['127.0.0.1', 'localhost:9999', '[::1]:80', 'control.example.org', 'Control.Example.org.:8471'])(
    '%s is served',
    async (host) => expect((await call('GET', '/leaky', { headers: { host } })).status).toBe(200),
  )
  test.each([
    'evil.example.org',
    'localhost.evil.org',
    '127.0.0.1.nip.io',
    'evil.org:8471',
    '0.0.0.0',
    '[::2]',
  ])('%s is refused before anything else, so that a rebound name reaches nothing', async (host) => {
    for (const path of ['/leaky', '/openapi.json', '/.well-known/jwks.json', '/internal/test/hello', '/']) {
      expect(await call('GET', path, { headers: { host } })).toMatchObject({
        status: 403,
        body: { code: 'host_refused' },
      })
    }
  })
})

describe('what goes in', () => {
  test('is validated and given to the handler with its defaults', async () => {
    const answer = await call('POST', '/echo/abc?limit=7', { body: { n: 1, list: [{ s: 'x' }] } })
    expect(answer.body['seen']).toEqual({
      params: { name: 'abc' },
      query: { limit: 7 },
      body: { n: 1, list: [{ s: 'x' }] },
    })
  })

  test('is refused with the findings of path, query and body at once', async () => {
    const body = { n: 'one', list: [{ s: 1 }, { s: 'fine', t: 2 }], extra: true }
    const answer = await call('POST', '/echo/too-long?limit=x&limit=y&other=1', { body })
    expect(answer).toMatchObject({ status: 422, body: { code: 'invalid_input' } })
    expect(answer.body.findings?.map(({ path }) => path)).toEqual([
      'query.limit',
      'params.name',
      'query.limit',
      'query',
      'body.n',
      'body.list[0].s',
      'body.list[1]',
      'body',
    ])
  })

  test('says what is missing, and what was expected, in the words of the rest', async () => {
    const { body } = await call('POST', '/echo/abc', { body: { list: [{ s: 1 }] } })
    expect(body.findings).toEqual([
      { path: 'body.n', message: 'is missing' },
      { path: 'body.list[0].s', message: 'expected string, received number' },
    ])
  })

  test('a body of more than 1 MB is refused, announced or not', async () => {
    const raw = JSON.stringify({ n: 1, pad: 'x'.repeat(1024 * 1024) })
    expect(await call('POST', '/echo/abc', { raw })).toMatchObject({
      status: 413,
      body: { code: 'body_too_large' },
    })
    const chunked = { 'transfer-encoding': 'chunked' }
    expect((await call('POST', '/echo/abc', { raw, headers: chunked })).status).toBe(413)
    expect((await call('GET', '/leaky')).status).toBe(200)
  })

  test.each([
    ['nested 500,000 deep', '['.repeat(500_000), 400, 'malformed_request'],
    ['nested 33 deep', '{"n":'.repeat(33) + '1' + '}'.repeat(33), 400, 'malformed_request'],
    ['cut off', '{"n": 1', 400, 'malformed_request'],
    ['not UTF-8', Buffer.from([0x22, 0xff, 0xfe, 0x22]), 400, 'malformed_request'],
    ['not an object', '"; drop table organization; --"', 422, 'invalid_input'],
    ['with __proto__', '{"n": 1, "__proto__": {"admin": true}}', 422, 'invalid_input'],
    ['empty', '', 422, 'invalid_input'],
  ])('a body %s is refused', async (_, raw, status, code) => {
    expect(await call('POST', '/echo/abc', { raw })).toMatchObject({ status, body: { code } })
  })

  test('brackets inside strings are no nesting', async () => {
    const raw = JSON.stringify({ n: 1, list: [{ s: `\\"${'['.repeat(100)}` }] })
    expect((await call('POST', '/echo/abc', { raw })).status).toBe(200)
  })

  test.each(['text/plain', 'application/x-www-form-urlencoded', 'application/json; charset=utf-16', ''])(
    'the content type “%s” is refused, so that no form of another site can send it',
    async (type) => {
      const answer = await call('POST', '/echo/abc', { raw: '{"n":1}', headers: { 'content-type': type } })
      expect(answer).toMatchObject({ status: 415, body: { code: 'unsupported_media_type' } })
    },
  )

  test('a compressed body is refused', async () => {
    const headers = { 'content-encoding': 'gzip' }
    expect((await call('POST', '/echo/abc', { raw: '{"n":1}', headers })).status).toBe(415)
  })

  test('a body or a query where none is taken is refused', async () => {
    expect((await call('GET', '/leaky?debug=1')).body.findings).toEqual([
      { path: 'query.debug', message: 'is not known here' },
    ])
    const admin = { credential: await t.control(['admin']), raw: '{}' }
    expect((await call('DELETE', '/organizations/harbor/members/mem_x', admin)).body.code).toBe(
      'malformed_request',
    )
  })
})

describe('what goes out', () => {
  test('is what the operation declares and nothing more', async () => {
    expect((await call('GET', '/leaky')).body).toEqual({ seen: 1 })
  })

  test('tells nothing of the inside when a handler breaks', async () => {
    const answer = await call('GET', '/broken')
    expect(answer).toMatchObject({ status: 500, body: { code: 'internal' } })
    expect(JSON.stringify(answer)).not.toContain('hunter2')
  })

  test('carries the request’s id, and is never cached or sniffed', async () => {
    for (const path of ['/leaky', '/broken', '/nowhere']) {
      const { headers, body } = await call('GET', path)
      expect(headers).toMatchObject({
        'cache-control': 'no-store',
        'x-content-type-options': 'nosniff',
        'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
      })
      expect(headers['rockpool-request']).toMatch(/^req_[0-9a-f-]{36}$/)
      if (path !== '/leaky') expect(body['request']).toBe(headers['rockpool-request'])
    }
  })

  test('an unknown path is 404, a known one with another method 405 with what it allows', async () => {
    expect(await call('GET', '/nowhere')).toMatchObject({ status: 404, body: { code: 'route_unknown' } })
    expect(await call('GET', '/organizations/')).toMatchObject({ status: 404 })
    const answer = await call('PUT', '/organizations/harbor')
    expect(answer).toMatchObject({
      status: 405,
      body: { code: 'method_not_allowed' },
      headers: { allow: 'GET, HEAD' },
    })
    expect((await call('POST', '/openapi.json')).headers['allow']).toBe('GET, HEAD')
  })
})

describe('internal routes', () => {
  const internal = (token?: string, path = '/internal/test/hello') =>
    send(t.server, 'GET', path, token === undefined ? {} : { credential: token })

  test('answer the role they are for', async () => {
    expect((await internal('gateway-token')).body['text']).toBe('hello gateway')
  })
  test('refuse every other: no token, a wrong one, another role’s, an empty one, a control credential', async () => {
    const admin = await t.control(['read', 'write', 'admin'])
    expect((await internal()).body.code).toBe('credential_missing')
    expect((await internal('gateway-tokem')).body.code).toBe('credential_unknown')
    expect((await internal('relay-token')).body.code).toBe('scope_missing')
    expect((await internal('')).status).toBe(401)
    expect((await internal(admin)).body.code).toBe('credential_unknown')
    expect((await internal(undefined, '/internal/test/nothing')).status).toBe(401)
  })
  test('take larger bodies than operations do, and no endless ones', async () => {
    const post = (size: number) =>
      send(t.server, 'POST', '/internal/test/size', { credential: 'gateway-token', raw: 'x'.repeat(size) })
    expect((await post(2 * 1024 * 1024)).body['text']).toBe('2097152')
    expect(await post(8 * 1024 * 1024 + 1)).toMatchObject({ status: 413, body: { code: 'body_too_large' } })
  })
  test('break without telling of the inside, and are in no document', async () => {
    const answer = await internal('gateway-token', '/internal/test/broken')
    expect(answer).toMatchObject({ status: 500, body: { code: 'internal' } })
    expect(JSON.stringify(answer)).not.toContain('hunter2')
    expect(JSON.stringify((await call('GET', '/openapi.json')).body)).not.toContain('/internal')
  })
})

test('open routes need no credential', async () => {
  expect((await send(t.server, 'GET', '/')).body['text']).toBe('status page')
})

test('two operations with one id, or with one method and path, cannot be mounted', () => {
  const handled = handle(open, async () => ({ seen: 1 }))
  const same = handle({ ...open, id: 'test.other' }, async () => ({ seen: 1 }))
  const options = { organizations: t.organizations, version: '0', clock: undefined!, log: undefined! }
  expect(() => createApi({ ...options, operations: [handled, handled] })).toThrow(
    'two operations are test.open',
  )
  expect(() => createApi({ ...options, operations: [handled, same] })).toThrow('two operations are GET /open')
})
