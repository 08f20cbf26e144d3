import { healthPath, problemHeader } from '@rockpool/sdk/wire'
import { newId, problem, toProblem } from '../kernel/index.ts'
import type { Clock, Log, Problem, ProblemCode } from '../kernel/index.ts'
import type { AccessLog } from './access-log.ts'
import { answerFault, answerJson, answerOptions, answerProblem } from './answers.ts'
import { createBudgets } from './budgets/budgets.ts'
import type { Budgets } from './budgets/budgets.ts'
import type { Lender } from './budgets/types.ts'
import { createCall, toRecord } from './call.ts'
import type { Call, Outcome } from './call.ts'
import { answerWithCors, exchangeWithCors, originOf } from './cors/cors.ts'
import { createContractCounts } from './judging/counts.ts'
import type { ContractCounts } from './judging/counts.ts'
import { createContractJudging } from './judging/judging.ts'
import type { ContractKeeper } from './judging/keeper.ts'
import { createAnswerSampling } from './judging/sampling.ts'
import type { OnDrift } from './judging/sampling.ts'
import { createContractTaking } from './judging/taking.ts'
import type { UsageCollector } from './judging/usage.ts'
import type { CorsPolicy } from './cors/policy.ts'
import { answerPreflight } from './cors/preflight.ts'
import { decide } from './decision.ts'
import { answerInstead } from './faults/spoil.ts'
import type { Ground } from './ground.ts'
import type { Decision } from './decision.ts'
import type { Answer, ClientHead, Duties, End, Exchange } from './engines/engine.ts'
import { createEntrance } from './entrance.ts'
import { forward } from './forwarding.ts'
import type { Forwarding, ForwardingShared } from './forwarding.ts'
import { createGathering } from './gathering.ts'
import { noFields } from './header-fields.ts'
import { answerHealth } from './health.ts'
import type { Signer } from './identity.ts'
import type { Ledger } from './ledger.ts'
import { createLimits } from './limits/limits.ts'
import type { Limits, Ticket } from './limits/limits.ts'
import { createDrains } from './releases/drains.ts'
import type { Drains } from './releases/drains.ts'
import { mayAsk } from './shapes/query.ts'
import { createShapes } from './shapes/shapes.ts'
import { isSignIn } from './sign-in.ts'
import type { SignIn } from './sign-in.ts'
import type { GatewayState } from './state.ts'
import { stripRequest } from './strip.ts'
import type { Tracer } from './telemetry/types.ts'
import { createTunnels } from './tunnels.ts'
import type { LedgerEntry } from './types.ts'

/*
 *   head ──► decide ──► budget, limits ──► contract ──► intent in the ledger ──► strip, mint ──► service ──► strip ──► client
 *              │              │               │         (unsafe calls of runs                      │  │
 *              │              │               │          and sandboxes)                            │  └──► limits, ledger, access log
 *              └──────────────┴───────────────┴──► problem ◄───────── unreachable, broken, deadline
 */

export interface GatewayOptions {
  state: GatewayState
  signer: Signer
  ledger: Ledger
  accessLog: Pick<AccessLog, 'write' | 'dropped'>
  clock: Clock
  log: Log
  /** Exchanges tickets for sessions; without it nobody signs in here. */
  signIn?: SignIn
  /** Its own unless given. */
  limits?: Limits
  /** What runs may write by their grants; without it none may. */
  budgets?: Budgets
  /** Where releases are drained; without it none is. */
  drains?: Drains
  /** Has the contracts that calls are held against; without it none is here. */
  contracts?: Pick<ContractKeeper, 'judgeOf' | 'arrival'>
  /** Where it is counted how calls keep to them; its own unless given. */
  contractCounts?: ContractCounts
  /** Where it is counted what of their contracts they use; without it, nowhere. */
  usage?: Pick<UsageCollector, 'request' | 'response' | 'missed'>
  /** Hears in what answers differ from their contracts, of the share of them that is looked at. */
  onDrift?: OnDrift
  /** Says which traces that begin here are kept, and keeps them; without it all are sampled, and nobody is told. */
  tracer?: Tracer
  /** A credential was used, by its id; called for each request. */
  onUsed?: (credential: string, now: number) => void
  /** A token of this issuer (`iss`) names a key that is not known here; called for each request. */
  onUnknownKey?: (issuer: string, now: number) => void
}

const nothingKept = { authorization: false, tracestate: false }

const nobody: Lender = {
  lend: () => Promise.reject(new Error('nobody lends writes here')),
  takeBack: () => Promise.resolve(),
}

const noContracts: Pick<ContractKeeper, 'judgeOf' | 'arrival'> = {
  judgeOf: () => undefined,
  arrival: () => Promise.resolve(),
}

const notCounted = { request: () => {}, response: () => {}, missed: () => {} }

/** Answered as long as the process is alive: one that is not ready, or drains, must not be killed for it. */
const livePath = `${healthPath}/live`

/** How a call is recorded that was reset before any answer. */
const resetOnPurpose = { status: null, aborted: 'fault' } as const

/** The gateway as an engine needs it: everything that is done for a request, except moving its bytes. */
export function createGateway(options: GatewayOptions): Duties {
  const { state, signer, ledger, accessLog, clock, log, signIn } = options
  const limits = options.limits ?? createLimits({ clock })
  const drains = options.drains ?? createDrains({ forget: () => Promise.resolve(), onDone: () => {}, log })
  const tunnels = createTunnels()
  const budgets = options.budgets ?? createBudgets({ lender: nobody, clock, log })

  const refused = (call: Call, refusal: Problem, headers?: readonly string[]) =>
    answered(call, answerProblem(refusal, call.request, null, headers))
  const keeper = options.contracts ?? noContracts
  const counts = options.contractCounts ?? createContractCounts()
  const usage = options.usage ?? notCounted
  const contracts = createContractJudging({ state, keeper, counts, usage, log })
  const sampling = createAnswerSampling({ judging: contracts, counts, usage, onDrift: options.onDrift, log })
  const entrance = createEntrance({
    state,
    contracts,
    budgets,
    limits,
    drains,
    ledger,
    clock,
    forwarded,
    refused,
    again,
  })
  const gathering = createGathering({
    state,
    ledger,
    clock,
    undone,
    refused,
    prepared: entrance.prepared,
    entered: entrance.entered,
    abandoned(call, end) {
      const { stripped } = stripRequest(call.head.headers, nothingKept)
      tell(call, { status: null, refused: null, decideMs: null, upstreamMs: null, stripped }, end)
    },
  })
  const shapes = createShapes({ state, gathering, tracer: options.tracer, judged, noted, undone, refused })
  const taking = createContractTaking({
    state,
    judging: contracts,
    keeper,
    gathering,
    refusedForm: shapes.refused,
    refused,
  })

  const shared: ForwardingShared = {
    signer,
    now: () => clock.now(),
    onTunnel: (call, cut) => tunnels.enter(() => refusalNow(call), cut),
    onFailure: ({ request, decision: { service } }, failure, detail) =>
      log.warn({ request, service, failure, detail }, 'a call to a service failed'),
    onEnd(call, entry, outcome, { end, answer, now }) {
      if (entry) ledger.finish(entry, answer)
      tell(call, outcome, end, now)
    },
  }

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
    if (head.target === healthPath)
      return answered(createCall(head, request, now), answerHealth({ state, ledger, accessLog }, request))
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
    const preflight = answerPreflight(ground.directory, head, request)
    if (preflight) return answered(createCall(head, request, now, preflight.decision), preflight.answer)
    const asked = mayAsk(head.target) ? shapes.open(ground, head, request, now) : null
    return asked ?? judged(ground, head, request, now)
  }

  /** Decides about it, and goes on with what is let through. */
  function judged(
    ground: Ground,
    head: ClientHead,
    request: string,
    now: number,
  ): Exchange | Promise<Exchange> {
    const decision = decide(ground, head, now, request)
    const call = createCall(head, request, now, decision, options.tracer)
    noted(decision, now)
    if (decision.kind !== 'forward') return undone(call, decision)
    const going = call as Forwarding
    const { validation, shapes: forms } = decision.route
    const anew = () => judged(state.ground()!, head, request, clock.now())
    const taken = validation === undefined ? null : taking.take(going, anew)
    if (taken) return taken
    const converted = forms === undefined ? null : shapes.convert(going)
    if (converted) return converted
    if (decision.delayMs === 0) return entrance.enter(going, now)
    return clock.sleep(decision.delayMs).then(() => again(call))
  }

  function noted(decision: Decision, now: number): void {
    if (decision.unknownKeyOf !== null) options.onUnknownKey?.(decision.unknownKeyOf, now)
    if (decision.kind === 'forward' && decision.credential) options.onUsed?.(decision.credential.id, now)
  }

  /** Of a call that had to wait. What it stood on may be gone meanwhile: its run, or its sandbox. */
  function again(call: Call, leaseBy?: number): Exchange | Promise<Exchange> {
    const now = clock.now()
    const anew = decide(state.ground()!, call.head, now, call.request)
    // What it waited for may be over; that it waited is told all the same.
    const waited = call.decision?.kind === 'forward' ? call.decision.suffered : null
    if (anew.kind !== 'options') anew.suffered ??= waited && { ...waited, spoiled: null }
    const late = { ...call, decision: anew }
    if (anew.kind !== 'forward') return undone(late, anew)
    const going = { ...late, decision: anew }
    // Its contract may be held to only since it began to wait.
    const { validation } = anew.route
    const taken = validation === undefined ? null : taking.take(going, () => again(call, leaseBy))
    return taken ?? entrance.enter(going, now, leaseBy)
  }

  /** What goes to no service. */
  function undone(call: Call, decision: Exclude<Decision, { kind: 'forward' }>): Exchange {
    const { request } = call
    if (decision.kind === 'options') return answered(call, answerOptions(request, decision.allow))
    const instead = decision.suffered?.instead
    if (instead) return answered(call, answerInstead(instead, request), instead.as === 'reset')
    return answered(call, answerProblem(decision.problem, request, decision.allow))
  }

  function forwarded(call: Forwarding, entry: LedgerEntry | undefined, ticket: Ticket): Exchange {
    const policy = policyOf(call)
    const plain = forward(call, entry, ticket, shared)
    const exchange = call.decision.route.validation === undefined ? plain : sampling.watched(plain, call)
    return policy === undefined ? exchange : exchangeWithCors(exchange, policy, originOf(call.head))
  }

  /** Whose pages may read what is answered. Most services have no policy. */
  function policyOf({ decision }: Call): CorsPolicy | undefined {
    if (decision === undefined || decision.service === null) return undefined
    return state.ground()?.directory.services.get(decision.service)?.cors
  }

  /** Why the call would be refused, if it came now. */
  function refusalNow({ head, request }: Call): ProblemCode | undefined {
    const anew = decide(state.ground()!, head, clock.now(), request)
    return anew.kind === 'refuse' ? anew.problem.code : undefined
  }

  /** A call is over. */
  function tell(call: Call, outcome: Outcome, end: End, now = clock.now()): void {
    const record = toRecord(call, outcome, end, now)
    accessLog.write(record)
    if (call.trace.sampled) options.tracer?.add(record, call.trace)
  }

  /** The exchange of a call that the gateway answers itself. `isReset`: of the answer nothing goes out. */
  function answered(call: Call, answer: Answer, isReset = false): Exchange {
    const header = answer.headers.indexOf(problemHeader)
    const refused = header < 0 ? null : answer.headers[header + 1]!
    const { stripped } = stripRequest(call.head.headers, nothingKept)
    const outcome: Outcome = { status: answer.status, refused, decideMs: null, upstreamMs: null, stripped }
    const policy = policyOf(call)
    const told = policy === undefined ? answer : answerWithCors(answer, policy, originOf(call.head))
    return {
      plan: { answer: told },
      ...(isReset ? { spoil: { resetAfterBytes: 0 } } : null),
      take: null,
      answered: () => noFields,
      trailers: () => [],
      failed: () => told,
      ended: (end) => tell(call, isReset ? { ...outcome, ...resetOnPurpose } : outcome, end),
    }
  }

  return { open, malformed: (fault) => answerFault(fault, newId('req')) }
}
