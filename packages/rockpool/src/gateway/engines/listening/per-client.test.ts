import { connect, Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import { describe, expect, onTestFinished, test } from 'vitest'
import { makeCertificate } from '../../../../test/support/certificates.ts'
import { echo } from '../../../../test/support/gateway-client.ts'
import {
  listenerGatewayFor,
  socketEngines,
  type SocketEngineName,
} from '../../../../test/support/gateway-http2.ts'
import { temporaryFolder, until } from '../../../../test/support/gateway.ts'
import { preface } from '../../../../test/support/http2-frames.ts'
import { createPerClient } from './per-client.ts'

type By = (port: number) => Socket

const ways: Record<string, By> = {
  'HTTP/1.1': (port) => {
    const socket = connect(port, '127.0.0.1')
    socket.write('GET /.rockpool/health/live HTTP/1.1\r\nHost: a\r\n\r\n')
    return socket
  },
  'HTTP/2': (port) => {
    const socket = connect(port, '127.0.0.1')
    socket.write(preface)
    // SETTINGS of nothing: the server says its own.
    socket.write(Buffer.from([0, 0, 0, 4, 0, 0, 0, 0, 0]))
    return socket
  },
}

/** Whether it is told anything before it is closed. */
async function isServed(socket: Socket): Promise<boolean> {
  let served = false
  let closed = false
  socket.on('error', () => {})
  socket.once('data', () => (served = true)).once('close', () => (closed = true))
  onTestFinished(() => void socket.destroy())
  await until('served, or closed', () => served || closed)
  return served
}

describe.each(Object.keys(socketEngines) as SocketEngineName[])(
  '%s: connections of one address',
  (engine) => {
    test('are counted together, whatever they speak, and another one comes when one has gone', async () => {
      const gateway = await listenerGatewayFor(echo, { engine, limits: { maxConnectionsPerClient: 2 } })
      const first = ways['HTTP/1.1']!(gateway.port)
      expect(await isServed(first)).toBe(true)
      expect(await isServed(ways['HTTP/2']!(gateway.port))).toBe(true)
      for (const by of Object.values(ways)) expect(await isServed(by(gateway.port))).toBe(false)
      if (process.platform === 'linux') {
        const elsewhere = connect({ port: gateway.port, host: '127.0.0.1', localAddress: '127.0.0.2' })
        elsewhere.write('GET /.rockpool/health/live HTTP/1.1\r\nHost: a\r\n\r\n')
        expect(await isServed(elsewhere)).toBe(true)
      }
      first.destroy()
      await until('there is room again', () => isServed(ways['HTTP/1.1']!(gateway.port)))
    })

    test('by TLS are counted before their handshake', async () => {
      const tls = makeCertificate(temporaryFolder())
      const gateway = await listenerGatewayFor(echo, { engine, tls, limits: { maxConnectionsPerClient: 1 } })
      const silent = connect(gateway.port, '127.0.0.1')
      onTestFinished(() => void silent.destroy())
      await new Promise((resolve) => silent.once('connect', resolve))
      const shaken = () => {
        const socket = connectTls({ port: gateway.port, host: '127.0.0.1', rejectUnauthorized: false })
        socket.write('GET /.rockpool/health/live HTTP/1.1\r\nHost: a\r\n\r\n')
        return isServed(socket)
      }
      expect(await shaken()).toBe(false)
      silent.destroy()
      await until('there is room', shaken)
    })
  },
)

test('of IPv6 a network is one client, and it is told who is closed', () => {
  const told: string[] = []
  const perClient = createPerClient(1, (client) => told.push(client))
  const from = (remoteAddress: string) =>
    Object.defineProperty(new Socket(), 'remoteAddress', { value: remoteAddress })
  expect(perClient.admits(from('2001:db8:0:1::7'))).toBe(true)
  const second = from('2001:db8:0:1::8')
  expect(perClient.admits(second)).toBe(false)
  expect(second.destroyed).toBe(true)
  expect(perClient.admits(from('2001:db8:0:2::7'))).toBe(true)
  expect(told).toEqual(['2001:db8:0:1::/64'])
})
