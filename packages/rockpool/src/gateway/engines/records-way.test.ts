import type { RequestListener, Server, ServerResponse } from 'node:http'
import { connect } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { bearer, live, routes, send, sendRaw } from '../../../test/support/gateway-client.ts'
import {
  beginHttp2,
  http2Session,
  receiveHttp2,
  sendHttp2,
  socketEngines,
  type SocketEngineName,
} from '../../../test/support/gateway-http2.ts'
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
import { silentAddress } from '../../../test/support/silent-address.ts'
import { silentLog } from '../../kernel/index.ts'
import type { AccessRecord } from '../access-log.ts'
import type { SnapshotFault, SnapshotService } from '../types.ts'
import type { EngineLimits } from './engine.ts'
import { createListener } from './listening/listener.ts'

const run = credential('run')

interface Door {
  engine: SocketEngineName
  call(
    gateway: TestGateway,
    method?: string,
    key?: { text: string },
    path?: string,
  ): Promise<{ status: number }>
  /** A call whose client goes away; `leave` once it is on its way. */
  begin(gateway: TestGateway): { leave(): void }
  /** A POST whose body does not come to its end. Gives the status that it is answered. */
  half(gateway: TestGateway, body: string, type?: string): Promise<number>
}

const overHttp1 = (engine: SocketEngineName): Door => ({
  engine,
  call: (gateway, method = 'GET', key = live, path = '/harbor/items') =>
    send(gateway, { method, path, headers: bearer(key) }),
  begin(gateway) {
    const head = ['GET /harbor/items HTTP/1.1', 'Host: a', bearer(live).join(': ')]
    const socket = connect(gateway.port, '127.0.0.1', () => socket.write(`${head.join('\r\n')}\r\n\r\n`))
    return { leave: () => void socket.destroy() }
  },
  async half(gateway, body, type = 'text/plain') {
    const auth = bearer(live).join(': ')
    const head = [
      'POST /harbor/items HTTP/1.1',
      'Host: a',
      auth,
      `Content-Type: ${type}`,
      'Content-Length: 50',
    ]
    const received = await sendRaw(gateway, `${head.join('\r\n')}\r\n\r\n${body}`)
    return Number(received.split(' ')[1])
  },
})

const doors: Record<string, Door> = {
  'engine node': overHttp1('node'),
  'engine splice': overHttp1('splice'),
  'HTTP/2': {
    engine: 'splice',
    call: (gateway, method = 'GET', key = live, path = '/harbor/items') =>
      sendHttp2(gateway, { method, path, headers: bearer(key) }),
    begin(gateway) {
      const session = http2Session(gateway)
      session.request({ ':path': '/harbor/items', authorization: bearer(live)[1] }).on('error', () => {})
      return { leave: () => session.destroy() }
    },
    async half(gateway, body, type = 'text/plain') {
      const headers = [...bearer(live), 'Content-Type', type]
      const stream = beginHttp2(http2Session(gateway), { method: 'POST', headers }, false)
      const received = receiveHttp2(stream)
      stream.write(body)
      return (await received).status
    },
  },
}

interface Parts {
  url: string
  more?: Partial<SnapshotService>
  faults?: SnapshotFault[]
  limits?: Partial<EngineLimits>
  /** A call was decided about. */
  onUsed?: () => void
}

function gatewayAt(
  { engine }: Door,
  { url, more, faults = [], limits, onUsed = () => {} }: Parts,
): Promise<TestGateway> {
  const parts = {
    organizations: [organization('harbor'), sandbox('box')],
    credentials: [live, run],
    services: [service('catalog', { url, routes, ...more })],
    faults,
  }
  return testGateway(engine, parts, limits, { onUsed }, (duties, limits = {}) =>
    createListener({ duties, engine: socketEngines[engine](duties, limits), log: silentLog, limits }),
  )
}

async function recordsOf(gateway: TestGateway, count: number): Promise<AccessRecord[]> {
  await until('logged', () => gateway.records.length >= count)
  for (const record of gateway.records) expect(partsOf(record)).toBeLessThanOrEqual(record.ms)
  return gateway.records
}

const partsOf = ({ decideMs, connectMs, upstreamMs }: AccessRecord) =>
  (decideMs ?? 0) + (connectMs ?? 0) + (upstreamMs ?? 0)

const addressOf = (url: string) => new URL(url).host

/** How long what is measured lasts, in milliseconds; and what of that counts, for clocks of whole milliseconds. */
const longMs = 200
const least = longMs - 5

describe.each(Object.entries(doors))('%s tells which way a call went, and where its time did', (_, door) => {
  test('the address that took it, and no wait where a connection was free', async () => {
    const { url } = await upstream((_, response) => response.end('ok'))
    const gateway = await gatewayAt(door, { url })
    await door.call(gateway)
    // undici may open another one before the first is free again; so below.
    await until('one was free', async () => {
      await door.call(gateway)
      return (await recordsOf(gateway, 2)).at(-1)!.connectMs === 0
    })
    for (const record of gateway.records) {
      expect(record).toMatchObject({ status: 200, upstream: addressOf(url), retries: 0 })
      expect([record.decideMs, record.connectMs, record.upstreamMs]).toEqual([
        expect.any(Number),
        expect.any(Number),
        expect.any(Number),
      ])
    }
  })

  test('of a service with a name, the address behind it', async () => {
    const { url } = await upstream((_, response) => response.end('ok'))
    const gateway = await gatewayAt(door, { url: url.replace('127.0.0.1', 'localhost') })
    expect((await door.call(gateway)).status).toBe(200)
    expect((await recordsOf(gateway, 1))[0]).toMatchObject({ upstream: addressOf(url), retries: 0 })
  })

  test.each([
    ['GET', 200, 1],
    ['POST', 502, 0],
  ])(
    'a %s that met a connection which its service had just closed: %i, sent again %i times (RFC 9110 9.2.2)',
    async (method, status, retries) => {
      const { url, hasClosed } = await closing()
      const gateway = await gatewayAt(door, { url })
      await door.call(gateway)
      await until('it met one', async () => {
        await door.call(gateway, method)
        return hasClosed()
      })
      const records = await recordsOf(gateway, 2)
      expect(records.at(-1)).toMatchObject({ status, upstream: addressOf(url), retries })
      for (const record of records.slice(0, -1)) expect(record).toMatchObject({ status: 200, retries: 0 })
    },
  )

  test('one that is sent again, to nobody any more, tells both', async () => {
    const { url, hasClosed } = await closing((server) => server.close())
    const gateway = await gatewayAt(door, { url })
    await door.call(gateway)
    await until('it met one', async () => {
      await door.call(gateway)
      return hasClosed()
    })
    expect((await recordsOf(gateway, 2)).at(-1)).toMatchObject({
      status: 502,
      // Failed, where undici had one more connection that closed.
      refused: expect.stringMatching(/^upstream_(unreachable|failed)$/),
      upstream: addressOf(url),
      retries: 1,
      upstreamMs: null,
    })
  })

  test('a service with a name that is gone: the name, for nobody is behind it', async () => {
    const { url, server } = await upstream((_, response) => response.end('ok'))
    const named = url.replace('127.0.0.1', 'localhost')
    const gateway = await gatewayAt(door, { url: named })
    await door.call(gateway)
    server.close()
    server.closeAllConnections()
    await until('nobody was reached', async () => {
      const { status } = await door.call(gateway)
      return status === 502 && gateway.records.at(-1)?.refused === 'upstream_unreachable'
    })
    expect(gateway.records.at(-1)).toMatchObject({ upstream: addressOf(named), upstreamMs: null })
  })

  test('a call that is refused went nowhere', async () => {
    const gateway = await gatewayAt(door, { url: 'http://127.0.0.1:1' })
    await door.call(gateway, 'GET', credential('live'))
    expect((await recordsOf(gateway, 1))[0]).toMatchObject({
      status: 401,
      upstream: null,
      retries: 0,
      decideMs: null,
      connectMs: null,
      upstreamMs: null,
    })
  })

  test('a service that is not there: the address that was tried', async () => {
    const gateway = await gatewayAt(door, { url: 'http://127.0.0.1:1' })
    await door.call(gateway)
    expect((await recordsOf(gateway, 1))[0]).toMatchObject({
      status: 502,
      upstream: '127.0.0.1:1',
      retries: 0,
      decideMs: expect.any(Number),
      connectMs: expect.any(Number),
      upstreamMs: null,
    })
  })

  test('an address that answers nothing: all the time went into the connection', async () => {
    const url = await silentAddress()
    const gateway = await gatewayAt(door, { url })
    await door.call(gateway)
    const [record] = await recordsOf(gateway, 1)
    expect(record).toMatchObject({ status: 502, upstream: addressOf(url), upstreamMs: null })
    // A connection has 2 s (docs/gateway.md, “Engines”), by a clock of half a second.
    expect(record!.connectMs).toBeGreaterThanOrEqual(1_400)
  })

  test('who waits for a connection, while all are in use; who leaves meanwhile went nowhere', async () => {
    const held: ServerResponse[] = []
    let isFree = false
    const { url } = await upstream((_, response) => void (isFree ? response.end() : held.push(response)))
    let decided = 0
    const onUsed = () => void (decided += 1)
    const gateway = await gatewayAt(door, { url, more: { concurrency: 1_000 }, onUsed })
    const most = Array.from({ length: 256 }, () => door.call(gateway))
    await until('all connections are in use', () => held.length === 256)
    const leaving = door.begin(gateway)
    const waiting = door.call(gateway)
    await until('they wait', () => decided === 258)
    await pause(longMs)
    leaving.leave()
    const [left] = await recordsOf(gateway, 1)
    expect(left).toMatchObject({ aborted: 'client', upstream: null, retries: 0, upstreamMs: null })
    expect(left!.connectMs).toBeGreaterThanOrEqual(least)
    isFree = true
    held.pop()!.end()
    await waiting
    const [, ...records] = await recordsOf(gateway, 3)
    const waited = records.filter(({ connectMs }) => connectMs! >= least)
    expect(waited).toMatchObject([{ status: 200, upstream: addressOf(url), retries: 0 }])
    for (const response of held) response.end()
    await Promise.all(most)
  })

  test('a body that stands still: refused, and the client’s fault alone', async () => {
    const { url } = await upstream((request) => void request.resume().on('error', () => {}))
    const gateway = await gatewayAt(door, { url, limits: { bodyIdleMs: longMs } })
    expect(await door.half(gateway, 'half')).toBe(408)
    const [record] = await recordsOf(gateway, 1)
    expect(record).toMatchObject({
      status: 408,
      refused: 'request_timeout',
      aborted: 'client',
      bytesIn: 4,
      upstream: addressOf(url),
      upstreamMs: null,
    })
  })

  test('a body that is read on the way and stands still', async () => {
    const shaped = routes.map((route) => ({ ...route, shapes: ['form' as const] }))
    const gateway = await gatewayAt(door, {
      url: 'http://127.0.0.1:1',
      more: { routes: shaped },
      limits: { bodyIdleMs: longMs },
    })
    expect(await door.half(gateway, 'a=', 'application/x-www-form-urlencoded')).toBe(408)
    expect((await recordsOf(gateway, 1))[0]).toMatchObject({
      status: 408,
      refused: 'request_timeout',
      aborted: 'client',
      bytesIn: 2,
      upstream: null,
    })
  })

  test('a body that is too long, of which half came', async () => {
    const { url } = await upstream((request) => void request.resume().on('error', () => {}))
    const short = routes.map((route) => ({ ...route, maxBodyBytes: 10 }))
    const gateway = await gatewayAt(door, { url, more: { routes: short } })
    expect(await door.half(gateway, 'more than these')).toBe(413)
    expect((await recordsOf(gateway, 1))[0]).toMatchObject({
      status: 413,
      refused: 'body_too_large',
      upstreamMs: null,
    })
  })

  test('what makes a call late on purpose is time until it was let through', async () => {
    const { url } = await upstream((_, response) => response.end('ok'))
    const late = fault(
      { kind: 'delay', ms: longMs, jitterMs: 0 },
      { of: { run: 'run_1', organization: 'box' } },
    )
    const gateway = await gatewayAt(door, { url, faults: [late] })
    expect((await door.call(gateway, 'GET', run, '/box/items')).status).toBe(200)
    const [record] = await recordsOf(gateway, 1)
    expect(record!.decideMs).toBeGreaterThanOrEqual(least)
    expect(record).toMatchObject({ upstream: addressOf(url), fault: { id: 'flt_1' } })
  })

  test.each<[string, RequestListener, (record: AccessRecord) => number | null]>([
    [
      'a service that takes its time',
      (_, response) => void setTimeout(() => response.end('ok'), longMs),
      ({ upstreamMs }) => upstreamMs,
    ],
    [
      'an answer that takes its time once it has begun',
      (_, response) => {
        response.write('half')
        setTimeout(() => response.end(), longMs)
      },
      (record) => record.ms - partsOf(record),
    ],
  ])('%s', async (_, listener, partOf) => {
    const { url } = await upstream(listener)
    const gateway = await gatewayAt(door, { url })
    await door.call(gateway)
    const [record] = await recordsOf(gateway, 1)
    expect(partOf(record!)).toBeGreaterThanOrEqual(least)
  })
})

test('engine splice tells of a body that is not of HTTP’s form', async () => {
  const { url } = await upstream((request) => void request.resume().on('error', () => {}))
  const gateway = await gatewayAt(doors['engine splice']!, { url })
  const head = [
    'POST /harbor/items HTTP/1.1',
    'Host: a',
    bearer(live).join(': '),
    'Transfer-Encoding: chunked',
  ]
  const received = await sendRaw(gateway, `${head.join('\r\n')}\r\n\r\n4\r\nhalf\r\nno size\r\n`)
  expect(received).toMatch(/^HTTP\/1\.1 400 /)
  expect((await recordsOf(gateway, 1))[0]).toMatchObject({
    status: 400,
    refused: 'malformed_request',
    aborted: 'client',
    upstream: addressOf(url),
    upstreamMs: null,
  })
})

/** A service that answers the first call on each connection, and closes the first that has another. */
async function closing(andThen: (server: Server) => void = () => {}) {
  const served = new WeakSet<object>()
  let isClosed = false
  const { url, server } = await upstream((request, response) => {
    if (!served.has(request.socket) || isClosed) {
      served.add(request.socket)
      return void response.end('ok')
    }
    isClosed = true
    andThen(server)
    request.socket.destroy()
  })
  return { url, hasClosed: () => isClosed }
}
