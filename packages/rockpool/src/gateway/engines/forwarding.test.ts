import { randomBytes } from 'node:crypto'
import { readIdentity } from '@rockpool/sdk/wire'
import { describe, expect, test } from 'vitest'
import { live, gatewayFor, send, sendRaw, bearer, echo, seen } from '../../../test/support/gateway-client.ts'
import { engines, type EngineName } from './index.ts'

describe.each(Object.keys(engines) as EngineName[])('engine %s: what is sent on', (engine) => {
  test('method, path, query and body are as they came; the credential is not', async () => {
    const gateway = await gatewayFor(engine, echo)
    const received = await send(gateway, {
      method: 'POST',
      path: '/harbor/items?a=%20b&c=..',
      headers: [...bearer(live), 'X-Mine', '1', 'X-Mine', '2', 'Content-Type', 'text/plain'],
      body: 'hello',
    })
    const { headers, ...rest } = seen(received)
    expect(rest).toEqual({ method: 'POST', url: '/harbor/items?a=%20b&c=..', body: 'hello' })
    expect(headers.get('authorization')).toBeUndefined()
    expect(received.body).not.toContain(live.text)
    expect(headers.get('x-mine')).toEqual(['1', '2'])
    expect(headers.get('content-length')).toEqual(['5'])
    expect(headers.get('x-forwarded-host')).toEqual(['api.example'])
    expect(headers.get('x-forwarded-for')).toEqual(['127.0.0.1'])
  })

  test('a key by Basic works, and does not arrive', async () => {
    const gateway = await gatewayFor(engine, echo)
    const basic = `Basic ${Buffer.from(`${live.text}:`).toString('base64')}`
    const received = await send(gateway, { headers: ['Authorization', basic] })
    expect(received.status).toBe(200)
    expect(received.body).not.toContain(basic)
  })

  test('a token of the service’s own arrives on an anonymous route', async () => {
    const gateway = await gatewayFor(engine, echo)
    const received = await send(gateway, { path: '/harbor/open', headers: ['Authorization', 'Bearer own'] })
    expect(seen(received).headers.get('authorization')).toEqual(['Bearer own'])
    const identity = seen(received).headers.get('rockpool-identity')![0]!
    expect(
      readIdentity(identity, {
        audience: 'catalog',
        trust: ['gateway'],
        key: () => gateway.signer.publicKey,
        now: Date.now(),
      }),
    ).toMatchObject({
      claims: { actor: 'anonymous', organization: 'harbor' },
    })
  })

  test('request id and trace go to both sides', async () => {
    const gateway = await gatewayFor(engine, echo)
    const traceId = randomBytes(16).toString('hex')
    const headers = [...bearer(live), 'traceparent', `00-${traceId}-b7ad6b7169203331-01`, 'tracestate', 'a=1']
    const received = await send(gateway, { headers })
    const inside = seen(received).headers
    expect(received.headers['rockpool-request']).toMatch(/^req_[0-9a-f-]{36}$/)
    expect(inside.get('rockpool-request')).toEqual([received.headers['rockpool-request']])
    expect(inside.get('traceparent')).toHaveLength(1)
    expect(inside.get('traceparent')![0]).toMatch(
      new RegExp(`^00-${traceId}-(?!b7ad6b7169203331)[0-9a-f]{16}-01$`),
    )
    expect(inside.get('tracestate')).toEqual(['a=1'])
    const malformed = await send(gateway, {
      headers: [...bearer(live), 'traceparent', 'x', 'tracestate', 'a=1'],
    })
    expect(seen(malformed).headers.get('tracestate')).toBeUndefined()
  })

  test('hop-by-hop headers stay on their connection (RFC 9110 7.6.1)', async () => {
    const gateway = await gatewayFor(engine, (request, response) => {
      response.writeHead(200, {
        connection: 'x-hop',
        'x-hop': '1',
        'keep-alive': 'timeout=1',
        'x-raw': JSON.stringify(request.rawHeaders),
      })
      response.end()
    })
    const received = await send(gateway, {
      headers: [...bearer(live), 'Connection', 'X-Once', 'X-Once', '1', 'TE', 'trailers', 'Keep-Alive', 'x'],
    })
    expect(received.headers['x-hop']).toBeUndefined()
    expect(received.headers['keep-alive']).not.toBe('timeout=1')
    expect(String(received.headers['x-raw'])).not.toMatch(/x-once|"te"|"keep-alive","x"/i)
  })

  test.each([201, 204, 304, 404, 500])('status %i comes through', async (status) => {
    const gateway = await gatewayFor(engine, (_, response) => {
      response.writeHead(status, ['Set-Cookie', 'a=1', 'Set-Cookie', 'b=2', 'ETag', '"x"'])
      response.end(status === 204 || status === 304 ? undefined : 'body')
    })
    const received = await send(gateway, { headers: bearer(live) })
    expect(received.status).toBe(status)
    expect(received.headers['set-cookie']).toEqual(['a=1', 'b=2'])
    expect(received.body).toBe(status === 204 || status === 304 ? '' : 'body')
  })

  test('HEAD goes to the service as HEAD, and its length comes back (RFC 9110 9.3.2)', async () => {
    let method: string | undefined
    const gateway = await gatewayFor(engine, (request, response) => {
      method = request.method
      response.writeHead(200, { 'content-length': '12345' })
      response.end()
    })
    const received = await send(gateway, { method: 'HEAD', headers: bearer(live) })
    expect([method, received.status, received.headers['content-length'], received.body]).toEqual([
      'HEAD',
      200,
      '12345',
      '',
    ])
  })

  test('OPTIONS goes to a service that has it (RFC 9110 9.3.7)', async () => {
    const gateway = await gatewayFor(engine, echo)
    const received = await send(gateway, { method: 'OPTIONS', headers: bearer(live) })
    expect(seen(received).method).toBe('OPTIONS')
  })

  test('a client that expects 100 gets it when its body is wanted, and the answer alone when it is not (RFC 9110 10.1.1)', async () => {
    const gateway = await gatewayFor(engine, echo)
    const head = (key: string) =>
      `POST /harbor/items HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer ${key}\r\nContent-Length: 2\r\nExpect: 100-continue\r\nConnection: close\r\n\r\n`
    expect(await sendRaw(gateway, `${head(live.text)}hi`)).toMatch(
      /^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 200 /,
    )
    expect(await sendRaw(gateway, `${head('rp_live_x')}hi`)).toMatch(/^HTTP\/1\.1 401 /)
  })
})
