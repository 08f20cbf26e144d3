import { once } from 'node:events'
import { connect as connectPlain, createServer } from 'node:net'
import type { AddressInfo, Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import { messageOf, problem } from '../../kernel/index.ts'
import { tie } from './connection.ts'
import type { Observer } from './connection.ts'
import { createHostLine } from './host.ts'
import { createLearner } from './learner.ts'
import type { Learned, Learner } from './learner.ts'
import { createHash, sightAnswer, sightRequest } from './sighting.ts'
import type { Hash } from './sighting.ts'
import type { Sighting } from './types.ts'

export interface ShadowOptions {
  /** Where everything goes: an origin. */
  upstream: URL
  /** On 127.0.0.1; 0 takes any free one. */
  port: number
  /** Something worth a line on the terminal. */
  onTrouble: (message: string) => void
  /** For tests: what learns instead. */
  learner?: Learner
  /** A certificate authority that the upstream's certificate may be of, beside the system's. PEM. */
  authority?: string
}

export interface Shadow {
  /** Where clients are pointed. */
  readonly url: string
  learned(): Learned & Skipped
  /** Takes no new connection, ends those that are idle, lets others end for so long, then breaks them off. */
  stop(graceMs: number): Promise<void>
}

export interface Skipped {
  /** Exchanges that were not learned from: too many at once, or learning failed. */
  dropped: number
  failures: number
}

/** As many exchanges wait to be learned from; what comes beyond is passed through like all else, and not learned. */
const longestQueue = 5_000
const atOnce = 200

/** Starts the shadow: passes bytes through between its clients and the upstream, and learns from them beside. */
export async function startShadow(options: ShadowOptions): Promise<Shadow> {
  const { upstream, onTrouble } = options
  const hash = createHash()
  const learning = createLearning(options.learner ?? createLearner({ hash }), hash, onTrouble)
  const hostLine = createHostLine(upstream)
  /** Each connection's two sockets, and whether it is idle. */
  const sockets = new Map<Socket, () => boolean>()

  const server = createServer({ allowHalfOpen: true, noDelay: true, keepAlive: true }, (client) => {
    const there = connectTo(options)
    there.on('error', (error) => {
      if (there.connecting || there.pending || isConnectFailure(error))
        onTrouble(
          `${upstream.origin} cannot be reached: ${messageOf(error)}; its clients are cut off as it would`,
        )
    })
    const isIdle = tie({ client, upstream: there, hostLine, observer: learning.observer })
    for (const socket of [client, there]) {
      sockets.set(socket, isIdle)
      socket.on('close', () => sockets.delete(socket))
    }
  })
  server.listen(options.port, '127.0.0.1')
  await once(server, 'listening').catch((error: unknown) => {
    throw problem(
      'conflict',
      `port ${options.port} cannot be listened on: ${messageOf(error)}; name another with --port`,
    )
  })

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    learned: learning.learned,
    async stop(graceMs) {
      const closed = once(server, 'close')
      server.close()
      for (const [socket, isIdle] of sockets) if (isIdle()) socket.end()
      const timer = setTimeout(() => {
        for (const socket of sockets.keys()) socket.destroy()
      }, graceMs)
      await closed
      clearTimeout(timer)
    },
  }
}

function connectTo({ upstream, authority }: ShadowOptions): Socket {
  const host = upstream.hostname.replace(/^\[(.*)\]$/, '$1')
  const isTls = upstream.protocol === 'https:'
  const at = { host, port: Number(upstream.port || (isTls ? 443 : 80)), allowHalfOpen: true, noDelay: true }
  if (!isTls) return connectPlain({ ...at, keepAlive: true })
  return connectTls({
    ...at,
    servername: host,
    ALPNProtocols: ['http/1.1'],
    ...(authority === undefined ? {} : { ca: authority }),
  })
}

function isConnectFailure(error: Error): boolean {
  return /ECONNREFUSED|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|CERT|TLS|SSL/.test(
    `${(error as NodeJS.ErrnoException).code}`,
  )
}

/** Learning, beside the traffic: a queue that may overflow, emptied a little at a time, and every failure caught. */
function createLearning(learner: Learner, hash: Hash, onTrouble: (message: string) => void) {
  const queue: Sighting[] = []
  const skipped: Skipped = { dropped: 0, failures: 0 }
  let isEmptying = false

  function failed(error: unknown): void {
    skipped.failures += 1
    if (skipped.failures === 1)
      onTrouble(`something could not be learned from, traffic goes on: ${messageOf(error)}`)
  }

  function empty(): void {
    for (const sighting of queue.splice(0, atOnce)) {
      try {
        learner.see(sighting)
      } catch (error) {
        failed(error)
      }
    }
    isEmptying = queue.length > 0
    if (isEmptying) setImmediate(empty)
  }

  const observer: Observer = {
    request(head) {
      const sighted = sightRequest(head, hash)
      return (answer) => {
        if (!sighted) return
        if (queue.length >= longestQueue) return void (skipped.dropped += 1)
        queue.push({ ...sighted, ...sightAnswer(answer) })
        if (isEmptying) return
        isEmptying = true
        setImmediate(empty)
      }
    },
    failed,
  }
  return { observer, learned: () => ({ ...learner.learned(), ...skipped }) }
}
