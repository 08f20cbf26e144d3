import { countedAddress } from '../../kernel/index.ts'
import type { Clock } from '../../kernel/index.ts'
import type { Decision } from '../decision.ts'
import { writtenFields } from '../header-fields.ts'
import type { HeaderFields } from '../header-fields.ts'
import type { Directory } from '../snapshot.ts'
import type { Route, SnapshotRateLimit } from '../types.ts'
import { fullInMs, rateOf, take, tokensAt, waitMs } from './bucket.ts'
import type { Rate } from './bucket.ts'
import { createBuckets } from './buckets.ts'
import type { Bucket, Buckets } from './buckets.ts'
import type { RateShare } from './share.ts'

type Forward = Extract<Decision, { kind: 'forward' }>

/** What the rate limits say about calls, and count of them. */
export interface Rates {
  /** Undefined: no limit applies. Nothing is counted yet. */
  judge(directory: Directory, decision: Forward, remote: string, now: number): Judgement | undefined
  /** Buckets that are kept. */
  size(): number
}

export interface Judgement {
  /** Null: the call may go on. Else the limit that it has to wait for the longest, and milliseconds until it may come again. */
  over: { limit: SnapshotRateLimit; waitMs: number } | null
  /** Counts the call. */
  take(): void
  /** `RateLimit` and `RateLimit-Policy`, as it is now. */
  headers(): HeaderFields
}

/** A limit made ready: what is the same for every call. */
interface Ready {
  limit: SnapshotRateLimit
  rate: Rate
  /** Organizations that have a limit of the same scope to themselves. */
  except: ReadonlySet<string>
  /** As an item of `RateLimit-Policy`. */
  policy: string
  /** How its item of `RateLimit` begins. */
  item: string
}

/** One limit that counts for one call, and the bucket it is counted in. */
interface Counted {
  ready: Ready
  buckets: Buckets
  bucket: Bucket
}

const none: readonly Ready[] = []

/**
 * `began`: times are kept as distances from it, so that their fractions stay exact. Buckets of credentials and
 * organizations are as many as there are of them; those of addresses have a table of their own, so that a crowd of them
 * takes no room from the others.
 */
export function createRates(options: RatesOptions): Rates {
  const { began, clock, share, most = 200_000, mostAddresses = 20_000 } = options
  const known = createBuckets({ most })
  const addresses = createBuckets({ most: mostAddresses })
  let seen: Directory['rateLimits'] | undefined
  let all: readonly Ready[] = none
  let byRoute = new WeakMap<Route, readonly Ready[]>()

  share?.attach({
    now: () => clock.now() - began,
    set(name, fullAt) {
      const [buckets, room] = name.startsWith(addressMark) ? [addresses, mostAddresses] : [known, most]
      const own = name.slice(1)
      if (buckets.size() < room || buckets.get(own) > Number.NEGATIVE_INFINITY) buckets.set(own, fullAt)
    },
  })

  function readyFor(directory: Directory, { route, service }: Forward): readonly Ready[] {
    if (directory.rateLimits !== seen) {
      seen = directory.rateLimits
      all = makeReady([...seen.values()])
      byRoute = new WeakMap()
    }
    if (all.length === 0) return none
    let ready = byRoute.get(route)
    if (ready === undefined) {
      ready = all.filter(({ limit }) => isOf(limit, service, route))
      byRoute.set(route, ready)
    }
    return ready
  }

  function countedFor(ready: readonly Ready[], decision: Forward, remote: string, at: number): Counted[] {
    const counted: Counted[] = []
    for (const one of ready) {
      if (!appliesTo(one, decision)) continue
      const who = whoOf(one.limit, decision)
      const buckets = who === undefined ? addresses : known
      const name = who ?? `${decision.organization?.slug ?? ''} ${countedAddress(remote)}`
      const bucket = buckets.find(one.limit.name, name, at)
      const mark = who === undefined ? addressMark : knownMark
      if (share) bucket.toldAs ??= `${mark}${bucket.limit} ${bucket.who}`
      counted.push({ ready: one, buckets, bucket })
    }
    return counted
  }

  return {
    judge(directory, decision, remote, now) {
      // What a service calls on is a part of a call that was counted when it came from outside.
      if (directory.rateLimits.size === 0 || decision.caller !== null) return undefined
      const ready = readyFor(directory, decision)
      if (ready.length === 0) return undefined
      const at = now - began
      const counted = countedFor(ready, decision, remote, at)
      return counted.length === 0 ? undefined : new Judged(counted, share, at)
    },
    size: () => known.size() + addresses.size(),
  }
}

/** Two tables, and names that are one's alone: what stands before a name that is told to others. */
const knownMark = 'k'
const addressMark = 'a'

export interface RatesOptions {
  began: number
  /** The one that the calls' times are of. */
  clock: Pick<Clock, 'now'>
  /** With whom these rates are shared; nobody, unless given. */
  share?: RateShare | undefined
  most?: number
  mostAddresses?: number
}

/** What the limits that count for a call say of it. A class: its methods are made once, and not with each call. */
class Judged implements Judgement {
  over: Judgement['over'] = null
  private readonly counted: readonly Counted[]
  private readonly share: RateShare | undefined
  private readonly at: number

  constructor(counted: readonly Counted[], share: RateShare | undefined, at: number) {
    this.counted = counted
    this.share = share
    this.at = at
    for (const { ready, bucket } of counted) {
      let ms = waitMs(bucket.fullAt, ready.rate, at)
      // What is left may be others' until word comes, and that is on its way.
      if (ms === 0 && share && !share.allows(bucket.toldAs!, bucket.fullAt, ready.rate, at)) ms = 1
      if (ms > (this.over?.waitMs ?? 0)) this.over = { limit: ready.limit, waitMs: ms }
    }
  }

  take(): void {
    const { counted, share, at } = this
    for (const one of counted) {
      const { rate } = one.ready
      one.bucket = one.buckets.keep(one.bucket)
      const { fullAt, toldAs } = one.bucket
      share?.took(toldAs!, fullAt, rate, at)
      one.bucket.fullAt = take(fullAt, rate, at)
    }
  }

  headers(): HeaderFields {
    let policies = 'RateLimit-Policy: '
    let items = 'RateLimit: '
    let separator = ''
    for (const { ready, bucket } of this.counted) {
      policies += separator + ready.policy
      items += separator + limitItem(ready, bucket.fullAt, this.at)
      separator = ', '
    }
    return writtenFields(`${policies}\r\n${items}\r\n`)
  }
}

/*
 * draft-ietf-httpapi-ratelimit-headers-10: two lists of structured fields (RFC 9651), whose items are policies' names.
 *
 *   RateLimit-Policy: "all-per-organization-1s";q=100;w=1         section 3: quota, window in seconds
 *   RateLimit:        "all-per-organization-1s";r=50;t=1          section 4: what is left, for how many seconds
 *
 * `t` is when the bucket is full again, and when nothing is left the same moment as Retry-After.
 */
function limitItem({ item, rate }: Ready, fullAt: number, at: number): string {
  const left = tokensAt(fullAt, rate, at)
  const ms = left > 0 ? fullInMs(fullAt, rate, at) : waitMs(fullAt, rate, at)
  return `${item}${left};t=${Math.ceil(ms / 1_000)}`
}

function makeReady(limits: readonly SnapshotRateLimit[]): Ready[] {
  const scopeOf = ({ service, operation, environment, per }: SnapshotRateLimit) =>
    JSON.stringify([service, operation, environment, per])
  return limits.map((limit) => {
    const scope = scopeOf(limit)
    const named = limits.flatMap((other) =>
      other.organization !== null && scopeOf(other) === scope ? [other.organization] : [],
    )
    const policy = `"${limit.name}";q=${limit.limit};w=${Math.ceil(limit.windowMs / 1_000)}`
    return { limit, rate: rateOf(limit), except: new Set(named), policy, item: `"${limit.name}";r=` }
  })
}

function isOf(limit: SnapshotRateLimit, service: string, route: Route): boolean {
  if (limit.service !== null && limit.service !== service) return false
  return limit.operation === null || limit.operation === route.operationId
}

/** A limit that names an organization is for its sandboxes too; one that names none is not for who has its own. */
function appliesTo({ limit, except }: Ready, { organization }: Forward): boolean {
  if (limit.environment !== null && limit.environment !== organization?.environment) return false
  const slug = organization?.slug ?? null
  const parent = organization?.parent ?? null
  if (limit.organization !== null) return limit.organization === slug || limit.organization === parent
  return !(slug !== null && except.has(slug)) && !(parent !== null && except.has(parent))
}

/**
 * Whose calls are counted together: only names that the directory knows, or an issuer vouches for. Undefined: nobody is
 * known; it counts by its address, so that the anonymous use up nothing of those who show a key.
 */
function whoOf(
  { per }: SnapshotRateLimit,
  { organization, credential, identity }: Forward,
): string | undefined {
  if (identity === null || identity.actor === 'anonymous') return undefined
  if (per === 'organization') return organization?.slug
  if (identity.user !== undefined) return `${identity.organization} ${identity.user}`
  return credential?.id
}
