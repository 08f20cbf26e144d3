import { once } from 'node:events'
import { connect, createServer } from 'node:net'
import type { AddressInfo, Socket } from 'node:net'

// Both ends of a connection as bytes: what was sent, what came, and how it ended. For proving that something in between
// changes nothing.

export type Bytes = string | Buffer

/** What an upstream does on one connection: hears all that came so far, each time more comes. */
export type Upstream = (socket: Socket, received: Buffer, part: Buffer) => void

/** What one end saw. */
export interface Seen {
  bytes: Buffer
  end: 'ended' | 'reset'
}

export interface RawUpstream {
  port: number
  /** What each connection brought, in the order in which they came. */
  connections: Promise<Seen>[]
  close(): void
}

export async function rawUpstream(upstream: Upstream): Promise<RawUpstream> {
  const connections: Promise<Seen>[] = []
  const sockets = new Set<Socket>()
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    sockets.add(socket)
    let received = Buffer.alloc(0)
    connections.push(
      watch(socket, (part) => {
        received = Buffer.concat([received, part])
        upstream(socket, received, part)
      }),
    )
    socket.on('end', () => socket.end())
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    connections,
    close() {
      server.close()
      for (const socket of sockets) socket.destroy()
    },
  }
}

/** What a client does: its connection, and a way to wait until so much has come. */
export type Client = (socket: Socket, came: (text: string, times?: number) => Promise<void>) => Promise<void>

/** Lets a client talk to a port; what it saw until its connection was over. */
export async function talk(port: number, client: Client): Promise<Seen> {
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true, noDelay: true })
  let received = Buffer.alloc(0)
  const heard = new Set<() => void>()
  const seen = watch(socket, (part) => {
    received = Buffer.concat([received, part])
    for (const hear of heard) hear()
  })
  const came = (text: string, times = 1) =>
    new Promise<void>((resolve, reject) => {
      const timer = setTimeout(() => {
        reject(
          new Error(`“${text}” did not come ${times} times: ${received.toString('latin1').slice(0, 500)}`),
        )
      }, 5_000)
      const hear = () => {
        if (received.toString('latin1').split(text).length <= times) return
        clearTimeout(timer)
        heard.delete(hear)
        resolve()
      }
      heard.add(hear)
      hear()
    })
  await client(socket, came)
  socket.on('end', () => socket.end())
  return seen
}

function watch(socket: Socket, hear: (part: Buffer) => void): Promise<Seen> {
  const parts: Buffer[] = []
  let end: Seen['end'] = 'ended'
  socket.on('data', (part: Buffer) => {
    parts.push(part)
    hear(part)
  })
  socket.on('error', () => (end = 'reset'))
  return new Promise((resolve) => {
    socket.on('close', () => resolve({ bytes: Buffer.concat(parts), end }))
  })
}
