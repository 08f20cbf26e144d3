import { describe, expect, test } from 'vitest'
import {
  credential,
  fault,
  organization,
  sandbox,
  service,
  testGateway,
  until,
  upstream,
  type TestGateway,
} from '../../../test/support/gateway.ts'
import { bearer, live, routes, send } from '../../../test/support/gateway-client.ts'
import { engines, type EngineName } from '../engines/index.ts'
import { allowsOrigin } from './policy.ts'
import type { CorsPolicy } from './policy.ts'

// By sections of the Fetch standard's CORS protocol. In a real browser: cors-browser.test.ts.

const app = 'https://app.example.com'
const policy: CorsPolicy = {
  origins: [app],
  credentials: false,
  headers: ['X-Own'],
  expose: ['X-Total'],
  maxAgeS: 600,
}
const session = credential('session', { allows: { organization: 'harbor' }, environment: 'production' })

describe('an origin', () => {
  const allows = (allowed: string, origin: string) => allowsOrigin({ ...policy, origins: [allowed] }, origin)

  test('is compared as a whole', () => {
    expect(allows(app, app)).toBe(true)
    for (const other of [
      'http://app.example.com',
      'https://app.example.com:8443',
      'https://app.example.com.evil.test',
      'https://example.com',
      'https://APP.example.com',
      'null',
      '',
      '*',
    ])
      expect(allows(app, other), other).toBe(false)
  })

  test('* stands for one label', () => {
    const any = 'https://*.example.com'
    expect(allows(any, 'https://a-1.example.com')).toBe(true)
    for (const other of [
      'https://example.com',
      'https://.example.com',
      'https://a.b.example.com',
      'https://a/.example.com',
      'http://a.example.com',
      'https://aexample.com',
      'https://a.example.com:1',
      'https://evil.test/.example.com',
      'null',
    ])
      expect(allows(any, other), other).toBe(false)
    expect(allows('http://*.localhost:8080', 'http://app.localhost:8080')).toBe(true)
  })
})

describe.each(Object.keys(engines) as EngineName[])('engine %s: CORS', (engine) => {
  async function gatewayOf(cors: CorsPolicy | undefined): Promise<TestGateway & { calls: () => number }> {
    let calls = 0
    const { url } = await upstream((_, response) => {
      calls += 1
      response.setHeader('Access-Control-Allow-Origin', '*')
      response.setHeader('Access-Control-Allow-Credentials', 'true')
      response.setHeader('Vary', 'Accept')
      response.end('{}')
    })
    const gateway = await testGateway(engine, {
      organizations: [organization('harbor')],
      credentials: [live, session],
      services: [service('catalog', { url, routes, cors })],
    })
    return { ...gateway, calls: () => calls }
  }
  const corsOf = ({ headers }: Awaited<ReturnType<typeof send>>) =>
    Object.fromEntries(Object.entries(headers).filter(([name]) => name.startsWith('access-control-')))
  const ask = (gateway: TestGateway, origin: string, method = 'PUT', more: string[] = []) =>
    send(gateway, {
      method: 'OPTIONS',
      headers: ['Origin', origin, 'Access-Control-Request-Method', method, ...more],
    })

  test('without a policy nothing is said, and what the service says goes on', async () => {
    const gateway = await gatewayOf(undefined)
    const received = await send(gateway, { headers: [...bearer(live), 'Origin', app] })
    expect(corsOf(received)).toEqual({
      'access-control-allow-origin': '*',
      'access-control-allow-credentials': 'true',
    })
    expect((await send(gateway, { headers: ['Origin', app] })).headers).not.toHaveProperty('vary')
    // Its own OPTIONS is an operation as any other: it needs the credential.
    expect((await ask(gateway, app)).status).toBe(401)
  })

  test('of an answer that is changed on purpose too the policy counts, and nothing that the service says', async () => {
    const { url } = await upstream((_, response) => {
      response.setHeader('Access-Control-Allow-Origin', '*').setHeader('Content-Type', 'application/json')
      response.end('{"a":1}')
    })
    const check = credential('run', { actor: 'check', run: 'run_1', allows: { organization: 'box' } })
    const gateway = await testGateway(engine, {
      organizations: [organization('harbor'), sandbox('box')],
      credentials: [check],
      services: [service('catalog', { url, routes, cors: policy })],
      faults: [fault({ kind: 'wrong_field', pointer: '/a', value: 2 })],
    })
    const sent = { path: '/box/items', headers: [...bearer(check), 'Origin', 'https://other.example'] }
    const received = await send(gateway, sent)
    expect(received.body).toBe('{"a":2}')
    expect(corsOf(received)).toEqual({})
  })

  test('3.2.2 HTTP requests: what a browser asks before a call is answered here, without a credential', async () => {
    const gateway = await gatewayOf(policy)
    const received = await ask(gateway, app, 'PUT', ['Access-Control-Request-Headers', 'authorization,x-own'])
    expect([received.status, received.body]).toEqual([204, ''])
    expect(corsOf(received)).toMatchObject({
      'access-control-allow-origin': app,
      'access-control-allow-methods': 'PUT',
      'access-control-allow-headers':
        'Authorization, Content-Type, Idempotency-Key, Rockpool-Credential, X-Own',
      'access-control-max-age': '600',
    })
    expect(received.headers.vary).toBe(
      'Access-Control-Request-Method, Access-Control-Request-Headers, Origin',
    )
    expect(gateway.calls()).toBe(0)
    await until('logged', () => gateway.records.length === 1)
    expect(gateway.records[0]).toMatchObject({ service: 'catalog', status: 204, refused: null })
  })

  test('3.2.2 HTTP requests: of a method that the path has not, the others are told', async () => {
    const gateway = await gatewayOf(policy)
    const methods = corsOf(await ask(gateway, app, 'PATCH'))['access-control-allow-methods']
    expect(methods).toBe('DELETE, GET, HEAD, POST, PUT')
    const nowhere = await send(gateway, {
      method: 'OPTIONS',
      path: '/harbor/nowhere',
      headers: ['Origin', app, 'Access-Control-Request-Method', 'GET'],
    })
    expect([nowhere.status, corsOf(nowhere)]).toEqual([404, {}])
  })

  test.each(['https://evil.test', 'null'])('3.2.3 HTTP responses: %s is told nothing', async (origin) => {
    const gateway = await gatewayOf(policy)
    const asked = await ask(gateway, origin)
    expect([asked.status, corsOf(asked)]).toEqual([204, {}])
    const received = await send(gateway, { headers: [...bearer(live), 'Origin', origin] })
    expect([received.status, corsOf(received)]).toEqual([200, {}])
    expect(received.headers.vary).toBe('Accept, Origin')
    // Whoever is no page of another origin gets the same: a cache must not mix them up.
    expect((await send(gateway, { headers: bearer(live) })).headers.vary).toBe('Accept, Origin')
  })

  test('3.2.3 HTTP responses: the policy counts, and nothing that the service says', async () => {
    const gateway = await gatewayOf(policy)
    const received = await send(gateway, { headers: [...bearer(live), 'Origin', app] })
    expect(corsOf(received)).toEqual({
      'access-control-allow-origin': app,
      'access-control-expose-headers':
        'Location, RateLimit, RateLimit-Policy, Retry-After, Rockpool-Problem, Rockpool-Request, X-Total',
    })
  })

  test('3.2.3 HTTP responses: pages may read why a call is refused', async () => {
    const gateway = await gatewayOf(policy)
    const received = await send(gateway, { headers: ['Origin', app] })
    expect([received.status, received.headers['access-control-allow-origin']]).toEqual([401, app])
    const twice = await send(gateway, { headers: [...bearer(live), 'Origin', app, 'Origin', app] })
    expect(corsOf(twice)).toEqual({})
  })

  test('3.2.5 CORS protocol and credentials: only by a policy that says so, and for one origin', async () => {
    const gateway = await gatewayOf({ ...policy, credentials: true })
    const headers = ['Cookie', `rockpool_session=${session.text}`, 'Origin', app]
    const received = await send(gateway, { headers })
    expect(received.status).toBe(200)
    expect(corsOf(received)).toMatchObject({
      'access-control-allow-origin': app,
      'access-control-allow-credentials': 'true',
    })
    // A page that may read may still change nothing by the cookie.
    const changing = await send(gateway, { method: 'PUT', headers, body: '{}' })
    expect(changing.headers['rockpool-problem']).toBe('origin_refused')
  })
})
