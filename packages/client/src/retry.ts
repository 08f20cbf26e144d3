/** What came of one attempt. */
export type Outcome =
  | { kind: 'answer'; status: number; retryAfterMs: number | null }
  /** The connection failed, or the attempt took too long. */
  | { kind: 'none' }

export interface RetryRules {
  attempts: number
  totalMs: number
  baseMs: number
  capMs: number
}

export interface Attempt {
  /** Of this call, from 1. */
  count: number
  /** Since the call began, in milliseconds. */
  elapsedMs: number
  /** To do it twice is to do it once: by its method, or because its key is honoured. */
  isRepeatable: boolean
  /** Whether what was sent can be sent again; a stream cannot. */
  isReplayable: boolean
  outcome: Outcome
}

const safe: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE', 'QUERY'])
const idempotent: ReadonlySet<string> = new Set([...safe, 'PUT', 'DELETE'])

/** RFC 9110 9.2.1: nothing is changed by it. */
export const isSafe = (method: string): boolean => safe.has(method)

/** RFC 9110 9.2.2. */
export const isIdempotent = (method: string): boolean => idempotent.has(method)

/**
 * How long to wait before the next attempt, in milliseconds; null: there is none. Full jitter: any pause up to one that doubles,
 * so that many callers do not come again at once. `random`: from 0 to 1. Pure.
 *
 *   no answer, 502, 504, and 429 or 503 without Retry-After    where it is repeatable: it may have been done
 *   429, 503 with Retry-After                                  always: it was refused, not done
 */
export function pauseBefore(
  { count, elapsedMs, isRepeatable, isReplayable, outcome }: Attempt,
  { attempts, totalMs, baseMs, capMs }: RetryRules,
  random: number,
): number | null {
  if (!isReplayable || count >= attempts || !mayBeTried(outcome, isRepeatable)) return null
  const jitter = random * Math.min(capMs, baseMs * 2 ** (count - 1))
  const asked = outcome.kind === 'answer' ? (outcome.retryAfterMs ?? 0) : 0
  const pause = Math.round(asked + jitter)
  return elapsedMs + pause < totalMs ? pause : null
}

function mayBeTried(outcome: Outcome, isRepeatable: boolean): boolean {
  if (outcome.kind === 'none') return isRepeatable
  const { status, retryAfterMs } = outcome
  if (status === 429 || status === 503) return isRepeatable || retryAfterMs !== null
  return isRepeatable && (status === 502 || status === 504)
}

/** `Retry-After`: seconds, or a date (RFC 9110 10.2.3). Null: nothing that can be understood. Pure. */
export function readRetryAfter(value: string | null, nowMs: number): number | null {
  if (value === null) return null
  const text = value.trim()
  if (/^\d{1,9}$/.test(text)) return Number(text) * 1_000
  const date = /^[A-Z][a-z]{2}, /.test(text) ? Date.parse(text) : Number.NaN
  return Number.isNaN(date) ? null : Math.max(0, date - nowMs)
}
