import { randomBytes } from 'node:crypto'
import { readIdentity } from '@rockpool/sdk/wire'
import { setTimeout as pause } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { bearer, echo, live, parentKey, seen } from '../../../test/support/gateway-client.ts'
import {
  http2Session,
  listenerGatewayFor,
  sendHttp2,
  type Http2Received,
} from '../../../test/support/gateway-http2.ts'
import { readAll, service, until, upstream } from '../../../test/support/gateway.ts'
import { routes } from '../../../test/support/gateway-client.ts'
import { silentAddress } from '../../../test/support/silent-address.ts'

/** A connection has 2 s; undici looks twice a second, and the machine may be busy. */
const connectCeilingMs = 5_000

/** What the echo service saw. */
const echoed = (received: Http2Received) => seen({ ...received, headers: {}, trailers: [] })

describe('HTTP/2: what is sent on', () => {
  test('method, path, query and body are as they came; the credential is not', async () => {
    const gateway = await listenerGatewayFor(echo)
    const received = await sendHttp2(gateway, {
      method: 'POST',
      path: '/harbor/items?a=%20b&c=..',
      headers: [...bearer(live), 'x-mine', '1', 'x-mine', '2', 'content-type', 'text/plain'],
      body: 'hello',
    })
    const { headers, ...rest } = echoed(received)
    expect(received.status).toBe(200)
    expect(rest).toEqual({ method: 'POST', url: '/harbor/items?a=%20b&c=..', body: 'hello' })
    expect(received.body).not.toContain(live.text)
    expect(headers.get('x-mine')).toEqual(['1', '2'])
    expect(headers.get('content-length')).toEqual(['5'])
    expect(headers.get('x-forwarded-host')).toEqual(['api.example'])
    expect(headers.get('x-forwarded-for')).toEqual(['127.0.0.1'])
    expect(headers.get('x-forwarded-proto')).toEqual(['http'])
    expect([...headers.keys()].filter((name) => name.startsWith(':'))).toEqual([])
  })

  test('a body without a length arrives whole (RFC 9113 8.1)', async () => {
    const gateway = await listenerGatewayFor(echo)
    const stream = http2Session(gateway).request(
      { ':method': 'POST', ':path': '/harbor/items', authorization: `Bearer ${live.text}` },
      { endStream: false },
    )
    stream.write('one ')
    stream.end('two')
    const text = (await readAll(stream as never)).toString()
    expect(JSON.parse(text)).toMatchObject({ body: 'one two' })
  })

  test.each<[string, string[]]>([
    ['rockpool-identity', ['rockpool-identity', 'forged']],
    ['rockpool_identity', ['rockpool_identity', 'forged']],
    ['baggage', ['baggage', 'mine=1,rockpool.organization=forged, ROCKPOOL.actor=forged']],
  ])('forged by %s gains nothing: the service sees ours alone', async (_, forged) => {
    const gateway = await listenerGatewayFor(echo)
    const received = await sendHttp2(gateway, { headers: [...bearer(live), ...forged] })
    expect(received.status).toBe(200)
    expect(received.body).not.toContain('forged')
    const { headers } = echoed(received)
    const [token, ...others] = [...headers]
      .filter(([name]) => name.replaceAll('_', '-') === 'rockpool-identity')
      .flatMap(([, values]) => values)
    expect(others).toEqual([])
    const key = () => gateway.signer.publicKey
    expect(
      readIdentity(token!, { audience: 'catalog', trust: ['gateway'], key, now: Date.now() }),
    ).toMatchObject({ ok: true, claims: { organization: 'harbor', actor: 'customer' } })
  })

  test('trailers of a request do not go on, whatever they claim (RFC 9110 6.5.1, RFC 9113 8.1)', async () => {
    const gateway = await listenerGatewayFor((request, response) => {
      void readAll(request).then(() => response.end(JSON.stringify(request.rawTrailers)))
    })
    const stream = http2Session(gateway).request(
      { ':method': 'POST', ':path': '/harbor/items', authorization: `Bearer ${live.text}` },
      { endStream: false, waitForTrailers: true },
    )
    stream.once('wantTrailers', () => stream.sendTrailers({ 'rockpool-identity': 'forged' }))
    stream.end('body')
    expect((await readAll(stream as never)).toString()).toBe('[]')
  })

  test('bytes beyond ASCII in headers pass as they are, both ways (RFC 9110 5.5)', async () => {
    const bytes = Buffer.from('Größe').toString('latin1')
    const gateway = await listenerGatewayFor((request, response) => {
      response.writeHead(200, ['x-size', String(request.headers['x-size'])])
      response.end()
    })
    const received = await sendHttp2(gateway, { headers: [...bearer(live), 'x-size', bytes] })
    expect(received.headers['x-size']).toBe(bytes)
  })

  test('a client that expects 100 gets it when its body is wanted, and the answer alone when it is not (RFC 9110 10.1.1)', async () => {
    const gateway = await listenerGatewayFor(echo)
    const session = http2Session(gateway)
    const ask = async (key: string) => {
      const interim: number[] = []
      const stream = session.request(
        {
          ':method': 'POST',
          ':path': '/harbor/items',
          authorization: `Bearer ${key}`,
          expect: '100-continue',
        },
        { endStream: false },
      )
      stream.on('headers', (headers) => interim.push(Number(headers[':status'])))
      stream.once('continue', () => stream.end('hi'))
      const status = new Promise<number>((resolve, reject) => {
        stream.once('response', (headers) => resolve(Number(headers[':status'])))
        stream.once('error', reject)
      })
      stream.resume()
      return { status: await status, interim }
    }
    expect(await ask(live.text)).toEqual({ status: 200, interim: [100] })
    expect(await ask('rp_live_x')).toEqual({ status: 401, interim: [] })
  })
})

describe('HTTP/2: what comes back', () => {
  test('headers are in lower case, each as often as the service said it, and none is about a connection (RFC 9113 8.2)', async () => {
    const gateway = await listenerGatewayFor((_, response) => {
      response.writeHead(200, [
        'Connection',
        'X-Hop',
        'X-Hop',
        '1',
        'Keep-Alive',
        'timeout=1',
        'HTTP2-Settings',
        'x',
        'Set-Cookie',
        'a=1',
        'Set-Cookie',
        'b=2',
        'X-Mine',
        '1',
        'ETag',
        '"x"',
        'ETag',
        '"y"',
      ])
      response.end('body')
    })
    const { raw, body } = await sendHttp2(gateway, { headers: bearer(live) })
    const names = raw.filter((_, index) => index % 2 === 0)
    expect(names).toEqual(names.map((name) => name.toLowerCase()))
    expect(
      names.filter((name) => /^(connection|keep-alive|transfer-encoding|http2-settings|x-hop)$/.test(name)),
    ).toEqual([])
    expect(raw.join()).toContain('set-cookie,a=1,set-cookie,b=2,x-mine,1,etag,"x",etag,"y"')
    expect(body).toBe('body')
  })

  test('marks of ours in an answer stay inside, in its trailers too', async () => {
    const gateway = await listenerGatewayFor((request, response) => {
      response.writeHead(200, [
        'Rockpool-Identity',
        request.headers['rockpool-identity']!,
        'Trailer',
        'X-Sum',
      ])
      response.write('x')
      response.addTrailers([
        ['Rockpool-X', 'x'],
        ['X-Sum', '1'],
        ['X-Sum', '2'],
      ])
      response.end()
    })
    const received = await sendHttp2(gateway, { headers: bearer(live) })
    const names = received.raw.filter((name, index) => index % 2 === 0 && name.startsWith('rockpool'))
    expect(names).toEqual(['rockpool-request'])
    expect({ ...received.trailers }).toMatchObject({ 'x-sum': '1, 2' })
    expect(Object.keys(received.trailers)).toEqual(['x-sum'])
  })

  test.each([201, 204, 205, 304, 404, 500])('status %i comes through', async (status) => {
    const gateway = await listenerGatewayFor((_, response) => {
      response.writeHead(status, ['ETag', '"x"'])
      response.end()
    })
    const received = await sendHttp2(gateway, { headers: bearer(live) })
    expect([received.status, received.headers['etag'], received.body]).toEqual([status, '"x"', ''])
    await until('logged', () => gateway.records.length === 1)
    expect(gateway.records[0]).toMatchObject({ status, aborted: null })
  })

  test('HEAD goes to the service as HEAD, and its length comes back (RFC 9110 9.3.2)', async () => {
    let method: string | undefined
    const gateway = await listenerGatewayFor((request, response) => {
      method = request.method
      response.writeHead(200, { 'content-length': '12345' })
      response.end()
    })
    const received = await sendHttp2(gateway, { method: 'HEAD', headers: bearer(live) })
    expect([method, received.status, received.headers['content-length']]).toEqual(['HEAD', 200, '12345'])
    const refused = await sendHttp2(gateway, { method: 'HEAD' })
    expect([refused.status, refused.body]).toEqual([401, ''])
  })

  test('many calls on one connection are answered each by its own', async () => {
    const gateway = await listenerGatewayFor(echo)
    const session = http2Session(gateway)
    const answers = await Promise.all(
      Array.from({ length: 60 }, (_, index) =>
        sendHttp2(session, { method: 'POST', headers: bearer(live), body: `body ${index}` }),
      ),
    )
    expect(answers.map((answer) => echoed(answer).body)).toEqual(answers.map((_, index) => `body ${index}`))
    await until('logged', () => gateway.records.length === 60)
    expect(gateway.records.every(({ aborted, status }) => aborted === null && status === 200)).toBe(true)
  })

  test('an unsafe call of a sandbox is in the ledger', async () => {
    const gateway = await listenerGatewayFor((_, response) => {
      response.writeHead(201, { 'content-type': 'application/json', location: '/box/items/item_1' })
      response.end('{"id":"item_1"}')
    })
    const call = { method: 'POST', path: '/box/items', headers: bearer(parentKey), body: '{}' }
    expect((await sendHttp2(gateway, call)).status).toBe(201)
    await until('shipped', () => gateway.shipped.some(({ outcome }) => outcome === 'done'))
    expect(gateway.shipped.at(-1)).toMatchObject({ path: '/box/items', status: 201, resource: 'item_1' })
  })
})

describe('HTTP/2: refusals', () => {
  test('are problems (RFC 9457), by the order of the decision, and reach no service', async () => {
    let calls = 0
    const gateway = await listenerGatewayFor((_, response) => {
      calls += 1
      response.end()
    })
    const session = http2Session(gateway)
    const missing = await sendHttp2(session, {})
    expect([missing.status, missing.headers['content-type']]).toEqual([401, 'application/problem+json'])
    expect(JSON.parse(missing.body)).toMatchObject({
      code: 'credential_missing',
      request: missing.headers['rockpool-request'],
    })
    const status = async (path: string, headers: string[], method = 'GET') =>
      (await sendHttp2(session, { method, path, headers })).status
    expect(await status('/nowhere', [])).toBe(404)
    expect(await status('/harbor/items', [], 'PATCH')).toBe(405)
    expect(await status('/harbor/%2e%2e/items', bearer(live))).toBe(400)
    expect(await status('/box/items', bearer(live))).toBe(403)
    expect(calls).toBe(0)
    await until('logged', () => gateway.records.length === 5)
  })

  test('a client learns why although it sends a large body first', async () => {
    const gateway = await listenerGatewayFor(echo)
    const received = await sendHttp2(gateway, { method: 'POST', body: randomBytes(2_000_000) })
    expect(received.status).toBe(401)
  })

  test('a head of more than 16 KB is too large', async () => {
    const gateway = await listenerGatewayFor(echo)
    const received = await sendHttp2(gateway, { headers: [...bearer(live), 'x', 'x'.repeat(17_000)] })
    expect([received.status, received.headers['rockpool-problem']]).toEqual([431, 'headers_too_large'])
    const most = await sendHttp2(gateway, { headers: [...bearer(live), 'x', 'x'.repeat(15_000)] })
    expect(most.status).toBe(200)
  })
})

describe('HTTP/2: when something breaks', () => {
  test('a service that is not there: 502', async () => {
    const gateway = await listenerGatewayFor(echo)
    gateway.state.change({
      version: 2,
      set: { services: [service('catalog', { url: 'http://127.0.0.1:1', routes })] },
      removed: {},
    })
    const received = await sendHttp2(gateway, { headers: bearer(live) })
    expect([received.status, received.headers['rockpool-problem']]).toEqual([502, 'upstream_unreachable'])
  })

  test('a service at an address that answers nothing to a connection: 502 after 2 s, and other streams are served', async () => {
    const gateway = await listenerGatewayFor(echo)
    const silent = await silentAddress()
    const items = routes.filter(({ path }) => path.endsWith('/items'))
    const set = { services: [service('silent', { url: silent, routes: items, deadlineMs: 60_000 })] }
    const { url } = await upstream(echo)
    const open = routes.filter(({ path }) => path.endsWith('/open'))
    set.services.push(service('catalog', { url, routes: open }))
    gateway.state.change({ version: 2, set, removed: {} })
    const session = http2Session(gateway)
    const began = performance.now()
    const calls = ['GET', 'POST'].map((method) =>
      sendHttp2(session, { method, headers: bearer(live), ...(method === 'POST' ? { body: 'x' } : {}) }),
    )
    let isOver = false
    const answers = Promise.all(calls).finally(() => (isOver = true))
    expect((await sendHttp2(session, { path: '/harbor/open' })).status).toBe(200)
    expect(isOver).toBe(false)
    for (const { status, headers } of await answers)
      expect([status, headers['rockpool-problem']]).toEqual([502, 'upstream_unreachable'])
    expect(performance.now() - began).toBeLessThan(connectCeilingMs)
  })

  test('a service that does not answer in time: 504', async () => {
    let aborted = false
    const gateway = await listenerGatewayFor(
      (request) => void request.once('close', () => (aborted = true)),
      {
        deadlineMs: 100,
      },
    )
    const received = await sendHttp2(gateway, { headers: bearer(live) })
    expect([received.status, received.headers['rockpool-problem']]).toEqual([504, 'upstream_timeout'])
    await until('the service hears of it', () => aborted)
  })

  test('a service that dies in the middle of its answer: the stream is reset, the connection is not (RFC 9113 5.4.2)', async () => {
    let died = false
    const gateway = await listenerGatewayFor((_, response) => {
      if (died) return void response.end('whole')
      died = true
      response.write('half', () => setImmediate(() => response.destroy()))
    })
    const session = http2Session(gateway)
    await expect(sendHttp2(session, { headers: bearer(live) })).rejects.toThrow(/INTERNAL_ERROR/)
    expect((await sendHttp2(session, { headers: bearer(live) })).body).toBe('whole')
    await until('logged', () => gateway.records.length === 2)
    expect(gateway.records[0]).toMatchObject({ status: 200, aborted: 'upstream' })
    expect(gateway.records[1]).toMatchObject({ status: 200, aborted: null })
  })

  test('a service that stops in the middle of its answer is given up', async () => {
    const gateway = await listenerGatewayFor((_, response) => void response.write('half'), {
      deadlineMs: 100,
    })
    await expect(sendHttp2(gateway, { headers: bearer(live) })).rejects.toThrow(/INTERNAL_ERROR/)
    await until('logged', () => gateway.records.length === 1)
    expect(gateway.records[0]).toMatchObject({ status: 200, aborted: 'deadline' })
  })

  test('a client that goes away takes the service’s work with it', async () => {
    let aborted = false
    let reached = false
    const gateway = await listenerGatewayFor((_, response) => {
      reached = true
      response.once('close', () => (aborted = true))
    })
    const stream = http2Session(gateway).request({
      ':path': '/harbor/items',
      authorization: `Bearer ${live.text}`,
    })
    stream.on('error', () => {})
    await until('the service works', () => reached)
    stream.close(8)
    await until('the service hears of it', () => aborted)
    await until('logged', () => gateway.records.length === 1)
    expect(gateway.records[0]).toMatchObject({ status: null, aborted: 'client' })
  })

  test.each(['the client', 'the service'])('%s breaks off while a body waits to be read', async (who) => {
    let dies = () => {}
    const gateway = await listenerGatewayFor((request, response) => {
      request.on('error', () => {})
      dies = () => void response.destroy()
      response.write('half')
    })
    const stream = http2Session(gateway).request(
      { ':method': 'POST', ':path': '/harbor/items', authorization: `Bearer ${live.text}` },
      { endStream: false },
    )
    stream.on('error', () => {}).resume()
    let sent = 0
    const send = () =>
      void stream.write(Buffer.alloc(64 * 1024), () => ((sent += 1), stream.closed || send()))
    send()
    let last = -1
    await until('everything in between is full', async () => {
      const before = last
      last = sent
      await pause(50)
      return before === sent && sent > 0
    })
    if (who === 'the client') stream.close(8)
    else dies()
    await until('logged', () => gateway.records.length === 1)
    expect(gateway.records[0]).toMatchObject({
      status: 200,
      aborted: who === 'the client' ? 'client' : 'upstream',
    })
  })

  test('a service that refuses a body early: its answer comes through', async () => {
    const gateway = await listenerGatewayFor((_, response) => {
      response.writeHead(413)
      response.end('too large')
    })
    const received = await sendHttp2(gateway, {
      method: 'POST',
      headers: bearer(live),
      body: randomBytes(3_000_000),
    })
    expect([received.status, received.body]).toEqual([413, 'too large'])
    await until('logged', () => gateway.records.length === 1)
    expect(gateway.records[0]).toMatchObject({ status: 413, aborted: null })
  })

  test.each(['its stream', 'its connection'])(
    'a client that closes %s while an answer waits for it',
    async (what) => {
      let done = false
      const gateway = await listenerGatewayFor((_, response) => {
        response.end(randomBytes(90_000), () => (done = true))
      })
      const session = http2Session(gateway)
      const stream = session.request({ ':path': '/harbor/items', authorization: `Bearer ${live.text}` })
      stream.on('error', () => {}).pause()
      await new Promise((resolve) => stream.once('response', resolve))
      await until('the service is done', () => done)
      if (what === 'its stream') stream.close(8)
      else session.socket.destroy()
      await until('logged', () => gateway.records.length === 1)
      expect(gateway.records[0]).toMatchObject({ status: 200, aborted: 'client' })
    },
  )
})

describe('HTTP/2: a close', () => {
  test('tells clients to go elsewhere, and lets what is in flight finish (RFC 9113 6.8)', async () => {
    let finish: (() => void) | undefined
    const gateway = await listenerGatewayFor((_, response) => void (finish = () => response.end('done')))
    const session = http2Session(gateway)
    let goaway: number | undefined
    session.on('goaway', (code) => (goaway = code))
    const answer = sendHttp2(session, { headers: bearer(live) })
    await until('the service works', () => finish !== undefined)
    const closed = gateway.close(5_000)
    await until('the client is told', () => goaway !== undefined)
    finish!()
    expect((await answer).body).toBe('done')
    await closed
    expect(goaway).toBe(0)
    expect(session.destroyed || session.closed).toBe(true)
  })

  test('breaks off what does not finish in time', async () => {
    let reached = false
    const gateway = await listenerGatewayFor(() => void (reached = true))
    const answer = sendHttp2(gateway, { headers: bearer(live) })
    answer.catch(() => {})
    await until('the service works', () => reached)
    await gateway.close(50)
    await expect(answer).rejects.toThrow()
  })
})
