import { randomBytes, randomUUIDv7 } from 'node:crypto'

/** Trace context of W3C Trace Context, level 1: https://www.w3.org/TR/trace-context/#traceparent-header */
export interface Trace {
  traceId: string
  traceFlags: string
}

const traceparentPattern = /^00-([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-([0-9a-f]{2})$/

/** The trace that a request belongs to; a new one if its header is missing or not valid. */
export function readTrace(traceparent: string | undefined): Trace {
  const [, traceId, traceFlags] = traceparentPattern.exec(traceparent ?? '') ?? []
  if (!traceId || !traceFlags || /^0+$/.test(traceId))
    return { traceId: randomBytes(16).toString('hex'), traceFlags: '01' }
  return { traceId, traceFlags }
}

/** A `traceparent` for a call made within a trace, with a span id of its own. */
export function nextTraceparent({ traceId, traceFlags }: Trace): string {
  return `00-${traceId}-${randomBytes(8).toString('hex')}-${traceFlags}`
}

/** The request id as the gateway gave it; a new one if there is none or it is not fit for a log. */
export function readRequestId(value: string | undefined): string {
  return value && /^[\x21-\x7e]{1,100}$/.test(value) ? value : `req_${randomUUIDv7()}`
}
