/*
 * The vocabulary: mock, request, answer, resource, item.
 *
 *   request ─► route ─► read by the contract ─► state of its resource ─► response and media type ─► value ─► valid? ─► answer
 */

import type { PlannedCall } from './callbacks/types.ts'
import type { Fault } from './delivery/faults.ts'
import type { Latency } from './delivery/latency.ts'

export interface MockRequest {
  method: string
  /** Path and query. */
  target: string
  /** Names and values in turns. */
  headers: readonly string[]
  body: Buffer | null
  /** Scheme and host that it was sent to; absent: nobody knows. */
  origin?: string
}

export interface MockAnswer {
  status: number
  /** Names and values in turns. */
  headers: string[]
  body: string | Buffer | Pieces
  /** Absent: it goes out at once, and whole. */
  delivery?: Delivery
  /** What the service would call once this is answered. */
  calls?: readonly PlannedCall[]
}

/** Of a stream: each is made when it is asked for. */
export interface Pieces {
  pieces: Iterable<string>
}

/** What becomes of an answer on its way. */
export interface Delivery {
  delayMs: number
  /** The connection is reset, and not one byte of the answer comes. */
  isAborted: boolean
  /** After so many bytes of the body (null: half of them) the connection is reset, or else closed. Null: the body is whole. */
  cut: { afterBytes: number | null; isReset: boolean } | null
  bytesPerSecond: number | null
}

/** Answers as a service with this contract would. */
export interface Mock {
  answer(request: MockRequest): MockAnswer
}

export interface MockOptions {
  /** Values hang on it: another seed, other values. */
  seed?: string
  /** False: it remembers nothing, and answers each request as if everything were there. */
  stateful?: boolean
  /** Whom values are for where the path names no organization: another one, other values. */
  organization?: string
  /** How late answers come. */
  latency?: Latency | null
  /** What goes wrong on purpose. */
  faults?: readonly Fault[]
}
