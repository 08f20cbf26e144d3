import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { once } from 'node:events'
import { createServer } from 'node:net'
import type { AddressInfo, Socket } from 'node:net'
import { setImmediate as turn } from 'node:timers/promises'
import { describe, expect, onTestFinished, test } from 'vitest'
import { engineTo } from '../../../../test/support/engine.ts'
import { until } from '../../../../test/support/gateway.ts'
import {
  emptyAnswer,
  next,
  rawClient,
  recordingUpstream,
  statusOf,
  type Accepted,
} from '../../../../test/support/raw-http.ts'
import type { SocketEngine } from '../engine.ts'
import { createSpliceEngine } from './index.ts'

// What a connection does between its states, where one side is slow or goes at the wrong moment.

const post = (rest: string) => `POST /items HTTP/1.1\r\nHost: a\r\n${rest}`

/** An engine whose connections a test looks at: what waits to be sent to a client says how far it is behind. */
async function watchedEngine(url: string, deadlineMs = 10_000) {
  let engine: SocketEngine | undefined
  const parts = { url, deadlineMs }
  const { asked, ended } = await engineTo((duties) => (engine = createSpliceEngine(duties)), parts)
  const accepted: Socket[] = []
  const server = createServer({ noDelay: true }, (socket) => {
    accepted.push(socket)
    engine!.serve(socket)
  }).listen(0, '127.0.0.1')
  onTestFinished(() => void server.close())
  await once(server, 'listening')
  return { port: (server.address() as AddressInfo).port, accepted, asked, ended }
}

const chunked = (body: string) => `${body.length.toString(16)}\r\n${body}\r\n`

/** Begins an answer, and goes on until the client, which reads nothing, is some bytes behind, but holds back nobody. */
async function fill({ socket }: Accepted, client: Socket): Promise<void> {
  socket.write('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n')
  // Once is not enough: the kernel may only have been busy.
  for (let turns = 0; turns < 200; turns = client.writableLength > 0 ? turns + 1 : 0) {
    const before = client.bytesWritten
    if (client.writableLength > 0) await turn()
    else {
      socket.write(chunked('x'.repeat(8_000)))
      while (client.bytesWritten === before) await turn()
    }
  }
  expect(client.writableNeedDrain).toBe(false)
}

describe('a client that is slow at the end of an answer', () => {
  const slowly = async () => {
    const upstream = await recordingUpstream({
      answer: ({ start }) => (start.includes('/slow') ? undefined : emptyAnswer),
    })
    const engine = await watchedEngine(upstream.url, 1_000)
    const client = await rawClient(engine.port)
    client.socket.pause()
    client.send('GET /slow HTTP/1.1\r\nHost: a\r\n\r\nDELETE /next HTTP/1.1\r\nHost: a\r\n\r\n')
    await until('the service has the call', () => upstream.requests().length === 1)
    const [service] = upstream.connections
    const [accepted] = engine.accepted
    await fill(service!, accepted!)
    return { upstream, engine, client, service: service!, accepted: accepted! }
  }

  test('its service is not held back in the next call', async () => {
    const { client, service, accepted, upstream } = await slowly()
    service.socket.write(`${chunked('x'.repeat(60_000))}0\r\n\r\n`)
    await until('it holds back', () => accepted.writableNeedDrain)
    client.socket.resume()
    expect((await client.answered(2)).map(statusOf)).toEqual([200, 200])
    expect(upstream.connections).toHaveLength(1)
  })

  test('what waits for it is not written over by what comes after', async () => {
    const { client, service, accepted } = await slowly()
    for (const [letter, size] of [
      ['a', 40_000],
      ['b', 10_000],
    ] as const) {
      const { bytesWritten } = accepted
      service.socket.write(chunked(letter.repeat(size)))
      await until('passed on', () => accepted.bytesWritten > bytesWritten + size)
    }
    service.socket.write('0\r\n\r\n')
    client.socket.resume()
    const [first] = await client.answered(2)
    // Compared before it is shown: a difference of megabytes takes a minute to print.
    expect(first!.body.replace(/^x+/, '') === 'a'.repeat(40_000) + 'b'.repeat(10_000)).toBe(true)
  })

  test('when it leaves: broken off, and nothing that was held of it is served', async () => {
    const { client, service, accepted, engine } = await slowly()
    const before = accepted.bytesWritten
    service.socket.write('0\r\n\r\n')
    await until('passed on', () => accepted.bytesWritten > before)
    client.socket.resetAndDestroy()
    await until('told', () => engine.ended().length > 0)
    await until('gone', () => accepted.closed)
    expect(engine.ended()).toMatchObject([{ aborted: 'client' }])
    expect(engine.asked).toHaveLength(1)
  })

  test('it does not hold a whole read for each few bytes', async () => {
    const { service, accepted } = await slowly()
    const before = process.memoryUsage().arrayBuffers
    for (let count = 0; count < 500; count++) {
      const { bytesWritten } = accepted
      service.socket.write(chunked('x'))
      while (accepted.bytesWritten === bytesWritten) await turn()
    }
    // 500 reads of 64 KB each would be 34 MB.
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(10_000_000)
  })
})

test('half an answer without a length is told from a whole one by a client of HTTP/1.0', async () => {
  const upstream = await recordingUpstream({ answer: () => undefined })
  const { port } = await engineTo(createSpliceEngine, { url: upstream.url })
  const client = await rawClient(port)
  client.send('GET /items HTTP/1.0\r\n\r\n')
  await until('the service has the call', () => upstream.requests().length === 1)
  const { socket } = upstream.connections[0]!
  socket.write(`HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n${chunked('half')}`)
  await until('half of it came', () => client.bytes().endsWith('half'))
  socket.destroy()
  await client.closed()
  expect(client.over()).toBe('reset')
})

describe('deadlines', () => {
  test('once its body is whole, a call has all the time of its service', async () => {
    const upstream = await recordingUpstream({
      answer: (_, { socket }) => void setTimeout(() => socket.write(emptyAnswer), 300),
    })
    const limits = { bodyIdleMs: 100 }
    const { port } = await engineTo(createSpliceEngine, { url: upstream.url, limits })
    const client = await rawClient(port)
    client.send(post('Content-Length: 3\r\n\r\nabc'))
    expect((await client.answered(1)).map(statusOf)).toEqual([200])
  })

  test('a client that nobody has asked for its body is not too slow', async () => {
    const upstream = await recordingUpstream({ answer: () => undefined })
    const limits = { bodyIdleMs: 100 }
    const { port } = await engineTo(createSpliceEngine, { url: upstream.url, limits, deadlineMs: 1_000 })
    const others = await Promise.all(Array.from({ length: 256 }, () => rawClient(port)))
    for (const other of others) other.send(next)
    await until('all connections are in use', () => upstream.requests().length === 256)
    const client = await rawClient(port)
    client.send(post('Expect: 100-continue\r\nContent-Length: 3\r\n\r\n'))
    await until('it has its turn', () => client.bytes().includes('100 Continue'))
    client.send('abc')
    await until('the service has the call', () => upstream.requests().length === 257)
    upstream.connections.at(-1)!.socket.write(emptyAnswer)
    expect((await client.answered(1)).map(statusOf)).toEqual([200])
  })
})

test('an engine that closes serves nothing of a connection that it has ended', async () => {
  const upstream = await recordingUpstream()
  const engine = await engineTo(createSpliceEngine, { url: upstream.url })
  const client = await rawClient(engine.port)
  client.send(next)
  await client.answered(1)
  client.socket.removeAllListeners('end')
  client.socket.once('end', () => client.send(next))
  await engine.close(300)
  expect(engine.asked).toHaveLength(1)
})

test('the answer to a HEAD whose body is malformed has no body', async () => {
  const upstream = await recordingUpstream()
  const { port } = await engineTo(createSpliceEngine, { url: upstream.url })
  const client = await rawClient(port, ['HEAD'])
  client.send('HEAD /items HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nnone')
  expect((await client.closed()).map(statusOf)).toEqual([400])
  expect(client.read().rest).toBe('')
})

test('a service that has not taken all of a body has no other call on its connection', async () => {
  const upstream = await recordingUpstream({
    answer: () => emptyAnswer,
    onBytes: ({ socket, bytes }) => void (bytes().startsWith('POST') && socket.pause()),
  })
  const engine = await watchedEngine(upstream.url, 5_000)
  const piece = chunked('x'.repeat(3_000))

  /** Sends a body, piece by piece, until it is held back, or for so many pieces. Gives how many it were. */
  const upload = async (most: number) => {
    const client = await rawClient(engine.port)
    client.send(post('Transfer-Encoding: chunked\r\n\r\n'))
    const accepted = engine.accepted.at(-1)!
    let count = 0
    for (let turns = 0; turns < 200 && count < most; turns = accepted.isPaused() ? turns + 1 : 0) {
      const { bytesRead } = accepted
      if (accepted.isPaused()) await turn()
      else {
        client.send(piece)
        while (accepted.bytesRead === bytesRead) await turn()
        count += 1
      }
    }
    return { client, accepted, count }
  }

  /** The engine's connections to the service. */
  const toService: Socket[] = []
  const onSocket = (message: unknown) => void toService.push((message as { socket: Socket }).socket)
  subscribe('net.client.socket', onSocket)
  onTestFinished(() => void unsubscribe('net.client.socket', onSocket))
  const port = Number(new URL(upstream.url).port)

  /** Uploads so many pieces and the end. Gives what is missing: that the engine has all of it, and the service has not. */
  const uploadAll = async (pieces: number) => {
    const { client, accepted } = await upload(pieces)
    const { bytesRead } = accepted
    client.send('0\r\n\r\n')
    await until('the engine has all', () => accepted.bytesRead > bytesRead || accepted.isPaused())
    const service = toService.findLast(({ remotePort }) => remotePort === port)!
    if (accepted.bytesRead === bytesRead) return { client, missing: -1 }
    return { client, missing: service.writableLength === 0 ? 1 : 0 }
  }

  // How much the network takes differs a little each time.
  let pieces = (await upload(Infinity)).count - 1
  let { client, missing } = await uploadAll(pieces)
  while (missing !== 0) {
    client.socket.destroy()
    pieces += missing
    ;({ client, missing } = await uploadAll(pieces))
  }
  upstream.connections.at(-1)!.socket.write(emptyAnswer)
  await client.answered(1)
  const other = await rawClient(engine.port)
  other.send(next)
  expect((await other.answered(1)).map(statusOf)).toEqual([200])
})

describe('a kept connection, in the moment in which it gets a call', () => {
  const kept = async () => {
    const upstream = await recordingUpstream()
    const { port } = await watchedEngine(upstream.url)
    const client = await rawClient(port, ['GET', 'POST'])
    client.send(next)
    await client.answered(1)
    return { upstream, client, service: upstream.connections[0]!.socket }
  }
  const empty = post('Content-Length: 0\r\n\r\n')

  // Both have arrived before the engine looks at either, the call first.
  test('says something: it is nobody’s answer, and the call is sent on another one', async () => {
    const { upstream, client, service } = await kept()
    client.send(empty)
    service.write('HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil')
    expect((await client.answered(2)).map(({ body }) => body)).toEqual(['', ''])
    expect(upstream.connections.map(({ bytes }) => bytes().split('\r\n')[0])).toEqual([
      'GET /next HTTP/1.1',
      'POST /items HTTP/1.1',
    ])
  })

  test('is closed: the call, of which nothing was sent, is sent on another one', async () => {
    const { upstream, client, service } = await kept()
    client.send(empty)
    service.resetAndDestroy()
    expect((await client.answered(2)).map(statusOf)).toEqual([200, 200])
    expect(upstream.requests().filter(({ start }) => start.startsWith('POST'))).toHaveLength(1)
  })
})
