import type { Socket } from 'node:net'
import type { RequestHead } from '../ground.ts'
import type { HeaderFields } from '../header-fields.ts'

/*
 *             head                    plan: answer, or forward
 *   client ─────────► engine ─────────► gateway (Duties.open)
 *                       │ ◄─────────────
 *                       │ forward        answered, take, trailers, failed, ended (Exchange)
 *                       ▼
 *                    service
 */

/**
 * An engine moves the bytes of requests and answers and nothing else: whom to serve, where to, with which headers is
 * decided by the duties it is given. Every engine passes the same suite (engines/*.test.ts).
 */
export interface Engine {
  /** Begins to accept. Rejects when the address cannot be had. Gives the port. */
  listen(address: { host: string; port: number }): Promise<number>
  /**
   * Ends the connections to an origin (such as `http://127.0.0.1:41234`): unused ones at once, the others after their call.
   * Calls that come to it later get connections of their own. Resolves when all that there were are closed.
   */
  forget(origin: string): Promise<void>
  /**
   * Accepts no more by itself; from now on each answer ends its connection and says so, and one that is idle may send one
   * more request. `close` follows.
   */
  retire(): void
  /** Accepts no more, lets what is in flight finish for `graceMs`, then breaks it off. */
  close(graceMs: number): Promise<void>
}

/** An engine that also serves connections which a listener for several protocols accepted (listening/). */
export interface SocketEngine extends Engine {
  /** Serves one connection as if it had accepted it; bytes that were read from it have been given back. */
  serve(socket: Socket): void
}

/** Bounds of an engine's connections. An engine has its own value for each; tests inject small ones. */
export interface EngineLimits {
  /** Milliseconds from the first wait for a request's head until it must be complete; refused and closed. */
  headMs: number
  /** Milliseconds that may pass without a byte of a request's body that is under way. */
  bodyIdleMs: number
  /** Milliseconds until a request's body must be whole; each byte that came buys more of them (body-time.ts). */
  bodyMs: number
  /** Milliseconds that a connection may stay open between two requests. */
  idleMs: number
  /** Connections in all; what comes beyond is closed. */
  maxConnections: number
  /** Connections of one client address; what comes beyond is closed. */
  maxConnectionsPerClient: number
}

export type EngineFactory = (duties: Duties, limits?: Partial<EngineLimits>) => Engine

/** A complete request head, with what the connection tells. */
export interface ClientHead extends RequestHead {
  /** The client's address. */
  remote: string
  encrypted: boolean
}

/** What the gateway does for an engine. */
export interface Duties {
  /** Called once with each complete head. A promise only where something must reach the disk before the call goes on. */
  open(head: ClientHead): Exchange | Promise<Exchange>
  /** The answer to what is no request that could be opened. */
  malformed(fault: Fault): Answer
}

/** The gateway's own answer. */
export interface Answer {
  status: number
  /** Names and values in turns, `Content-Length` among them. */
  headers: string[]
  body: string
}

export interface Forward {
  /** Such as `http://127.0.0.1:41234`. */
  origin: string
  method: string
  /** Path and query as they are to be sent. */
  target: string
  /** No hop-by-hop ones, no Host. */
  headers: HeaderFields
  /** Milliseconds without progress until the call is broken off. */
  deadlineMs: number
  /** Milliseconds from now until the call must be over, however much progress it makes; without it, until it ends. */
  totalMs?: number | undefined
  /** Bytes of content that a request's body may have; without it, any number. */
  maxBodyBytes?: number | undefined
  /** Sent in place of the client's body, which has been gathered. */
  body?: Buffer
  /** The protocol that the client asks for instead of HTTP, such as `websocket` (RFC 9110 7.8). */
  upgrade?: string
}

/** The whole body of a request, before it is known what becomes of it. */
export interface Gather {
  /** Bytes of content; of a longer body nothing is kept. */
  maxBytes: number
  /** Called once. Null: it was too long. */
  whole(body: Buffer | null): { answer: Answer } | { forward: Forward }
}

/** The whole body of an answer, before anything of it goes to the client. */
export interface Reshape {
  /** Bytes of content; of a longer body nothing is kept. */
  maxBytes: number
  /** Called once, in place of head, body and trailers. Null: it was too long. */
  whole(body: Buffer | null): Answer
}

/** How the body of an answer is spoiled on purpose. */
export interface Spoil {
  /** After so many bytes of content both connections are reset. */
  resetAfterBytes?: number
  /** Content goes to the client at this rate at most. */
  bytesPerSecond?: number
}

export type Fault = 'malformed' | 'headers too large' | 'slow' | 'connect'

/** Of the client's body: longer than `maxBodyBytes`; stood still or dripped (body-time.ts); of no valid form. */
export type BodyFailure = 'too large' | 'slow' | 'malformed'

/** `total`: not over within `totalMs`. */
export type Failure = 'unreachable' | 'broken' | 'deadline' | 'total' | BodyFailure

const bodyFailures: ReadonlySet<Failure> = new Set<BodyFailure>(['too large', 'slow', 'malformed'])
export const isOfBody = (failure: Failure): failure is BodyFailure => bodyFailures.has(failure)

/** One request's life as an engine tells it. Each method is called at most once, except for `take`. */
export interface Exchange {
  /** What to do: answer at once (the body, if one comes, is discarded), forward, or gather the body first. */
  readonly plan: { answer: Answer } | { forward: Forward } | { gather: Gather }
  /** The head of the service's answer came; gives the headers that go to the client. */
  answered(status: number, headers: HeaderFields): HeaderFields
  /** An interim answer came, such as 103; gives the headers that go to the client. Without it, none does. */
  interim?(headers: readonly string[]): string[]
  /**
   * The service switches to the protocol that was asked for (101); gives the headers that go to the client. From then on
   * bytes go both ways as they come, until either side ends. Called instead of `answered`.
   */
  switched?(headers: readonly string[]): string[]
  /** After `switched`: with `cut` the duties break the tunnel off, and `ended` follows with `aborted: null`. */
  tunnelled?(cut: () => void): void
  /** After `answered`: the client gets what this makes of the answer, and not what `answered` gave. */
  reshape?: Reshape
  /** After `answered`: counts for what goes to the client, reshaped or not. */
  spoil?: Spoil
  /** Asked when `totalMs` is over after `answered`: whether the answer may go on all the same, as one without an end does. */
  isEndless?(): boolean
  /** After `answered`: wants to see the body pass by. */
  take: ((chunk: Uint8Array) => void) | null
  /** Trailers of the service's answer; gives those that go to the client. */
  trailers(headers: readonly string[]): string[]
  /** There will be no answer of the service; gives the answer to the client. Of a body that is gathered, too. */
  failed(failure: Failure, detail: string): Answer
  /** All is over. */
  ended(end: End): void
}

export interface End {
  bytesIn: number
  bytesOut: number
  /** Who broke it off before it was complete. */
  aborted: 'client' | 'upstream' | 'deadline' | null
  /** `host:port` of the connection that it went by, of the last one that was tried; null: none was. */
  upstream: string | null
  /** How many times it was begun again on another connection. */
  retries: number
  /** Milliseconds that it waited for a connection, in all: for its turn, and until one stood. Null: it asked for none. */
  connectMs: number | null
}
