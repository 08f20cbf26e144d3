import type { Rate } from './bucket.ts'

/*
 * One rate among several processes. Each has a copy of every bucket that is not full, decides by it alone, and tells what
 * it took; whoever keeps them together tells what is left.
 *
 *   a call ──► a token in the copy? ──► of what is left, less than my share taken since I was last told? ──► goes on
 *
 * So n processes together take no more than was there, rounded up for each: n − 1 calls too many at most, which the
 * bucket then lacks. Who is alone gets all of it, a share with each word that comes.
 */
export interface RateShare {
  /** Whether one more may be taken now, of a bucket that has one. `fullAt` and `at` as in bucket.ts. */
  allows(name: string, fullAt: number, rate: Rate, at: number): boolean
  /** One was taken; `fullAt` before that. */
  took(name: string, fullAt: number, rate: Rate, at: number): void
  /** Gives the copies, to be put right when word comes. */
  attach(copies: Copies): void
}

/** The buckets of one process. */
export interface Copies {
  /** The time that counts in them. */
  now(): number
  set(name: string, fullAt: number): void
}

/** Tokens that are left, with a fraction; fewer than none where too many were taken. Pure. */
export function leftAt(fullAt: number, { intervalMs, capacity }: Rate, at: number): number {
  return capacity - Math.max(0, fullAt - at) / intervalMs
}

/**
 * How many of one bucket a process may take until it is told anew: its share of what was left, rounded up, so that the
 * last ones are nobody's to lose. `taken`: by itself, since it was told. Pure.
 */
export function shareOf(left: number, taken: number, processes: number): number {
  return Math.max(0, Math.ceil((left + taken) / processes))
}
