import type { Actor, Environment } from '@rockpool/sdk/wire'
import type { AccessRecord } from '../access-log.ts'

/*
 * Vocabulary of traffic
 *
 * cell       requests of one minute that are alike in everything that is counted by, with a histogram of how long they took
 * histogram  how many took how long, in fixed bands (latency.ts)
 * side       whose a request is: a customer's, or Rockpool's own (checks, bots, …, and everything in sandboxes)
 * inside     a service called on with the identity it received: part of another request, and never counted beside it
 * sample     one request that was kept whole: the last failed and refused ones, and some of the rest
 * shipment   what a gateway tells control at once; the same one may come again, and counts once
 *
 *   request ──► collector (gateway: adds, never waits) ──every 2 s──► control ──► gateway.traffic, gateway.traffic_request
 */

/** How a request ended; `none`: the client left before an answer began. `dropped`: counted, and nothing else is known of it. */
export type StatusClass = '2xx' | '3xx' | '4xx' | '5xx' | 'none' | 'dropped'

export type Side = 'customers' | 'own'

/** What requests are told apart by. Null: it was refused before that was known. */
export interface CellKey {
  service: string | null
  /** A sandbox counts under its parent: sandboxes come and go by the thousands. */
  organization: string | null
  environment: Environment | null
  actor: Actor | null
  /** A service called on. */
  inside: boolean
  /** `other` for what no API uses. */
  method: string
  /** The route's template; never a path. */
  path: string | null
  class: StatusClass
}

export interface Cell extends CellKey {
  /** UTC, `2026-11-22T14:42`: when the requests began. */
  minute: string
  /** Pairs of a band (latency.ts) and how many requests fell into it; together all requests of the cell. */
  bands: [band: number, count: number][]
}

/** Why a request was kept. */
export type SampleKind = 'failed' | 'refused' | 'rest'

export interface Sample extends AccessRecord {
  kind: SampleKind
}

/** Body of `POST /internal/traffic`. */
export interface Shipment {
  /** One life of one gateway process. */
  source: string
  /** 1, 2, 3, … within the source. */
  number: number
  /** All requests that the source has shipped with this one, dropped ones too: what control must have in the end. */
  told: number
  cells: Cell[]
  samples: Sample[]
}

/** Figures about some requests. */
export interface Figures {
  count: number
  /** Answers of 500 and more. */
  errors: number
  /** Answers of 400 to 499. */
  refused: number
  /** The client left before an answer began. */
  gone: number
  /** Milliseconds of those that were answered, to within a fifth; null: none was. */
  p50: number | null
  p95: number | null
  p99: number | null
}

export type { AccessRecord } from '../access-log.ts'
