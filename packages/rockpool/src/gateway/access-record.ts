import type { Actor, Environment } from '@rockpool/sdk/wire'
import type { FaultMet } from './faults/types.ts'

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
  ms: number
  /** From forwarding to the head of the answer; null: nothing was forwarded, or nothing came. */
  upstreamMs: number | null
  /** Problem code of the gateway's own answer; of a tunnel, why it was cut. */
  refused: string | null
  /** Who broke it off: client, upstream or deadline; `fault` where that was on purpose. */
  aborted: string | null
  /** Forged marks that were taken out of the request and the answer. */
  stripped: number
  /** Only of a call that was hit by what is broken on purpose. */
  fault?: FaultMet
}
