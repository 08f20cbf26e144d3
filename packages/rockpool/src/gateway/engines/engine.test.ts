import { createHash, randomBytes } from 'node:crypto'
import { request as httpRequest, type IncomingMessage, type RequestListener } from 'node:http'
import { connect } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { readIdentity } from '@rockpool/sdk/wire'
import { describe, expect, test } from 'vitest'
import {
  credential,
  organization,
  readAll,
  sandbox,
  service,
  testGateway,
  until,
  upstream,
  type TestGateway,
} from '../../../test/support/gateway.ts'
import { engines, type EngineName } from './index.ts'

const live = credential('live')
const parentKey = credential('sandbox', { allows: { sandboxesOf: 'harbor' } })
const orders = credential('service', { service: 'orders' })
const keys = { live, parentKey, orders }

const routes = ['GET', 'POST', 'PUT', 'DELETE', 'OPTIONS'].flatMap((method) => [
  { method, path: '/{organization}/items', operationId: `${method}Items`, anonymous: false },
  { method, path: '/{organization}/open', operationId: `${method}Open`, anonymous: true },
])

/** A gateway with one service, which answers as the listener does. */
async function gatewayFor(engine: EngineName, listener: RequestListener, deadlineMs = 10_000) {
  const { url } = await upstream(listener)
  return testGateway(engine, {
    organizations: [organization('harbor'), sandbox('box')],
    credentials: Object.values(keys),
    services: [service('catalog', { url, routes, deadlineMs })],
  })
}

interface Received {
  status: number
  headers: IncomingMessage['headers']
  raw: string[]
  body: string
  trailers: string[]
}

/** One request by node:http; nothing about it is made up or mended. */
function send(
  gateway: TestGateway,
  options: { method?: string; path?: string; headers?: string[]; body?: string | Buffer },
): Promise<Received> {
  const { method = 'GET', path = '/harbor/items', headers = [], body } = options
  const framing = body === undefined ? [] : ['Content-Length', String(Buffer.byteLength(body))]
  const all = ['Host', 'api.example', ...headers, ...framing]
  return new Promise((resolve, reject) => {
    const request = httpRequest({
      host: '127.0.0.1',
      port: gateway.port,
      method,
      path,
      headers: all,
      agent: false,
    })
    request.once('error', reject)
    request.once('response', (response) => {
      readAll(response).then(
        (bytes) =>
          resolve({
            status: response.statusCode!,
            headers: response.headers,
            raw: response.rawHeaders,
            body: bytes.toString(),
            trailers: response.rawTrailers,
          }),
        reject,
      )
    })
    request.end(body)
  })
}

/** Bytes as they are; gives all that comes back until the connection ends. */
function sendRaw(gateway: TestGateway, text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let received = ''
    const socket = connect(gateway.port, '127.0.0.1', () => socket.write(text))
    socket.setEncoding('latin1').on('data', (chunk: string) => (received += chunk))
    socket.once('close', () => resolve(received))
    socket.once('error', reject)
  })
}

const bearer = (key: { text: string }) => ['Authorization', `Bearer ${key.text}`]
const echo: RequestListener = (request, response) => {
  void readAll(request).then((body) => {
    response.setHeader('content-type', 'application/json')
    response.end(
      JSON.stringify({
        method: request.method,
        url: request.url,
        raw: request.rawHeaders,
        body: body.toString(),
      }),
    )
  })
}
/** What the echo service saw. */
function seen(received: Received): {
  url: string
  method: string
  body: string
  headers: Map<string, string[]>
} {
  const { raw, ...rest } = JSON.parse(received.body) as {
    raw: string[]
    url: string
    method: string
    body: string
  }
  const headers = new Map<string, string[]>()
  for (let index = 0; index < raw.length; index += 2) {
    const name = raw[index]!.toLowerCase()
    headers.set(name, [...(headers.get(name) ?? []), raw[index + 1]!])
  }
  return { ...rest, headers }
}

describe.each(Object.keys(engines) as EngineName[])('engine %s', (engine) => {
  describe('identity', () => {
    const verify = (gateway: TestGateway, token: string, audience: string) =>
      readIdentity(token, {
        audience,
        trust: ['gateway'],
        key: () => gateway.signer.publicKey,
        now: Date.now(),
      })

    test.each<[string, string[]]>([
      ['Rockpool-Identity', ['Rockpool-Identity', 'forged']],
      ['rOcKpOoL-iDeNtItY', ['rOcKpOoL-iDeNtItY', 'forged']],
      ['rockpool_identity', ['rockpool_identity', 'forged']],
      ['the header twice', ['rockpool-identity', 'forged', 'Rockpool-Identity', 'forged']],
      ['another mark', ['Rockpool-Environment', 'sandbox', 'ROCKPOOL-RUN', 'forged']],
      [
        'baggage',
        [
          'baggage',
          'mine=1,rockpool.organization=forged, ROCKPOOL.actor=forged',
          'Baggage',
          'rockpool.run=forged',
        ],
      ],
      ['Connection to drop ours', ['Connection', 'rockpool-identity, baggage, traceparent']],
    ])('forged by %s gains nothing: the service sees ours alone', async (_, forged) => {
      const gateway = await gatewayFor(engine, echo)
      const received = await send(gateway, { headers: [...bearer(live), ...forged] })
      expect(received.status).toBe(200)
      expect(received.body).not.toContain('forged')
      const { headers } = seen(received)
      const tokens = [...headers]
        .filter(([name]) => name.replaceAll('_', '-') === 'rockpool-identity')
        .flatMap(([, values]) => values)
      expect(tokens).toHaveLength(1)
      expect(verify(gateway, tokens[0]!, 'catalog')).toMatchObject({
        ok: true,
        claims: { organization: 'harbor', environment: 'production', actor: 'customer', aud: 'catalog' },
      })
      expect(headers.get('baggage')?.join()).toContain(
        'rockpool.organization=harbor,rockpool.environment=production,rockpool.actor=customer',
      )
      expect(headers.get('baggage')?.join()).not.toContain('forged')
    })

    test('forged marks are counted', async () => {
      const gateway = await gatewayFor(engine, echo)
      await send(gateway, {
        headers: [...bearer(live), 'ROCKPOOL-X', 'a', 'rockpool_y', 'b', 'baggage', 'rockpool.z=1'],
      })
      await until('logged', () => gateway.records.length === 1)
      expect(gateway.records[0]!.stripped).toBe(3)
    })

    test('forged in trailers it does not arrive', async () => {
      let trailers: string[] | undefined
      const gateway = await gatewayFor(engine, (request, response) => {
        void readAll(request).then((body) => {
          trailers = request.rawTrailers
          response.end(`${body.length} ${request.headers['rockpool-identity'] === 'forged'}`)
        })
      })
      const received = await sendRaw(
        gateway,
        `POST /harbor/items HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer ${live.text}\r\nTransfer-Encoding: chunked\r\n` +
          'Trailer: Rockpool-Identity\r\nConnection: close\r\n\r\n2\r\nhi\r\n0\r\nRockpool-Identity: forged\r\n\r\n',
      )
      expect(received).toContain('2 false')
      expect(trailers).toEqual([])
    })

    test('one captured at a service is refused by another, and is no credential', async () => {
      const gateway = await gatewayFor(engine, echo)
      const { headers } = seen(await send(gateway, { headers: bearer(live) }))
      const captured = headers.get('rockpool-identity')![0]!
      expect(verify(gateway, captured, 'payments')).toMatchObject({
        ok: false,
        code: 'identity_wrong_audience',
      })
      const alone = await send(gateway, { headers: ['Rockpool-Identity', captured] })
      expect(alone.status).toBe(401)
      const withCredential = await send(gateway, {
        headers: [...bearer(orders), 'Rockpool-Identity', captured],
      })
      expect(withCredential.status).toBe(403)
      expect(withCredential.headers['rockpool-problem']).toBe('identity_refused')
    })

    test('a service’s call is minted anew for the next audience, and names the caller', async () => {
      const gateway = await gatewayFor(engine, echo)
      const identity = { organization: 'box', environment: 'sandbox', actor: 'check', run: 'run_9' } as const
      const received = gateway.signer.mint(
        { identity, audience: 'orders', caller: null, credential: null },
        Date.now(),
      )
      const answer = await send(gateway, {
        path: '/box/items',
        headers: [...bearer(orders), 'Rockpool-Identity', received],
      })
      const [token] = seen(answer).headers.get('rockpool-identity')!
      expect(token).not.toBe(received)
      expect(verify(gateway, token!, 'catalog')).toMatchObject({
        ok: true,
        claims: { ...identity, service: 'orders' },
      })
      await until('logged', () => gateway.records.length === 1)
      expect(gateway.records[0]).toMatchObject({ caller: 'orders', run: 'run_9', stripped: 0 })
    })

    test('marks of ours in an answer stay inside', async () => {
      const gateway = await gatewayFor(engine, (request, response) => {
        response.writeHead(200, [
          'Rockpool-Identity',
          request.headers['rockpool-identity'] as string,
          'ROCKPOOL_RUN',
          'x',
          'Baggage',
          'rockpool.run=x,a=1',
          'Trailer',
          'Rockpool-X',
        ])
        response.write('x')
        response.addTrailers([
          ['Rockpool-X', 'x'],
          ['X-Sum', '1'],
        ])
        response.end()
      })
      const received = await send(gateway, { headers: bearer(live) })
      const names = received.raw.filter((_, index) => index % 2 === 0).map((name) => name.toLowerCase())
      expect(names.filter((name) => /^rockpool[-_]/.test(name))).toEqual(['rockpool-request'])
      expect(received.headers['baggage']).toBe('a=1')
      expect(received.trailers).toEqual(['X-Sum', '1'])
    })
  })

  describe('what is sent on', () => {
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
      const headers = [
        ...bearer(live),
        'traceparent',
        `00-${traceId}-b7ad6b7169203331-01`,
        'tracestate',
        'a=1',
      ]
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

    test('hop-by-hop headers stay on their connection', async () => {
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
        headers: [
          ...bearer(live),
          'Connection',
          'X-Once',
          'X-Once',
          '1',
          'TE',
          'trailers',
          'Keep-Alive',
          'x',
        ],
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

    test('HEAD goes to the service as HEAD, and its length comes back', async () => {
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

    test('OPTIONS goes to a service that has it', async () => {
      const gateway = await gatewayFor(engine, echo)
      const received = await send(gateway, { method: 'OPTIONS', headers: bearer(live) })
      expect(seen(received).method).toBe('OPTIONS')
    })

    test('a client that expects 100 gets it when its body is wanted, and the answer alone when it is not', async () => {
      const gateway = await gatewayFor(engine, echo)
      const head = (key: string) =>
        `POST /harbor/items HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer ${key}\r\nContent-Length: 2\r\nExpect: 100-continue\r\nConnection: close\r\n\r\n`
      expect(await sendRaw(gateway, `${head(live.text)}hi`)).toMatch(
        /^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 200 /,
      )
      expect(await sendRaw(gateway, `${head('rp_live_x')}hi`)).toMatch(/^HTTP\/1\.1 401 /)
    })
  })

  describe('streaming', () => {
    const block = randomBytes(64 * 1024)
    const blocks = 480
    const sum = createHash('sha256')
    for (let index = 0; index < blocks; index++) sum.update(block)
    const expected = sum.digest('hex')
    const size = blocks * block.length

    /** Reads in fits and starts, so that everything between here and the sender fills up. */
    async function readSlowly(message: IncomingMessage): Promise<string> {
      const hash = createHash('sha256')
      let count = 0
      for await (const chunk of message) {
        hash.update(chunk as Buffer)
        if (++count % 40 === 0) await pause(5)
      }
      return hash.digest('hex')
    }

    test('30 MB to a slow reader arrive whole, and the sender is held back meanwhile', async () => {
      let ahead = 0
      let sent = 0
      let received = 0
      const gateway = await gatewayFor(engine, (_, response) => {
        void (async () => {
          for (let index = 0; index < blocks; index++) {
            sent += block.length
            ahead = Math.max(ahead, sent - received)
            if (!response.write(block)) await new Promise((resolve) => response.once('drain', resolve))
          }
          response.end()
        })()
      })
      const digest = await new Promise<string>((resolve, reject) => {
        const options = {
          host: '127.0.0.1',
          port: gateway.port,
          path: '/harbor/items',
          headers: [...bearer(live), 'Host', 'a'],
        }
        httpRequest(options, (response) => {
          response.on('data', (chunk: Buffer) => (received += chunk.length))
          response.pause()
          // Nothing is read until the service can get no further.
          let last = -1
          until('the service is held back', async () => {
            const before = last
            last = sent
            await pause(50)
            return before === sent && sent > 0
          })
            .then(() => {
              expect(sent).toBeLessThan(size)
              resolve(readSlowly(response))
            })
            .catch(reject)
        }).end()
      })
      expect(digest).toBe(expected)
      expect(ahead).toBeLessThan(size)
      await until('logged', () => gateway.records.length === 1)
      expect(gateway.records[0]).toMatchObject({ bytesOut: size, aborted: null })
    })

    test.each(['content-length', 'chunked'])('30 MB to a slow service arrive whole (%s)', async (framing) => {
      const gateway = await gatewayFor(engine, (request, response) => {
        void readSlowly(request).then((digest) => response.end(digest))
      })
      const digest = await new Promise<string>((resolve, reject) => {
        const headers = [
          ...bearer(live),
          'Host',
          'a',
          ...(framing === 'chunked' ? ['Transfer-Encoding', 'chunked'] : ['Content-Length', String(size)]),
        ]
        const request = httpRequest(
          { host: '127.0.0.1', port: gateway.port, method: 'PUT', path: '/harbor/items', headers },
          (response) => {
            readAll(response).then((body) => resolve(body.toString()), reject)
          },
        )
        request.once('error', reject)
        void (async () => {
          for (let index = 0; index < blocks; index++)
            if (!request.write(block)) await new Promise((wake) => request.once('drain', wake))
          request.end()
        })()
      })
      expect(digest).toBe(expected)
      await until('logged', () => gateway.records.length === 1)
      expect(gateway.records[0]).toMatchObject({ bytesIn: size, aborted: null })
    })

    test('the first bytes of an answer do not wait for the last', async () => {
      let finish: (() => void) | undefined
      const gateway = await gatewayFor(engine, (_, response) => {
        response.writeHead(200, { 'content-type': 'text/event-stream' })
        response.write('data: 1\n\n')
        finish = () => response.end('data: 2\n\n')
      })
      const response = await fetch(`${gateway.url}/harbor/items`, {
        headers: { authorization: `Bearer ${live.text}` },
      })
      const reader = response.body!.getReader()
      expect(new TextDecoder().decode((await reader.read()).value)).toBe('data: 1\n\n')
      finish!()
      expect(new TextDecoder().decode((await reader.read()).value)).toBe('data: 2\n\n')
      expect((await reader.read()).done).toBe(true)
    })

    test('the head of an answer does not wait for its body', async () => {
      const gateway = await gatewayFor(engine, (_, response) => {
        response.writeHead(200, { 'content-type': 'text/event-stream' })
        response.flushHeaders()
      })
      const abort = new AbortController()
      const headers = { authorization: `Bearer ${live.text}` }
      const response = await fetch(`${gateway.url}/harbor/items`, { headers, signal: abort.signal })
      expect(response.status).toBe(200)
      abort.abort()
    })
  })

  describe('when something breaks', () => {
    test('a service that is not there: 502', async () => {
      const gateway = await gatewayFor(engine, echo)
      gateway.state.change({
        version: 2,
        set: { services: [service('catalog', { url: 'http://127.0.0.1:1', routes })] },
        removed: {},
      })
      const received = await send(gateway, { headers: bearer(live) })
      expect([received.status, received.headers['rockpool-problem']]).toEqual([502, 'upstream_unreachable'])
      expect(JSON.parse(received.body)).toMatchObject({
        service: 'catalog',
        request: received.headers['rockpool-request'],
      })
    })

    test('a service that hangs up before it answers: 502', async () => {
      const gateway = await gatewayFor(engine, (request) => request.socket.destroy())
      const received = await send(gateway, { method: 'POST', headers: bearer(live), body: 'x' })
      expect([received.status, received.headers['rockpool-problem']]).toEqual([502, 'upstream_failed'])
    })

    test('a service that does not answer in time: 504', async () => {
      let aborted = false
      const gateway = await gatewayFor(
        engine,
        (request) => void request.once('close', () => (aborted = true)),
        100,
      )
      const received = await send(gateway, { headers: bearer(live) })
      expect([received.status, received.headers['rockpool-problem']]).toEqual([504, 'upstream_timeout'])
      await until('the service hears of it', () => aborted)
    })

    test('a service that dies in the middle of its answer: the client can tell', async () => {
      const gateway = await gatewayFor(engine, (_, response) => {
        response.write('half', () => setImmediate(() => response.destroy()))
      })
      await expect(send(gateway, { headers: bearer(live) })).rejects.toThrow(/aborted|reset/i)
      await until('logged', () => gateway.records.length === 1)
      expect(gateway.records[0]).toMatchObject({ status: 200, aborted: 'upstream' })
    })

    test('a service that answers less than it announced: the client can tell', async () => {
      const gateway = await gatewayFor(engine, (_, response) => {
        response.writeHead(200, { 'content-length': '10' })
        response.write('half', () => setImmediate(() => response.destroy()))
      })
      await expect(send(gateway, { headers: bearer(live) })).rejects.toThrow(/aborted|reset/i)
    })

    test('a service that stops in the middle of its answer is given up', async () => {
      const gateway = await gatewayFor(engine, (_, response) => void response.write('half'), 100)
      await expect(send(gateway, { headers: bearer(live) })).rejects.toThrow(/aborted|reset/i)
      await until('logged', () => gateway.records.length === 1)
      expect(gateway.records[0]).toMatchObject({ status: 200, aborted: 'deadline' })
    })

    test('a client that goes away takes the service’s work with it', async () => {
      let aborted = false
      let reached = false
      const gateway = await gatewayFor(engine, (_, response) => {
        reached = true
        response.once('close', () => (aborted = true))
      })
      const request = httpRequest({
        host: '127.0.0.1',
        port: gateway.port,
        path: '/harbor/items',
        headers: [...bearer(live), 'Host', 'a'],
      })
      request.on('error', () => {})
      request.end()
      await until('the service works', () => reached)
      request.destroy()
      await until('the service hears of it', () => aborted)
      await until('logged', () => gateway.records.length === 1)
      expect(gateway.records[0]).toMatchObject({ status: null, aborted: 'client' })
    })

    test('a client that goes away in the middle of its body', async () => {
      let failed = false
      let started = false
      const gateway = await gatewayFor(engine, (request) => {
        request.once('data', () => (started = true))
        request.once('error', () => (failed = true))
      })
      const request = httpRequest({
        host: '127.0.0.1',
        port: gateway.port,
        method: 'POST',
        path: '/harbor/items',
        headers: [...bearer(live), 'Host', 'a', 'Content-Length', '1000'],
      })
      request.on('error', () => {})
      request.write('half')
      await until('the service reads', () => started)
      request.destroy()
      await until('the service hears of it', () => failed)
    })

    test('a service that refuses a body early: its answer comes through', async () => {
      const gateway = await gatewayFor(engine, (_, response) => {
        response.writeHead(413)
        response.end('too large')
      })
      const received = await send(gateway, {
        method: 'POST',
        headers: bearer(live),
        body: randomBytes(3_000_000),
      })
      expect([received.status, received.body]).toEqual([413, 'too large'])
    })

    test('a connection that the service closed meanwhile costs nobody a GET', async () => {
      let sockets = 0
      const { url, server } = await upstream((_, response) => response.end('ok'))
      server.on('connection', () => (sockets += 1))
      const gateway = await testGateway(engine, {
        organizations: [organization('harbor')],
        credentials: [live],
        services: [service('catalog', { url, routes })],
      })
      for (let round = 0; round < 20; round++) {
        expect((await send(gateway, { headers: bearer(live) })).status).toBe(200)
        server.closeAllConnections()
      }
      expect(sockets).toBeGreaterThan(1)
    })
  })

  describe('refusals', () => {
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

    test('a large body that nobody wants does not hide why', async () => {
      const gateway = await gatewayFor(engine, echo)
      const received = await send(gateway, { method: 'POST', body: randomBytes(3_000_000) })
      expect(received.status).toBe(401)
    })

    test.each<[string, string, RegExp]>([
      [
        'a head of more than 16 KB',
        `GET / HTTP/1.1\r\nHost: a\r\nX: ${'x'.repeat(17_000)}\r\n\r\n`,
        /^HTTP\/1\.1 431 [\s\S]*headers_too_large/,
      ],
      [
        'both lengths',
        'POST /harbor/items HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
        /^HTTP\/1\.1 400 /,
      ],
      [
        'two lengths',
        'POST /harbor/items HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabcd',
        /^HTTP\/1\.1 400 /,
      ],
      ['no Host', 'GET /harbor/items HTTP/1.1\r\n\r\n', /^HTTP\/1\.1 400 /],
      [
        'two Hosts',
        'GET /harbor/items HTTP/1.1\r\nHost: a\r\nHost: b\r\nConnection: close\r\n\r\n',
        /^HTTP\/1\.1 400 /,
      ],
      [
        'an absolute target',
        'GET http://b/harbor/items HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n',
        /^HTTP\/1\.1 400 [\s\S]*path_refused/,
      ],
      ['a space in a header’s name', 'GET / HTTP/1.1\r\nHost: a\r\nX : b\r\n\r\n', /^HTTP\/1\.1 400 /],
      ['CONNECT', 'CONNECT a:443 HTTP/1.1\r\nHost: a:443\r\n\r\n', /^HTTP\/1\.1 501 [\s\S]*upgrade_refused/],
      [
        'a websocket',
        'GET /harbor/items HTTP/1.1\r\nHost: a\r\nConnection: Upgrade, close\r\nUpgrade: websocket\r\n\r\n',
        /^HTTP\/1\.1 501 [\s\S]*upgrade_refused/,
      ],
    ])('%s', async (_, text, expected) => {
      const gateway = await gatewayFor(engine, echo)
      expect(await sendRaw(gateway, text)).toMatch(expected)
    })

    test('an upgrade that may be ignored is ignored', async () => {
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

  describe('what it keeps', () => {
    test('a line of the access log tells the template, not the path', async () => {
      const gateway = await gatewayFor(engine, echo)
      const received = await send(gateway, {
        method: 'POST',
        path: '/harbor/items?secret=1',
        headers: bearer(live),
        body: 'hello',
      })
      await until('logged', () => gateway.records.length === 1)
      const [record] = gateway.records
      expect(record).toMatchObject({
        request: received.headers['rockpool-request'],
        method: 'POST',
        path: '/{organization}/items',
        service: 'catalog',
        status: 200,
        organization: 'harbor',
        environment: 'production',
        actor: 'customer',
        run: null,
        credential: live.id,
        bytesIn: 5,
        bytesOut: received.body.length,
        refused: null,
        aborted: null,
      })
      expect(JSON.stringify(record)).not.toContain('secret')
      expect(record!.upstreamMs).not.toBeNull()
    })

    test('the ledger knows what unsafe calls of a sandbox created, and nothing of production', async () => {
      const gateway = await gatewayFor(engine, (request, response) => {
        void readAll(request).then(() => {
          response.writeHead(201, { 'content-type': 'application/json', location: '/box/items/item_1' })
          response.end('{"name":"x","id":"item_1"}')
        })
      })
      const call = { headers: [...bearer(parentKey), 'Idempotency-Key', 'k1'], path: '/box/items?q=1' }
      expect((await send(gateway, { ...call, method: 'POST', body: '{}' })).status).toBe(201)
      await send(gateway, call)
      await send(gateway, { method: 'POST', headers: bearer(live), body: '{}' })
      await until('shipped', () => gateway.shipped.some(({ outcome }) => outcome === 'done'))
      expect(new Set(gateway.shipped.map(({ id }) => id)).size).toBe(1)
      expect(gateway.shipped.at(-1)).toMatchObject({
        run: null,
        organization: 'box',
        service: 'catalog',
        method: 'POST',
        path: '/box/items',
        idempotencyKey: 'k1',
        status: 201,
        location: '/box/items/item_1',
        resource: 'item_1',
        outcome: 'done',
      })
    })

    test('a call whose answer never came is doubtful; one that never went out is done', async () => {
      const gateway = await gatewayFor(engine, (request) => request.socket.destroy())
      await send(gateway, { method: 'DELETE', path: '/box/items', headers: bearer(parentKey) })
      await until('shipped', () => gateway.shipped.some(({ outcome }) => outcome === 'doubtful'))
      gateway.state.change({
        version: 2,
        set: { services: [service('catalog', { url: 'http://127.0.0.1:1', routes })] },
        removed: {},
      })
      await send(gateway, { method: 'DELETE', path: '/box/items', headers: bearer(parentKey) })
      await until('shipped', () => gateway.shipped.at(-1)?.outcome === 'done')
      expect(gateway.shipped.at(-1)).toMatchObject({ status: 502, location: null, resource: null })
    })
  })

  test('a revoked key counts with the change, for kept connections too', async () => {
    const gateway = await gatewayFor(engine, echo)
    expect((await send(gateway, { headers: bearer(live) })).status).toBe(200)
    expect(gateway.state.change({ version: 2, set: {}, removed: { credentials: [live.sha256] } })).toEqual([])
    expect((await send(gateway, { headers: bearer(live) })).status).toBe(401)
  })

  test('its health tells whether it serves, to whoever asks', async () => {
    const gateway = await gatewayFor(engine, echo)
    const received = await send(gateway, { path: '/.rockpool/health' })
    expect(received.status).toBe(200)
    expect(JSON.parse(received.body)).toMatchObject({ ready: true, reason: null, version: 1 })
    expect((await send(gateway, { path: '/.rockpool/events', method: 'POST' })).status).toBe(404)
  })

  test('a close lets what is in flight finish', async () => {
    let finish: (() => void) | undefined
    const gateway = await gatewayFor(engine, (_, response) => void (finish = () => response.end('done')))
    const answer = send(gateway, { headers: bearer(live) })
    await until('the service works', () => finish !== undefined)
    const closed = gateway.close(5_000)
    finish!()
    expect((await answer).body).toBe('done')
    await closed
    await expect(send(gateway, {})).rejects.toThrow(/ECONNREFUSED/)
  })
})
