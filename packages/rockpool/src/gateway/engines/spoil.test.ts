import type { RequestListener, ServerResponse } from 'node:http'
import { describe, expect, test } from 'vitest'
import { engineTo, plainAnswer } from '../../../test/support/engine.ts'
import { call, ways, type Way } from '../../../test/support/engine-calls.ts'
import { until, upstream } from '../../../test/support/gateway.ts'
import type { HeaderFields } from '../header-fields.ts'
import type { Answer, Exchange, Spoil } from './engine.ts'

/** An engine whose answers are spoiled on purpose. `more`: what the exchange does besides. */
async function spoiling(
  way: Way,
  spoil: Spoil,
  listener: RequestListener,
  more: (exchange: Exchange) => void = () => {},
) {
  const service = await upstream(listener)
  return engineTo(ways[way], {
    url: service.url,
    open(exchange) {
      const { answered } = exchange
      return Object.assign(exchange, {
        answered(status: number, headers: HeaderFields) {
          exchange.spoil = spoil
          more(exchange)
          return answered(status, headers)
        },
      })
    },
  })
}

const size = 40_000
const whole = 'x'.repeat(size)
const framings: [string, RequestListener][] = [
  ['with a length', (_, response) => void response.setHeader('Content-Length', size).end(whole)],
  [
    'in chunks',
    (_, response) => {
      response.write(whole.slice(0, 15_000))
      response.end(whole.slice(15_000))
    },
  ],
]

describe.each(Object.keys(ways) as Way[])('%s: an answer that is spoiled', (way) => {
  describe.each(framings)('%s', (_, listener) => {
    test.each([1, 14_999, size])('is reset after exactly %i bytes', async (resetAfterBytes) => {
      const engine = await spoiling(way, { resetAfterBytes }, listener)
      const got = await call(way, engine.port)
      // With its length, all of it may have been enough to the client.
      if (resetAfterBytes < size) expect(got.ended).toBe('reset')
      expect([got.status, got.body.length]).toEqual([200, resetAfterBytes])
      await until('told', () => engine.ended().length === 1)
      expect(engine.ended()).toEqual([{ bytesIn: 0, bytesOut: resetAfterBytes, aborted: 'upstream' }])
    })

    test('is whole where it is shorter than that', async () => {
      const engine = await spoiling(way, { resetAfterBytes: size + 1 }, listener)
      const got = await call(way, engine.port)
      expect([got.ended, got.status, got.body.length]).toEqual(['whole', 200, size])
      await until('told', () => engine.ended().length === 1)
      expect(engine.ended()).toEqual([{ bytesIn: 0, bytesOut: size, aborted: null }])
    })

    test('comes at the rate that it may come at, and whole', async () => {
      const began = performance.now()
      const engine = await spoiling(way, { bytesPerSecond: size * 8 }, listener)
      const got = await call(way, engine.port)
      expect([got.ended, got.body.length]).toEqual(['whole', size])
      // An eighth of a second, less what goes at once.
      expect(performance.now() - began).toBeGreaterThan(60)
    })
  })

  test('is the client’s to break off until then', async () => {
    let isBegun = false
    const spoil = { resetAfterBytes: 10, bytesPerSecond: 1 }
    const engine = await spoiling(way, spoil, framings[0]![1], () => (isBegun = true))
    await call(way, engine.port, { breaksOff: () => isBegun })
    await until('told', () => engine.ended().length === 1)
    expect(engine.ended()).toMatchObject([{ aborted: 'client' }])
  })

  test('after no byte of content: its head is all that comes', async () => {
    const engine = await spoiling(way, { resetAfterBytes: 0 }, framings[0]![1])
    const got = await call(way, engine.port)
    expect([got.ended, got.status, got.body]).toEqual(['reset', 200, ''])
    await until('told', () => engine.ended().length === 1)
    expect(engine.ended()).toEqual([{ bytesIn: 0, bytesOut: 0, aborted: 'upstream' }])
  })

  test('by a rate and a reset: both', async () => {
    const engine = await spoiling(way, { bytesPerSecond: 2_000, resetAfterBytes: 150 }, framings[0]![1])
    const got = await call(way, engine.port)
    expect([got.ended, got.body.length]).toEqual(['reset', 150])
  })

  test('leaves its service when it is reset', async () => {
    let isLeft = false
    const engine = await spoiling(way, { resetAfterBytes: 5 }, (_, response) => {
      response.once('close', () => (isLeft = true))
      response.write('0123456789')
    })
    expect((await call(way, engine.port)).body).toBe('01234')
    await until('left', () => isLeft)
  })

  test('holds back a service that is faster', async () => {
    let sent = 0
    let isHeld = false
    const most = 64 * 1024 * 1024
    const block = Buffer.alloc(64 * 1024)
    const write = (response: ServerResponse) => {
      while (sent < most && !response.destroyed) {
        sent += block.length
        if (!response.write(block)) {
          response.once('drain', () => write(response))
          // What the sockets in between have taken has been taken by now.
          return void setImmediate(() => (isHeld ||= response.writableNeedDrain))
        }
      }
    }
    const engine = await spoiling(way, { bytesPerSecond: 100_000 }, (_, response) => write(response))
    const pending = call(way, engine.port)
    await until('held back', () => isHeld)
    let before = -1
    await until('no more is taken', async () => {
      const isStill = before === sent
      before = sent
      await new Promise((resolve) => setTimeout(resolve, 20))
      return isStill && before === sent
    })
    expect(sent).toBeLessThan(most / 2)
    await engine.close()
    expect((await pending).ended).toBe('reset')
  })

  test('where it is reshaped too, that is what is spoiled', async () => {
    const reshape = { maxBytes: size, whole: () => plainAnswer(202, '0123456789') }
    const more = (exchange: Exchange) => void (exchange.reshape = reshape)
    const short = await spoiling(way, { resetAfterBytes: 4 }, framings[0]![1], more)
    const got = await call(way, short.port)
    expect([got.ended, got.status, got.body]).toEqual(['reset', 202, '0123'])
    await until('told', () => short.ended().length === 1)
    expect(short.ended()).toEqual([{ bytesIn: 0, bytesOut: 4, aborted: 'upstream' }])

    const slow = await spoiling(way, { bytesPerSecond: 200 }, framings[0]![1], more)
    expect(await call(way, slow.port)).toMatchObject({ ended: 'whole', status: 202, body: '0123456789' })
  })

  test('that is the answer to HEAD ends with its head', async () => {
    const engine = await spoiling(way, { resetAfterBytes: 1 }, framings[0]![1])
    const got = await call(way, engine.port, { method: 'HEAD' })
    expect([got.ended, got.status, got.header('content-length')]).toEqual(['whole', 200, String(size)])
  })

  describe('of our own', () => {
    const own = (spoil: Spoil, answer: Answer = plainAnswer(503, '0123456789')) =>
      engineTo(ways[way], { url: 'http://127.0.0.1:1', exchange: () => ({ plan: { answer }, spoil }) })

    test('reset after nothing: not even its head comes', async () => {
      const engine = await own({ resetAfterBytes: 0 })
      expect(await call(way, engine.port)).toMatchObject({ ended: 'reset', status: null, body: '' })
      await until('told', () => engine.ended().length === 1)
      expect(engine.ended()).toMatchObject([{ bytesOut: 0 }])
    })

    test('reset after some bytes, or slow, is that', async () => {
      const short = await own({ resetAfterBytes: 3 })
      expect(await call(way, short.port)).toMatchObject({ ended: 'reset', status: 503, body: '012' })
      const slow = await own({ bytesPerSecond: 200 })
      expect(await call(way, slow.port)).toMatchObject({ ended: 'whole', status: 503, body: '0123456789' })
    })
  })
})
