import { performance } from 'node:perf_hooks'
import { setImmediate as turn } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { engineTo, plainAnswer, type EngineParts } from '../../../../test/support/engine.ts'
import { until } from '../../../../test/support/gateway.ts'
import {
  emptyAnswer,
  next,
  rawClient,
  recordingUpstream,
  statusOf,
  valuesOf,
  type UpstreamScript,
} from '../../../../test/support/raw-http.ts'
import type { Exchange, Forward, Gather } from '../engine.ts'
import { createSpliceEngine } from './index.ts'

// Bodies that do not pass as they come: what they do to the connections, and to whoever is slow.

const post = (rest: string, target = '/items') => `POST ${target} HTTP/1.1\r\nHost: a\r\n${rest}`
const get = 'GET /items HTTP/1.1\r\nHost: a\r\n\r\n'
const answerOf = (body: string, ...lines: string[]) =>
  `${['HTTP/1.1 200 OK', `Content-Length: ${body.length}`, ...lines].join('\r\n')}\r\n\r\n${body}`

/** An engine whose exchanges, but for those of `/next`, do something with a body. */
async function serve(
  change: (exchange: Exchange, forward: Forward) => Partial<Exchange>,
  script: UpstreamScript = {},
  parts: Partial<EngineParts> = {},
) {
  const service = await recordingUpstream(script)
  const engine = await engineTo(createSpliceEngine, {
    url: service.url,
    open: (exchange, { target }) => {
      if (target === '/next' || !('forward' in exchange.plan)) return exchange
      return { ...exchange, ...change(exchange, exchange.plan.forward) }
    },
    ...parts,
  })
  const client = await rawClient(engine.port)
  return { service, engine, client }
}

describe('a body that is gathered', () => {
  const gathering = (
    gather: (forward: Forward) => Gather,
    ...rest: [UpstreamScript?, Partial<EngineParts>?]
  ) => serve((_, forward) => ({ plan: { gather: gather(forward) } }), ...rest)

  test('that is announced longer than wanted is not asked for', async () => {
    const bodies: unknown[] = []
    const { client, service } = await gathering(() => ({
      maxBytes: 4,
      whole: (body) => (bodies.push(body), { answer: plainAnswer(413) }),
    }))
    client.send(post('Expect: 100-continue\r\nContent-Length: 5\r\n\r\n'))
    expect((await client.answered(1)).map(statusOf)).toEqual([413])
    expect(client.bytes()).not.toContain('100 Continue')
    expect([bodies, service.connections]).toEqual([[null], []])
  })

  test('in a thousand pieces is sent in one, and the connections go on', async () => {
    const { client, service } = await gathering((forward) => ({
      maxBytes: 5_000,
      whole: (body) => ({ forward: { ...forward, body: body! } }),
    }))
    const pieces = '1\r\nx\r\n'.repeat(1_000)
    client.send(post(`Transfer-Encoding: chunked\r\n\r\n${pieces}0\r\nA: b\r\n\r\n${next}`))
    expect((await client.answered(2)).map(statusOf)).toEqual([200, 200])
    const [first] = service.requests()
    expect([first!.body, valuesOf(first!.headers, 'content-length')]).toEqual(['x'.repeat(1_000), ['1000']])
    expect(service.connections).toHaveLength(1)
  })

  test('of which nothing is kept may be replaced; the rest of it is read, and reaches nobody', async () => {
    const { client, service, engine } = await gathering(
      (forward) => ({
        maxBytes: 10,
        whole: () => ({ forward: { ...forward, body: Buffer.from('other') } }),
      }),
      { answer: ({ body }) => (body === 'other' ? undefined : emptyAnswer) },
    )
    client.send(post(`Transfer-Encoding: chunked\r\n\r\nf\r\n${'x'.repeat(15)}\r\n`))
    await until('the service has the call', () => service.requests().length === 1)
    client.send(`5\r\nyyyyy\r\n0\r\n\r\n${next}`)
    // What was sent before has been read once another one is answered.
    const other = await rawClient(engine.port)
    other.send(next)
    await other.answered(1)
    service.connections[0]!.socket.write(emptyAnswer)
    expect((await client.answered(2)).map(statusOf)).toEqual([200, 200])
    expect(service.requests().map(({ start, body }) => [start, body])).toEqual([
      ['POST /items HTTP/1.1', 'other'],
      ['GET /next HTTP/1.1', ''],
      ['GET /next HTTP/1.1', ''],
    ])
    expect(engine.ended()[0]).toMatchObject({ bytesIn: 20, aborted: null })
  })

  test('is repeated with its call when a kept connection turns out to be closed', async () => {
    const served = new Set<unknown>()
    const { client, service } = await gathering(
      (forward) => ({ maxBytes: 10, whole: (body) => ({ forward: { ...forward, body: body! } }) }),
      {
        answer: (_, { socket }) => {
          if (served.has(socket)) return void socket.destroy()
          served.add(socket)
          return emptyAnswer
        },
      },
    )
    const request = `GET /items HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc`
    client.send(request)
    await client.answered(1)
    client.send(request)
    expect((await client.answered(2)).map(statusOf)).toEqual([200, 200])
    expect(service.requests().map(({ body }) => body)).toEqual(['abc', 'abc', 'abc'])
  })

  test('that stalls is given up, and a fault in what is done with it costs its connection alone', async () => {
    const { client, engine } = await gathering(
      () => ({
        maxBytes: 10,
        whole() {
          throw new Error('a fault on purpose')
        },
      }),
      {},
      { limits: { bodyIdleMs: 100 } },
    )
    client.send(post('Content-Length: 3\r\n\r\na'))
    expect((await client.closed()).map(statusOf)).toEqual([408])
    const other = await rawClient(engine.port)
    other.send(post(`Content-Length: 3\r\n\r\nabc${next}`))
    expect(await other.closed()).toEqual([])
    await until('told', () => engine.ended().length === 2)
    expect(engine.ended()).toMatchObject([{ aborted: 'client', bytesIn: 1 }, { bytesIn: 3 }])
  })
})

describe('an answer that is reshaped', () => {
  const reshaping = (maxBytes: number, ...rest: [UpstreamScript?, Partial<EngineParts>?]) =>
    serve(
      () => ({
        reshape: { maxBytes, whole: (body) => plainAnswer(203, body === null ? 'long' : `<${body.length}>`) },
      }),
      ...rest,
    )

  test('and is too long: its connection to the service is given up, that to the client goes on', async () => {
    const { client, service } = await reshaping(1_000, {
      answer: ({ start }, { socket }) => {
        if (start.includes('/next')) return emptyAnswer
        socket.write('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n')
        socket.write('10\r\n0123456789abcdef\r\n'.repeat(100))
        return undefined
      },
    })
    client.send(get + next)
    expect((await client.answered(2)).map((answer) => [statusOf(answer), answer.body])).toEqual([
      [203, 'long'],
      [200, ''],
    ])
    await until('given up', () => service.connections[0]!.over())
  })

  test.each([{}, { spoil: { bytesPerSecond: 1_000_000 } }])('tells one date (%o)', async (more) => {
    const date = 'Tue, 15 Nov 1994 08:12:31 GMT'
    const whole = () => ({ status: 200, headers: ['Date', date, 'Content-Length', '0'], body: '' })
    const { client } = await serve(() => ({ reshape: { maxBytes: 10, whole }, ...more }))
    client.send(get)
    const [answer] = await client.answered(1)
    expect(valuesOf(answer!.headers, 'date')).toEqual([date])
  })

  test('and whole: the next call has the same connection', async () => {
    const { client, service } = await reshaping(1_000, { answer: () => answerOf('x'.repeat(1_000)) })
    client.send(get + get + next)
    expect((await client.answered(3)).map(({ body }) => body.slice(0, 6))).toEqual([
      '<1000>',
      '<1000>',
      'xxxxxx',
    ])
    expect(service.connections).toHaveLength(1)
  })

  test('and breaks off, or stalls, is a failure like any before an answer', async () => {
    const { client, engine } = await reshaping(
      1_000,
      {
        answer: (_, { socket }) => {
          socket.write('HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf')
          if (engine.asked.length === 1) setImmediate(() => socket.destroy())
          return undefined
        },
      },
      { deadlineMs: 100 },
    )
    client.send(get)
    expect((await client.answered(1)).map(statusOf)).toEqual([502])
    client.send(get)
    expect((await client.answered(2)).map(statusOf)).toEqual([502, 504])
    await until('told', () => engine.ended().length === 2)
    expect(engine.ended().map(({ aborted }) => aborted)).toEqual(['upstream', 'deadline'])
  })
})

describe('an answer that is spoiled', () => {
  test('by its rate: the service is held back meanwhile, and what comes is whole', async () => {
    const size = 400_000
    const { client, engine } = await serve(() => ({ spoil: { bytesPerSecond: 400_000 } }), {
      answer: () => answerOf('x'.repeat(size)),
    })
    const before = process.memoryUsage().arrayBuffers
    const started = performance.now()
    client.send(get + next)
    const answers = await client.answered(2)
    // 400 KB at 400 KB/s, but for the first piece.
    expect(performance.now() - started).toBeGreaterThan(900)
    expect(answers.map(({ body }) => body.length)).toEqual([size, size])
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(30_000_000)
    await until('told', () => engine.ended().length === 2)
    expect(engine.ended()[0]).toMatchObject({ bytesOut: size, aborted: null })
  })

  test('by its rate: no deadline counts while it waits on purpose', async () => {
    const { client } = await serve(
      () => ({ spoil: { bytesPerSecond: 10 } }),
      { answer: () => answerOf('1234567') },
      { deadlineMs: 100 },
    )
    client.send(get)
    expect((await client.answered(1)).map(({ body }) => body)).toEqual(['1234567'])
  })

  test('by its rate: chunks of ours, with the service’s trailers', async () => {
    const { client } = await serve(() => ({ spoil: { bytesPerSecond: 100 } }), {
      answer: () =>
        'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\na\r\n0123456789\r\n0\r\nA: b\r\n\r\n',
    })
    client.send(get + next)
    expect((await client.answered(2)).map(({ body, trailers }) => [body, trailers])).toEqual([
      ['0123456789', [['A', 'b']]],
      ['0123456789', [['A', 'b']]],
    ])
  })

  test('by its rate: a client that leaves ends it', async () => {
    const { client, engine, service } = await serve(() => ({ spoil: { bytesPerSecond: 1 } }), {
      answer: () => 'HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n0123456789',
    })
    client.send(get)
    await until('it has begun', () => client.bytes().endsWith('0'))
    client.socket.destroy()
    await until('told', () => engine.ended().length === 1)
    expect(engine.ended()).toEqual([{ bytesIn: 0, bytesOut: 1, aborted: 'client' }])
    await until('broken off', () => service.connections[0]!.over())
  })

  test.each([
    [0, 'Content-Length: 10\r\n\r\n0123456789'],
    [4, 'Content-Length: 10\r\n\r\n0123456789'],
    [10, 'Content-Length: 10\r\n\r\n0123456789'],
    [4, 'Transfer-Encoding: chunked\r\n\r\n3\r\n012\r\n7\r\n3456789\r\n0\r\n\r\n'],
    [4, 'Connection: close\r\n\r\n0123456789'],
  ])('by a reset after %i bytes of “%s”', async (resetAfterBytes, rest) => {
    const { client, engine, service } = await serve(() => ({ spoil: { resetAfterBytes } }), {
      answer: () => `HTTP/1.1 200 OK\r\n${rest}`,
    })
    client.send(get + next)
    await client.closed()
    expect(client.over()).toBe('reset')
    const content = client.bytes().slice(client.bytes().indexOf('\r\n\r\n') + 4)
    expect(content.replace(/[0-9a-f]+\r\n(\d+)\r\n/g, '$1')).toBe('0123456789'.slice(0, resetAfterBytes))
    expect(engine.ended()).toEqual([{ bytesIn: 0, bytesOut: resetAfterBytes, aborted: 'upstream' }])
    await until('broken off', () => service.connections[0]!.over())
  })

  test('by a reset behind its end is whole', async () => {
    const { client } = await serve(() => ({ spoil: { resetAfterBytes: 11 } }), {
      answer: () => answerOf('0123456789'),
    })
    client.send(get + next)
    expect((await client.answered(2)).map(({ body }) => body.length)).toEqual([10, 10])
  })

  test('and reshaped: what is spoiled is what became of it', async () => {
    const { client, engine } = await serve(
      () => ({
        reshape: { maxBytes: 100, whole: () => plainAnswer(200, 'äöü-reshaped') },
        spoil: { resetAfterBytes: 6 },
      }),
      { answer: () => answerOf('0123456789') },
    )
    client.send(get)
    await client.closed()
    expect(client.over()).toBe('reset')
    expect(Buffer.from(client.bytes(), 'latin1').toString()).toMatch(/\r\n\r\näöü$/)
    expect(engine.ended()).toMatchObject([{ bytesOut: 6, aborted: 'upstream' }])
  })

  test('for a client that reads nothing: no more waits for it than a read', async () => {
    const { client, engine, service } = await serve(() => ({ spoil: { bytesPerSecond: 1e9 } }), {
      answer: () => undefined,
    })
    client.socket.pause()
    client.send(get)
    await until('asked', () => service.requests().length === 1)
    const { socket } = service.connections[0]!
    socket.write('HTTP/1.1 200 OK\r\nContent-Length: 100000000\r\n\r\n')
    let sent = 0
    for (let turnsHeld = 0; turnsHeld < 2_000 && sent < 100_000_000;) {
      if (socket.writableNeedDrain) turnsHeld += 1
      else {
        turnsHeld = 0
        socket.write(Buffer.alloc(100_000, 'x'))
        sent += 100_000
      }
      await turn()
    }
    expect(sent).toBeLessThan(100_000_000)
    client.socket.destroy()
    await until('told', () => engine.ended().length === 1)
    expect(engine.ended()).toMatchObject([{ aborted: 'client' }])
  })
})
