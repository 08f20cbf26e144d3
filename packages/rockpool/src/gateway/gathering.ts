import { bodyTooLarge, Problem, problem } from '../kernel/index.ts'
import type { Clock, Shape } from '../kernel/index.ts'
import { faultProblem } from './answers.ts'
import type { Call } from './call.ts'
import { decide } from './decision.ts'
import type { Decision } from './decision.ts'
import type { ClientHead, End, Exchange } from './engines/engine.ts'
import type { Forwarding } from './forwarding.ts'
import { valuesOf } from './ground.ts'
import type { Ledger } from './ledger.ts'
import { classOf, roomOf } from './limits/classes.ts'
import { maxBodyBytesOf } from './route-limits.ts'
import { maxShapedBytes } from './shapes/decoded.ts'
import { gathered } from './shapes/gathered.ts'
import type { GatewayState } from './state.ts'
import type { LedgerEntry } from './types.ts'

/*
 *   call ──► room? ──► budget, intent in the ledger ──► its body, whole ──► the request that is meant ──► decided about anew
 *              │503                                        │408 413          │422                           │
 *              └──────────────────────────────────────── settled in the ledger ◄────────────────────────────┴──► entered
 */

export interface GatheringOptions {
  state: Pick<GatewayState, 'ground'>
  ledger: Pick<Ledger, 'finish'>
  clock: Clock
  /** What goes to no service. */
  undone(call: Call, decision: Exclude<Decision, { kind: 'forward' }>): Exchange
  refused(call: Call, refusal: Problem): Exchange
  /** Whatever a call has to wait for before it may be written: its run's budget, and the disk. Rejects with a problem. */
  prepared(call: Forwarding): Promise<LedgerEntry | undefined>
  /** Budget, limits and contract, and on to the service with this body: in this turn. */
  entered(call: Forwarding, entry: LedgerEntry | undefined, body: Buffer): Exchange
  /** A call is over that never became whole. */
  abandoned(call: Call, end: End): void
}

/** A request with its body, as it goes on; or why it does not. */
export type Meant = { head: ClientHead; body: Buffer } | { refusal: Problem }

export interface Wanted {
  /** The shape that its operation must have, also the one that is meant; null: its contract wants to see it. */
  by: Shape | null
  /** Reads what came; called once, unless it was too long. */
  read(body: Buffer): Meant
  /** An intent is needed in case, and says what came. */
  mayWrite: boolean
}

/** Bodies that have to be whole before it is known what becomes of their calls. */
export interface Gathering {
  /** Whether one more body of this caller may be in hand. */
  hasRoom(call: Forwarding): boolean
  /** Bytes that such a body may have. */
  mostBytes(call: Forwarding, by: Shape | null): number
  /** Takes the body, once all is there that may have to be waited for; then it is decided about what is meant. */
  gather(call: Forwarding, wanted: Wanted): Promise<Exchange>
}

/** Bodies that are gathered at a time; of lower classes of callers fewer. */
const mostGathering = 256

export function createGathering(options: GatheringOptions): Gathering {
  const { state, ledger, clock } = options
  let gathering = 0

  const hasRoom = ({ decision }: Forwarding) => gathering < roomOf(mostGathering, classOf(decision.identity))

  /** A shape's body may be an envelope, which is larger than what stands in it. */
  const mostBytes = ({ decision }: Forwarding, by: Shape | null) =>
    by === null ? Math.min(maxShapedBytes, maxBodyBytesOf(decision.route) ?? maxShapedBytes) : maxShapedBytes

  async function gather(call: Forwarding, wanted: Wanted): Promise<Exchange> {
    if (!hasRoom(call))
      return options.refused(
        call,
        problem('overloaded', 'the gateway has too many bodies in hand: send it again'),
      )
    gathering += 1
    let entry: LedgerEntry | undefined
    try {
      if (call.decision.delayMs > 0) await clock.sleep(call.decision.delayMs)
      if (wanted.mayWrite) entry = await options.prepared(call)
    } catch (error) {
      gathering -= 1
      if (error instanceof Problem) return options.refused(call, error)
      throw error
    }
    return gathered({
      maxBytes: mostBytes(call, wanted.by),
      next: (body) => resume(call, entry, body, wanted),
      refused(failure) {
        const refusal = faultProblem(failure)
        settle(entry, call.head.method, refusal.status)
        return options.refused(call, refusal)
      },
      abandoned(end) {
        settle(entry, call.head.method, 408)
        options.abandoned(call, end)
      },
      ended: () => void (gathering -= 1),
    })
  }

  function resume(
    call: Forwarding,
    entry: LedgerEntry | undefined,
    body: Buffer | null,
    { by, read }: Wanted,
  ): Exchange {
    const meant = body === null ? { refusal: tooLong(call, by) } : read(body)
    if ('refusal' in meant) {
      settle(entry, call.head.method, meant.refusal.status)
      return options.refused(call, meant.refusal)
    }
    // What it stood on may be gone meanwhile; and another operation may be meant than was looked at.
    const { head } = meant
    const decision = decide(state.ground()!, head, clock.now(), call.request)
    const late = { ...call, head, decision }
    if (decision.kind !== 'forward') {
      settle(entry, head.method, decision.kind === 'refuse' ? decision.problem.status : 204)
      return options.undone(late, decision)
    }
    if (by !== null && !decision.route.shapes?.includes(by)) {
      const findings = [{ path: 'body.method', message: `${head.method} does not come in this form here` }]
      settle(entry, head.method, 422)
      return options.refused(late, problem('invalid_input', 'the envelope is not valid', { findings }))
    }
    const { writes, service } = decision
    const key = valuesOf(head, 'idempotency-key')[0]?.slice(0, 255) ?? null
    // The path's other methods may be another service's.
    const meantFor = { service, method: head.method, idempotencyKey: key }
    const organization = decision.organization?.slug ?? entry?.organization ?? ''
    const intent = entry && writes ? { ...entry, ...meantFor, organization } : undefined
    const exchange = options.entered({ ...late, decision }, intent, meant.body)
    const { plan } = exchange
    if ('answer' in plan) settle(entry, head.method, plan.answer.status)
    else if (!writes) settle(entry, head.method, null)
    return exchange
  }

  function tooLong(call: Forwarding, by: Shape | null): Problem {
    const most = mostBytes(call, by)
    if (most < maxShapedBytes) return bodyTooLarge(most)
    const why = by === null ? 'held against the contract' : 'read on the way'
    return problem('body_too_large', `a body that is ${why} may have 1 MB at most`)
  }

  /**
   * Of an intent that nothing came of. Of a POST that ended with 5xx nobody knows what it made, and here somebody does: a
   * refusal of the gateway's own (503) stands in the ledger as one that asks to come again later.
   */
  function settle(entry: LedgerEntry | undefined, method: string, status: number | null): void {
    if (entry)
      ledger.finish(
        { ...entry, method },
        {
          status: status !== null && status > 499 ? 429 : status,
          location: null,
          resource: null,
          outcome: 'done',
        },
      )
  }

  return { hasRoom, mostBytes, gather }
}
