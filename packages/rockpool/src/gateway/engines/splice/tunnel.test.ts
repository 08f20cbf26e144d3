import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import type { AddressInfo, Socket } from 'node:net'
import { setImmediate as turn } from 'node:timers/promises'
import { connect, createServer } from 'node:tls'
import { expect, onTestFinished, test, vi } from 'vitest'
import { makeCertificate } from '../../../../test/support/certificates.ts'
import { engineTo } from '../../../../test/support/engine.ts'
import { temporaryFolder, until } from '../../../../test/support/gateway.ts'
import { rawClient, statusOf } from '../../../../test/support/raw-http.ts'
import { switchAnswer, switchingService, type SwitchScript } from '../../../../test/support/websocket.ts'
import { noFields } from '../../header-fields.ts'
import type { SocketEngine } from '../engine.ts'
import { createSpliceEngine } from './index.ts'

// What tunnels cost others, and what ends them that neither side says.

const upgrade = 'GET /chat HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: bytes\r\n\r\n'

async function serve(script: SwitchScript) {
  const service = await switchingService(script)
  let splice: SocketEngine | undefined
  const engine = await engineTo((duties) => (splice = createSpliceEngine(duties)), {
    url: service.url,
    open: (exchange, { target }) => {
      if (target !== '/chat' || !('forward' in exchange.plan)) return exchange
      const forward = { ...exchange.plan.forward, headers: noFields, upgrade: 'bytes' }
      return { ...exchange, plan: { forward }, switched: () => [] }
    },
  })
  return { service, engine, splice: splice! }
}

test('tunnels take no other call’s place at their service', async () => {
  const { engine, service } = await serve({
    answer: (head) => (head.includes('/chat') ? switchAnswer(head) : 'HTTP/1.1 204 No Content\r\n\r\n'),
  })
  const clients = await Promise.all(Array.from({ length: 260 }, () => rawClient(engine.port)))
  for (const client of clients) client.send(upgrade)
  await until('all are open', () => clients.every((client) => client.bytes().includes('\r\n\r\n')))
  const other = await rawClient(engine.port)
  other.send('GET /next HTTP/1.1\r\nHost: a\r\n\r\n')
  expect((await other.answered(1)).map(statusOf)).toEqual([204])
  expect(service.connections).toHaveLength(261)
})

test('an origin is forgotten only when its tunnels have ended', async () => {
  const { engine, service } = await serve({})
  const client = await rawClient(engine.port)
  client.send(upgrade)
  await until('open', () => client.bytes().includes('\r\n\r\n'))
  let isForgotten = false
  const forgotten = engine.forget(service.url).then(() => (isForgotten = true))
  client.send('still')
  await until('it goes on', () => client.bytes().endsWith('still'))
  expect(isForgotten).toBe(false)
  client.socket.end()
  await forgotten
})

test.each([
  ['nothing moves: after an hour', () => {}, 3_600_000],
  ['one side has ended: after five minutes', (client: Socket) => void client.end(), 300_000],
])('a tunnel is closed in which %s', async (_, then, laterMs) => {
  let far: Socket | undefined
  const { engine } = await serve({ serve: (socket) => void (far = socket) })
  const client = await rawClient(engine.port)
  client.send(upgrade)
  await until('open', () => far !== undefined && client.bytes().includes('\r\n\r\n'))
  then(client.socket)
  if (client.socket.writableEnded) await once(far!, 'end')
  const now = performance.now.bind(performance)
  const spy = vi.spyOn(performance, 'now')
  onTestFinished(() => spy.mockRestore())
  // Some time before, it is not: whatever moves then, moves its end.
  spy.mockImplementation(() => now() + laterMs - 60_000)
  far!.write('moves')
  await until('it goes on', () => client.bytes().endsWith('moves'))
  spy.mockImplementation(() => now() + 2 * laterMs - 30_000)
  await until('closed', () => client.over() !== undefined)
  // Who has read an end reads no reset: it is found out by writing.
  await until('for the service too', () => far!.closed || (far!.write('more'), false))
  expect(engine.ended()).toMatchObject([{ aborted: null }])
})

test('a client’s last words do not wait for ever for a service that does not read them', async () => {
  const connections = new Set<Socket>()
  const onConnect = (message: unknown) => connections.add((message as { socket: Socket }).socket)
  subscribe('net.client.socket', onConnect)
  onTestFinished(() => void unsubscribe('net.client.socket', onConnect))
  let far: Socket | undefined
  const { engine, service } = await serve({ serve: (socket) => void (far = socket.pause()) })
  const client = await rawClient(engine.port)
  client.send(upgrade)
  await until('open', () => far !== undefined && client.bytes().includes('\r\n\r\n'))
  const near = [...connections].find(({ remotePort }) => service.url.endsWith(`:${remotePort}`))!
  const piece = 'x'.repeat(8 * 1024)
  // Until a little of it stays with the engine.
  while (near.writableLength === 0) {
    const before = near.bytesWritten
    client.send(piece)
    while (near.bytesWritten < before + piece.length) await turn()
  }
  client.socket.end()
  await until('over for the engine', () => near.writableEnded)
  client.socket.destroy()
  await until('told', () => (far!.write('more'), engine.ended().length === 1))
  expect(near.destroyed).toBe(false)
  const now = performance.now.bind(performance)
  const spy = vi.spyOn(performance, 'now').mockImplementation(() => now() + 301_000)
  onTestFinished(() => spy.mockRestore())
  await until('given up', () => near.destroyed)
})

test('a tunnel by TLS: bytes both ways, and an end of one side alone', async () => {
  const { cert, key, ca } = makeCertificate(temporaryFolder())
  let over = false
  let far: Socket | undefined
  const { splice, engine } = await serve({
    serve(socket) {
      far = socket
      socket.once('end', () => (over = true)).resume()
    },
  })
  const files = { cert: readFileSync(cert), key: readFileSync(key) }
  const server = createServer(files, (socket) => splice.serve(socket)).listen(0, '127.0.0.1')
  onTestFinished(() => void server.close())
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const socket = connect({ port, host: '127.0.0.1', ca })
  socket.allowHalfOpen = true
  onTestFinished(() => void socket.destroy())
  let received = ''
  socket.setEncoding('latin1').on('data', (text: string) => (received += text))
  socket.on('error', () => {}).write(upgrade)
  await until('open', () => received.includes('\r\n\r\n') && far !== undefined)
  socket.end('last words')
  await until('the service hears of it', () => over)
  far!.end('x'.repeat(200_000))
  await until('all of it came', () => received.endsWith('x'.repeat(200_000)))
  await until('told', () => engine.ended().length === 1)
  expect(engine.ended()).toEqual([{ bytesIn: 10, bytesOut: 200_000, aborted: null }])
})
