import { createServer } from 'node:net'
import type { AddressInfo, Socket } from 'node:net'
import { defaultBodyIdleMs, defaultBodyMs } from '../body-time.ts'
import type { Duties, EngineLimits, SocketEngine } from '../engine.ts'
import { createPerClient } from '../listening/per-client.ts'
import { Client } from './client.ts'
import { createOutbox } from './outbox.ts'
import { createPool } from './pool.ts'
import type { Ground } from './turn.ts'
import { Upstream } from './upstream.ts'
import { createWatch } from './watch.ts'
import { createWorkplaces } from './workplace.ts'

const defaults: EngineLimits = {
  headMs: 15_000,
  bodyIdleMs: defaultBodyIdleMs,
  bodyMs: defaultBodyMs,
  idleMs: 65_000,
  maxConnections: 10_000,
  // Behind a balancer all clients have one address: whoever has none says less.
  maxConnectionsPerClient: 10_000,
}

/**
 * The engine `splice`: HTTP/1.1 over node:net by a strict parser of its own. Heads are parsed and written anew; bodies
 * are followed byte by byte and passed on as they came. There are no streams between the two sockets of a call.
 */
export function createSpliceEngine(duties: Duties, limits: Partial<EngineLimits> = {}): SocketEngine {
  const watch = createWatch()
  const pool = createPool((lane) => new Upstream(lane, watch))
  const ground: Ground = {
    duties,
    limits: { ...defaults, ...limits },
    pool,
    watch,
    outbox: createOutbox(),
    isDraining: false,
  }
  const perClient = createPerClient(ground.limits.maxConnectionsPerClient)
  const clients = new Set<Client>()
  const shared = { workplaces: createWorkplaces(), left }
  let isClosed = false
  /** All have left. */
  let onEmpty: (() => void) | undefined

  function serve(socket: Socket): void {
    if (isClosed || clients.size >= ground.limits.maxConnections) return void socket.destroy()
    clients.add(new Client(socket, ground, shared))
  }

  function left(client: Client): void {
    clients.delete(client)
    if (clients.size === 0) onEmpty?.()
  }

  const server = createServer({ noDelay: true }, (socket) => {
    if (perClient.admits(socket)) serve(socket)
  })
  // A connection that cannot be accepted is the matter of whoever wanted it.
  server.on('error', () => {})
  return {
    serve,
    listen: ({ host, port }) =>
      new Promise((resolve, reject) => {
        server.once('error', reject)
        server.listen({ host, port, backlog: 4096 }, () => {
          server.off('error', reject)
          resolve((server.address() as AddressInfo).port)
        })
      }),
    forget: pool.forget,
    retire() {
      server.close()
      ground.isDraining = true
    },
    async close(graceMs) {
      server.close()
      isClosed = true
      ground.isDraining = true
      const left = new Promise<void>((resolve) => (onEmpty = resolve))
      for (const client of clients) client.drain()
      const timer = setTimeout(() => {
        for (const client of clients) client.destroy()
      }, graceMs)
      if (clients.size > 0) await left
      clearTimeout(timer)
      pool.close()
    },
  }
}
