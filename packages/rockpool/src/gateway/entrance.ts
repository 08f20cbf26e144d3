import { problem } from '../kernel/index.ts'
import type { Clock, Problem } from '../kernel/index.ts'
import { leaseMs } from './budgets/budgets.ts'
import type { Budgets } from './budgets/budgets.ts'
import type { Decision } from './decision.ts'
import type { ContractJudging, HeldCall } from './judging/judging.ts'
import type { Exchange } from './engines/engine.ts'
import type { Forwarding } from './forwarding.ts'
import { isUnsafe, valuesOf } from './ground.ts'
import type { Ledger } from './ledger.ts'
import type { Limits, Ticket } from './limits/limits.ts'
import { ownText } from './own-text.ts'
import { instead } from './shapes/instead.ts'
import type { Drains } from './releases/drains.ts'
import type { GatewayState } from './state.ts'
import type { LedgerEntry } from './types.ts'

/*
 *   decided ──► budget ──► limits ──► both count it ──► contract ──► intent in the ledger ──► forwarded
 *                 │ no write here: waits for a lease, and is decided anew
 */

export interface EntranceOptions {
  state: Pick<GatewayState, 'ground'>
  budgets: Budgets
  limits: Limits
  drains: Drains
  ledger: Ledger
  contracts: Pick<ContractJudging, 'judge'>
  clock: Clock
  /** On to the service. `entry`: its intent, where the ledger wants one. */
  forwarded(call: Forwarding, entry: LedgerEntry | undefined, ticket: Ticket): Exchange
  /** `headers`: names and values in turns. */
  refused(call: Forwarding, refusal: Problem, headers?: readonly string[]): Exchange
  /** Decides about it anew, after it had to wait; `leaseBy`: until when it may wait for writes (milliseconds). */
  again(call: Forwarding, leaseBy: number): Exchange | Promise<Exchange>
}

/** What stands between a decision and the service: the run's writes, the limits, the contract, and the ledger. */
export interface Entrance {
  /** `now`: when it was decided about; `leaseBy`: until when it waits for writes. Milliseconds. */
  enter(call: Forwarding, now: number, leaseBy?: number): Exchange | Promise<Exchange>
  /** What a call may have to wait for before it is written, ahead of it. Rejects with a problem. */
  prepared(call: Forwarding): Promise<LedgerEntry | undefined>
  /** As `enter`, of a call that can wait no more: its body is whole, and goes on in the place of what came. */
  entered(call: Forwarding, entry: LedgerEntry | undefined, body: Buffer): Exchange
}

export function createEntrance(options: EntranceOptions): Entrance {
  const { state, budgets, limits, drains, ledger, contracts, clock, forwarded, refused, again } = options

  /**
   * The budget says first whether there is any left, because waiting will not help who has none; the limits judge; and
   * only what both let through is counted by both. What waited until here (slow on purpose, or for its run's writes) held
   * no place at the service.
   */
  function enter(call: Forwarding, now: number, leaseBy?: number): Exchange | Promise<Exchange> {
    const place = admit(call, now)
    if (place === 'unleased') return lease(call, leaseBy)
    if ('plan' in place) return place
    if (call.decision.route.validation === undefined) return begin(call, place)
    const held = hold(call, undefined, place)
    return 'plan' in held ? held : begin(held.call, place)
  }

  /** Against its contract; or the exchange by which it is refused, and gives its place back. */
  function hold(call: Forwarding, body: Buffer | undefined, place: Ticket): Exchange | HeldCall {
    const held = contracts.judge(call, body)
    if (held.refusal === null) return held
    place.release('untold')
    return refused(held.call, held.refusal, place.headers.list)
  }

  /** Its place at the service, or the exchange by which it is refused one. */
  function admit(call: Forwarding, now: number): Ticket | Exchange | 'unleased' {
    const { decision, head } = call
    const { directory } = state.ground()!
    const method = countedMethod(call)
    const overspent = budgets.refusal(decision, method)
    if (overspent === 'unleased') return overspent
    if (overspent) return refused(call, overspent)
    const admission = limits.admit(directory, decision, head.remote, now)
    if (admission.refusal) return refused(call, admission.refusal, admission.headers)
    budgets.spend(decision, method)
    return drains.hold(decision, admission.ticket)
  }

  async function prepared(call: Forwarding): Promise<LedgerEntry | undefined> {
    if (budgets.refusal(call.decision, countedMethod(call)) === 'unleased') {
      const refusal = await budgets.lease(call.decision, clock.now() + leaseMs)
      if (refusal) throw refusal
    }
    return isRecorded(call.decision, call.head.method) ? intend(call) : undefined
  }

  function entered(call: Forwarding, entry: LedgerEntry | undefined, body: Buffer): Exchange {
    if (entry === undefined && isRecorded(call.decision, call.head.method))
      return refused(call, problem('gateway_not_ready', 'what the call does is not in the ledger yet'))
    const place = admit(call, clock.now())
    if (place === 'unleased')
      return refused(call, problem('gateway_cut_off', 'the run’s writes went elsewhere meanwhile'))
    if ('plan' in place) return place
    try {
      const held = hold(call, body, place)
      if ('plan' in held) return held
      const exchange = forwarded(held.call, entry, place)
      const { plan } = exchange
      if (!('forward' in plan)) return exchange
      return instead(exchange, { plan: { forward: { ...plan.forward, body: held.body ?? body } } })
    } catch (error) {
      place.release('untold')
      throw error
    }
  }

  /** Once its run has a write here it is judged anew, and meets whoever came before. */
  async function lease(call: Forwarding, by = clock.now() + leaseMs): Promise<Exchange> {
    const refusal = await budgets.lease(call.decision, by)
    return refusal ? refused(call, refusal) : again(call, by)
  }

  /** Whatever becomes of it, the ticket is given back. */
  function begin(call: Forwarding, ticket: Ticket): Exchange | Promise<Exchange> {
    if (isRecorded(call.decision, call.head.method)) return beginRecorded(call, ticket)
    try {
      return forwarded(call, undefined, ticket)
    } catch (error) {
      ticket.release('untold')
      throw error
    }
  }

  async function beginRecorded(call: Forwarding, ticket: Ticket): Promise<Exchange> {
    try {
      return forwarded(call, await intend(call), ticket)
    } catch (error) {
      ticket.release('untold')
      throw error
    }
  }

  function intend({ head, decision }: Forwarding): Promise<LedgerEntry> {
    const [key] = valuesOf(head, 'idempotency-key')
    return ledger.intend({
      run: decision.identity?.run ?? null,
      organization: decision.organization!.slug,
      service: decision.service,
      method: head.method,
      path: ownText(decision.path),
      idempotencyKey: key === undefined ? null : ownText(key.slice(0, 255)),
    })
  }

  return { enter, prepared, entered }
}

/** As budgets count it: whoever has another protocol on a connection writes by it as much as by a POST. */
const countedMethod = ({ decision, head }: Forwarding) => (decision.upgrade === null ? head.method : 'POST')

function isRecorded({ identity }: Extract<Decision, { kind: 'forward' }>, method: string): boolean {
  return (
    identity !== null &&
    isUnsafe(method) &&
    (identity.run !== undefined || identity.environment === 'sandbox')
  )
}
