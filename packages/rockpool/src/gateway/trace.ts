import { randomBytes } from 'node:crypto'

export interface Trace {
  /** 32 hex digits: the same for all that one request causes. */
  traceId: string
  /** What the service receives: our span as the parent. */
  traceparent: string
  /** Whether the client's trace goes on; its `tracestate` is dropped otherwise (W3C trace-context 3.3). */
  continued: boolean
}

const pattern = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/

/** Continues the client's trace, or begins one when there is none or it is malformed (W3C trace-context 2.2, 3.2). */
export function continueTrace(traceparents: readonly string[]): Trace {
  const [, version, id, parent, flags, more] =
    pattern.exec(traceparents.length === 1 ? traceparents[0]! : '') ?? []
  const valid =
    version !== undefined &&
    version !== 'ff' &&
    (version !== '00' || more === undefined) &&
    !/^0+$/.test(id!) &&
    !/^0+$/.test(parent!)
  const traceId = valid ? id! : randomBytes(16).toString('hex')
  // Of the flags only `sampled` is defined for version 00.
  const sampled = valid ? Number.parseInt(flags!, 16) & 1 : 1
  const span = randomBytes(8).toString('hex')
  return { traceId, traceparent: `00-${traceId}-${span}-0${sampled}`, continued: valid }
}
