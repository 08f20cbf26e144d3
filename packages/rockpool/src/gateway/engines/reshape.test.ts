import type { RequestListener } from 'node:http'
import { describe, expect, test } from 'vitest'
import { engineTo, plainAnswer } from '../../../test/support/engine.ts'
import { call, ways, type Way } from '../../../test/support/engine-calls.ts'
import { until, upstream } from '../../../test/support/gateway.ts'
import type { HeaderFields } from '../header-fields.ts'
import type { Answer, Failure, Spoil } from './engine.ts'

const maxBytes = 1_000

/** An engine that gives the client something else than what its service answers. */
async function reshaping(
  way: Way,
  listener: RequestListener,
  whole: (body: Buffer | null) => Answer,
  { deadlineMs = 10_000, spoil }: { deadlineMs?: number; spoil?: Spoil } = {},
) {
  const service = await upstream(listener)
  const bodies: (string | null)[] = []
  const statuses: number[] = []
  const failures: Failure[] = []
  const trailers: string[][] = []
  let tasted = ''
  const engine = await engineTo(ways[way], {
    url: service.url,
    deadlineMs,
    open(exchange) {
      const { answered, failed } = exchange
      return Object.assign(exchange, {
        answered(status: number, headers: HeaderFields) {
          statuses.push(status)
          exchange.take = (chunk) => (tasted += Buffer.from(chunk).toString())
          exchange.reshape = {
            maxBytes,
            whole(body) {
              bodies.push(body === null ? null : body.toString())
              return whole(body)
            },
          }
          if (spoil) exchange.spoil = spoil
          return answered(status, headers)
        },
        failed(failure: Failure, detail: string) {
          failures.push(failure)
          return failed(failure, detail)
        },
        trailers(headers: readonly string[]) {
          trailers.push([...headers])
          return [...headers]
        },
      })
    },
  })
  return { ...engine, bodies, statuses, failures, trailers, tasted: () => tasted }
}

const made = (body: Buffer | null): Answer => {
  const text = body === null ? 'too long' : body.toString().toUpperCase()
  return { status: 202, headers: ['X-Made', '1', 'Content-Length', String(text.length)], body: text }
}

describe.each(Object.keys(ways) as Way[])('%s: an answer that is reshaped', (way) => {
  test.each<[string, RequestListener]>([
    ['with a length', (_, response) => void response.setHeader('X-Theirs', '1').end('some more')],
    [
      'in chunks, with trailers',
      (_, response) => {
        response.writeHead(201, { 'X-Theirs': '1', Trailer: 'X-Sum' })
        response.write('some ')
        response.write('more')
        response.addTrailers({ 'X-Sum': '1' })
        response.end()
      },
    ],
    [
      'until the end of the connection',
      (_, response) => {
        response.useChunkedEncodingByDefault = false
        response.writeHead(200, { 'X-Theirs': '1', Connection: 'close' })
        response.end('some more')
      },
    ],
  ])('%s: nothing of it goes out but what is made of it', async (_, listener) => {
    const engine = await reshaping(way, listener, made)
    const got = await call(way, engine.port)
    expect([got.status, got.body, got.header('x-made')]).toEqual([202, 'SOME MORE', '1'])
    expect(got.header('x-theirs')).toBeUndefined()
    expect(engine.bodies).toEqual(['some more'])
    expect(engine.tasted()).toBe('some more')
    expect(engine.trailers).toEqual([])
    await until('told', () => engine.ended().length === 1)
    expect(engine.ended()).toEqual([{ bytesIn: 0, bytesOut: 9, aborted: null }])
  })

  test('and is too long: its service is left, and nothing of it is kept', async () => {
    let isLeft = false
    const endless: RequestListener = (_, response) => {
      response.once('close', () => (isLeft = true))
      const write = () => {
        while (!response.destroyed && response.write('x'.repeat(1_000)));
      }
      response.on('drain', write)
      write()
    }
    const engine = await reshaping(way, endless, made)
    const got = await call(way, engine.port)
    expect([got.status, got.body, engine.bodies]).toEqual([202, 'too long', [null]])
    await until('left', () => isLeft)
    await until('told', () => engine.ended().length === 1)
    expect(engine.ended()).toEqual([{ bytesIn: 0, bytesOut: 8, aborted: null }])
  })

  test('as long as it may be is whole', async () => {
    const engine = await reshaping(way, (_, response) => response.end('x'.repeat(maxBytes)), made)
    expect((await call(way, engine.port)).body).toBe('X'.repeat(maxBytes))
  })

  test.each<[string, string, number]>([
    ['the answer to HEAD', 'HEAD', 200],
    ['204', 'GET', 204],
    ['304', 'GET', 304],
  ])('%s is empty', async (_, method, status) => {
    const listener: RequestListener = (request, response) => {
      response.writeHead(status, request.method === 'HEAD' ? { 'Content-Length': '9' } : {})
      response.end()
    }
    const engine = await reshaping(way, listener, () => made(Buffer.from('own')))
    const got = await call(way, engine.port, { method })
    expect([got.status, got.header('content-length'), engine.bodies]).toEqual([202, '3', ['']])
    expect(got.body).toBe(method === 'HEAD' ? '' : 'OWN')
    expect(engine.statuses).toEqual([status])
  })

  test('and breaks off: the client is told of it, for it has nothing yet', async () => {
    const half: RequestListener = (_, response) => {
      response.writeHead(200, { 'Content-Length': '9' })
      response.write('half', () => response.destroy())
    }
    const engine = await reshaping(way, half, made)
    const got = await call(way, engine.port)
    expect([got.status, got.body, engine.bodies, engine.failures]).toEqual([502, 'broken', [], ['broken']])
    await until('told', () => engine.ended().length === 1)
    expect(engine.ended()).toMatchObject([{ aborted: 'upstream' }])
  })

  test('and stops in the middle: as well', async () => {
    const half: RequestListener = (_, response) => {
      response.writeHead(200, { 'Content-Length': '9' })
      response.write('half')
    }
    const engine = await reshaping(way, half, made, { deadlineMs: 200 })
    const got = await call(way, engine.port)
    expect([got.status, engine.bodies, engine.failures]).toEqual([504, [], ['deadline']])
    await until('told', () => engine.ended().length === 1)
    expect(engine.ended()).toMatchObject([{ aborted: 'deadline' }])
  })

  // HTTP/2 knows no status beyond 599 here.
  test.each([{}, { spoil: { bytesPerSecond: 1_000_000 } }])(
    'with a head that may not be written: that is the service’s fault (%o)',
    async (more) => {
      const odd: RequestListener = (_, response) => void response.writeHead(700).end('odd')
      const engine = await reshaping(way, odd, () => ({ ...made(Buffer.from('odd')), status: 700 }), more)
      const got = await call(way, engine.port)
      expect(got.status).toBe(way === 'HTTP/2' ? 502 : 700)
      await until('told', () => engine.ended().length === 1)
      expect(engine.ended()).toMatchObject([{ aborted: way === 'HTTP/2' ? 'upstream' : null }])
    },
  )

  test('says nothing of itself where the service does not answer', async () => {
    const engine = await reshaping(
      way,
      (request) => request.socket.destroy(),
      () => plainAnswer(500),
    )
    expect((await call(way, engine.port, { method: 'POST', length: 0 })).status).toBe(502)
    expect([engine.bodies, engine.statuses]).toEqual([[], []])
  })
})
