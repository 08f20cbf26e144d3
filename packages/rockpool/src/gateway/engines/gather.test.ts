import type { IncomingMessage } from 'node:http'
import { describe, expect, test } from 'vitest'
import { engineTo, plainAnswer } from '../../../test/support/engine.ts'
import { call, ways, type Way } from '../../../test/support/engine-calls.ts'
import { readAll, until, upstream } from '../../../test/support/gateway.ts'
import { rawClient, statusOf } from '../../../test/support/raw-http.ts'
import { fieldsOf } from '../header-fields.ts'
import type { Gather } from './engine.ts'

const maxBytes = 1_000

/** An engine that gathers, in front of a service that tells what it got. */
async function gathering(
  way: Way,
  whole: (body: Buffer | null, forward: { origin: string }) => ReturnType<Gather['whole']>,
) {
  const calls: { request: IncomingMessage; body: string }[] = []
  const service = await upstream((request, response) => {
    void readAll(request).then((body) => {
      calls.push({ request, body: body.toString() })
      response.end('served')
    })
  })
  const bodies: (string | null)[] = []
  const engine = await engineTo(ways[way], {
    url: service.url,
    exchange: () => ({
      plan: {
        gather: {
          maxBytes,
          whole(body) {
            bodies.push(body === null ? null : body.toString())
            return whole(body, { origin: service.url })
          },
        },
      },
    }),
  })
  return { ...engine, calls, bodies }
}

/** Sent on in capitals, under another method and path. */
const changed = (body: Buffer | null, { origin }: { origin: string }) => ({
  forward: {
    origin,
    method: 'PUT',
    target: '/changed',
    headers: fieldsOf(['X-Kept', '1', 'Content-Length', '999']),
    deadlineMs: 10_000,
    body: Buffer.from(body!.toString().toUpperCase()),
  },
})
const tooLong = (body: Buffer | null) => ({ answer: plainAnswer(body === null ? 413 : 200, 'told') })

describe.each(Object.keys(ways) as Way[])('%s: a body that is gathered', (way) => {
  test.each([
    ['with its length', { body: ['some', ' more'], length: 9 }],
    ['without', { body: ['some', ' more'] }],
  ])('%s, is whole before it is known what becomes of it', async (_, parts) => {
    const engine = await gathering(way, changed)
    const got = await call(way, engine.port, { method: 'POST', ...parts })
    expect([got.status, got.body]).toEqual([200, 'served'])
    expect(engine.bodies).toEqual(['some more'])
    const [{ request, body }] = engine.calls as [(typeof engine.calls)[number]]
    expect([request.method, request.url, body]).toEqual(['PUT', '/changed', 'SOME MORE'])
    expect(request.headers).toMatchObject({ 'content-length': '9', 'x-kept': '1' })
    expect(request.headers['transfer-encoding']).toBeUndefined()
    await until('told', () => engine.ended().length === 1)
    expect(engine.ended()).toEqual([{ bytesIn: 9, bytesOut: 6, aborted: null }])
  })

  test('that is none is empty', async () => {
    const engine = await gathering(way, tooLong)
    expect((await call(way, engine.port)).status).toBe(200)
    expect((await call(way, engine.port, { method: 'POST', length: 0 })).status).toBe(200)
    expect(engine.bodies).toEqual(['', ''])
  })

  test('as long as it may be is whole, and one byte more is too long', async () => {
    const engine = await gathering(way, tooLong)
    for (const [size, status] of [
      [maxBytes, 200],
      [maxBytes + 1, 413],
    ] as const)
      for (const length of [size, undefined]) {
        const body = ['x'.repeat(size)]
        const got = await call(way, engine.port, { method: 'POST', body, ...(length ? { length } : {}) })
        expect([got.status, got.body]).toEqual([status, 'told'])
      }
    expect(engine.bodies.map((body) => body?.length)).toEqual([maxBytes, maxBytes, undefined, undefined])
    expect(engine.calls).toEqual([])
    await until('told', () => engine.ended().length === 4)
    expect(engine.ended().map(({ aborted }) => aborted)).toEqual([null, null, null, null])
  })

  test('in single bytes is whole', async () => {
    const engine = await gathering(way, changed)
    const got = await call(way, engine.port, { method: 'POST', body: Array.from({ length: 200 }, () => 'x') })
    expect(got.status).toBe(200)
    expect(engine.calls[0]!.body).toBe('X'.repeat(200))
  })

  test('that breaks off is nothing to decide about', async () => {
    const engine = await gathering(way, tooLong)
    const breaksOff = () => engine.asked.length === 1
    await call(way, engine.port, { method: 'POST', body: ['half'], length: 8, breaksOff })
    await until('told', () => engine.ended().length === 1)
    expect(engine.ended()).toMatchObject([{ bytesOut: 0, aborted: 'client' }])
    expect([engine.bodies, engine.calls]).toEqual([[], []])
  })

  test('is gone with an engine that closes', async () => {
    const engine = await gathering(way, tooLong)
    const pending = call(way, engine.port, { method: 'POST', body: ['half'], length: 8 })
    await until('opened', () => engine.asked.length === 1)
    await engine.close()
    expect((await pending).ended).toBe('reset')
    await until('told', () => engine.ended().length === 1)
    expect(engine.bodies).toEqual([])
  })
})

describe.each(['node', 'splice'] as const)('%s: Expect: 100-continue (RFC 9110 10.1.1)', (way) => {
  const head = (length: number) =>
    `POST /items HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: ${length}\r\n\r\n`

  test('a body that is gathered is asked for', async () => {
    const engine = await gathering(way, changed)
    const client = await rawClient(engine.port)
    client.send(head(4))
    await until('asked for', () => client.bytes().startsWith('HTTP/1.1 100 Continue\r\n'))
    client.send('some')
    expect((await client.answered(1)).map(statusOf)).toEqual([200])
    expect(engine.calls[0]!.body).toBe('SOME')
  })

  test('a client of HTTP/1.0 knows no interim answers (RFC 9110 15.2)', async () => {
    const engine = await gathering(way, changed)
    const client = await rawClient(engine.port)
    client.send(`${head(4).replace('HTTP/1.1', 'HTTP/1.0')}some`)
    await client.answered(1)
    expect(client.bytes()).toMatch(/^HTTP\/1\.1 200 /)
  })

  test('one that says itself that it is too long is not', async () => {
    const engine = await gathering(way, tooLong)
    const client = await rawClient(engine.port)
    client.send(head(maxBytes + 1))
    await client.answered(1)
    expect(client.bytes()).toMatch(/^HTTP\/1\.1 413 /)
    expect(engine.bodies).toEqual([null])
  })
})

test.each(['node', 'HTTP/2'] as const)(
  '%s: an answer that may not be written costs its call alone',
  async (way) => {
    const engine = await gathering(way, () => ({ answer: { ...plainAnswer(200), headers: [':bad', '1'] } }))
    expect((await call(way, engine.port)).status).toBeNull()
    await until('told', () => engine.ended().length === 1)
  },
)
