/*
 * A token bucket, kept as one number: the time at which it will be full again, in milliseconds (the generic cell rate
 * algorithm, ITU-T I.371). A call takes a token, which moves that time by the interval in which one comes back:
 *
 *            now                       full at
 *   ──────────┼──────┼──────┼──────┼──────┼──────►     three tokens and a part of one are gone
 *                interval
 *
 * What was never used, and what is full, are the same: it need not be kept. All pure.
 */

export interface Rate {
  /** Milliseconds until one token is back. */
  intervalMs: number
  /** Tokens of a full bucket: what may come at once. */
  capacity: number
}

/** Of a token; times are fractions of milliseconds, and the last digits of them say nothing. */
const tolerance = 1e-6

export function rateOf({ limit, windowMs, burst }: { limit: number; windowMs: number; burst: number }): Rate {
  return { intervalMs: windowMs / limit, capacity: burst }
}

/** Whole tokens that are there. A clock that was set back finds an empty bucket at worst. */
export function tokensAt(fullAt: number, rate: Rate, now: number): number {
  return Math.max(0, Math.floor(rate.capacity - missing(fullAt, rate, now) + tolerance))
}

/** Milliseconds until a whole token is there; 0: now. */
export function waitMs(fullAt: number, rate: Rate, now: number): number {
  const lacking = missing(fullAt, rate, now) + 1 - rate.capacity
  return lacking <= tolerance ? 0 : lacking * rate.intervalMs
}

/** The bucket after a token was taken. Only where one was there (`waitMs` is 0). */
export function take(fullAt: number, rate: Rate, now: number): number {
  return now + (missing(fullAt, rate, now) + 1) * rate.intervalMs
}

/** Milliseconds until it is full. */
export function fullInMs(fullAt: number, rate: Rate, now: number): number {
  return missing(fullAt, rate, now) * rate.intervalMs
}

/** Tokens that are gone, with a fraction. */
function missing(fullAt: number, { intervalMs, capacity }: Rate, now: number): number {
  return Math.min(capacity, Math.max(0, fullAt - now) / intervalMs)
}
