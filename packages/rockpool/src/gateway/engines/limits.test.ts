import { connect } from 'node:net'
import { describe, expect, test } from 'vitest'
import { until } from '../../../test/support/gateway.ts'
import {
  next,
  openGateway,
  rawClient,
  recordingUpstream,
  statusOf,
  valuesOf,
} from '../../../test/support/raw-http.ts'
import type { EngineLimits } from './engine.ts'
import { engines, type EngineName } from './index.ts'

// What a client may use up of a gateway: time, connections, bytes of a head. Ceilings are far above the limits.

const ceilingMs = 5_000

describe.each(Object.keys(engines) as EngineName[])('engine %s: limits', (engine) => {
  const open = async (limits: Partial<EngineLimits> = {}) => {
    const upstream = await recordingUpstream()
    const gateway = await openGateway(engine, upstream, { limits })
    return { upstream, gateway }
  }

  describe('a head that does not come to its end', () => {
    test.each<[string, string]>([
      ['in its first line', 'GET /ite'],
      ['after a header', 'GET /items HTTP/1.1\r\nHost: a\r\n'],
    ])('%s is refused in time, and closed', async (_, text) => {
      const { gateway, upstream } = await open({ headMs: 150 })
      const client = await rawClient(gateway.port)
      client.send(text)
      const answers = await client.closed()
      expect(answers.map((answer) => [statusOf(answer), valuesOf(answer.headers, 'connection')])).toEqual([
        [expect.toSatisfy((status: number) => status === 400 || status === 408), ['close']],
      ])
      expect(upstream.connections).toEqual([])
    })

    test('is not given more time for every byte', async () => {
      const { gateway } = await open({ headMs: 200 })
      const client = await rawClient(gateway.port)
      client.send('GET /items HTTP/1.1\r\nHost: a\r\nX: ')
      const drip = setInterval(() => client.send('x'), 20)
      const started = performance.now()
      await client.closed().finally(() => clearInterval(drip))
      expect(performance.now() - started).toBeLessThan(ceilingMs)
    })

    test('and begins behind an answer is refused as well', async () => {
      const { gateway, upstream } = await open({ headMs: 150, idleMs: 60_000 })
      const client = await rawClient(gateway.port)
      client.send(next)
      await client.answered(1)
      client.send('GET /items HTTP/1.1\r\n')
      expect((await client.closed()).length).toBeLessThanOrEqual(2)
      expect(upstream.requests()).toHaveLength(1)
    })

    test('of many clients holds up nobody else', async () => {
      const { gateway } = await open({ headMs: 200 })
      const slow = await Promise.all(Array.from({ length: 100 }, () => rawClient(gateway.port)))
      for (const client of slow) client.send('GET /items HTTP/1.1\r\nX: ')
      const quick = await rawClient(gateway.port)
      quick.send(next)
      expect((await quick.answered(1)).map(statusOf)).toEqual([200])
      await Promise.all(slow.map((client) => client.closed()))
    })
  })

  test('a connection that never says anything is closed', async () => {
    const { gateway } = await open({ headMs: 150, idleMs: 150 })
    const client = await rawClient(gateway.port)
    await client.closed()
  })

  test('a connection that is idle is closed, without a word', async () => {
    const { gateway } = await open({ idleMs: 150 })
    const client = await rawClient(gateway.port)
    client.send(next)
    await client.answered(1)
    expect((await client.closed()).map(statusOf)).toEqual([200])
    expect(client.over()).toBe('ended')
  })

  test.each<[string, string]>([
    ['a length', 'Content-Length: 10\r\n\r\nabc'],
    ['chunks', 'Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n'],
  ])('a body of %s that stalls is given up: no whole request, no connection', async (_, rest) => {
    const { gateway, upstream } = await open({ bodyIdleMs: 150 })
    const client = await rawClient(gateway.port)
    client.send(`POST /items HTTP/1.1\r\nHost: a\r\n${rest}`)
    const answers = await client.closed()
    expect(answers.map(statusOf).filter((status) => status < 400)).toEqual([])
    await until('the call is broken off', () => upstream.connections.every((accepted) => accepted.over()))
    expect(upstream.requests()).toEqual([])
  })

  test('a body that comes slowly, but comes, is not given up', async () => {
    const { gateway, upstream } = await open({ bodyIdleMs: 1_000, headMs: 100 })
    const client = await rawClient(gateway.port)
    client.send('POST /items HTTP/1.1\r\nHost: a\r\nContent-Length: 15\r\n\r\n')
    const drip = setInterval(() => client.send('x'), 20)
    const answers = await client.answered(1).finally(() => clearInterval(drip))
    expect(answers.map(statusOf)).toEqual([200])
    expect(upstream.requests().map(({ body }) => body)).toEqual(['x'.repeat(15)])
  })

  const isServed = async (port: number, from = '127.0.0.1') => {
    const socket = connect({ port, host: '127.0.0.1', localAddress: from })
    let received = ''
    socket.on('error', () => {}).on('data', (bytes: Buffer) => (received += bytes.toString('latin1')))
    socket.write(next)
    let over = false
    socket.once('close', () => (over = true))
    await until('answered, or closed', () => over || received.includes('\r\n\r\n'))
    socket.destroy()
    return received.startsWith('HTTP/1.1 200')
  }

  test('no more connections than allowed are served, and another one when one is free', async () => {
    const { gateway } = await open({ maxConnections: 2 })
    const first = await rawClient(gateway.port)
    const second = await rawClient(gateway.port)
    for (const client of [first, second]) {
      client.send(next)
      expect((await client.answered(1)).map(statusOf)).toEqual([200])
    }
    expect(await isServed(gateway.port)).toBe(false)
    first.socket.destroy()
    await until('another one is served', () => isServed(gateway.port), ceilingMs)
    second.send(next)
    expect((await second.answered(2)).map(statusOf)).toEqual([200, 200])
  })

  test('no client has more connections than allowed; others have theirs', async () => {
    const { gateway } = await open({ maxConnectionsPerClient: 2 })
    const clients = [await rawClient(gateway.port), await rawClient(gateway.port)]
    for (const client of clients) {
      client.send(next)
      expect((await client.answered(1)).map(statusOf)).toEqual([200])
    }
    expect(await isServed(gateway.port)).toBe(false)
    if (process.platform === 'linux') expect(await isServed(gateway.port, '127.0.0.2')).toBe(true)
    clients[0]!.socket.destroy()
    await until('another one is served', () => isServed(gateway.port), ceilingMs)
  })

  describe('the size of a head', () => {
    const padded = (bytes: number) => {
      const [before, after] = ['GET /items HTTP/1.1\r\nHost: a\r\nX: ', '\r\n\r\n']
      return `${before}${'x'.repeat(bytes - before.length - after.length)}${after}`
    }

    test('of 15 KB is served, in one piece and in two', async () => {
      const { gateway } = await open()
      const client = await rawClient(gateway.port)
      client.send(padded(15_000))
      expect((await client.answered(1)).map(statusOf)).toEqual([200])
      client.send(padded(15_000).slice(0, 9_000))
      client.send(padded(15_000).slice(9_000))
      expect((await client.answered(2)).map(statusOf)).toEqual([200, 200])
    })

    test.each<[string, string]>([
      ['more than 16 KB', padded(16_500)],
      ['much more', padded(100_000)],
      ['more than 16 KB without an end', padded(40_000).slice(0, -4)],
      ['many headers', `GET /items HTTP/1.1\r\nHost: a\r\n${'abc: def\r\n'.repeat(4_000)}\r\n`],
      ['a target of 20 KB', `GET /${'x'.repeat(20_000)} HTTP/1.1\r\nHost: a\r\n\r\n`],
      ['a method of 20 KB', `${'X'.repeat(20_000)} / HTTP/1.1\r\nHost: a\r\n\r\n`],
    ])('of %s is refused with 431, and closed', async (_, text) => {
      const { gateway, upstream } = await open()
      const client = await rawClient(gateway.port)
      client.send(text + next)
      const statuses = (await client.closed()).map(statusOf)
      // node:http knows no method of more than some letters.
      expect(engine === 'node' && text.startsWith('X') ? [[400]] : [[431]]).toContainEqual(statuses)
      expect(upstream.requests()).toEqual([])
    })

    test('with a thousand headers is refused, however small they are', async () => {
      const { gateway, upstream } = await open()
      const client = await rawClient(gateway.port)
      client.send(`GET /items HTTP/1.1\r\nHost: a\r\n${'a:\r\n'.repeat(1_000)}\r\n${next}`)
      expect((await client.closed()).map(statusOf)).toEqual([431])
      expect(upstream.connections).toEqual([])
    })

    test.each([4_097, 8_193, 12_000])('with a path of %i bytes is refused with 400', async (size) => {
      const { gateway, upstream } = await open()
      const client = await rawClient(gateway.port)
      client.send(`GET /${'x'.repeat(size)} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`)
      const [answer] = await client.closed()
      expect([statusOf(answer!), valuesOf(answer!.headers, 'rockpool-problem')]).toEqual([
        400,
        ['path_refused'],
      ])
      expect(upstream.requests()).toEqual([])
    })
  })
})
