import { constants, createServer } from 'node:http2'
import type { ServerHttp2Session, ServerHttp2Stream } from 'node:http2'
import type { Socket } from 'node:net'
import { bodyTimes } from '../body-time.ts'
import type { Duties, EngineLimits } from '../engine.ts'
import { carry } from '../node-carry.ts'
import { createAgent } from '../service-agent.ts'
import { createHttp2Client } from './client.ts'
import { readHead } from './head.ts'
import type { Connection } from './head.ts'
import { guardSession } from './session.ts'
import type { GuardedSession } from './session.ts'

/*
 *   connection ──► session (guarded) ──► stream ──► head ──► Duties.open ──► carry
 *                                           │ malformed, too large, CONNECT
 *                                           └──► problem
 */

/** HTTP/2 (RFC 9113) for connections that a listener accepted. Towards services it is HTTP/1.1. */
export interface Http2Server {
  serve(socket: Socket): void
  /** As `Engine.forget`. */
  forget(origin: string): Promise<void>
  /** As `Engine.retire`: GOAWAY, also to those that come. */
  retire(): void
  /** Tells every client to go elsewhere (GOAWAY), lets what is in flight finish for `graceMs`, then breaks it off. */
  close(graceMs: number): Promise<void>
}

export function createHttp2Server(duties: Duties, limits: Partial<EngineLimits> = {}): Http2Server {
  const idleMs = limits.idleMs ?? 65_000
  const headMs = limits.headMs ?? 15_000
  const agent = createAgent()
  const times = bodyTimes(limits)
  const sessions = new Map<ServerHttp2Session, GuardedSession>()
  let isRetiring = false
  const server = createServer({
    settings: {
      maxConcurrentStreams: 100,
      // Twice what is served: up to here the answer is a problem, beyond it a reset (RFC 9113 10.5.1).
      maxHeaderListSize: 32 * 1024,
      enableConnectProtocol: false,
    },
    // Beyond it a reset. Cookies may come in pieces: what is served is counted when they are one (head.ts).
    maxHeaderListPairs: 1_024,
    // In MB. What 100 streams may have in flight towards us is two thirds of it.
    maxSessionMemory: 10,
    maxSessionInvalidFrames: 100,
    maxSessionRejectedStreams: 100,
    // A service's answer passes as it is, also where it says twice what may be said once.
    strictSingleValueFields: false,
    unknownProtocolTimeout: 10_000,
  })

  server.on('session', (session) => {
    const { remoteAddress } = session.socket
    const connection = { remote: remoteAddress ?? '', encrypted: session.encrypted === true }
    const guard = guardSession(session, { idleMs, headMs })
    sessions.set(session, guard)
    session.once('close', () => sessions.delete(session))
    if (isRetiring) guard.drain()
    session.on('stream', (stream, _fields, _flags, raw) => serveStream(stream, raw, connection, guard))
  })
  server.on('sessionError', () => {})

  function serveStream(
    stream: ServerHttp2Stream,
    raw: readonly string[],
    connection: Connection,
    guard: GuardedSession,
  ): void {
    // Each is one stream's, and told by its end.
    stream.on('error', () => {})
    guard.opened(stream.id!)
    // Reset in the same breath: its end has passed, and nothing is decided for it.
    if (stream.destroyed) return guard.closed(true)
    let ours = false
    // A reset that the client calls NO_ERROR, before the stream's end, is one all the same.
    const wasReset = () => stream.aborted || stream.rstCode !== constants.NGHTTP2_NO_ERROR
    stream.once('close', () => guard.closed(!ours && wasReset()))
    const reading = readHead(raw, connection)
    const known = 'head' in reading ? reading.head : { method: '', headers: [] }
    // An answer of our own may take as long to be taken as a head to come.
    const side = createHttp2Client(stream, known, headMs)
    const client = {
      ...side,
      breakOff() {
        ours = true
        side.breakOff()
      },
      reset() {
        ours = true
        side.reset()
      },
    }
    if ('fault' in reading) return void client.answer(duties.malformed(reading.fault))
    const opened = duties.open(reading.head)
    if (!(opened instanceof Promise)) return carry(opened, client, agent, times)
    void opened.then((exchange) => carry(exchange, client, agent, times))
  }

  return {
    serve(socket) {
      server.emit('connection', socket)
    },
    forget: agent.forget,
    retire() {
      isRetiring = true
      for (const session of sessions.values()) session.drain()
    },
    async close(graceMs) {
      const closed = [...sessions.keys()].map(
        (session) => new Promise<void>((resolve) => session.once('close', resolve)),
      )
      for (const session of sessions.values()) session.drain()
      const timer = setTimeout(() => {
        for (const session of sessions.keys()) session.destroy()
      }, graceMs)
      await Promise.all(closed)
      clearTimeout(timer)
      await agent.destroy()
    },
  }
}
