import { createWindow } from './window.ts'

/*
 *             of ≥ 20 calls that ended within 10 s more than half failed
 *   closed ────────────────────────────────────────────────────────────► open
 *     ▲                                                                   │ the pause is over, and a call comes
 *     │ three probes in turn were answered                                ▼
 *     └──────────────────────────────────────────────────────────── half-open ──► open again: a probe failed
 */

/** How a call ended, as far as it tells something about the service. */
export type Ending =
  /** The service spoke, whatever it said: a 500 is its word. */
  | 'answered'
  /** It broke off, or was silent until its deadline, with all of the request in its hands. */
  | 'failed'
  /** Nobody got through to it: that is no caller's doing. */
  | 'unreachable'
  /** The client went away, or had not sent all: it tells nothing. */
  | 'untold'

/**
 * Whether calls to one address of a service go on. Times are milliseconds of one clock. Each call that goes on is told
 * of by `begin`, and then by `ended`, once.
 */
export interface Breaker {
  /** 0: a call may go on; else milliseconds until it is worth a try. Changes nothing. */
  waitMs(now: number): number
  /** A call goes on, which `waitMs` allowed. Gives the era to tell with what follows: what an earlier era did counts no more. */
  begin(now: number): number
  /** The head of an answer came: of a probe that is enough, it may stream for hours. */
  answered(era: number): void
  /** `caller`: whose call it was, so that one caller's failures alone do not count as the service's. */
  ended(ending: Ending, caller: string, era: number, now: number): void
  state(): 'closed' | 'open' | 'half-open'
}

export interface BreakerOptions {
  random: () => number
  pauseMs?: number
}

/** Calls that must have ended within the window, so that the failing half of few is no verdict. */
const enoughCalls = 20
/** A probe that has told nothing for so long makes place for the next: whoever sends slowly holds up nobody. */
const probeMs = 2_000
const probesToClose = 3

/**
 * `random` gives 0 to 1: a pause is three to five quarters of `pauseMs`, 2 s by default, so that gateways do not probe all
 * at once.
 */
export function createBreaker({ random, pauseMs = 2_000 }: BreakerOptions): Breaker {
  const window = createWindow()
  let state: 'closed' | 'open' | 'half-open' = 'closed'
  let era = 0
  let openedAt = 0
  let restMs = 0
  let probedAt: number | undefined
  let good = 0

  function open(now: number): void {
    state = 'open'
    era += 1
    openedAt = now
    restMs = pauseMs * (0.75 + random() / 2)
  }

  function halfOpen(): void {
    state = 'half-open'
    era += 1
    good = 0
    probedAt = undefined
  }

  function close(): void {
    state = 'closed'
    era += 1
    window.clear()
  }

  /** What is left of `ms` since then. A clock that was set back ends it. */
  const left = (since: number, ms: number, now: number) => (now < since ? 0 : Math.max(0, since + ms - now))

  return {
    waitMs(now) {
      if (state === 'closed') return 0
      if (state === 'open') return left(openedAt, restMs, now)
      return probedAt === undefined ? 0 : left(probedAt, probeMs, now)
    },
    begin(now) {
      if (state === 'open') halfOpen()
      if (state === 'half-open') probedAt = now
      return era
    },
    answered(of) {
      if (state !== 'half-open' || of !== era) return
      good += 1
      probedAt = undefined
      if (good >= probesToClose) close()
    },
    ended(ending, caller, of, now) {
      if (of !== era) return
      const failed = ending === 'failed' || ending === 'unreachable'
      if (state === 'half-open') {
        if (failed) open(now)
        else if (ending === 'untold') probedAt = undefined
        return
      }
      if (ending === 'untold') return
      window.count(failed, ending === 'unreachable' ? undefined : caller, now)
      if (failed && window.isBad(now, enoughCalls)) open(now)
    },
    state: () => state,
  }
}
