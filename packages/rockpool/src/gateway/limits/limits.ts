import { problem } from '../../kernel/index.ts'
import type { Clock, Problem, ProblemCode } from '../../kernel/index.ts'
import type { Decision } from '../decision.ts'
import { noFields } from '../header-fields.ts'
import type { HeaderFields } from '../header-fields.ts'
import type { Directory } from '../snapshot.ts'
import { createBreaker } from './breaker.ts'
import type { Breaker, Ending } from './breaker.ts'
import { classOf, roomOf, shares } from './classes.ts'
import type { TrafficClass } from './classes.ts'
import { createRates } from './rates.ts'
import type { Judgement } from './rates.ts'
import type { RateShare } from './share.ts'

/*
 *   decision ──► rate ──► breaker ──► concurrency ──► all three count it ──► ticket ──► … ──► release
 *                 │429      │503         │503
 *                 └─────────┴────────────┴──► refused: nothing was counted anywhere
 */

type Forward = Extract<Decision, { kind: 'forward' }>

/** Between the decision and a service: how much of whom goes through. It lives as long as the gateway. */
export interface Limits {
  /** Judges a call, and counts it only when it goes on. `remote`: the client's address. */
  admit(directory: Directory, decision: Forward, remote: string, now: number): Admission
  /** Calls under way of each service that is remembered, by its name. */
  underWay(): Map<string, number>
}

export type Admission =
  /** `headers` of the refusal: `Retry-After`, and what the limits of the route say. Names and values in turns. */
  { refusal: Problem; headers: readonly string[] } | { refusal: null; ticket: Ticket }

/** A call that goes on. It holds a place at its service until it is released. */
export interface Ticket {
  /** For the answer, whatever it is. */
  readonly headers: HeaderFields
  /** The service began to answer. */
  answered(): void
  /** The exchange has ended, however. A second time does nothing. `now`: the present, for who has looked at the clock. */
  release(ending: Ending, now?: number): void
}

interface Bulkhead {
  underWay: number
  /** By address: a service that moved begins anew, and several versions of it fail each for itself. */
  breakers: Map<string, Breaker>
}

const mostAddresses = 16
const words: Readonly<Record<TrafficClass, string>> = {
  customer: 'customers',
  anonymous: 'calls without a credential',
  sandbox: 'sandboxes',
  bot: 'bots, load and drills',
}

/** That other processes serve with the same limits. */
export interface Sharing {
  /** How many do, with this one. */
  processes: number
  rates: RateShare
}

export interface LimitsOptions {
  clock: Clock
  sharing?: Sharing | undefined
  random?: () => number
  /** Milliseconds for which a service that fails is left alone, on average. */
  pauseMs?: number
}

export function createLimits(options: LimitsOptions): Limits {
  const { clock, random = Math.random, pauseMs = 2_000, sharing } = options
  const rates = createRates({ began: clock.now(), clock, share: sharing?.rates })
  const bulkheads = new Map<string, Bulkhead>()

  /** Services are few, and those that are gone leave with the next that comes. */
  function bulkheadOf(directory: Directory, service: string): Bulkhead {
    const known = bulkheads.get(service)
    if (known !== undefined) return known
    for (const [name, { underWay }] of bulkheads)
      if (underWay === 0 && !directory.services.has(name)) bulkheads.delete(name)
    const made: Bulkhead = { underWay: 0, breakers: new Map() }
    bulkheads.set(service, made)
    return made
  }

  function breakerOf({ breakers }: Bulkhead, url: string): Breaker {
    const known = breakers.get(url)
    if (known !== undefined) return known
    if (breakers.size >= mostAddresses) breakers.delete(breakers.keys().next().value!)
    const made = createBreaker({ random, pauseMs })
    breakers.set(url, made)
    return made
  }

  return {
    admit(directory, decision, remote, now) {
      const { service, url, identity } = decision
      const judgement = rates.judge(directory, decision, remote, now)
      if (judgement?.over) return overRate(judgement, judgement.over)
      const bulkhead = bulkheadOf(directory, service)
      const breaker = breakerOf(bulkhead, url)
      const restMs = breaker.waitMs(now)
      if (restMs > 0) return resting(service, restMs, judgement)
      const of = classOf(identity)
      // A part is as much as can be known without asking the others; rounded up, so that each has a place at least.
      const concurrency = Math.ceil(directory.services.get(service)!.concurrency / (sharing?.processes ?? 1))
      if (bulkhead.underWay >= roomOf(concurrency, of)) return full(service, concurrency, of, judgement)
      judgement?.take()
      const headers = judgement?.headers() ?? noFields
      return { refusal: null, ticket: new Place(bulkhead, breaker, decision, headers, clock, now) }
    },
    underWay: () => new Map([...bulkheads].map(([name, { underWay }]) => [name, underWay])),
  }
}

/** One of the places that a service has for calls. A class: its methods are made once, and not with each call. */
class Place implements Ticket {
  readonly headers: HeaderFields
  private readonly bulkhead: Bulkhead
  private readonly breaker: Breaker
  private readonly decision: Forward
  private readonly clock: Clock
  private readonly era: number
  private held = true

  constructor(
    bulkhead: Bulkhead,
    breaker: Breaker,
    decision: Forward,
    headers: HeaderFields,
    clock: Clock,
    now: number,
  ) {
    this.headers = headers
    this.bulkhead = bulkhead
    this.breaker = breaker
    this.decision = decision
    this.clock = clock
    this.era = breaker.begin(now)
    bulkhead.underWay += 1
  }

  answered(): void {
    this.breaker.answered(this.era)
  }

  release(ending: Ending, now = this.clock.now()): void {
    if (!this.held) return
    this.held = false
    this.bulkhead.underWay -= 1
    this.breaker.ended(ending, callerOf(this.decision), this.era, now)
  }
}

/**
 * Whose failures count as one's: an organization's with all its sandboxes, of which it may make as many as it likes.
 * The anonymous are one, whatever organization they name.
 */
function callerOf({ organization, identity }: Forward): string {
  if (organization === null || identity === null || identity.actor === 'anonymous') return ''
  return organization.parent ?? organization.slug
}

function overRate(judgement: Judgement, { limit, waitMs }: NonNullable<Judgement['over']>): Admission {
  const { name, per, windowMs } = limit
  const s = secondsOf(waitMs)
  const rate = `${limit.limit} in ${windowMs / 1_000} s for each ${per}`
  const detail = `the rate limit “${name}” (${rate}) is reached: wait ${s} s, then send it again`
  // The member is the draft's (draft-ietf-httpapi-ratelimit-headers, quota-exceeded).
  return refused('rate_limited', detail, { 'violated-policies': [name] }, s, judgement)
}

function resting(service: string, restMs: number, judgement: Judgement | undefined): Admission {
  const s = secondsOf(restMs)
  const detail = `more than half of the last calls to service ${service} failed, and it is left alone for a moment: wait ${s} s, then send it again`
  return refused('circuit_open', detail, { service }, s, judgement)
}

function full(
  service: string,
  concurrency: number,
  of: TrafficClass,
  judgement: Judgement | undefined,
): Admission {
  const share = of === 'customer' ? '' : `, of which ${words[of]} get the first ${shares[of] * 100} %`
  const detail = `service ${service} has its hands full (at most ${concurrency} at once${share}): wait 1 s, then send it again`
  return refused('overloaded', detail, { service }, 1, judgement)
}

function refused(
  code: ProblemCode,
  detail: string,
  extra: Record<string, unknown>,
  retryAfterS: number,
  judgement: Judgement | undefined,
): Admission {
  const headers = ['Retry-After', String(retryAfterS), ...(judgement?.headers().list ?? [])]
  return { refusal: problem(code, detail, { extra }), headers }
}

/** Whole seconds, as Retry-After counts (RFC 9110 10.2.3), and never none. */
function secondsOf(ms: number): number {
  return Math.max(1, Math.ceil(ms / 1_000))
}
