import { connect } from 'node:net'
import { gzipSync } from 'node:zlib'
import { describe, expect, onTestFinished, test } from 'vitest'
import type { Shape } from '../../kernel/index.ts'
import {
  credential,
  organization,
  sandbox,
  service,
  testGateway,
  until,
  upstream,
  type TestGateway,
} from '../../../test/support/gateway.ts'
import { bearer, echo, live, seen, send, type Received } from '../../../test/support/gateway-client.ts'
import { engines, type EngineName } from '../engines/index.ts'

const key = credential('sandbox')
const all: Shape[] = ['envelope', 'jsonp', 'method', 'form', 'octet-stream']
const route = (method: string, path: string, shapes?: Shape[], anonymous = false) => ({
  method,
  path,
  operationId: `${method}${path}`,
  anonymous,
  ...(shapes ? { shapes } : {}),
})
const routes = [
  ...['GET', 'PUT', 'POST'].map((method) => route(method, '/{organization}/items', all)),
  route('DELETE', '/{organization}/items'),
  ...['GET', 'PUT'].map((method) => route(method, '/{organization}/plain')),
  route('GET', '/{organization}/news', all, true),
  route('POST', '/{organization}/plain'),
]
const json = ['Content-Type', 'application/json']

interface Told {
  status: number
  headers: Record<string, string[]>
  body: {
    url: string
    method: string
    body: string
    raw: string[]
    code: string
    findings: { path: string }[]
  }
}
const told = ({ body }: Received) => JSON.parse(body) as Told

describe.each(Object.keys(engines) as EngineName[])('engine %s: shapes', (engine) => {
  async function gatewayOf(listener = echo): Promise<TestGateway> {
    const { url } = await upstream(listener)
    return testGateway(engine, {
      organizations: [organization('harbor'), sandbox('box')],
      credentials: [live, key],
      services: [service('catalog', { url, routes })],
    })
  }
  const get = (gateway: TestGateway, query: string, headers = bearer(live)) =>
    send(gateway, { path: `/harbor/items?${query}`, headers })
  const post = (gateway: TestGateway, query: string, body: string | object, headers: string[] = []) =>
    send(gateway, {
      method: 'POST',
      path: `/harbor/items?${query}`,
      headers: [...bearer(live), ...headers],
      body: typeof body === 'string' ? body : JSON.stringify(body),
    })

  test('where an operation has none of them, everything is the service’s', async () => {
    const gateway = await gatewayOf()
    const path = '/harbor/plain?envelope=response&callback=f&method=PUT'
    const received = await send(gateway, { path, headers: bearer(live) })
    expect(seen(received)).toMatchObject({ method: 'GET', url: path })
    const form = ['Content-Type', 'application/x-www-form-urlencoded']
    const sent = await send(gateway, {
      method: 'POST',
      path: '/harbor/plain',
      headers: [...bearer(live), ...form],
      body: '{"a":1}',
    })
    expect(seen(sent).body).toBe('{"a":1}')
  })

  test('envelope=response: an answer, and the gateway’s own refusal too', async () => {
    const gateway = await gatewayOf()
    const received = await get(gateway, 'envelope=response&limit=1', [
      ...bearer(live),
      'Accept-Encoding',
      'gzip',
    ])
    expect([received.status, received.headers['content-type']]).toEqual([200, 'application/json'])
    expect(told(received)).toMatchObject({
      status: 200,
      body: { url: '/harbor/items?limit=1', method: 'GET' },
    })
    expect(told(received).headers['content-type']).toEqual(['application/json'])
    expect(told(received).body.raw.join().toLowerCase()).not.toContain('accept-encoding')
    const refused = await get(gateway, 'envelope=response', [])
    expect([refused.status, told(refused).status, told(refused).body.code]).toEqual([
      200,
      401,
      'credential_missing',
    ])
    await until('logged', () => gateway.records.length === 2)
    // What is recorded is what happened, and not how it was put.
    expect(gateway.records.map(({ status, refused }) => `${status} ${refused}`)).toEqual([
      '200 null',
      '401 credential_missing',
    ])
  })

  test('envelope=response: a dead service, a large answer and one that is compressed all the same', async () => {
    const gateway = await gatewayOf((request, response) => {
      if (request.url!.includes('dead')) return void request.socket.destroy()
      if (request.url!.includes('large')) return void response.end('x'.repeat(1024 * 1024 + 1))
      response.setHeader('Content-Encoding', 'gzip').setHeader('Content-Type', 'application/json')
      response.end(gzipSync('{"code":"zipped"}'))
    })
    expect(told(await get(gateway, 'envelope=response')).body.code).toBe('zipped')
    expect(told(await get(gateway, 'envelope=response&large')).body.code).toBe('answer_unfit')
    expect(told(await get(gateway, 'envelope=response&dead'))).toMatchObject({ status: 502 })
    // The connection serves on.
    expect(told(await get(gateway, 'envelope=response')).status).toBe(200)
  })

  test('callback: the envelope as a script that calls it', async () => {
    const gateway = await gatewayOf()
    const { status, headers, body } = await get(gateway, 'callback=app.on')
    expect([status, headers['content-type'], headers['x-content-type-options']]).toEqual([
      200,
      'application/javascript; charset=utf-8',
      'nosniff',
    ])
    expect(body).toMatch(/^\/\*\*\/app\.on\(\{"status":200,.*\}\)$/)
  })

  test.each([
    ['callback', 'a cookie', ['Cookie', 'theme=dark']],
    ['callback', 'Basic', ['Authorization', `Basic ${Buffer.from(`${live.text}:`).toString('base64')}`]],
    ['method', 'a cookie', ['Cookie', 'theme=dark']],
    ['method', 'Basic', ['Authorization', `Basic ${Buffer.from(`${live.text}:`).toString('base64')}`]],
  ])('%s= does not go with %s', async (name, _, headers) => {
    let calls = 0
    const gateway = await gatewayOf((_, response) => response.end(String((calls += 1))))
    const query = name === 'callback' ? 'callback=f' : 'method=PUT'
    const shown = headers[0] === 'Cookie' ? [...bearer(live), ...headers] : headers
    const { body } = await get(gateway, query, shown)
    expect(body).toContain('origin_refused')
    // Whether it would have counted is not told.
    const unknown = await get(gateway, query, headers[0] === 'Cookie' ? headers : [headers[0]!, 'Basic eDp5'])
    expect(unknown.body).toContain('origin_refused')
    expect(calls).toBe(0)
  })

  test('method: the operation that is meant is served, credentialed and recorded', async () => {
    const gateway = await gatewayOf()
    expect(seen(await get(gateway, 'method=PUT&a=1'))).toMatchObject({
      method: 'PUT',
      url: '/harbor/items?a=1',
    })
    expect((await get(gateway, 'method=PUT', [])).status).toBe(401)
    const none = await get(gateway, 'method=PATCH', [])
    expect([none.status, none.headers['rockpool-problem']]).toEqual([405, 'method_not_allowed'])
    const box = await send(gateway, { path: '/box/items?method=PUT', headers: bearer(key) })
    expect(box.status).toBe(200)
    await until('recorded', () => gateway.shipped.some(({ outcome }) => outcome === 'done'))
    expect(gateway.shipped.at(-1)).toMatchObject({ method: 'PUT', organization: 'box', status: 200 })
    expect(gateway.records.at(-1)).toMatchObject({ method: 'PUT', path: '/{organization}/items' })
  })

  test('what a browser sends along goes with an envelope or a form of this origin’s pages, or of those that may read', async () => {
    let calls = 0
    const { url } = await upstream((_, response) => response.end(String((calls += 1))))
    const friend = 'https://app.example.com'
    const cors = { origins: [friend], credentials: true, headers: [], expose: [], maxAgeS: 600 }
    const gateway = await testGateway(engine, {
      organizations: [organization('harbor')],
      credentials: [live],
      services: [service('catalog', { url, cors, routes })],
    })
    const basic = ['Authorization', `Basic ${Buffer.from(`${live.text}:`).toString('base64')}`]
    const put = (...headers: string[]) => post(gateway, 'envelope=request', { method: 'PUT' }, headers)
    const own = (...headers: string[]) =>
      send(gateway, {
        method: 'POST',
        path: '/harbor/items?envelope=request',
        headers,
        body: '{"method":"PUT"}',
      })
    // A page of another origin needs nobody's leave for a POST of text/plain; for a PUT it would.
    const foreign = ['Origin', 'https://evil.test', 'Content-Type', 'text/plain']
    expect((await own(...basic, ...foreign)).headers['rockpool-problem']).toBe('origin_refused')
    expect((await put('Cookie', 'own=1', ...foreign)).headers['rockpool-problem']).toBe('origin_refused')
    expect((await put('Cookie', 'own=1', 'Sec-Fetch-Site', 'cross-site')).status).toBe(403)
    expect(calls).toBe(0)
    // By no browser, by a page that knows the key, by our own pages, and by those that the policy names.
    expect((await own(...basic)).status).toBe(200)
    expect((await put(...foreign)).status).toBe(200)
    expect((await put('Cookie', 'own=1', 'Origin', 'http://api.example')).status).toBe(200)
    expect((await own(...basic, 'Origin', friend)).status).toBe(200)
    // A form that becomes JSON is as good.
    const form = (...headers: string[]) =>
      send(gateway, {
        method: 'POST',
        path: '/harbor/items',
        headers: ['Content-Type', 'application/x-www-form-urlencoded', ...headers],
        body: 'a=1',
      })
    const stranger = ['Origin', 'https://evil.test']
    expect((await form(...basic, ...stranger)).headers['rockpool-problem']).toBe('origin_refused')
    expect((await form(...basic)).status).toBe(200)
    expect((await form(...bearer(live), ...stranger)).status).toBe(200)
    expect(calls).toBe(6)
  })

  test('HEAD is meant by who sends it, and by nobody else: whoever sent another method waits for a body', async () => {
    let calls = 0
    const gateway = await gatewayOf((_, response) => {
      calls += 1
      response.setHeader('Content-Length', '5').end('hello')
    })
    expect((await get(gateway, 'method=HEAD')).status).toBe(422)
    expect((await post(gateway, 'envelope=request', { method: 'HEAD' })).status).toBe(422)
    expect(calls).toBe(0)
    const path = '/harbor/items?method=HEAD'
    expect((await send(gateway, { method: 'HEAD', path, headers: bearer(live) })).status).toBe(200)
  })

  test('in the ledger stands the service that got the call, where the path is of several', async () => {
    const first = await upstream(echo)
    const second = await upstream(echo)
    const path = '/{organization}/things'
    const gateway = await testGateway(engine, {
      organizations: [organization('harbor'), sandbox('box')],
      credentials: [key],
      services: [
        service('catalog', { url: first.url, routes: [route('GET', path, all)] }),
        service('orders', { url: second.url, routes: [route('POST', path, all)] }),
      ],
    })
    const body = JSON.stringify({ method: 'POST', body: {} })
    const wrapped = '/box/things?envelope=request'
    expect((await send(gateway, { method: 'POST', path: wrapped, headers: bearer(key), body })).status).toBe(
      200,
    )
    await until('recorded', () => gateway.shipped.some(({ outcome }) => outcome === 'done'))
    expect(gateway.shipped.at(-1)).toMatchObject({ service: 'orders', method: 'POST', organization: 'box' })
  })

  test('of what never went out the ledger does not say that it may have made something', async () => {
    const held: { end(): void }[] = []
    const { url } = await upstream((_, response) => void held.push(response))
    const gateway = await testGateway(engine, {
      organizations: [organization('harbor'), sandbox('box')],
      credentials: [key],
      services: [service('catalog', { url, routes, concurrency: 1 })],
    })
    const first = send(gateway, { path: '/box/items', headers: bearer(key) })
    await until('held', () => held.length === 1)
    const path = '/box/items?envelope=request'
    const body = '{"method":"POST"}'
    const refused = await send(gateway, { method: 'POST', path, headers: bearer(key), body })
    expect([refused.status, refused.headers['rockpool-problem']]).toEqual([503, 'overloaded'])
    await until('recorded', () => gateway.shipped.some(({ outcome }) => outcome === 'done'))
    expect(gateway.shipped.at(-1)).toMatchObject({ method: 'POST', status: 429 })
    held[0]!.end()
    await first
  })

  test('what is wrong with what is asked is told to who may call, all at once', async () => {
    const gateway = await gatewayOf()
    const received = await get(gateway, 'envelope=both&callback=-&method=X')
    expect([received.status, (JSON.parse(received.body) as Told['body']).findings.length]).toEqual([422, 3])
    expect((await get(gateway, 'envelope=both', [])).status).toBe(401)
  })

  test('envelope=request: the request in the body is the one that counts', async () => {
    const gateway = await gatewayOf()
    const envelope = {
      method: 'PUT',
      headers: { 'X-Own': '1', 'Rockpool-Identity': 'forged' },
      body: { a: 1 },
    }
    const received = seen(await post(gateway, 'envelope=request&q=1', envelope, ['X-Outer', '2']))
    expect(received).toMatchObject({ method: 'PUT', url: '/harbor/items?q=1', body: '{"a":1}' })
    expect(received.headers.get('content-type')).toEqual(['application/json'])
    expect(received.headers.get('content-length')).toEqual(['7'])
    expect(received.headers.get('x-own')).toEqual(['1'])
    expect(received.headers.get('x-outer')).toEqual(['2'])
    expect(received.headers.get('rockpool-identity')?.join()).not.toContain('forged')
    expect(received.headers.has('authorization')).toBe(false)
    const read = seen(await post(gateway, 'envelope=request', { method: 'GET' }))
    expect(read).toMatchObject({ method: 'GET', body: '' })
    await until('logged', () => gateway.records.length === 2)
    expect(gateway.records[0]).toMatchObject({ method: 'PUT', stripped: 1, credential: live.id })
    // An operation without the option is not reached by it.
    const closed = await post(gateway, 'envelope=request&envelope=response', { method: 'DELETE' })
    expect(told(closed)).toMatchObject({ status: 422, body: { findings: [{ path: 'body.method' }] } })
  })

  test('envelope=request: each fault is named, and nobody unknown has a body kept', async () => {
    const gateway = await gatewayOf()
    const faulty = await post(gateway, 'envelope=request', { method: 7, headers: [] })
    expect((JSON.parse(faulty.body) as Told['body']).findings.map(({ path }) => path)).toEqual([
      'body.method',
      'body.headers',
    ])
    const large = await post(gateway, 'envelope=request', 'x'.repeat(1024 * 1024 + 1))
    expect(large.status).toBe(413)
    // Answered before a byte of its body came.
    const answer = await new Promise<string>((resolve, reject) => {
      let text = ''
      const socket = connect(gateway.port, '127.0.0.1', () =>
        socket.write(
          'POST /harbor/items?envelope=request HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\n',
        ),
      )
      socket.on('data', (chunk) => {
        text += chunk.toString()
        if (text.includes('\r\n\r\n')) socket.destroy()
      })
      socket.once('error', reject).once('close', () => resolve(text))
    })
    expect(answer).toMatch(/^HTTP\/1\.1 401 /)
  })

  test('so many bodies are in hand at a time, and a place is free again when its client goes', async () => {
    const gateway = await gatewayOf()
    const path = '/harbor/news?envelope=request'
    const ask = () => send(gateway, { method: 'POST', path, body: '{"method":"GET"}' })
    const head = `POST ${path} HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\n`
    const idle = Array.from({ length: 230 }, () => {
      const socket = connect(gateway.port, '127.0.0.1', () => socket.write(head))
      return socket.on('error', () => {})
    })
    onTestFinished(() => idle.forEach((socket) => socket.destroy()))
    await until('full', async () => (await ask()).status === 503)
    const refused = await ask()
    expect(refused.headers).toMatchObject({ 'rockpool-problem': 'overloaded', 'retry-after': '1' })
    // Customers have the last tenth for themselves.
    expect((await post(gateway, 'envelope=request', { method: 'GET' })).status).toBe(200)
    for (const socket of idle) socket.destroy()
    await until('free', async () => (await ask()).status === 200)
  })

  test('envelope=request: the credential is the outer one, and a foreign page stays one', async () => {
    const gateway = await gatewayOf()
    const forged = { method: 'PUT', headers: { Authorization: `Bearer ${live.text}`, Cookie: 'a=1' } }
    const outer = await send(gateway, {
      method: 'POST',
      path: '/harbor/items?envelope=request',
      body: JSON.stringify(forged),
    })
    expect(outer.status).toBe(401)
    const anonymous = await send(gateway, {
      method: 'POST',
      path: '/harbor/news?envelope=request',
      body: JSON.stringify({ ...forged, method: 'GET' }),
    })
    expect(seen(anonymous).headers.has('cookie')).toBe(false)
    expect(seen(anonymous).headers.get('baggage')?.join()).toContain('actor=anonymous')
  })

  test('envelope=request of a sandbox is in the ledger, with the method that it named', async () => {
    const gateway = await gatewayOf()
    const envelope = JSON.stringify({ method: 'PUT', headers: { 'Idempotency-Key': 'k1' }, body: {} })
    const path = '/box/items?envelope=request'
    expect((await send(gateway, { method: 'POST', path, headers: bearer(key), body: envelope })).status).toBe(
      200,
    )
    await until('shipped', () => gateway.shipped.some(({ outcome }) => outcome === 'done'))
    expect(gateway.shipped.at(-1)).toMatchObject({
      method: 'PUT',
      idempotencyKey: 'k1',
      status: 200,
      outcome: 'done',
    })
  })

  test('a request that never became whole is in the ledger as one of which nothing came', async () => {
    const gateway = await gatewayOf()
    const form = `Authorization: Bearer ${key.text}\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 9`
    const socket = connect(gateway.port, '127.0.0.1', () =>
      socket.write(`POST /box/items HTTP/1.1\r\nHost: a\r\n${form}\r\n\r\na=1`),
    )
    socket.on('error', () => {})
    await until('intended', () => gateway.shipped.length > 0)
    socket.destroy()
    await until('over', () => gateway.shipped.some(({ outcome }) => outcome === 'done'))
    expect(gateway.shipped.at(-1)).toMatchObject({ method: 'POST', status: 408, resource: null })
    expect(gateway.records.at(-1)).toMatchObject({ status: null, aborted: 'client' })
  })

  test('what an answer in an envelope created is in the ledger as without one', async () => {
    const gateway = await gatewayOf((_, response) => {
      response.writeHead(201, ['Content-Type', 'application/json', 'Location', '/box/items/7'])
      response.end('{"id":"item_7"}')
    })
    const path = '/box/items?envelope=response'
    const received = await send(gateway, {
      method: 'POST',
      path,
      headers: [...bearer(key), ...json],
      body: '{}',
    })
    expect(told(received)).toMatchObject({ status: 201, headers: { location: ['/box/items/7'] } })
    await until('shipped', () => gateway.shipped.some(({ outcome }) => outcome === 'done'))
    const created = { method: 'POST', status: 201, location: '/box/items/7', resource: 'item_7' }
    expect(gateway.shipped.at(-1)).toMatchObject(created)
  })

  test('a form goes on as JSON, and so does what says octet-stream', async () => {
    const gateway = await gatewayOf()
    const form = await post(gateway, '', 'name=Sextant&tags[]=a&tags[]=b', [
      'Content-Type',
      'application/x-www-form-urlencoded',
    ])
    expect(seen(form).body).toBe('{"name":"Sextant","tags":["a","b"]}')
    expect(seen(form).headers.get('content-type')).toEqual(['application/json'])
    expect(seen(form).headers.get('content-length')).toEqual(['35'])
    const octets = await post(gateway, '', '{"a": 1}', ['Content-Type', 'application/octet-stream'])
    expect(seen(octets)).toMatchObject({ body: '{"a": 1}' })
    expect(seen(octets).headers.get('content-type')).toEqual(['application/json'])
    const plain = await post(gateway, '', '{"a": 1}', json)
    expect(seen(plain).body).toBe('{"a": 1}')
  })

  test('JSON that says it is a form is refused with what to say; other bodies that do not fit with why', async () => {
    const gateway = await gatewayOf()
    const form = ['Content-Type', 'application/x-www-form-urlencoded']
    const disguised = await post(gateway, '', '{"a":1}', form)
    expect([disguised.status, disguised.body.includes('Content-Type: application/json')]).toEqual([415, true])
    expect((await post(gateway, '', 'PK', ['Content-Type', 'application/octet-stream'])).status).toBe(415)
    expect((await post(gateway, '', 'a[b=1', form)).status).toBe(422)
    expect((await post(gateway, '', 'a=1', [...form, 'Content-Encoding', 'gzip'])).status).toBe(415)
    expect((await post(gateway, '', `a=${'x'.repeat(1024 * 1024)}`, form)).status).toBe(413)
    // Every place that was held is free again, and the gateway serves on.
    expect((await post(gateway, '', 'a=1', form)).status).toBe(200)
  })
})
