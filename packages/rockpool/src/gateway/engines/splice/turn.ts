import type { Socket } from 'node:net'
import type { Answer, Duties, End, EngineLimits, Exchange, Failure, Fault } from '../engine.ts'
import type { BodyClock } from './body-clock.ts'
import type { Framing } from './framing.ts'
import type { RequestMessage } from './head.ts'
import type { Outbox } from './outbox.ts'
import type { Pool } from './pool.ts'
import type { Repeated } from './repeated.ts'
import type { Tunnel } from './tunnel.ts'
import type { Watch } from './watch.ts'
import type { AnswerEnding } from './write.ts'

/** What the connections of one engine share. */
export interface Ground {
  duties: Duties
  limits: EngineLimits
  pool: Pool
  watch: Watch
  outbox: Outbox
  /** The engine goes: each connection ends with the request that it is at. */
  isDraining: boolean
}

/*
 *   waiting ──head──► opening ──plan──► gathering ──► calling ──answer's end──► flushing ──► waiting
 *      │                 │                  │            ├──101──► switched ──► gone
 *      └── malformed ────┴──── refused ─────┴────────────┴──► lingering (says why, reads the rest, closes)
 */
export type Phase =
  | 'waiting'
  | 'opening'
  | 'gathering'
  | 'calling'
  | 'switched'
  | 'flushing'
  | 'lingering'
  | 'gone'

/** A client's connection with the request that it is at, as whoever serves a part of the request sees it. */
export interface Turn {
  phase: Phase
  /** In milliseconds of `performance.now()`: when it is too late for what is waited for. */
  due: number
  readonly socket: Socket
  readonly ground: Ground
  /** The client's address. */
  readonly remote: string
  readonly encrypted: boolean
  readonly request: RequestMessage
  /** It has had no request yet. */
  readonly isNew: boolean
  /** From its second request on. */
  repeated: Repeated | null
  /** Null: none is open. */
  exchange: Exchange | null
  /** The request's body, as far as it came. */
  readonly body: Framing
  readonly bodyClock: BodyClock
  readonly end: End
  /** This request is the last one here. */
  endsConnection: boolean
  readonly tunnel: Tunnel | null
  /** A request has come. */
  begin(request: RequestMessage): void
  /** What the duties say. A fault of theirs costs this connection; then it is undefined. */
  ask<T>(question: () => T): T | undefined
  /** The same, for what they said too late. */
  broke(error: unknown): undefined
  /** Gives back what it needs for requests alone, if it is at none. */
  rest(): void
  /** It is its turn: what was held back of what the client sent is looked at. */
  release(): void
  /** The service takes more of the body. */
  serviceDrained(): void
  /** What the head of an answer has to say about the connection. */
  connection(): AnswerEnding['connection']
  /** An answer of our own. */
  sendAnswer(answer: Answer): void
  /** All of the answer is written, or posted. */
  finish(): void
  /** What was posted is written. */
  written(): void
  /** No more of the answer will be written: once what is written is sent, the connection is reset. */
  cutOff(): void
  /** There will be no answer of the service. */
  fail(failure: Failure, detail: string, aborted: End['aborted']): void
  /** To what is no request that could be opened. */
  refuse(fault: Fault): void
  /** The connection has left HTTP. */
  enter(tunnel: Tunnel): void
  /** At once. `resets`: so that the client can tell it from an end. */
  close(aborted: End['aborted'], resets?: boolean): void
}
