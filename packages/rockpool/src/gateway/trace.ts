import { randomFillSync } from 'node:crypto'

export interface Trace {
  /** 32 hex digits: the same for all that one request causes. */
  traceId: string
  /** 16 hex digits: the gateway's own part of it. */
  spanId: string
  /** The client's part, of which ours is one; null: the trace begins here. */
  parentId: string | null
  /** Somebody keeps it. */
  sampled: boolean
  /** What the service receives: our span as the parent. */
  traceparent: string
  /** Whether the client's trace goes on; its `tracestate` is dropped otherwise (W3C trace-context 3.3). */
  continued: boolean
}

const pattern = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/

/**
 * Continues the client's trace, or begins one when there is none or it is malformed (W3C trace-context 2.2, 3.2). `samples`
 * says whether one that begins is sampled, by its id; all are without it.
 */
export function continueTrace(
  traceparents: readonly string[],
  samples: (traceId: string) => boolean = () => true,
): Trace {
  const [, version, id, parent, flags, more] =
    traceparents.length === 1 ? (pattern.exec(traceparents[0]!) ?? []) : []
  const valid =
    version !== undefined &&
    version !== 'ff' &&
    (version !== '00' || more === undefined) &&
    !/^0+$/.test(id!) &&
    !/^0+$/.test(parent!)
  const traceId = valid ? id! : randomHex(16)
  // Of the flags only `sampled` is defined for version 00.
  const sampled = valid ? (Number.parseInt(flags!, 16) & 1) === 1 : samples(traceId)
  const spanId = randomHex(8)
  const traceparent = `00-${traceId}-${spanId}-0${sampled ? 1 : 0}`
  return { traceId, spanId, parentId: valid ? parent! : null, sampled, traceparent, continued: valid }
}

// Random bytes are drawn by thousands: a few cost as much as many. They are written for a dozen traces at a time, for a trace
// that is kept keeps the digits around its own, and what is long lives too long for the young generation.
const digitBytes = 384
const pool = Buffer.allocUnsafeSlow(20 * digitBytes)
let drawn = pool.length
let digits = ''
let used = 0

/** So many random bytes as hex. */
function randomHex(bytes: number): string {
  if (used + bytes * 2 > digits.length) {
    if (drawn === pool.length) {
      randomFillSync(pool)
      drawn = 0
    }
    digits = pool.toString('hex', drawn, drawn + digitBytes)
    drawn += digitBytes
    used = 0
  }
  used += bytes * 2
  return digits.slice(used - bytes * 2, used)
}
