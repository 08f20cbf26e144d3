import type { AccessRecord } from './access-log.ts'
import type { ContractMet } from './judging/types.ts'
import type { Decision } from './decision.ts'
import type { ClientHead, End } from './engines/engine.ts'
import { valuesOf } from './ground.ts'
import type { Tracer } from './telemetry/types.ts'
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
  /** What is wrong with it by its contract, where that was found. */
  readonly contract?: ContractMet
}

export function createCall(
  head: ClientHead,
  request: string,
  started: number,
  decision?: Decision,
  tracer?: Pick<Tracer, 'samples'>,
): Call {
  const samples =
    tracer && decision ? (traceId: string) => tracer.samples(sampledOf(decision), traceId) : undefined
  return { head, request, started, decision, trace: continueTrace(valuesOf(head, 'traceparent'), samples) }
}

const sampledOf = ({ service, organization, identity }: Decision) => ({
  service,
  environment: organization?.environment ?? null,
  actor: identity?.actor ?? null,
})

/** As the duties know it: their `upstreamMs` has what the engine tells apart as `connectMs` in it. */
export type Outcome = Pick<AccessRecord, 'status' | 'refused' | 'decideMs' | 'upstreamMs' | 'stripped'> &
  // Where they differ from what the decision, and the end as the engine saw it, tell.
  Partial<Pick<AccessRecord, 'aborted' | 'fault'>>

/** The line of the access log for a call that is over. `now` in milliseconds. */
export function toRecord(call: Call, outcome: Outcome, end: End, now: number): AccessRecord {
  const { decision } = call
  const ms = now - call.started
  const { decideMs } = outcome
  const connectMs = connectMsOf(end, outcome.upstreamMs ?? ms - (decideMs ?? 0))
  const suffered = decision === undefined || decision.kind === 'options' ? null : decision.suffered
  const record: AccessRecord = {
    time: timeOf(call.started),
    request: call.request,
    trace: call.trace.traceId,
    method: call.head.method.slice(0, 32),
    path: decision?.route?.path ?? null,
    service: decision?.service ?? null,
    release: decision?.kind === 'forward' ? decision.release : null,
    upstream: end.upstream,
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
    ms,
    decideMs,
    connectMs,
    upstreamMs: outcome.upstreamMs === null ? null : outcome.upstreamMs - (connectMs ?? 0),
    retries: end.retries,
    refused: outcome.refused,
    aborted: outcome.aborted === undefined ? end.aborted : outcome.aborted,
    stripped: outcome.stripped,
  }
  if (suffered !== null) record.fault = outcome.fault ?? { id: suffered.fault, missed: null }
  if (call.contract !== undefined) record.contract = call.contract
  return record
}

/** The engine's clock is another one: a part is never more than the whole. */
const connectMsOf = ({ connectMs }: End, whole: number) =>
  connectMs === null || connectMs < whole ? connectMs : whole

let millisecond = -1
let millisecondText = ''
let second = -1
let secondText = ''

/** As `Date.toISOString` gives it, for calls that come in much the same moment. */
function timeOf(ms: number): string {
  if (ms === millisecond) return millisecondText
  const whole = Math.floor(ms / 1000)
  if (whole !== second) {
    second = whole
    secondText = new Date(whole * 1000).toISOString().slice(0, -4)
  }
  millisecond = ms
  millisecondText = `${secondText}${String(Math.floor(ms - whole * 1000)).padStart(3, '0')}Z`
  return millisecondText
}
