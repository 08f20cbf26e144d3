import type { BucketEntry } from './types.ts'

/** The parent's side: the buckets of all workers together. Every time is milliseconds of one clock. */
export interface RateKeeper {
  /** A worker took so many. Gives what is left, for that worker, and what of it the others should know. */
  took(entries: readonly BucketEntry[], now: number): { answer: BucketEntry[]; others: BucketEntry[] }
  /** All that is not full: what a worker has to know before it serves. */
  all(now: number): BucketEntry[]
  size(): number
}

interface Kept {
  fullAt: number
  /** As it was when all were last told. */
  toldFullAt: number
  intervalMs: number
  capacity: number
}

const sweepEveryMs = 1_000
/** Others are told when so much of a bucket has gone since they were told, and of one that is nearly empty each time. */
const toldStep = 1 / 8
const nearlyEmpty = 1 / 4

/** `most`: beyond it a bucket is forgotten, and its workers go on with their shares. */
export function createRateKeeper({ most = 250_000 }: { most?: number } = {}): RateKeeper {
  const buckets = new Map<string, Kept>()
  let due = Math.min(most, 1_024)
  let sweptAt = Number.NEGATIVE_INFINITY

  function sweep(now: number): void {
    sweptAt = now
    for (const [name, { fullAt }] of buckets) if (fullAt <= now) buckets.delete(name)
    due = Math.min(most, Math.max(1_024, buckets.size * 2))
  }

  function keptOf(name: string, intervalMs: number, capacity: number, now: number): Kept {
    const known = buckets.get(name)
    if (known !== undefined) return Object.assign(known, { intervalMs, capacity })
    if (buckets.size >= due && Math.abs(now - sweptAt) >= sweepEveryMs) sweep(now)
    const made: Kept = { fullAt: now, toldFullAt: now, intervalMs, capacity }
    if (buckets.size < most) buckets.set(name, made)
    return made
  }

  return {
    took(entries, now) {
      const answer: BucketEntry[] = []
      const others: BucketEntry[] = []
      for (const [name, tokens, intervalMs, capacity] of entries) {
        const kept = keptOf(name, intervalMs, capacity, now)
        // What is lacking is bounded: after a clock that was set back nobody waits for long.
        const longest = now + (2 * capacity + 64) * intervalMs
        kept.fullAt = Math.min(longest, Math.max(kept.fullAt, now) + tokens * intervalMs)
        const entry = entryOf(name, kept, now)
        answer.push(entry)
        const step = (kept.fullAt - Math.max(kept.toldFullAt, now)) / intervalMs
        if (entry[1] >= capacity * nearlyEmpty && step < capacity * toldStep) continue
        kept.toldFullAt = kept.fullAt
        others.push(entry)
      }
      return { answer, others }
    },
    all(now) {
      sweep(now)
      return [...buckets].map(([name, kept]) => entryOf(name, kept, now))
    },
    size: () => buckets.size,
  }
}

function entryOf(name: string, { fullAt, intervalMs, capacity }: Kept, now: number): BucketEntry {
  const left = capacity - Math.max(0, fullAt - now) / intervalMs
  return [name, Math.round(left * 1_000) / 1_000, intervalMs, capacity]
}
