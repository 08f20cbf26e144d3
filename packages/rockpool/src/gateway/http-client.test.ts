import { createServer } from 'node:http'
import type { RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { until } from '../../test/support/gateway.ts'
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
