import type { Actor, Environment } from '@rockpool/sdk/wire'
import type { ContractMet } from './judging/types.ts'
import type { FaultMet } from './faults/types.ts'

/*
 *   head ──decideMs──► let through ──connectMs──► connection ──upstreamMs──► head of the answer ──the rest──► end
 *   └──────────────────────────────────────────── ms ───────────────────────────────────────────────────────┘
 */

/** One request, as one JSON line. The path is the route's template: raw paths and queries may hold customers' data. */
export interface AccessRecord {
  time: string
  request: string
  trace: string
  method: string
  /** Null: no route. */
  path: string | null
  service: string | null
  /** The release of it that took the call; null: the service itself, or none. */
  release: string | null
  /** `host:port` that took the call, at last; null: no connection to a service was tried for it. */
  upstream: string | null
  /** Null: the client went away before an answer began. */
  status: number | null
  organization: string | null
  /** The organization that a sandbox belongs to. */
  parent: string | null
  environment: Environment | null
  actor: Actor | null
  run: string | null
  /** Id, never the text; `user:<issuer>` of an end user, never who it was. */
  credential: string | null
  /** The service that called. */
  caller: string | null
  bytesIn: number
  bytesOut: number
  /** All of it, in whole milliseconds. None of the parts below, nor all of them together, is more. */
  ms: number
  /** From its head until it was let through to a service, with all that it had to wait for; null: it was not. */
  decideMs: number | null
  /** Waiting for a connection to the service: for a turn, and until one stood. 0: one was free. Null: none was asked for. */
  connectMs: number | null
  /** From there to the head of the answer; null: nothing was forwarded, or nothing came. */
  upstreamMs: number | null
  /** How many times it was sent again on another connection. */
  retries: number
  /** Problem code of the gateway's own answer; of a tunnel, why it was cut. */
  refused: string | null
  /** Who broke it off: client, upstream or deadline; `fault` where that was on purpose. */
  aborted: string | null
  /** Forged marks that were taken out of the request and the answer. */
  stripped: number
  /** Only of a call that was hit by what is broken on purpose. */
  fault?: FaultMet
  /** Only of a call that does not keep to its contract. */
  contract?: ContractMet
}
