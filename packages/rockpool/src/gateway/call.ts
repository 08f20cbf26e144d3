import type { AccessRecord } from './access-log.ts'
import type { Decision } from './decision.ts'
import { valuesOf } from './ground.ts'
import type { ClientHead, End } from './engines/engine.ts'
import { continueTrace } from './trace.ts'
import type { Trace } from './trace.ts'

/** One request on its way through the gateway. */
export interface Call {
  readonly head: ClientHead
  /** `req_…` */
  readonly request: string
  /** Milliseconds. */
  readonly started: number
  readonly trace: Trace
  /** Undefined where nothing had to be, or could be decided. */
  readonly decision: Decision | undefined
}

export function createCall(head: ClientHead, request: string, started: number, decision?: Decision): Call {
  return { head, request, started, decision, trace: continueTrace(valuesOf(head, 'traceparent')) }
}

export type Outcome = Pick<AccessRecord, 'status' | 'refused' | 'upstreamMs' | 'stripped'>

/** The line of the access log for a call that is over. `now` in milliseconds. */
export function toRecord(call: Call, outcome: Outcome, end: End, now: number): AccessRecord {
  const { decision } = call
  return {
    time: new Date(call.started).toISOString(),
    request: call.request,
    trace: call.trace.traceId,
    method: call.head.method.slice(0, 32),
    path: decision?.route?.path ?? null,
    service: decision?.service ?? null,
    status: outcome.status,
    organization: decision?.organization?.slug ?? null,
    parent: decision?.organization?.parent ?? null,
    environment: decision?.organization?.environment ?? null,
    // Of a refused one the credential still says who it was.
    actor: decision?.identity?.actor ?? decision?.credential?.actor ?? (decision?.user ? 'customer' : null),
    run: decision?.identity?.run ?? null,
    credential: decision?.credential?.id ?? (decision?.user ? `user:${decision.user.issuer.name}` : null),
    caller: decision?.credential?.service ?? null,
    bytesIn: end.bytesIn,
    bytesOut: end.bytesOut,
    ms: now - call.started,
    upstreamMs: outcome.upstreamMs,
    refused: outcome.refused,
    aborted: end.aborted,
    stripped: outcome.stripped,
  }
}
