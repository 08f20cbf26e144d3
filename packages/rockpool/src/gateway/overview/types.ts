import type { Environment } from '@rockpool/sdk/wire'
import type { Finding } from '../../kernel/index.ts'
import type { ContractCount } from '../judging/types.ts'
import type { StatusClass } from '../traffic/types.ts'

/*
 * Vocabulary of the overview
 *
 * facts      what a gateway tells control of itself, every 5 s and when it has taken or refused a snapshot
 * counters   what a gateway's process counted since it began: they only ever grow, and end with the process
 * as of      when control last could vouch for what a gateway decides by
 * resolve    to say what the gateway would decide about a request that nobody sends
 * assumed    a credential made up for that: of a kind, or in the place of one whose text nobody but its holder knows
 *
 *   gateway: counters ──► facts ──report──► control: gateway list ──► GET /gateways, GET /metrics
 *   control: snapshot that it publishes ──► directory ──► GET /gateway/routes, POST /gateway/resolve
 */

/** Who sent it: a client, or a service that called on. */
export type From = 'client' | 'service'
/** GET, HEAD and OPTIONS; POST, PUT, PATCH and DELETE; what no API uses. */
export type MethodClass = 'read' | 'write' | 'other'
export interface RequestCount {
  /** Null: no service has the route. */
  service: string | null
  /** Null: it was refused before that was known. */
  environment: Environment | null
  from: From
  method: MethodClass
  status: Exclude<StatusClass, 'dropped'>
  count: number
}

export interface ServiceCount {
  service: string | null
  environment: Environment | null
  /** Answered requests by how long they took: not cumulative, one more than there are `durationBounds`. */
  durations: number[]
  /** Of the same requests, together. */
  durationMs: number
  /** Bodies of all requests and of their answers. */
  bytesIn: number
  bytesOut: number
}

export interface CounterValues {
  requests: RequestCount[]
  services: ServiceCount[]
  /** By the code of the gateway's own answers. */
  refused: { code: string; count: number }[]
  /** Forged marks that were taken out. */
  stripped: number
}

/** Optional in a report, for gateways of before. */
export interface GatewayFacts {
  /** Stable and unique among the gateways of an installation. */
  name: string
  engine: string
  /** Where it listens, such as `127.0.0.1:8470`. */
  addresses: string[]
  /** kid of its signing key. */
  key: string
  /** ISO 8601, by the gateway's clock. */
  started: string
  /** Why it does not serve yet; null: it serves. */
  notReady: string | null
  /** It is stopping, and tells load balancers so. */
  draining: boolean
  /** Milliseconds since control vouched for what it decides by; null: it has no snapshot. */
  ageMs: number | null
  /** Ages from which on credentials are refused: runs' and all others. */
  cutOff: { runMs: number; keyMs: number }
  holds: Holds
  /** Entries of the ledger, and requests of the figures, that control has not got. */
  ledgerWaiting: number
  trafficWaiting: number
  logLinesDropped: number
  /** The last snapshot or change that it refused, unless one was taken since. */
  refused: { at: string; findings: Finding[] } | null
  counters: CounterValues
  /** How calls keep to their contracts; gateways of before do not tell it. */
  contracts?: ContractCount[] | undefined
}

/** How much a snapshot holds. */
export interface Holds {
  organizations: number
  credentials: number
  services: number
  routes: number
}

/** One gateway, as control knows it. */
export interface KnownGateway {
  gateway: string
  connected: boolean
  /** The version that it said it decides by; null: it has not said so yet. */
  version: number | null
  /** When it last told its facts, milliseconds by control's clock; null: never. */
  heard: number | null
  facts: GatewayFacts | null
}
