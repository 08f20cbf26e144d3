import type { IncomingMessage, ServerResponse } from 'node:http'
import { setTimeout as pause } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { engineTo, plainAnswer } from '../../../test/support/engine.ts'
import { call, ways, type Way } from '../../../test/support/engine-calls.ts'
import { drip } from '../../../test/support/engine-drip.ts'
import { readAll, until, upstream } from '../../../test/support/gateway.ts'
import { rawClient, statusOf } from '../../../test/support/raw-http.ts'
import { noFields } from '../header-fields.ts'
import type { EngineLimits, Exchange, Forward } from './engine.ts'

// What one call may use up of a gateway and its service: time in all, time for its body, bytes. Ceilings are far above.

const ceilingMs = 5_000

interface Served {
  /** Bodies that came whole. */
  bodies: string[]
  /** Calls that were broken off. */
  broken: number
}

async function serving(
  way: Way,
  bounds: Partial<Pick<Forward, 'totalMs' | 'maxBodyBytes' | 'deadlineMs'>>,
  options: {
    limits?: Partial<EngineLimits>
    exchange?: Partial<Exchange>
    serve?: (request: IncomingMessage, response: ServerResponse) => void
  } = {},
) {
  const served: Served = { bodies: [], broken: 0 }
  const service = await upstream((request, response) => {
    response.once('close', () => (served.broken += response.writableFinished ? 0 : 1))
    if (options.serve) return options.serve(request, response)
    void readAll(request).then(
      (body) => {
        served.bodies.push(body.toString())
        response.end('served')
      },
      () => {},
    )
  })
  const engine = await engineTo(ways[way], {
    url: service.url,
    ...(options.limits ? { limits: options.limits } : {}),
    exchange: () => ({
      failed: (failure) => plainAnswer(failure === 'slow' ? 408 : 400, failure),
      ...options.exchange,
    }),
    open(exchange) {
      if ('forward' in exchange.plan) Object.assign(exchange.plan.forward, bounds)
      return exchange
    },
  })
  return { ...engine, served }
}

describe.each(Object.keys(ways) as Way[])('%s', (way) => {
  describe('the time for a body', () => {
    test.each([
      ['with its length', 10_000],
      ['in chunks', undefined],
    ])('%s: drops do not buy it, and who drips is told so', async (_, length) => {
      const engine = await serving(way, {}, { limits: { bodyMs: 300 } })
      const got = await drip(way, engine.port, { piece: 'x', ...(length ? { length } : {}) })
      expect([got.status, got.body]).toEqual([408, 'slow'])
      expect(got.ms).toBeLessThan(ceilingMs)
      await until('told, and broken off', () => engine.ended().length === 1 && engine.served.broken === 1)
      expect(engine.ended()).toMatchObject([{ aborted: 'client' }])
      expect(engine.served.bodies).toEqual([])
    })

    test('who sends on is not cut, however long it takes', async () => {
      const engine = await serving(way, {}, { limits: { bodyMs: 500 } })
      const got = await drip(way, engine.port, { piece: 'x'.repeat(4_000), endsAfterMs: 1_200 })
      expect([got.status, got.body]).toEqual([200, 'served'])
      expect(got.ms).toBeGreaterThan(500)
    })

    test('counts for one that is gathered', async () => {
      const bodies: (Buffer | null)[] = []
      const whole = (body: Buffer | null) => (bodies.push(body), { answer: plainAnswer(200) })
      const exchange = { plan: { gather: { maxBytes: 10_000, whole } } }
      const engine = await serving(way, {}, { limits: { bodyMs: 300 }, exchange })
      const got = await drip(way, engine.port, { piece: 'x' })
      expect([got.status, got.body]).toEqual([408, 'slow'])
      await until('told', () => engine.ended().length === 1)
      expect(engine.ended()).toMatchObject([{ aborted: 'client', bytesOut: 4 }])
      expect(bodies).toEqual([])
    })

    test('is over after an answer has begun: nothing but a broken one tells', async () => {
      const serve = (_: IncomingMessage, response: ServerResponse) => void response.write('half')
      const engine = await serving(way, {}, { limits: { bodyMs: 300 }, serve })
      const got = await drip(way, engine.port, { piece: 'x' })
      expect([got.status, got.ended]).toEqual([200, 'reset'])
      await until('told, and broken off', () => engine.ended().length === 1 && engine.served.broken === 1)
      expect(engine.ended()).toMatchObject([{ aborted: 'client' }])
    })
  })

  describe('the time without a byte of a body', () => {
    const bodyIdleMs = 200

    test.each([
      ['with its length', 10_000],
      ['in chunks', undefined],
    ])('%s: who stands still is told so, and its service gets no whole one', async (_, length) => {
      const engine = await serving(way, {}, { limits: { bodyIdleMs } })
      const got = await drip(way, engine.port, { piece: 'half', pieces: 1, ...(length ? { length } : {}) })
      expect([got.status, got.body, got.ended]).toEqual([408, 'slow', 'whole'])
      expect(got.ms).toBeLessThan(ceilingMs)
      await until('told, and broken off', () => engine.ended().length === 1 && engine.served.broken === 1)
      expect(engine.ended()).toMatchObject([{ aborted: 'client', bytesIn: 4 }])
      expect(engine.served.bodies).toEqual([])
    })

    test('counts from each byte: who comes slowly is served', async () => {
      const engine = await serving(way, {}, { limits: { bodyIdleMs: 1_000 } })
      const got = await drip(way, engine.port, { piece: 'x', endsAfterMs: 1_300 })
      expect([got.status, got.body]).toEqual([200, 'served'])
    })

    test('counts before the first one', async () => {
      const engine = await serving(way, {}, { limits: { bodyIdleMs } })
      const got = await drip(way, engine.port, { piece: 'x', pieces: 0 })
      expect([got.status, got.body]).toEqual([408, 'slow'])
    })

    test('counts for one that is gathered', async () => {
      const bodies: (Buffer | null)[] = []
      const whole = (body: Buffer | null) => (bodies.push(body), { answer: plainAnswer(200) })
      const exchange = { plan: { gather: { maxBytes: 10_000, whole } } }
      const engine = await serving(way, {}, { limits: { bodyIdleMs }, exchange })
      const got = await drip(way, engine.port, { piece: 'half', pieces: 1 })
      expect([got.status, got.body]).toEqual([408, 'slow'])
      await until('told', () => engine.ended().length === 1)
      expect(engine.ended()).toMatchObject([{ aborted: 'client', bytesIn: 4, bytesOut: 4 }])
      expect(bodies).toEqual([])
    })

    test('does not count while the service takes nothing', async () => {
      const size = 20 * 2 ** 20
      // Longer than what a busy machine may hold up a client that sends.
      const limits = { bodyIdleMs: 1_000 }
      let came = 0
      const serve = (request: IncomingMessage, response: ServerResponse) => {
        void pause(3 * limits.bodyIdleMs).then(() => {
          request.on('data', (bytes: Buffer) => (came += bytes.length))
          request.once('end', () => response.end('served'))
        })
      }
      const engine = await serving(way, {}, { limits, serve })
      const body = Array.from({ length: size / 2 ** 16 }, () => 'x'.repeat(2 ** 16))
      const got = await call(way, engine.port, { method: 'POST', body, length: size })
      expect([got.status, got.body, came]).toEqual([200, 'served', size])
    })

    test('does not count while the answer goes on', async () => {
      const serve = (request: IncomingMessage, response: ServerResponse) => {
        const timer = setInterval(() => response.write('.'), 20)
        request.resume().once('end', () => response.end('served'))
        response.once('close', () => clearInterval(timer))
      }
      const engine = await serving(way, {}, { limits: { bodyIdleMs }, serve })
      const got = await drip(way, engine.port, { piece: 'half', pieces: 1, endsAfterMs: 5 * bodyIdleMs })
      expect([got.status, got.ended]).toEqual([200, 'whole'])
      expect(got.body).toMatch(/^\.+served$/)
    })

    test('is over after an answer has begun: nothing but a broken one tells', async () => {
      const serve = (_: IncomingMessage, response: ServerResponse) => void response.write('half')
      const engine = await serving(way, {}, { limits: { bodyIdleMs }, serve })
      const got = await drip(way, engine.port, { piece: 'x', pieces: 1 })
      expect([got.status, got.ended]).toEqual([200, 'reset'])
      await until('told, and broken off', () => engine.ended().length === 1 && engine.served.broken === 1)
      expect(engine.ended()).toMatchObject([{ aborted: 'client' }])
    })

    test('ends a call no later than the deadline of its service', async () => {
      const engine = await serving(way, { deadlineMs: 200 }, { limits: { bodyIdleMs: 60_000 } })
      const got = await drip(way, engine.port, { piece: 'half', pieces: 1 })
      expect([got.status, got.body]).toEqual([400, 'deadline'])
      await until('told', () => engine.ended().length === 1)
      expect(engine.ended()).toMatchObject([{ aborted: 'deadline' }])
    })
  })

  describe('the size of a body', () => {
    test('as long as it may be it is served', async () => {
      const engine = await serving(way, { maxBodyBytes: 1_000 })
      for (const length of [1_000, undefined]) {
        const body = ['x'.repeat(400), 'x'.repeat(600)]
        const got = await call(way, engine.port, { method: 'POST', body, ...(length ? { length } : {}) })
        expect([got.status, got.body]).toEqual([200, 'served'])
      }
    })

    test('one that says that it is longer reaches no service', async () => {
      const engine = await serving(way, { maxBodyBytes: 1_000 })
      const body = ['x'.repeat(1_001)]
      const got = await call(way, engine.port, { method: 'POST', body, length: 1_001 })
      expect([got.status, got.body, got.ended]).toEqual([400, 'too large', 'whole'])
      await until('told', () => engine.ended().length === 1)
      expect(engine.ended()).toMatchObject([{ aborted: 'client' }])
      expect([engine.served.bodies, engine.served.broken]).toEqual([[], 0])
    })

    test.each([1, 1_001])('one that turns out to be, in pieces of %i, is broken off', async (size) => {
      const engine = await serving(way, { maxBodyBytes: 1_000 })
      const body = Array.from({ length: Math.ceil(1_001 / size) }, () => 'x'.repeat(size))
      const got = await call(way, engine.port, { method: 'POST', body })
      expect([got.status, got.body]).toEqual([400, 'too large'])
      await until('told', () => engine.ended().length === 1)
      expect(engine.ended()).toMatchObject([{ aborted: 'client' }])
      expect(engine.served.bodies).toEqual([])
    })

    test('counts for one that was made of what was gathered', async () => {
      const forward = {
        origin: 'http://127.0.0.1:9',
        method: 'POST',
        target: '/',
        headers: noFields,
        deadlineMs: 9_000,
      }
      const whole = (body: Buffer | null) => ({ forward: { ...forward, body: body!, maxBodyBytes: 3 } })
      const engine = await serving(way, {}, { exchange: { plan: { gather: { maxBytes: 10, whole } } } })
      const got = await call(way, engine.port, { method: 'POST', body: ['four'] })
      expect([got.status, got.body]).toEqual([400, 'too large'])
    })

    test('after an answer has begun nothing but a broken one tells', async () => {
      const serve = (_: IncomingMessage, response: ServerResponse) => void response.write('half')
      const engine = await serving(way, { maxBodyBytes: 100 }, { serve })
      const got = await drip(way, engine.port, { piece: 'x' })
      expect([got.status, got.ended]).toEqual([200, 'reset'])
      await until('told, and broken off', () => engine.ended().length === 1 && engine.served.broken === 1)
      expect(engine.ended()).toMatchObject([{ aborted: 'client' }])
    })
  })

  describe('the time in all', () => {
    /** An answer that goes on and on, in drops. */
    const drops = (_: IncomingMessage, response: ServerResponse) => {
      const timer = setInterval(() => response.write('x'), 20)
      response.once('close', () => clearInterval(timer))
    }

    test('ends a call that is not answered', async () => {
      const engine = await serving(way, { totalMs: 200 }, { serve: () => {} })
      const got = await call(way, engine.port)
      expect([got.status, got.body]).toEqual([400, 'total'])
      await until('told, and broken off', () => engine.ended().length === 1 && engine.served.broken === 1)
      expect(engine.ended()).toMatchObject([{ aborted: 'deadline' }])
    })

    test('ends a call whose body makes progress', async () => {
      const engine = await serving(way, { totalMs: 300 })
      const got = await drip(way, engine.port, { piece: 'x'.repeat(4_000) })
      expect([got.status, got.body]).toEqual([400, 'total'])
      await until('told', () => engine.ended().length === 1)
      expect(engine.ended()).toMatchObject([{ aborted: 'deadline' }])
    })

    test('breaks off an answer that has begun', async () => {
      const engine = await serving(way, { totalMs: 300 }, { serve: drops })
      const got = await call(way, engine.port)
      expect([got.status, got.ended]).toEqual([200, 'reset'])
      await until('told, and broken off', () => engine.ended().length === 1 && engine.served.broken === 1)
      expect(engine.ended()).toMatchObject([{ aborted: 'deadline' }])
    })

    test('does not count for an answer without an end', async () => {
      let asked = 0
      const exchange = { isEndless: () => (asked += 1) > 0 }
      const serve = (_: IncomingMessage, response: ServerResponse) => {
        response.write('half, ')
        void until('it is late', () => asked === 1).then(() => response.end('and the rest'))
      }
      const engine = await serving(way, { totalMs: 100 }, { serve, exchange })
      const got = await call(way, engine.port)
      expect([got.status, got.body, got.ended]).toEqual([200, 'half, and the rest', 'whole'])
      expect(asked).toBe(1)
    })

    test('is that of one call: the next one on the connection has its own', async () => {
      const engine = await serving(way, { totalMs: 10_000 })
      expect((await call(way, engine.port)).status).toBe(200)
      expect((await call(way, engine.port)).status).toBe(200)
      await until('told', () => engine.ended().length === 2)
      expect(engine.ended().map(({ aborted }) => aborted)).toEqual([null, null])
    })
  })
})

test.each(['node', 'splice'] as const)(
  '%s: a body that gets too long with its last bytes never ends at the service',
  async (way) => {
    let came = 0
    const bodies: string[] = []
    const serve = (request: IncomingMessage) => {
      request.on('data', (chunk: Buffer) => (came += chunk.length))
      readAll(request).then(
        (body) => bodies.push(body.toString()),
        () => {},
      )
    }
    const engine = await serving(way, { maxBodyBytes: 10 }, { serve })
    const client = await rawClient(engine.port, ['POST'])
    client.send('POST /items HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n')
    await until('it began', () => came === 5)
    client.send('6\r\nworld!\r\n0\r\n\r\n')
    expect((await client.closed()).map(statusOf)).toEqual([400])
    await until('broken off', () => engine.served.broken === 1)
    expect([came, bodies]).toEqual([5, []])
  },
)
