import type { Outcome } from './types.ts'

const [second, minute, hour] = [1_000, 60_000, 3_600_000]

/** After each failed attempt but the last, which comes about a day after the first. */
export const pausesMs: readonly number[] = [
  5 * second,
  30 * second,
  2 * minute,
  10 * minute,
  hour,
  3 * hour,
  6 * hour,
  14 * hour,
]
const mostAskedMs = 24 * hour

/**
 * When a delivery is tried again after so many attempts, in milliseconds since 1970; null: never. A receiver that asks for
 * more time gets it, up to a day. Pure.
 */
export function nextAttempt(
  attempts: number,
  outcome: Outcome & { told: false },
  now: number,
): number | null {
  const pause = pausesMs[attempts - 1]
  if (outcome.isGone || pause === undefined) return null
  return now + Math.max(pause, Math.min(outcome.retryAfterMs, mostAskedMs))
}

/** Milliseconds that a `Retry-After` asks for (RFC 9110 10.2.3); 0 for anything else. Pure. */
export function retryAfterMs(header: string | null, now: number): number {
  if (header === null) return 0
  if (/^\d{1,9}$/.test(header)) return Number(header) * second
  // Anything else Date.parse takes for some date: -5 is one.
  const at = /^[A-Z][a-z]{2}, .+ GMT$/.test(header) ? Date.parse(header) : Number.NaN
  return Number.isNaN(at) ? 0 : Math.max(0, at - now)
}
