import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'
import { onTestFinished } from 'vitest'
import type { EngineLimits } from '../../src/gateway/engines/engine.ts'
import type { EngineName, Snapshot } from '../../src/gateway/index.ts'
import { service, testGateway, until } from './gateway.ts'
import { readAnswers, readRequests, statusOf, type Message, type Reading } from './http-messages.ts'

export * from './http-messages.ts'

// Both ends of a gateway as bytes: a client that sends what it is told, and an upstream that records what comes.
// Text stands for bytes: characters 0 to 255.

/** One connection that an upstream accepted. */
export interface Accepted {
  socket: Socket
  /** All that came. */
  bytes(): string
  over(): boolean
}

export interface RecordingUpstream {
  url: string
  port: number
  /** In the order in which they came. */
  connections: Accepted[]
  /** Whole requests of all connections, as they arrived. Throws when something came that a strict reader refuses. */
  requests(): Message[]
  /** Bytes of requests that are not whole, on connections that are still open. */
  rests(): string[]
  /** Forgets what came on connections so far; they stay open. */
  clear(): void
}

export interface UpstreamScript {
  /** What is answered to each whole request; `undefined`: nothing. */
  answer?: (request: Message, accepted: Accepted) => string | undefined
  /** Called for whatever comes, before requests are looked at. */
  onBytes?: (accepted: Accepted) => void
  /** Requests may be of HTTP/1.0. */
  takesOld?: boolean
}

export const emptyAnswer = 'HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n'

/** An upstream on loopback that records bytes; closed after the test. */
export async function recordingUpstream(script: UpstreamScript = {}): Promise<RecordingUpstream> {
  const upstream = await startUpstream(script)
  onTestFinished(upstream.close)
  return upstream
}

/** The same, for hooks of a whole file: who starts it closes it. */
export async function startUpstream({
  answer = () => emptyAnswer,
  onBytes,
  takesOld,
}: UpstreamScript = {}): Promise<RecordingUpstream & { close(): void }> {
  const connections: (Accepted & { read(): Reading; forget(): void })[] = []
  let arrived: Message[] = []
  const server = createServer({ noDelay: true }, (socket) => {
    let received = ''
    let answered = 0
    let over = false
    const accepted = {
      socket,
      bytes: () => received,
      over: () => over,
      read: () => readRequests(received, takesOld),
      forget() {
        received = accepted.read().rest
        answered = 0
      },
    }
    connections.push(accepted)
    socket.setEncoding('latin1').on('data', (chunk: string) => {
      received += chunk
      onBytes?.(accepted)
      let messages: Message[] = []
      try {
        ;({ messages } = accepted.read())
      } catch {
        return void socket.destroy() // `requests` tells why
      }
      for (const message of messages.slice(answered)) {
        answered += 1
        arrived.push(message)
        const text = answer(message, accepted)
        if (text !== undefined && socket.writable) socket.write(text, 'latin1')
      }
    })
    socket.on('error', () => {})
    socket.once('close', () => (over = true))
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    connections,
    requests() {
      for (const accepted of connections) accepted.read()
      return arrived
    },
    rests: () =>
      connections.flatMap((accepted) => (accepted.over() ? [] : [accepted.read().rest])).filter(Boolean),
    clear() {
      const open = connections.filter((accepted) => !accepted.over())
      for (const accepted of open) accepted.forget()
      connections.splice(0, connections.length, ...open)
      arrived = []
    },
    close() {
      server.close()
      for (const { socket } of connections) socket.destroy()
    },
  }
}

export interface RawClient {
  socket: Socket
  send(text: string): void
  /** All that came. */
  bytes(): string
  /** The connection is over; `reset` when not by a proper end. */
  over(): 'ended' | 'reset' | undefined
  /** What came so far, as messages; interim answers among them. */
  read(): Reading
  /** Final answers so far. */
  answers(): Message[]
  /** Waits until that many final answers have come, or the connection is over. Gives the answers. */
  answered(count: number): Promise<Message[]>
  /** Waits until the connection is over. Gives the answers. */
  closed(): Promise<Message[]>
}

/**
 * A client on loopback that sends bytes as they are; destroyed after the test.
 * @param methods of the requests that it will send, in order; GET for those beyond
 */
export async function rawClient(port: number, methods: readonly string[] = []): Promise<RawClient> {
  const client = await openClient(port, methods)
  onTestFinished(() => void client.socket.destroy())
  return client
}

/** The same, for many in one test: who opens it destroys it. */
export async function openClient(port: number, methods: readonly string[] = []): Promise<RawClient> {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true, allowHalfOpen: true })
  let received = ''
  let over: 'ended' | 'reset' | undefined
  let ended = false
  const heard = createBell()
  socket.setEncoding('latin1').on('data', (chunk: string) => {
    received += chunk
    heard.ring()
  })
  socket.on('error', () => {})
  socket.once('end', () => {
    ended = true
    socket.end()
  })
  socket.once('close', () => {
    over = ended ? 'ended' : 'reset'
    heard.ring()
  })
  await once(socket, 'connect')
  const read = () => readAnswers(received, methods, ended)
  const answers = () => read().messages.filter((message) => statusOf(message) >= 200)
  const told = () => JSON.stringify(received.slice(0, 500))
  return {
    socket,
    send: (text) => void (socket.writable && socket.write(text, 'latin1')),
    bytes: () => received,
    over: () => over,
    read,
    answers,
    async answered(count) {
      await heard.until(`${count} answers`, () => over !== undefined || answers().length >= count, told)
      return answers()
    },
    async closed() {
      await heard.until('the end of the connection', () => over !== undefined, told)
      return answers()
    },
  }
}

/** Waits for what happens on a socket, without asking again and again. */
function createBell() {
  const listeners = new Set<() => void>()
  return {
    ring() {
      for (const listener of listeners) listener()
    },
    until(what: string, check: () => boolean, told: () => string): Promise<void> {
      return new Promise((resolve, reject) => {
        const settle = (error?: unknown) => {
          clearTimeout(timer)
          listeners.delete(look)
          if (error === undefined) resolve()
          else reject(error)
        }
        const look = () => {
          try {
            if (check()) settle()
          } catch (error) {
            settle(error)
          }
        }
        const timer = setTimeout(() => settle(new Error(`not within 10 s: ${what}; came: ${told()}`)), 10_000)
        listeners.add(look)
        look()
      })
    },
  }
}

const depths = ['', '/{a}', '/{a}/{b}', '/{a}/{b}/{c}', '/{a}/{b}/{c}/{d}', '/{a}/{b}/{c}/{d}/{e}']

/** Every path and method that can be routed, open to everybody: what is refused is refused for its form. */
export const openRoutes = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'].flatMap((method) =>
  depths.map((path, depth) => ({
    method,
    path: path || '/',
    operationId: `${method}${depth}`,
    anonymous: true,
  })),
)

/** A gateway with `openRoutes` to one upstream. */
export function openGateway(
  engine: EngineName,
  { url }: { url: string },
  { deadlineMs = 10_000, limits }: { deadlineMs?: number; limits?: Partial<EngineLimits> } = {},
) {
  const parts: Partial<Snapshot> = {
    services: [service('any', { url, routes: openRoutes, deadlineMs })],
  }
  return testGateway(engine, parts, limits)
}

/** A request that a well-behaved client would send next on the same connection. */
export const next = 'GET /next HTTP/1.1\r\nHost: a\r\n\r\n'

interface Outcome {
  /** Status of each final answer, in order. */
  statuses: number[]
  /** Targets that the upstream got whole requests for. */
  reached: string[]
  /** The connection is over. */
  closed: boolean
}

/**
 * How an engine may differ from “refused, the connection closed, nothing of it or after it served”: `kept`: refused, and
 * the connection goes on; `served`: passed on, mended; `begun`: passed on, and what is behind it refused.
 */
export type Looser = Partial<Record<EngineName, Record<string, ['kept' | 'served' | 'begun', why: string]>>>

/**
 * Bytes that are to be refused with 400, with another request right behind them. Gives what came, and what has to.
 * @param what names the bytes in `looser`
 */
export async function refusalOf(
  engine: EngineName,
  what: string,
  text: string,
  looser: Looser = {},
): Promise<{ outcome: Outcome; expected: unknown }> {
  const upstream = await recordingUpstream()
  const gateway = await openGateway(engine, upstream)
  const client = await rawClient(gateway.port)
  client.send(text + next)
  const statuses = (await client.answered(2)).map(statusOf)
  // What was begun at the upstream is broken off, never completed.
  await until('no call under way', () => upstream.rests().length === 0)
  const reached = upstream.requests().map(({ start }) => start.split(' ')[1]!)
  const differs = looser[engine]?.[what]?.[0]
  const expected = {
    kept: { statuses: [400, 200], reached: ['/next'], closed: false },
    served: { statuses: [200, 200], reached: ['/items', '/next'], closed: false },
    begun: { statuses: [400], reached: ['/items'], closed: true },
    none: { statuses: [400], reached: [], closed: true },
  }[differs ?? 'none']
  return { outcome: { statuses, reached, closed: client.over() !== undefined }, expected }
}

/** Most of llhttp's messages have no Host: they are sent with one, so that more is tested than that. */
export function withHost(bytes: string): string {
  if (/^host\s*:/im.test(bytes)) return bytes
  const requestLine = /^[A-Z]+ \S+ HTTP\/1\.[01]\r\n/gm
  if (!requestLine.test(bytes)) return bytes.replace(/^((?:\r\n)*[^\r\n]+\r\n)/, '$1Host: a\r\n')
  return bytes.replace(requestLine, (line) => `${line}Host: a\r\n`)
}
