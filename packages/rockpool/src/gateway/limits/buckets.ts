/** Many buckets by name, in bounded memory. A bucket is the time at which it is full again (bucket.ts). */
export interface Buckets {
  /**
   * The name under which a bucket is kept: its own, or, when there is no room for one more, the one that all share who
   * came too late under this limit. Nothing is kept by asking.
   */
  nameOf(limit: string, who: string, now: number): string
  /** When it will be full again; a time that has passed: it is. */
  get(name: string): number
  set(name: string, fullAt: number): void
  size(): number
}

/** Milliseconds between two sweeps at least, so that who fills the table cannot make every call pay for one. */
const sweepEveryMs = 1_000

/**
 * At most `most` buckets and one more for each limit. Full ones are forgotten when room is wanted: a bucket that is
 * full says nothing.
 */
export function createBuckets({ most }: { most: number }): Buckets {
  const buckets = new Map<string, number>()
  let due = Math.min(most, 1_024)
  let sweptAt = Number.NEGATIVE_INFINITY

  function sweep(now: number): void {
    sweptAt = now
    for (const [name, fullAt] of buckets) if (fullAt <= now) buckets.delete(name)
    due = Math.min(most, Math.max(1_024, buckets.size * 2))
  }

  return {
    nameOf(limit, who, now) {
      const name = `${limit} ${who}`
      if (buckets.has(name)) return name
      if (buckets.size >= due && Math.abs(now - sweptAt) >= sweepEveryMs) sweep(now)
      return buckets.size < most ? name : `${limit} `
    },
    get: (name) => buckets.get(name) ?? Number.NEGATIVE_INFINITY,
    set: (name, fullAt) => void buckets.set(name, fullAt),
    size: () => buckets.size,
  }
}
