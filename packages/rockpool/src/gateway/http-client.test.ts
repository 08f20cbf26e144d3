import { createServer } from 'node:http'
import type { RequestListener } from 'node:http'
import { createServer as createNetServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { Worker } from 'node:worker_threads'
import { expect, onTestFinished, test } from 'vitest'
import { until } from '../../test/support/gateway.ts'
import { createControlLink } from './control-link.ts'
import { createHttpClient } from './http-client.ts'

const headers = {}

async function clientOf(listener: RequestListener, silenceMs = 5_000) {
  const server = createServer(listener)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const client = createHttpClient(`http://127.0.0.1:${port}`, { connectMs: 2_000, silenceMs })
  onTestFinished(() => {
    client.close()
    server.closeAllConnections()
    server.close()
  })
  return { client, server }
}

async function textOf(body: AsyncIterable<Buffer>): Promise<string> {
  const pieces: Buffer[] = []
  for await (const piece of body) pieces.push(piece)
  return Buffer.concat(pieces).toString()
}

test('requests of one after the other have one connection', async () => {
  const ports = new Set<number | undefined>()
  const { client } = await clientOf((request, response) => {
    ports.add(request.socket.remotePort)
    request.pipe(response.writeHead(201))
  })
  for (const body of ['a', 'ü'.repeat(70_000)]) {
    const answer = await client.request('/x', { method: 'POST', headers, body })
    expect(answer.status).toBe(201)
    expect((await textOf(answer.body)) === body).toBe(true)
  }
  expect(ports.size).toBe(1)
})

test('a server that is silent for too long is given up, before an answer and within it', async () => {
  const { client } = await clientOf((request, response) => {
    if (request.url === '/half') response.writeHead(200).write('half')
  }, 200)
  await expect(client.request('/none', { headers })).rejects.toThrow('nothing came')
  const { body } = await client.request('/half', { headers })
  await expect(textOf(body)).rejects.toThrow('nothing came')
})

test('an answer that goes on is waited for, however long it takes in all', async () => {
  const { client } = await clientOf((_, response) => {
    let left = 8
    const timer = setInterval(() => {
      response.write('.')
      if (--left > 0) return
      clearInterval(timer)
      response.end()
    }, 100)
  }, 400)
  expect(await textOf((await client.request('/', { headers })).body)).toBe('........')
})

test('an answer that breaks off is no whole one', async () => {
  const { client } = await clientOf((_, response) => {
    response.writeHead(200, { 'content-length': '10' }).write('half', () => response.destroy())
  })
  const { body } = await client.request('/', { headers })
  await expect(textOf(body)).rejects.toThrow()
})

test('it is refused, ended by a signal, or closed: a request says so', async () => {
  const { client, server } = await clientOf(() => {})
  await expect(client.request('/', { headers, signal: AbortSignal.timeout(50) })).rejects.toThrow()
  let asked = 0
  server.on('request', () => (asked += 1))
  const waiting = client.request('/', { headers })
  waiting.catch(() => {})
  await until('it has been asked', () => asked === 1)
  client.close()
  await expect(waiting).rejects.toThrow()
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
  await expect(client.request('/', { headers })).rejects.toThrow('ECONNREFUSED')
})

test('whoever reads no further leaves no connection behind', async () => {
  const { client, server } = await clientOf((_, response) => void response.writeHead(200).write('one'))
  let open = 0
  server.on('connection', (socket) => {
    open += 1
    socket.once('close', () => (open -= 1))
  })
  const { body } = await client.request('/', { headers })
  for await (const piece of body) {
    expect(piece.toString()).toBe('one')
    break
  }
  await until('it is closed', () => open === 0)
})

/** The origin of a server with an event loop of its own, which sends so many bytes every 20 ms, for ever. */
async function sendingOrigin(bytes: number): Promise<string> {
  const source = `
    const server = require('node:http').createServer((_, response) => {
      const timer = setInterval(() => response.write(Buffer.alloc(${bytes})), 20)
      response.on('close', () => clearInterval(timer))
    })
    const { parentPort } = require('node:worker_threads')
    server.listen(0, '127.0.0.1', () => parentPort.postMessage(server.address().port))`
  const worker = new Worker(source, { eval: true })
  onTestFinished(async () => void (await worker.terminate()))
  return new Promise((resolve) => worker.once('message', (port) => resolve(`http://127.0.0.1:${port}`)))
}

function busyFor(ms: number): void {
  const until = performance.now() + ms
  while (performance.now() < until);
}

const silence = { connectMs: 2_000, silenceMs: 200 }

test.each<[string, number, (ms: number) => Promise<void> | void]>([
  ['work of our own', 10, busyFor],
  ['a reader that takes its time', 10, (ms) => pause(ms)],
  ['a reader that takes its time, of more than fits', 400_000, (ms) => pause(ms)],
])('%s, for longer than the other side may be silent, is not its silence', async (_, bytes, take) => {
  const client = createHttpClient(await sendingOrigin(bytes), silence)
  onTestFinished(client.close)
  const { body } = await client.request('/', { headers })
  let pieces = 0
  for await (const piece of body) {
    expect(piece.length).toBeGreaterThan(0)
    pieces += 1
    if (pieces === 2 || pieces === 4) await take(700)
    if (pieces === 8) break
  }
  expect(pieces).toBe(8)
})

test('work of our own while a connection is made is none of the time for it', async () => {
  const client = createHttpClient(await sendingOrigin(10), { connectMs: 100, silenceMs: 2_000 })
  onTestFinished(client.close)
  const waiting = client.request('/', { headers })
  busyFor(500)
  expect((await waiting).status).toBe(200)
})

/** The origin of one that sends `start`, and a byte every 20 ms from then on. */
async function drippingOrigin(start: string): Promise<string> {
  const server = createNetServer((socket) => {
    const timer = setInterval(() => socket.write('a'), 20)
    socket.on('close', () => clearInterval(timer)).on('error', () => {})
    socket.write(start)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

test('a head that drips is given up, after the time for a connection and that for silence', async () => {
  const origin = await drippingOrigin('HTTP/1.1 200 OK\r\nX: ')
  const client = createHttpClient(origin, { connectMs: 300, silenceMs: 200 })
  onTestFinished(client.close)
  const began = performance.now()
  await expect(client.request('/', { headers })).rejects.toThrow('no answer came')
  expect(performance.now() - began).toBeGreaterThan(450)
})

test('a call to control ends in time, however long its answer goes on', async () => {
  const url = await drippingOrigin('HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n')
  const link = createControlLink({ url, token: 'token', callMs: 300 })
  onTestFinished(() => link.close())
  await expect(link.ship([])).rejects.toThrow()
})
