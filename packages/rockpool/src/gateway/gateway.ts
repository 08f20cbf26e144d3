import { healthPath, problemHeader } from '@rockpool/sdk/wire'
import { newId, problem, toProblem } from '../kernel/index.ts'
import type { Clock, Log } from '../kernel/index.ts'
import type { AccessLog } from './access-log.ts'
import { answerFault, answerJson, answerOptions, answerProblem } from './answers.ts'
import { createBudgets } from './budgets.ts'
import { createCall, toRecord } from './call.ts'
import type { Call } from './call.ts'
import { decide } from './decision.ts'
import { isUnsafe, valuesOf } from './ground.ts'
import type { Decision } from './decision.ts'
import type { Answer, ClientHead, Duties, Exchange } from './engines/engine.ts'
import { forward } from './forwarding.ts'
import type { Forwarding } from './forwarding.ts'
import type { Signer } from './identity.ts'
import type { Ledger } from './ledger.ts'
import { createLimits } from './limits/limits.ts'
import type { Limits, Ticket } from './limits/limits.ts'
import { isSignIn } from './sign-in.ts'
import type { SignIn } from './sign-in.ts'
import type { GatewayState } from './state.ts'
import { stripRequest } from './strip.ts'
import type { LedgerEntry } from './types.ts'

/*
 *   head ──► decide ──► budget, limits ──► intent in the ledger ──► strip, mint ──► service ──► strip ──► client
 *              │              │            (unsafe calls of runs                      │  │
 *              │              │             and sandboxes)                            │  └──► limits, ledger, access log
 *              └──────────────┴──► problem ◄───────── unreachable, broken, deadline
 */

export interface GatewayOptions {
  state: GatewayState
  signer: Signer
  ledger: Ledger
  accessLog: AccessLog
  clock: Clock
  log: Log
  /** Exchanges tickets for sessions; without it nobody signs in here. */
  signIn?: SignIn
  /** Its own unless given. */
  limits?: Limits
  /** A credential was used, by its id; called for each request. */
  onUsed?: (credential: string, now: number) => void
  /** A token of this issuer (`iss`) names a key that is not known here; called for each request. */
  onUnknownKey?: (issuer: string, now: number) => void
}

/** Answered as long as the process is alive: one that is not ready, or drains, must not be killed for it. */
const livePath = `${healthPath}/live`

/** The gateway as an engine needs it: everything that is done for a request, except moving its bytes. */
export function createGateway(options: GatewayOptions): Duties {
  const { state, signer, ledger, accessLog, clock, log, signIn } = options
  const limits = options.limits ?? createLimits({ clock })
  const budgets = createBudgets()

  /** A fault of ours costs one request, not the gateway. */
  function open(head: ClientHead): Exchange | Promise<Exchange> {
    const request = newId('req')
    const now = clock.now()
    const broken = (error: unknown) => {
      const refusal = toProblem(error)
      if (refusal.code === 'internal') log.error({ err: error, request }, 'a request could not be opened')
      return answered(createCall(head, request, now), answerProblem(refusal, request))
    }
    try {
      const opened = openCall(head, request, now)
      return opened instanceof Promise ? opened.catch(broken) : opened
    } catch (error) {
      return broken(error)
    }
  }

  function openCall(head: ClientHead, request: string, now: number): Exchange | Promise<Exchange> {
    if (head.target === healthPath) return answered(createCall(head, request, now), health(request))
    if (head.target === livePath)
      return answered(createCall(head, request, now), answerJson(200, request, { live: true }))
    const ground = state.ground()
    const why = state.notReady()
    if (ground === undefined || why !== undefined) {
      const refusal = problem('gateway_not_ready', `this gateway cannot serve yet: ${why}`)
      return answered(createCall(head, request, now), answerProblem(refusal, request))
    }
    if (signIn && isSignIn(head.target))
      return signIn(head, request).then((answer) => answered(createCall(head, request, now), answer))
    const decision = decide(ground, head, now)
    const call = createCall(head, request, now, decision)
    if (decision.unknownKeyOf !== null) options.onUnknownKey?.(decision.unknownKeyOf, now)
    if (decision.kind !== 'forward') return undone(call, decision)
    if (decision.credential) options.onUsed?.(decision.credential.id, now)
    if (decision.delayMs === 0) return enter({ ...call, decision })
    return clock.sleep(decision.delayMs).then(() => {
      // What it stood on may be gone meanwhile: its run, or its sandbox.
      const anew = decide(state.ground()!, head, clock.now())
      const late = { ...call, decision: anew }
      return anew.kind === 'forward' ? enter({ ...late, decision: anew }) : undone(late, anew)
    })
  }

  /** What goes to no service. */
  function undone(call: Call, decision: Exclude<Decision, { kind: 'forward' }>): Exchange {
    const { request } = call
    if (decision.kind === 'options') return answered(call, answerOptions(request, decision.allow))
    return answered(call, answerProblem(decision.problem, request, decision.allow))
  }

  /**
   * The budget says first whether there is any left, because waiting will not help who has none; the limits judge; and
   * only what both let through is counted by both. What waited until here (slow on purpose) held no place at the service.
   */
  function enter(call: Forwarding): Exchange | Promise<Exchange> {
    const { decision, head, request } = call
    const { directory } = state.ground()!
    const overspent = budgets.refusal(decision, head.method)
    if (overspent) return answered(call, answerProblem(overspent, request))
    const admission = limits.admit(directory, decision, head.remote, clock.now())
    if (admission.refusal)
      return answered(call, answerProblem(admission.refusal, request, null, admission.headers))
    budgets.spend(directory, decision, head.method)
    return begin(call, admission.ticket)
  }

  /** Whatever becomes of it, the ticket is given back. */
  function begin(call: Forwarding, ticket: Ticket): Exchange | Promise<Exchange> {
    const giveBack = (error: unknown): never => {
      ticket.release('untold')
      throw error
    }
    try {
      if (!isRecorded(call.decision, call.head.method)) return forwarded(call, undefined, ticket)
      return intend(call)
        .then((entry) => forwarded(call, entry, ticket))
        .catch(giveBack)
    } catch (error) {
      return giveBack(error)
    }
  }

  function intend({ head, decision }: Forwarding): Promise<LedgerEntry> {
    return ledger.intend({
      run: decision.identity?.run ?? null,
      organization: decision.organization!.slug,
      service: decision.service,
      method: head.method,
      path: decision.path,
      idempotencyKey: valuesOf(head, 'idempotency-key')[0]?.slice(0, 255) ?? null,
    })
  }

  function forwarded(call: Forwarding, entry: LedgerEntry | undefined, ticket: Ticket): Exchange {
    const { request, decision } = call
    return forward(call, {
      signer,
      now: () => clock.now(),
      recorded: entry !== undefined,
      ticket,
      onFailure: (failure, detail) =>
        log.warn({ request, service: decision.service, failure, detail }, 'a call to a service failed'),
      onEnd(outcome, end, answer) {
        if (entry) ledger.finish(entry, answer)
        accessLog.write(toRecord(call, outcome, end, clock.now()))
      },
    })
  }

  /** The exchange of a call that the gateway answers itself. */
  function answered(call: Call, answer: Answer): Exchange {
    const header = answer.headers.indexOf(problemHeader)
    const refused = header < 0 ? null : answer.headers[header + 1]!
    const { stripped } = stripRequest(call.head.headers, false)
    return {
      plan: { answer },
      take: null,
      answered: () => [],
      trailers: () => [],
      failed: () => answer,
      ended: (end) =>
        accessLog.write(
          toRecord(call, { status: answer.status, refused, upstreamMs: null, stripped }, end, clock.now()),
        ),
    }
  }

  /** For load balancers, and for whoever started it. It tells nothing about what is served. */
  function health(request: string): Answer {
    const why =
      state.notReady() ?? (state.draining() ? 'it is stopping: send what comes elsewhere' : undefined)
    const ground = state.ground()
    return answerJson(why === undefined ? 200 : 503, request, {
      ready: why === undefined,
      reason: why ?? null,
      version: ground?.directory.version ?? null,
      asOf: ground ? new Date(ground.asOf).toISOString() : null,
      ledgerWaiting: ledger.waiting(),
      logLinesDropped: accessLog.dropped(),
    })
  }

  return { open, malformed: (fault) => answerFault(fault, newId('req')) }
}

function isRecorded({ identity }: Extract<Decision, { kind: 'forward' }>, method: string): boolean {
  return (
    identity !== null &&
    isUnsafe(method) &&
    (identity.run !== undefined || identity.environment === 'sandbox')
  )
}
