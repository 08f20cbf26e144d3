import { createServer } from 'node:net'
import type { AddressInfo, Socket } from 'node:net'
import { inspect } from 'node:util'
import { afterEach, describe, expect, onTestFinished, test, vi } from 'vitest'
import { notes } from '../test/paths.ts'
import type { paths } from '../test/paths.ts'
import { json, startService } from '../test/service.ts'
import type { Received } from '../test/service.ts'
import { createClient, isStatus, unwrap } from './index.ts'
import type { ClientOptions, CreateOptions } from './index.ts'

type Answer = Parameters<typeof startService>[0]

const open: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of open.splice(0)) await close()
})

async function given(answer: Answer, options: Partial<ClientOptions> = {}) {
  const service = await startService(answer)
  open.push(service.close)
  const all = {
    environment: 'sandbox',
    baseUrl: service.url,
    retries: { baseMs: 1 },
    operations: notes,
    ...options,
  }
  return { ...service, client: createClient<paths, typeof notes>(all as CreateOptions<typeof notes>) }
}

const fails = async (work: Promise<unknown>) =>
  (await work.then(
    () => {
      throw new Error('it should have been refused')
    },
    (error: unknown) => error,
  )) as Error & { code: string; findings: unknown }

const secret = 'rp_sandbox_0123456789abcdefghijklmnopqXXXXXX'
const liveSecret = 'rp_live_0123456789abcdefghijklmnopqXXXXXX'

describe('the environment', () => {
  test('has to be named, and everything that is wrong is told at once', async () => {
    const options = {
      baseUrl: 'ftp://user:hunter2@example.org',
      credential: 'with space',
      timeoutMs: 0,
      retries: { attempts: 99, baseMs: -1 },
    }
    const error = await fails(Promise.resolve().then(() => createClient<paths>(options as never)))
    expect(error.code).toBe('invalid_options')
    expect((error.findings as { path: string }[]).map(({ path }) => path)).toEqual([
      'environment',
      'baseUrl',
      'timeoutMs',
      'retries.attempts',
      'retries.baseMs',
      'credential',
    ])
    expect(error.message).not.toContain('hunter2')
    // @ts-expect-error: it is not named
    expect(() => createClient<paths>({ baseUrl: 'https://example.org' })).toThrow(/environment: name it/)
    // @ts-expect-error: there is no such
    expect(() => createClient<paths>({ environment: 'staging', baseUrl: 'https://example.org' })).toThrow(
      /name it/,
    )
  })

  test('chooses one of the base URLs, and none when its own is missing', async () => {
    const { url, received } = await given((response) => json(response, 200, { id: 'a' }))
    const baseUrls = { sandbox: `${url}/in-sandbox/`, production: 'http://127.0.0.1:1' }
    await createClient<paths>({ environment: 'sandbox', baseUrls }).GET('/orders/{order}', {
      params: { path: { order: 'a' } },
    })
    expect(received.map((one) => one.url)).toEqual(['/in-sandbox/orders/a'])
    expect(() => createClient<paths>({ environment: 'production', baseUrls: { sandbox: url } })).toThrow(
      /baseUrls.production: is missing/,
    )
  })

  test('a key of another one is refused before anything is sent, wherever it comes from', async () => {
    const { url, client, received } = await given((response) => json(response, 200, {}))
    expect(() =>
      createClient<paths>({ environment: 'sandbox', baseUrl: url, credential: liveSecret }),
    ).toThrow('credential: is of production, and the client is for sandbox')
    expect(() =>
      createClient<paths>({ environment: 'production', baseUrl: url, credential: secret }),
    ).toThrow('is of sandbox')
    const asked = createClient<paths>({
      environment: 'sandbox',
      baseUrl: url,
      credential: async () => liveSecret,
    })
    expect(await fails(asked.GET('/orders'))).toMatchObject({ code: 'wrong_environment' })
    const authorization = `Bearer ${liveSecret}`
    expect(await fails(client.GET('/orders', { headers: { authorization } }))).toMatchObject({
      code: 'wrong_environment',
    })
    const torn = createClient<paths>({
      environment: 'sandbox',
      baseUrl: url,
      credential: () => `${secret}\n`,
    })
    const error = await fails(torn.GET('/orders'))
    expect(error).toMatchObject({ code: 'invalid_input' })
    expect(error.message).not.toContain('0123456789abcdef')
    expect(received).toEqual([])
    await createClient<paths>({ environment: 'sandbox', baseUrl: url, credential: () => secret }).GET(
      '/orders',
    )
    expect(received.map(({ headers }) => headers.authorization)).toEqual([`Bearer ${secret}`])
  })
})

describe('an organization', () => {
  test('is filled in wherever a path has it, and a call’s own counts', async () => {
    const { client, received } = await given((response) => json(response, 200, []))
    const acme = client.organization('acme')
    await acme.GET('/{organization}/items')
    await acme.GET('/{organization}/items/{item}', { params: { path: { item: 'a/b' } } })
    await acme.organization('other').GET('/{organization}/items')
    await acme.GET('/{organization}/items', { params: { path: { organization: 'third' } } })
    await acme.GET('/orders')
    expect(received.map(({ url }) => url)).toEqual([
      '/acme/items',
      '/acme/items/a%2Fb',
      '/other/items',
      '/third/items',
      '/orders',
    ])
  })

  test('no value of a path leads to another one, and a missing one is named', async () => {
    const { client, received } = await given((response) => json(response, 200, []))
    for (const slug of ['..', '.', ''])
      expect(await fails(client.organization(slug).GET('/{organization}/items'))).toMatchObject({
        code: 'invalid_input',
        findings: [{ path: 'params.path.organization' }],
      })
    // @ts-expect-error: both are missing
    const error = await fails(client.GET('/{organization}/items/{item}'))
    expect(error.findings).toHaveLength(2)
    expect(received).toEqual([])
  })
})

describe('what is sent', () => {
  test('an unsafe call bears a key of its own, the same on each attempt; a safe one bears none', async () => {
    const { client, received } = await given((response, _, count) =>
      count < 3 ? response.writeHead(429, { 'retry-after': '0' }).end() : json(response, 201, { id: 'a' }),
    )
    await client.POST('/orders', { body: { total: 1 } })
    await client.POST('/orders', { body: { total: 2 } })
    await client.GET('/orders')
    await client.POST('/orders', { body: { total: 3 }, headers: { 'Idempotency-Key': 'mine' } })
    const keys = received.map(({ headers }) => headers['idempotency-key'])
    expect(keys[0]).toMatch(/^[0-9a-f]{32}$/)
    expect(keys.slice(0, 3)).toEqual([keys[0], keys[0], keys[0]])
    expect(received.slice(0, 3).map(({ body }) => body)).toEqual([
      '{"total":1}',
      '{"total":1}',
      '{"total":1}',
    ])
    expect(keys[3]).not.toBe(keys[0])
    expect(keys.slice(4)).toEqual([undefined, 'mine'])
  })

  test('the trace and headers of whoever calls, asked before each call', async () => {
    let count = 0
    const { client, received } = await given((response) => json(response, 200, {}), {
      traceparent: () => (count === 0 ? undefined : `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`),
      headers: () => ({ 'x-count': String(++count) }),
    })
    await client.GET('/orders')
    await client.GET('/orders', { headers: { 'x-count': 'own' } })
    expect(received.map(({ headers }) => [headers['x-count'], headers['traceparent']])).toEqual([
      ['1', undefined],
      ['own', `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`],
    ])
  })

  test('lists of a query repeat their name', async () => {
    const { client, received } = await given((response) => json(response, 200, {}))
    await client.GET('/orders', { params: { query: { status: ['a b', 'c&d'] } } })
    expect(received[0]?.url).toBe('/orders?status=a%20b&status=c%26d')
  })
})

describe('attempts', () => {
  const broken: Answer = (response) => response.socket?.destroy()
  const post = { body: { total: 1 } }

  test('a read is tried again after a broken connection; a write is not, unless it bears a key of the caller', async () => {
    const { client, received } = await given(broken)
    expect(await fails(client.GET('/orders'))).toMatchObject({ code: 'no_answer', operation: 'listOrders' })
    expect(received).toHaveLength(3)
    expect(await fails(client.POST('/orders', post))).toMatchObject({ code: 'no_answer' })
    expect(received).toHaveLength(4)
    await fails(client.POST('/orders', { ...post, headers: { 'idempotency-key': 'mine' } }))
    expect(received).toHaveLength(7)
  })

  test('a write whose contract declares the key is tried again', async () => {
    const operations = { 'POST /orders': { id: 'createOrder', keyed: true } } as const
    const service = await given((response, request, count) =>
      count === 1 ? broken(response, request, 1) : json(response, 201, {}),
    )
    const options = {
      environment: 'sandbox',
      baseUrl: service.url,
      retries: { baseMs: 1 },
      operations,
    } as const
    await createClient<paths, typeof operations>(options).POST('/orders', post)
    expect(service.received).toHaveLength(2)
    expect(new Set(service.received.map(({ headers }) => headers['idempotency-key'])).size).toBe(1)
  })

  test('count answers also where a server has put a Response of its own in the place of the platform’s', async () => {
    // As @hono/node-server does: what fetch answers is none of those.
    vi.stubGlobal('Response', class extends URL {})
    onTestFinished(() => void vi.unstubAllGlobals())
    const { client, received } = await given((response, _, count) =>
      json(response, count === 1 ? 503 : 200, { items: [] }),
    )
    const { response } = await client.GET('/orders')
    expect([response.status, received.length]).toEqual([200, 2])
  })

  test('`retries: false` makes each call once', async () => {
    const { client, received } = await given((response) => response.writeHead(502).end(), { retries: false })
    expect((await client.GET('/orders')).response.status).toBe(502)
    expect(received).toHaveLength(1)
  })

  test('a stream is sent once', async () => {
    const { client, received } = await given((response) =>
      response.writeHead(503, { 'retry-after': '0' }).end(),
    )
    const body = new ReadableStream({
      start(controller) {
        controller.enqueue(new TextEncoder().encode('{"total":1}'))
        controller.close()
      },
    })
    const { response } = await client.POST('/orders', { body: body as never })
    expect(response.status).toBe(503)
    expect(received.map((one) => one.body)).toEqual(['{"total":1}'])
  })

  test('an abort ends the pause and the call, with its own reason', async () => {
    const aborter = new AbortController()
    const { client, received } = await given((response) => {
      response.writeHead(503, { 'retry-after': '30' }).end()
      setImmediate(() => aborter.abort(new Error('enough')))
    })
    expect((await fails(client.GET('/orders', { signal: aborter.signal }))).message).toBe('enough')
    expect(received).toHaveLength(1)
  })

  test('a service that says nothing is given up, attempt by attempt', async () => {
    const sockets: Socket[] = []
    const silent = createServer((socket) => sockets.push(socket))
    await new Promise<void>((resolve) => {
      silent.listen(0, '127.0.0.1', resolve)
    })
    open.push(async () => {
      for (const socket of sockets) socket.destroy()
      silent.close()
    })
    const baseUrl = `http://127.0.0.1:${(silent.address() as AddressInfo).port}`
    const client = createClient<paths>({
      environment: 'sandbox',
      baseUrl,
      timeoutMs: 30,
      retries: { attempts: 2, baseMs: 1 },
    })
    expect(await fails(client.GET('/orders'))).toMatchObject({ code: 'deadline_exceeded' })
  })

  test('a body that comes to no end is given up as well', async () => {
    const { client } = await given(
      (response) => response.writeHead(200, { 'content-type': 'application/json' }).write('{'),
      {
        timeoutMs: 50,
      },
    )
    expect(await fails(client.GET('/orders'))).toMatchObject({ code: 'deadline_exceeded' })
  })

  test('a stream of an answer may take longer than its head', async () => {
    let finish = () => {}
    const { client } = await given(
      (response) => {
        response.writeHead(200).write('a')
        finish = () => response.end('b')
      },
      { timeoutMs: 60 },
    )
    const { data } = await client.GET('/orders', { parseAs: 'stream' })
    // The deadline has to be over: nothing tells of it.
    await new Promise((resolve) => setTimeout(resolve, 120))
    finish()
    expect(await new Response(data).text()).toBe('ab')
  })

  test('a redirect is not followed', async () => {
    const { client, received } = await given((response) =>
      response.writeHead(302, { location: '/elsewhere' }).end(),
    )
    expect(await fails(client.GET('/orders'))).toMatchObject({ code: 'redirected' })
    expect(received).toHaveLength(1)
  })
})

describe('an answer', () => {
  test('that is no success is an ApiError of `unwrap`, also without a body', async () => {
    const { client } = await given((response, { method }) =>
      method === 'DELETE'
        ? response.writeHead(403).end()
        : response
            .writeHead(422, { 'content-type': 'application/problem+json', 'rockpool-request': 'req_1' })
            .end(
              JSON.stringify({
                code: 'invalid_input',
                detail: 'no',
                findings: [{ path: 'body.total', message: 'is low' }, 7],
              }),
            ),
    )
    const error = await fails(
      client.POST('/orders', { body: { total: 0 } }).then((it) => unwrap(it, 'createOrder')),
    )
    expect(error.message).toBe('createOrder answered 422: no: body.total: is low')
    expect(error).toMatchObject({ name: 'ApiError', status: 422, code: 'invalid_input', requestId: 'req_1' })
    expect(error).toHaveProperty('problem.findings', [{ path: 'body.total', message: 'is low' }])
    const order = { params: { path: { order: 'a' } } }
    const gone = await fails(client.DELETE('/orders/{order}', order).then((it) => unwrap(it)))
    expect(gone).toMatchObject({ status: 403, body: undefined, problem: null })
    expect(isStatus(gone, 403)).toBe(true)
    expect(isStatus(gone, 404)).toBe(false)
    expect(isStatus(new Error('x'), 403)).toBe(false)
  })

  test('that is not JSON, or breaks off, is unreadable', async () => {
    const { client } = await given((response, _, count) => {
      if (count === 1) response.writeHead(200, { 'content-type': 'application/json' }).end('<h1>')
      else {
        response.writeHead(200, { 'content-length': '100' }).write('{')
        setImmediate(() => response.socket?.destroy())
      }
    })
    expect(await fails(client.GET('/orders'))).toMatchObject({ code: 'unreadable_answer' })
    expect(await fails(client.GET('/orders'))).toMatchObject({ code: 'unreadable_answer' })
  })
})

test.each([secret, 'sk_test_0123456789abcdef'])(
  'no printer shows a credential (%s): not of a client, nor of an error that a service or the network fills with it',
  async (secret) => {
    const echo = (response: Parameters<Answer>[0], request: Received) =>
      request.url === '/orders'
        ? json(
            response,
            400,
            { detail: request.headers.authorization, code: secret },
            { 'content-type': 'application/problem+json' },
          )
        : response.socket?.destroy()
    const { client } = await given(echo, { credential: secret, retries: false })
    const refused = await fails(client.GET('/orders').then((it) => unwrap(it)))
    const own = async () => {
      throw Object.assign(new Error(`cannot send Bearer ${secret}`), {
        config: { headers: { authorization: secret } },
      })
    }
    const { client: failing } = await given(echo, { credential: secret, retries: false, fetch: own })
    const unsent = await fails(failing.GET('/orders'))
    for (const one of [client, client.organization('acme'), refused, unsent])
      for (const text of [
        inspect(one, { depth: 9 }),
        JSON.stringify(one),
        `${one as Error}`,
        JSON.stringify(Object.entries(one)),
      ])
        expect(text).not.toContain('0123456789abcdef')
    expect(refused).toHaveProperty('body.code', secret)
  },
)
