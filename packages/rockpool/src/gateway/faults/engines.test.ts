import { randomBytes } from 'node:crypto'
import type { RequestListener } from 'node:http'
import { connect } from 'node:net'
import { performance } from 'node:perf_hooks'
import { describe, expect, test } from 'vitest'
import {
  credential,
  fault,
  organization,
  readAll,
  sandbox,
  service,
  testGateway,
  until,
  upstream,
} from '../../../test/support/gateway.ts'
import type { TestGateway } from '../../../test/support/gateway.ts'
import { bearer, routes, send } from '../../../test/support/gateway-client.ts'
import { beginHttp2, receiveHttp2, http2Session, socketEngines } from '../../../test/support/gateway-http2.ts'
import type { SocketEngineName } from '../../../test/support/gateway-http2.ts'
import { createListener } from '../engines/listening/listener.ts'
import { silentLog } from '../../kernel/index.ts'
import type { FaultEffect, FaultTerms } from './types.ts'

const run = credential('run')
const other = credential('run', { run: 'run_2' })
const customer = credential('sandbox')
const own: Partial<FaultTerms> = { of: { run: 'run_1', organization: 'box' } }
const path = '/box/items'

const content = randomBytes(64 * 1024)
const item = '{"id": "item_1", "price": 12345678901234567890, "stock": 3}'

/** Answers by the path's query: `?large`, `?text`, `?zipped`, `?long`; else an item. */
const listener: RequestListener = (request, response) => {
  void readAll(request).then(() => {
    const kind = request.url?.split('?')[1]
    if (kind === 'large') return response.setHeader('content-length', content.length).end(content)
    response.setHeader('content-type', kind === 'text' ? 'text/plain' : 'application/json; charset=utf-8')
    response.setHeader('etag', '"1"').setHeader('x-encodings', String(request.headers['accept-encoding']))
    if (kind === 'zipped') response.setHeader('content-encoding', 'gzip')
    if (kind === 'long') response.write(' '.repeat(1024 * 1024))
    if (request.method === 'POST') response.statusCode = 201
    response.end(item)
  })
}

async function gatewayWith(engine: SocketEngineName, effect: FaultEffect, more = own): Promise<TestGateway> {
  const { url } = await upstream(listener)
  const parts = {
    organizations: [organization('harbor'), sandbox('box')],
    credentials: [run, other, customer],
    services: [service('catalog', { url, routes })],
    faults: [fault(effect, more)],
  }
  // As a gateway listens: HTTP/1.1 and HTTP/2 on one port.
  return testGateway(engine, parts, undefined, {}, (duties, limits = {}) =>
    createListener({ duties, engine: socketEngines[engine](duties, limits), log: silentLog, limits }),
  )
}

interface Raw {
  head: string
  body: Buffer
  /** Milliseconds until it was over. */
  ms: number
  /** `ECONNRESET`, where it was. */
  error: string | null
}

/** A call on a socket of its own: every byte that came back until the socket ended, and how it ended. */
function callRaw({ port }: TestGateway, target: string, key = run): Promise<Raw> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = []
    let error: string | null = null
    const began = performance.now()
    const socket = connect(port, '127.0.0.1', () =>
      socket.write(
        `GET ${target} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n${bearer(key).join(': ')}\r\n\r\n`,
      ),
    )
    socket.on('data', (chunk) => chunks.push(chunk))
    socket.on('error', ({ code }: NodeJS.ErrnoException) => (error = code ?? 'unknown'))
    socket.on('close', () => {
      const all = Buffer.concat(chunks)
      const at = all.indexOf('\r\n\r\n')
      const [head, body] = at < 0 ? [all, Buffer.of()] : [all.subarray(0, at), all.subarray(at + 4)]
      resolve({ head: head.toString('latin1'), body, error, ms: performance.now() - began })
    })
  })
}

const recordOf = async (gateway: TestGateway, count = 1) => {
  await until('logged', () => gateway.records.length >= count)
  return gateway.records.at(-1)
}

describe.each(Object.keys(socketEngines) as SocketEngineName[])('engine %s', (engine) => {
  test('abort: the connection is reset, and not one byte came before', async () => {
    const gateway = await gatewayWith(engine, { kind: 'abort' })
    expect(await callRaw(gateway, path)).toMatchObject({ head: '', error: 'ECONNRESET' })
    expect(await recordOf(gateway)).toMatchObject({
      status: null,
      refused: 'fault_injected',
      aborted: 'fault',
      upstreamMs: null,
      run: 'run_1',
      fault: { id: 'flt_1', missed: null },
    })
  })

  test('status: without a body, and marked as made on purpose', async () => {
    const gateway = await gatewayWith(engine, { kind: 'status', status: 507 })
    const received = await send(gateway, { path, headers: bearer(run) })
    expect(received).toMatchObject({ status: 507, body: '' })
    expect(received.headers).toMatchObject({ 'content-length': '0', 'rockpool-problem': 'fault_injected' })
    expect(received.headers['content-type']).toBeUndefined()
    expect(received.headers['rockpool-request']).toBe((await recordOf(gateway))!.request)
    expect(gateway.records[0]).toMatchObject({ status: 507, upstreamMs: null, fault: { id: 'flt_1' } })
  })

  test('unavailable: a problem that says so', async () => {
    const gateway = await gatewayWith(engine, { kind: 'unavailable' })
    const { status, body } = await send(gateway, { path, headers: bearer(run) })
    expect(status).toBe(503)
    expect(JSON.parse(body)).toMatchObject({ code: 'fault_injected', service: 'catalog', run: 'run_1' })
  })

  test('delay: the answer is the service’s own, later', async () => {
    const gateway = await gatewayWith(engine, { kind: 'delay', ms: 250, jitterMs: 0 })
    const began = performance.now()
    const received = await send(gateway, { path, headers: bearer(run) })
    expect(performance.now() - began).toBeGreaterThanOrEqual(245)
    expect(received).toMatchObject({ status: 200, body: item })
    expect(await recordOf(gateway)).toMatchObject({ status: 200, fault: { id: 'flt_1', missed: null } })
  })

  test('reset: the head and so many bytes of the body, to the byte', async () => {
    const afterBytes = 12_345
    const gateway = await gatewayWith(engine, { kind: 'reset', afterBytes })
    const { head, body, error } = await callRaw(gateway, `${path}?large`)
    expect(head).toMatch(/^HTTP\/1\.1 200 OK\r\n/)
    expect(head).toMatch(/content-length: 65536/i)
    expect(body.equals(content.subarray(0, afterBytes))).toBe(true)
    expect(error).toBe('ECONNRESET')
    expect(await recordOf(gateway)).toMatchObject({
      status: 200,
      bytesOut: afterBytes,
      aborted: 'fault',
      fault: { id: 'flt_1', missed: null },
    })
  })

  test('reset: an answer that is shorter is whole, and the record says so', async () => {
    const gateway = await gatewayWith(engine, { kind: 'reset', afterBytes: 1_000 })
    expect((await send(gateway, { path, headers: bearer(run) })).body).toBe(item)
    expect(await recordOf(gateway)).toMatchObject({
      aborted: null,
      fault: { id: 'flt_1', missed: 'too_short' },
    })
  })

  test('throttle: every byte, and not faster than it says', async () => {
    const bytesPerSecond = 160_000
    const gateway = await gatewayWith(engine, { kind: 'throttle', bytesPerSecond })
    const { body, ms, error } = await callRaw(gateway, `${path}?large`)
    expect(body.equals(content)).toBe(true)
    expect(error).toBeNull()
    // Its first portion may come at once; the ceiling is that of a loaded machine.
    expect(ms).toBeGreaterThan((content.length / bytesPerSecond) * 1_000 * 0.6)
    expect(ms).toBeLessThan(10_000)
    const free = await callRaw(gateway, `${path}?large`, other)
    expect(free.body.equals(content)).toBe(true)
    expect(gateway.records.map(({ fault }) => fault?.id ?? null)).toEqual(['flt_1', null])
  })

  test('wrong field: it alone is wrong, and what the answer said about its bytes goes with it', async () => {
    const gateway = await gatewayWith(engine, { kind: 'wrong_field', pointer: '/stock', value: -1 })
    const received = await send(gateway, { path, headers: [...bearer(run), 'Accept-Encoding', 'gzip'] })
    expect(received).toMatchObject({ status: 200, body: item.replace('3}', '-1}') })
    expect(received.headers).toMatchObject({
      'content-type': 'application/json; charset=utf-8',
      'content-length': String(received.body.length),
      'cache-control': 'no-store',
      'x-encodings': 'undefined',
    })
    expect(received.headers['etag']).toBeUndefined()
    expect(received.raw.filter((name) => /^content-length$/i.test(name))).toHaveLength(1)
    expect(await recordOf(gateway)).toMatchObject({
      status: 200,
      bytesOut: received.body.length,
      fault: { id: 'flt_1', missed: null },
    })
  })

  test('wrong field: the ledger keeps what the service said', async () => {
    const gateway = await gatewayWith(engine, { kind: 'wrong_field', pointer: '/id', drop: true })
    const received = await send(gateway, { method: 'POST', path, headers: bearer(run), body: '{}' })
    expect(received.status).toBe(201)
    expect(JSON.parse(received.body)).not.toHaveProperty('id')
    await until('shipped', () => gateway.shipped.some(({ outcome }) => outcome === 'done'))
    expect(gateway.shipped.at(-1)).toMatchObject({ run: 'run_1', status: 201, resource: 'item_1' })
  })

  test.each([
    ['text', 'not_json'],
    ['zipped', 'encoded'],
  ])(
    'wrong field: an answer of another form (%s) is as it was, and the record says so',
    async (kind, missed) => {
      const gateway = await gatewayWith(engine, { kind: 'wrong_field', pointer: '/stock', value: -1 })
      const received = await callRaw(gateway, `${path}?${kind}`)
      expect(received.head).toMatch(/etag: "1"/i)
      expect(received.body.toString()).toContain(item)
      expect(await recordOf(gateway)).toMatchObject({ status: 200, fault: { id: 'flt_1', missed } })
    },
  )

  test('wrong field: one that is not there leaves the answer as it was', async () => {
    const gateway = await gatewayWith(engine, { kind: 'wrong_field', pointer: '/colour', value: 'red' })
    const received = await send(gateway, { path, headers: bearer(run) })
    expect(received).toMatchObject({ status: 200, body: item, headers: { etag: '"1"' } })
    expect(received.headers['content-length']).toBe(String(item.length))
    expect(await recordOf(gateway)).toMatchObject({ fault: { id: 'flt_1', missed: 'no_such_field' } })
  })

  test('wrong field: an answer that turns out too long is refused, as it can be neither', async () => {
    const gateway = await gatewayWith(engine, { kind: 'wrong_field', pointer: '/stock', value: -1 })
    const received = await send(gateway, { path: `${path}?long`, headers: bearer(run) })
    expect(received.status).toBe(503)
    expect(JSON.parse(received.body)).toMatchObject({
      code: 'fault_injected',
      detail: 'a field of the answer was to be changed on purpose, and cannot be: it has more than 1 MB',
    })
    expect(await recordOf(gateway)).toMatchObject({
      status: 503,
      refused: 'fault_injected',
      fault: { id: 'flt_1', missed: 'too_large' },
    })
  })

  test.each<FaultEffect>([
    { kind: 'unavailable' },
    { kind: 'delay', ms: 60_000, jitterMs: 0 },
    { kind: 'abort' },
    { kind: 'status', status: 500 },
    { kind: 'wrong_field', pointer: '/stock', value: 0 },
    { kind: 'reset', afterBytes: 1 },
    { kind: 'throttle', bytesPerSecond: 100 },
  ])('$kind: another run beside it, and a customer of the sandbox, feel nothing', async (effect) => {
    const gateway = await gatewayWith(engine, effect)
    for (const key of [other, customer])
      expect(await send(gateway, { path, headers: bearer(key) })).toMatchObject({ status: 200, body: item })
    expect(gateway.records.filter((record) => 'fault' in record)).toEqual([])
  })

  test('a service whose answers are broken off on purpose is not left alone for that', async () => {
    const gateway = await gatewayWith(engine, { kind: 'reset', afterBytes: 10 })
    for (let round = 0; round < 2; round++) {
      const calls = Array.from({ length: 20 }, () => callRaw(gateway, `${path}?large`))
      expect((await Promise.all(calls)).every(({ error }) => error === 'ECONNRESET')).toBe(true)
    }
    expect(await send(gateway, { path, headers: bearer(customer) })).toMatchObject({
      status: 200,
      body: item,
    })
  })

  test('by HTTP/2 one stream is reset, and the connection goes on', async () => {
    const gateway = await gatewayWith(engine, { kind: 'abort' }, { ...own, operation: 'GETItems' })
    const session = http2Session(gateway)
    const ask = (headers: string[], target = path) =>
      receiveHttp2(beginHttp2(session, { path: target, headers }, true))
    await expect(ask(bearer(run))).rejects.toThrow()
    expect(await ask(bearer(other))).toMatchObject({ status: 200, body: item })
    expect(await ask(bearer(run), '/box/open')).toMatchObject({ status: 200 })
    expect(session.closed || session.destroyed).toBe(false)
  })
})
