import type { AccessRecord } from '../access-log.ts'
import { ownText } from '../own-text.ts'
import type { Trace } from '../trace.ts'
import { attributesOf } from './attributes.ts'
import type { Attribute } from './attributes.ts'

/** One request, as OTLP writes a span in JSON (opentelemetry-proto, trace.proto; ids in hex, 64-bit numbers as texts). */
export interface Span {
  traceId: string
  spanId: string
  parentSpanId?: string
  /** 1: it is sampled (W3C trace-context 3.2.2.5). */
  flags: number
  name: string
  /** SPAN_KIND_SERVER */
  kind: 2
  startTimeUnixNano: string
  endTimeUnixNano: string
  attributes: Attribute[]
  /** 2: it failed by the server's doing; 0: nothing is said. */
  status: { code: 0 | 2 }
}

/**
 * A request that is over, by the OpenTelemetry semantic conventions for HTTP spans. As in the access log, the path is the
 * route's template, and the credential its id. Pure.
 */
export function toSpan(record: AccessRecord, trace: Trace): Span {
  const { method, path, status, aborted } = record
  const start = Date.parse(record.time)
  const failed = aborted === 'upstream' || aborted === 'deadline' || (status !== null && status >= 500)
  return {
    // It waits to be sent.
    traceId: ownText(trace.traceId),
    spanId: ownText(trace.spanId),
    ...(trace.parentId === null ? {} : { parentSpanId: ownText(trace.parentId) }),
    flags: 1,
    name: path === null ? method : `${method} ${path}`,
    kind: 2,
    startTimeUnixNano: nanosecondsOf(start),
    endTimeUnixNano: nanosecondsOf(start + Math.max(0, record.ms)),
    attributes: attributesOf({
      'http.request.method': method,
      'http.route': path,
      'http.response.status_code': status,
      'http.request.body.size': record.bytesIn,
      'http.response.body.size': record.bytesOut,
      'error.type': failed ? (record.refused ?? aborted ?? String(status)) : null,
      'rockpool.request': record.request,
      'rockpool.service': record.service,
      'rockpool.release': record.release,
      'rockpool.organization': record.organization,
      'rockpool.environment': record.environment,
      'rockpool.actor': record.actor,
      'rockpool.run': record.run,
      'rockpool.credential': record.credential,
      'rockpool.caller': record.caller,
      'rockpool.refused': record.refused,
      // By the conventions `server.address` is on a span of this kind who was asked, and the peer its client.
      'rockpool.upstream': record.upstream,
      'http.request.resend_count': record.retries === 0 ? null : record.retries,
      'rockpool.decide_ms': record.decideMs,
      'rockpool.connect_ms': record.connectMs,
      'rockpool.upstream_ms': record.upstreamMs,
    }),
    status: { code: failed ? 2 : 0 },
  }
}

/** Milliseconds as a text of nanoseconds: as a number it would not be exact. */
export function nanosecondsOf(ms: number): string {
  return `${Math.round(ms)}000000`
}
