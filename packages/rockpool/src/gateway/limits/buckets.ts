/** Of one limit and of one whose calls it counts (bucket.ts). */
export interface Bucket {
  readonly limit: string
  /** '': of all who came too late under this limit, when there was no room for one more. */
  readonly who: string
  /** When it will be full again; a time that has passed: it is. */
  fullAt: number
  /** One that is not kept is found by nobody else. */
  isKept: boolean
  /** How other processes know it; undefined: they were never told of it. */
  toldAs: string | undefined
}

/** Many buckets, in bounded memory. */
export interface Buckets {
  /** Its own, or, when there is no room for one more, the one that all share who came too late. Asking keeps nothing. */
  find(limit: string, who: string, now: number): Bucket
  /** Keeps a bucket that was found. Gives the one that is kept: it may have been there meanwhile. */
  keep(found: Bucket): Bucket
  /** When the bucket of this name will be full again. */
  get(name: string): number
  set(name: string, fullAt: number): void
  size(): number
}

/** Milliseconds between two sweeps at least, so that who fills the table cannot make every call pay for one. */
const sweepEveryMs = 1_000
const everyone = ''

/**
 * At most `most` buckets and one more for each limit. Full ones are forgotten when room is wanted: a bucket that is
 * full says nothing. They are found without a text made of both names for each call.
 */
export function createBuckets({ most }: { most: number }): Buckets {
  const byLimit = new Map<string, Map<string, Bucket>>()
  let size = 0
  let due = Math.min(most, 1_024)
  let sweptAt = Number.NEGATIVE_INFINITY

  function sweep(now: number): void {
    sweptAt = now
    for (const [limit, buckets] of byLimit) {
      for (const [who, bucket] of buckets) if (bucket.fullAt <= now) forget(buckets, who, bucket)
      if (buckets.size === 0) byLimit.delete(limit)
    }
    due = Math.min(most, Math.max(1_024, size * 2))
  }

  function forget(buckets: Map<string, Bucket>, who: string, bucket: Bucket): void {
    buckets.delete(who)
    bucket.isKept = false
    size -= 1
  }

  const keptOf = (limit: string, who: string) => byLimit.get(limit)?.get(who)

  function find(limit: string, who: string, now: number): Bucket {
    const known = keptOf(limit, who)
    if (known !== undefined) return known
    if (size >= due && Math.abs(now - sweptAt) >= sweepEveryMs) sweep(now)
    return size < most ? fullBucket(limit, who) : (keptOf(limit, everyone) ?? fullBucket(limit, everyone))
  }

  function keep(found: Bucket): Bucket {
    if (found.isKept) return found
    const { limit, who } = found
    let buckets = byLimit.get(limit)
    if (buckets === undefined) byLimit.set(limit, (buckets = new Map<string, Bucket>()))
    const known = buckets.get(who)
    if (known !== undefined) return known
    found.isKept = true
    buckets.set(who, found)
    size += 1
    return found
  }

  return {
    find,
    keep,
    get: (name) => keptOf(...partsOf(name))?.fullAt ?? Number.NEGATIVE_INFINITY,
    set(name, fullAt) {
      keep(fullBucket(...partsOf(name))).fullAt = fullAt
    },
    size: () => size,
  }
}

function fullBucket(limit: string, who: string): Bucket {
  return { limit, who, fullAt: Number.NEGATIVE_INFINITY, isKept: false, toldAs: undefined }
}

/** Limit and who: in the name of a limit there is no space. */
function partsOf(name: string): [string, string] {
  const space = name.indexOf(' ')
  return [name.slice(0, space), name.slice(space + 1)]
}
