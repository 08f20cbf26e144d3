import { connect } from 'node:net'
import { describe, expect, test } from 'vitest'
import { until } from '../../../test/support/gateway.ts'
import { live, gatewayFor, send, sendRaw, bearer, echo, seen } from '../../../test/support/gateway-client.ts'
import { engines, type EngineName } from './index.ts'

describe.each(Object.keys(engines) as EngineName[])('engine %s: refusals', (engine) => {
  test('are problems (RFC 9457), by the order of the decision, and reach no service', async () => {
    let calls = 0
    const gateway = await gatewayFor(engine, (_, response) => {
      calls += 1
      response.end()
    })
    const missing = await send(gateway, {})
    expect([missing.status, missing.headers['content-type']]).toEqual([401, 'application/problem+json'])
    expect(missing.headers['www-authenticate']).toMatch(/^Bearer /)
    expect(JSON.parse(missing.body)).toMatchObject({
      type: 'https://rockpool.dev/problems/credential_missing',
      status: 401,
      code: 'credential_missing',
      request: missing.headers['rockpool-request'],
    })
    expect((await send(gateway, { path: '/nowhere' })).status).toBe(404)
    const method = await send(gateway, { method: 'PATCH' })
    expect([method.status, method.headers.allow]).toEqual([405, 'DELETE, GET, HEAD, OPTIONS, POST, PUT'])
    expect((await send(gateway, { path: '/harbor/%2e%2e/items', headers: bearer(live) })).status).toBe(400)
    expect((await send(gateway, { path: '/box/items', headers: bearer(live) })).status).toBe(403)
    expect(calls).toBe(0)
    await until('logged', () => gateway.records.length === 5)
    expect(gateway.records.map(({ refused }) => refused)).toEqual([
      'credential_missing',
      'route_unknown',
      'method_not_allowed',
      'path_refused',
      'organization_not_allowed',
    ])
  })

  test('tell nothing as HTML, whatever is put into the request', async () => {
    const gateway = await gatewayFor(engine, echo)
    const script = '%3Cscript%3Ealert(1)%3C/script%3E'
    const answers = [
      await send(gateway, { path: `/harbor/${script}` }),
      await send(gateway, { path: `/${script.replaceAll('/', '')}/items`, headers: bearer(live) }),
      await send(gateway, { headers: ['Authorization', 'Bearer <script>'] }),
    ]
    for (const { headers, body } of answers) {
      expect(headers['content-type']).toBe('application/problem+json')
      expect(headers['x-content-type-options']).toBe('nosniff')
      expect(body).not.toMatch(/<script|%3Cscript/i)
    }
    expect(await sendRaw(gateway, '<script>alert(1)</script>\r\n\r\n')).toMatch(
      /^HTTP\/1\.1 400 [\s\S]*application\/problem\+json[\s\S]*"malformed_request"/,
    )
  })

  test('a client that sends all of a large body before it reads still learns why', async () => {
    const gateway = await gatewayFor(engine, echo)
    const size = 20_000_000
    const answer = await new Promise<string>((resolve, reject) => {
      let text = ''
      const socket = connect(gateway.port, '127.0.0.1')
      socket.pause().setEncoding('latin1')
      socket.write(`POST /harbor/items HTTP/1.1\r\nHost: a\r\nContent-Length: ${size}\r\n\r\n`)
      socket.write(Buffer.alloc(size), () => {
        socket.on('data', (chunk: string) => {
          text += chunk
          if (text.endsWith('}')) resolve(text)
        })
        socket.resume()
      })
      socket.once('error', reject)
    })
    expect(answer).toMatch(/^HTTP\/1\.1 401 /)
  })

  test.each<[string, string, RegExp]>([
    [
      'a head of more than 16 KB (RFC 6585 5)',
      `GET / HTTP/1.1\r\nHost: a\r\nX: ${'x'.repeat(17_000)}\r\n\r\n`,
      /^HTTP\/1\.1 431 [\s\S]*headers_too_large/,
    ],
    [
      'both lengths (RFC 9112 6.3)',
      'POST /harbor/items HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
      /^HTTP\/1\.1 400 /,
    ],
    [
      'two lengths (RFC 9112 6.3)',
      'POST /harbor/items HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabcd',
      /^HTTP\/1\.1 400 /,
    ],
    ['no Host (RFC 9110 7.2, RFC 9112 3.2)', 'GET /harbor/items HTTP/1.1\r\n\r\n', /^HTTP\/1\.1 400 /],
    [
      'two Hosts (RFC 9110 7.2, RFC 9112 3.2)',
      'GET /harbor/items HTTP/1.1\r\nHost: a\r\nHost: b\r\nConnection: close\r\n\r\n',
      /^HTTP\/1\.1 400 /,
    ],
    [
      'an absolute target (RFC 9112 3.2.2)',
      'GET http://b/harbor/items HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n',
      /^HTTP\/1\.1 400 [\s\S]*path_refused/,
    ],
    [
      'a space in a header’s name (RFC 9112 5.1)',
      'GET / HTTP/1.1\r\nHost: a\r\nX : b\r\n\r\n',
      /^HTTP\/1\.1 400 /,
    ],
    [
      'CONNECT (RFC 9110 9.3.6)',
      'CONNECT a:443 HTTP/1.1\r\nHost: a:443\r\n\r\n',
      /^HTTP\/1\.1 501 [\s\S]*upgrade_refused/,
    ],
    [
      'a WebSocket without a key (RFC 6455 4.2.1)',
      'GET /harbor/items HTTP/1.1\r\nHost: a\r\nConnection: Upgrade, close\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n\r\n',
      /^HTTP\/1\.1 400 [\s\S]*malformed_request/,
    ],
    [
      'a WebSocket of another version (RFC 6455 4.2.2)',
      'GET /harbor/items HTTP/1.1\r\nHost: a\r\nConnection: Upgrade, close\r\nUpgrade: websocket\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 8\r\n\r\n',
      /^HTTP\/1\.1 426 [\s\S]*Sec-WebSocket-Version: 13[\s\S]*upgrade_version/,
    ],
  ])('%s', async (_, text, expected) => {
    const gateway = await gatewayFor(engine, echo)
    expect(await sendRaw(gateway, text)).toMatch(expected)
  })

  test('an upgrade that may be ignored is ignored (RFC 9110 7.8)', async () => {
    const gateway = await gatewayFor(engine, echo)
    const received = await send(gateway, {
      headers: [
        ...bearer(live),
        'Connection',
        'Upgrade, HTTP2-Settings',
        'Upgrade',
        'h2c',
        'HTTP2-Settings',
        'x',
      ],
    })
    expect(received.status).toBe(200)
    expect(seen(received).headers.has('upgrade')).toBe(false)
  })
})
