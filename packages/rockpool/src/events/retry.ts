/** How a held event is retried. */
export interface RetryPolicy {
  /** After so many failed attempts it is a dead letter. */
  attempts: number
  firstMs: number
  longestMs: number
}

/** Pauses of 0.2, 0.8, 3.2, 12.8 and then 30 s: a dead letter after 8 attempts and 1 min 47 s. */
export const defaultRetry: RetryPolicy = { attempts: 8, firstMs: 200, longestMs: 30_000 }

/** Milliseconds to wait after the nth failed attempt; null when it was the last. Pure. */
export function pauseAfter(failed: number, policy: RetryPolicy): number | null {
  if (failed >= policy.attempts) return null
  return Math.min(policy.longestMs, policy.firstMs * 4 ** (failed - 1))
}
