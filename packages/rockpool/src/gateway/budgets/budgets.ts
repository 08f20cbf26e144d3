import { randomUUID } from 'node:crypto'
import { messageOf, problem } from '../../kernel/index.ts'
import type { Clock, Log, Problem } from '../../kernel/index.ts'
import type { Decision } from '../decision.ts'
import { isUnsafe } from '../ground.ts'
import type { SnapshotCredential } from '../types.ts'
import { mostGivenBack, mostOfLease, wantOf } from './lending.ts'
import type { Lender } from './types.ts'

type Forward = Pick<Extract<Decision, { kind: 'forward' }>, 'credential'>
type Grant = NonNullable<SnapshotCredential['grant']>

/** What runs may still write at this gateway. It lives as long as the gateway, beside the decision, which is pure. */
export interface Budgets {
  /**
   * Undefined: the call costs no write, or there is one for it here. `unleased`: `lease` has to be awaited first. Else
   * `budget_spent`. Spends nothing.
   */
  refusal(decision: Forward, method: string): Problem | 'unleased' | undefined
  /**
   * Waits until the call's run has a write here, for whoever spends it first. `budget_spent` where no gateway gives any
   * back by the time `by` (milliseconds); `gateway_cut_off` where control does not answer.
   */
  lease(decision: Forward, by: number): Promise<Problem | undefined>
  /** Spends one write, where the call costs one; to be called in the same turn as the `refusal` that let it through. */
  spend(decision: Forward, method: string): void
  /** Budgets that are remembered. */
  size(): number
  /** Gives back what is held; where control does not take it within a moment, it stays spent. Never rejects. */
  close(): Promise<void>
}

/** What this gateway knows of the budget of one run and grant. */
interface Held {
  run: string
  grant: Grant
  /** The lease that is being spent, and its writes that are left. */
  lease: string | null
  left: number
  /** A lease that was asked for and not answered: it is asked for again, and not a second one. */
  unanswered: string | null
  /** Nothing is left, and nothing can come back. */
  isSpent: boolean
  usedAt: number
  asking: Promise<Outcome> | undefined
  waiting: number
}

/** `lent`: other gateways have the rest, and may give it back. */
type Outcome = 'leased' | 'spent' | 'lent' | 'unreachable'

/** What control may take to answer. */
const askMs = 2_000
/** A lease of which nothing is written for so long goes back: other gateways may want it. */
const idleMs = 1_000
const tendMs = 250
/** How long a call waits for what other gateways may give back: they do soon after `idleMs`. */
export const leaseMs = 3_000
const againMs = 200
const mostWaiting = 100
const mostReturning = 10_000
const giveBackMs = 1_000

export interface BudgetsOptions {
  lender: Lender
  clock: Clock
  log: Log
}

export function createBudgets({ lender, clock, log }: BudgetsOptions): Budgets {
  const held = new Map<string, Held>()
  /** Ended leases that control has not heard of, and what they did not use. */
  const returning = new Map<string, number>()
  const stopped = new AbortController()
  let tending: Promise<void> | undefined
  let isReachable = true

  function heldOf(credential: SnapshotCredential): Held {
    const name = nameOf(credential)
    const known = held.get(name)
    if (known !== undefined) return known
    const nothing = { lease: null, left: 0, unanswered: null, isSpent: false, asking: undefined, waiting: 0 }
    const made = { run: credential.run!, grant: credential.grant!, ...nothing, usedAt: clock.now() }
    held.set(name, made)
    tend()
    return made
  }

  /** One request, for all who wait. */
  async function ask(of: Held): Promise<Outcome> {
    const { run, grant, lease: spent } = of
    const lease = (of.unanswered ??= randomUUID())
    try {
      const request = { lease, run, grant: grant.name, want: wantOf(grant.writes), spent }
      const { granted, lent } = await lender.lend(request, askMs)
      of.lease = granted > 0 ? lease : null
      of.left = granted
      of.unanswered = null
      of.isSpent = granted === 0 && lent === 0
      of.usedAt = clock.now()
      isReachable = true
      if (granted > 0) return 'leased'
      if (of.isSpent) return 'spent'
    } catch (error) {
      if (isReachable) log.warn({ run, error: messageOf(error) }, 'control lends no writes')
      isReachable = false
      return 'unreachable'
    }
    await clock.sleep(againMs, stopped.signal).catch(() => {})
    return 'lent'
  }

  /** As long as anything is held: what idles is given back. */
  function tend(): void {
    if (stopped.signal.aborted) return
    tending ??= keepTidy().finally(() => {
      tending = undefined
      if (held.size > 0) tend()
    })
  }

  async function keepTidy(): Promise<void> {
    while (!stopped.signal.aborted && held.size + returning.size > 0) {
      await clock.sleep(tendMs, stopped.signal).catch(() => {})
      if (returning.size === 0 && ![...held.values()].some(isIdle)) continue
      // While control is gone, what is here is kept for the run.
      if (!(await isControlThere())) continue
      for (const [name, of] of held) if (isIdle(of)) end(name, of)
      await giveBack()
    }
  }

  const isIdle = (of: Held) => of.usedAt + idleMs <= clock.now() && of.waiting === 0
  const isControlThere = () =>
    lender.takeBack([], giveBackMs).then(
      () => true,
      () => false,
    )

  /** Spent ones too: control then knows that nothing of them comes back. */
  function end(name: string, of: Held): void {
    held.delete(name)
    if (of.lease !== null) returning.set(of.lease, of.left)
    // Nothing was spent of it, whatever control gave.
    if (of.unanswered !== null) returning.set(of.unanswered, mostOfLease)
    // What is forgotten here stays lent at control: too few writes, never too many.
    for (const oldest of returning.keys()) {
      if (returning.size <= mostReturning) break
      returning.delete(oldest)
    }
  }

  async function giveBack(): Promise<void> {
    while (returning.size > 0) {
      const batch = [...returning].slice(0, mostGivenBack).map(([lease, writes]) => ({ lease, writes }))
      try {
        await lender.takeBack(batch, giveBackMs)
      } catch (error) {
        log.debug({ error: messageOf(error) }, 'control did not take back what runs did not write')
        return
      }
      for (const { lease } of batch) returning.delete(lease)
    }
  }

  return {
    refusal({ credential }, method) {
      if (credential === null || credential.grant === null || !isUnsafe(method)) return undefined
      const of = held.get(nameOf(credential))
      if (of === undefined) return 'unleased'
      if (of.left > 0) return undefined
      if (!of.isSpent) return 'unleased'
      of.usedAt = clock.now()
      return spentProblem(of)
    },

    async lease({ credential }, by) {
      const of = heldOf(credential!)
      if (of.waiting >= mostWaiting) return cutOff(of, `${mostWaiting} calls of the run wait for control`)
      let outcome: Outcome = 'leased'
      of.waiting += 1
      try {
        while (of.left === 0) {
          if (outcome === 'spent') return spentProblem(of)
          if (outcome === 'unreachable') return cutOff(of, 'control does not answer')
          if (clock.now() >= by)
            return outcome === 'lent' ? spentProblem(of) : cutOff(of, 'control took too long')
          of.asking ??= ask(of).finally(() => (of.asking = undefined))
          outcome = await of.asking
        }
        return undefined
      } finally {
        of.waiting -= 1
      }
    },

    spend({ credential }, method) {
      if (credential === null || credential.grant === null || !isUnsafe(method)) return
      const of = held.get(nameOf(credential))!
      of.left -= 1
      of.usedAt = clock.now()
    },

    size: () => held.size,

    async close() {
      stopped.abort()
      await tending
      for (const [name, of] of held) end(name, of)
      await giveBack()
    },
  }
}

/** A run's key and its browser's session share one budget: together they may not write more than the grant says. */
function nameOf({ run, grant }: SnapshotCredential): string {
  return `${run} ${grant!.name}`
}

function spentProblem({ grant: { name, writes } }: Held): Problem {
  return problem(
    'budget_spent',
    `the grant “${name}” allows this run ${writes} writes, and all are spent, or lent to gateways that did not give them back`,
  )
}

function cutOff({ grant }: Held, why: string): Problem {
  return problem(
    'gateway_cut_off',
    `no lease, no write: this gateway has no write of the grant “${grant.name}” left, and ${why}. Wait a moment, then send it again`,
  )
}
