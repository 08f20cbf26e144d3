import type { Actor, Environment } from '@rockpool/sdk/wire'
import type { AccessRecord } from '../access-log.ts'
import type { Trace } from '../trace.ts'

/*
 * Vocabulary of telemetry
 *
 * collector  whoever takes OTLP by HTTP (opentelemetry.io/docs/specs/otlp): an OpenTelemetry Collector, or what speaks as one
 * span       one request as a part of a trace: told when it is over, if the trace is sampled
 * sampled    a trace that somebody keeps. A client that sends `traceparent` has decided that; otherwise rules do
 *
 *   request ──► sampler ──► traceparent to the service
 *      │ is over
 *      └──► spans (bounded) ──every 5 s──► POST …/v1/traces ──┐
 *           counters ─────────every 15 s─► POST …/v1/metrics ─┴─► collector
 */

/** Which traces that begin here are sampled. The first rule that fits counts; null fits all. */
export interface SamplingRule {
  environment: Environment | null
  actor: Actor | null
  service: string | null
  /** Of the traces that it fits, 0 to 1. */
  share: number
}

export interface TelemetrySettings {
  /** Base of the collector's addresses, such as `http://127.0.0.1:4318`. */
  endpoint: string
  /** Sent along, such as a key of the collector's: names and values. */
  headers: Readonly<Record<string, string>>
  rules: readonly SamplingRule[]
}

/** What is known of a request when its trace begins. */
export interface Sampled {
  environment: Environment | null
  actor: Actor | null
  service: string | null
}

export interface Tracer {
  /** Whether a trace that begins with this request is sampled. */
  samples(request: Sampled, traceId: string): boolean
  /** A request is over whose trace is sampled. */
  add(record: AccessRecord, trace: Trace): void
}
