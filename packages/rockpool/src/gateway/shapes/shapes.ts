import { Problem, problem } from '../../kernel/index.ts'
import type { Clock, Shape } from '../../kernel/index.ts'
import { faultProblem } from '../answers.ts'
import { createCall } from '../call.ts'
import type { Call } from '../call.ts'
import { decide } from '../decision.ts'
import type { Decision } from '../decision.ts'
import type { ClientHead, End, Exchange } from '../engines/engine.ts'
import type { Forwarding } from '../forwarding.ts'
import { isUnsafe, valuesOf } from '../ground.ts'
import type { Ground } from '../ground.ts'
import type { Ledger } from '../ledger.ts'
import { classOf, roomOf } from '../limits/classes.ts'
import type { GatewayState } from '../state.ts'
import type { Tracer } from '../telemetry/types.ts'
import type { LedgerEntry } from '../types.ts'
import { readAsked } from './asked.ts'
import type { Asked } from './asked.ts'
import { bodyShapeOf, refusedShape, toJsonBody } from './body.ts'
import { enveloped } from './enveloped.ts'
import { readEnvelopedRequest } from './enveloped-request.ts'
import { gathered } from './gathered.ts'
import { withEnvelope, withJson, withoutCredentials, withoutNegotiation } from './heads.ts'
import { instead } from './instead.ts'
import { sentByStranger } from './sent-along.ts'

/*
 *   head ──► asked (query) ──► the request that is meant ──► decided, credentialed, budgeted, recorded as such
 *              │ envelope=request, form, octet-stream                     │
 *              └──► who calls? ──► body gathered ──► the request that is meant, with its body
 *                                                                         │
 *   client ◄── envelope, or script ◄── answer, whoever gives it ◄─────────┘
 */

export interface ShapesOptions {
  state: Pick<GatewayState, 'ground'>
  ledger: Pick<Ledger, 'finish'>
  clock: Clock
  tracer: Pick<Tracer, 'samples'> | undefined
  /** Decides about a request whose head says all, and goes on with it. */
  judged(ground: Ground, head: ClientHead, request: string, now: number): Exchange | Promise<Exchange>
  /** A credential was used, or a token's key is not known. */
  noted(decision: Decision, now: number): void
  /** What goes to no service. */
  undone(call: Call, decision: Exclude<Decision, { kind: 'forward' }>): Exchange
  refused(call: Call, refusal: Problem): Exchange
  /** Whatever a call has to wait for before it may be written: its run's budget, and the disk. Rejects with a problem. */
  prepared(call: Forwarding): Promise<LedgerEntry | undefined>
  /** Budget and limits, and on to the service: in this turn. */
  entered(call: Forwarding, entry: LedgerEntry | undefined): Exchange
  /** A call is over that never became whole. */
  abandoned(call: Call, end: End): void
}

export interface Shapes {
  /** Null: the query asks for nothing here. */
  open(ground: Ground, head: ClientHead, request: string, now: number): Exchange | Promise<Exchange> | null
  /** Null: its body goes on as it is. */
  convert(call: Forwarding): Exchange | Promise<Exchange> | null
}

/** A request with its body, as it goes on; or why it does not. */
type Meant = { head: ClientHead; body: Buffer } | { refusal: Problem }

/** Bodies that are gathered at a time; of lower classes of callers fewer. */
const mostGathering = 256

/** What of a request's form has to be undone before it is decided about, and of an answer's afterwards. */
export function createShapes(options: ShapesOptions): Shapes {
  const { state, ledger, clock } = options
  let gathering = 0

  function openAsked(ground: Ground, asked: Asked, head: ClientHead, request: string, now: number) {
    const { findings, sentAlong } = asked
    if (sentAlong !== null) {
      // Nothing that was sent along is judged: a page must not learn from the answer whether it would have counted.
      const decision = decide(ground, { ...head, headers: withoutCredentials(head.headers) }, now, request)
      const detail = `callback= and method= do not go with ${sentAlong}: any page can make a browser send it`
      return options.refused(callOf(head, request, now, decision), problem('origin_refused', detail))
    }
    const refusal =
      findings.length === 0
        ? null
        : problem('invalid_input', 'the query asks for what is not possible', { findings })
    if (refusal === null && asked.inBody === null) return options.judged(ground, head, request, now)
    const call = judge(ground, head, asked.inBody ?? [head.method], request, now)
    const { decision } = call
    if (decision.kind !== 'forward') return options.undone(call, decision)
    if (refusal !== null) return options.refused(call, refusal)
    const strange = asked.inBody && strangeOf({ ...call, decision })
    if (strange) return options.refused(call, strange)
    const mayWrite = asked.inBody?.some(isUnsafe) === true
    return gather({ ...call, decision }, 'envelope', (body) => toMeant(head, body), mayWrite)
  }

  /**
   * Who calls, before a body is taken from anybody. The method may stand in the body, so it will do if one of those that may
   * stand there would be let through; the request that is meant is decided about by itself.
   */
  function judge(
    ground: Ground,
    head: ClientHead,
    methods: readonly string[],
    request: string,
    now: number,
  ): Call & { decision: Decision } {
    const [first, ...others] = methods
    const by = (method: string) => decide(ground, { ...head, method }, now, request)
    let decision = by(first!)
    for (const method of others) {
      if (decision.kind === 'forward') break
      const other = by(method)
      if (other.kind === 'forward') decision = other
    }
    options.noted(decision, now)
    return callOf(head, request, now, decision)
  }

  /**
   * Any page may have a browser send a POST of text or of a form, with all that it sends along. For the PUT that stands in
   * one, and for the JSON that becomes of one, it would need leave (Fetch standard, CORS-safelisted methods and types).
   */
  function strangeOf({ head, decision }: Forwarding): Problem | null {
    const { directory, secure } = state.ground()!
    const along = sentByStranger(head, secure, directory.services.get(decision.service)?.cors)
    if (along === null) return null
    const detail = `a request in this form does not go with ${along} from a page of another origin: any page can make a browser send it`
    return problem('origin_refused', detail)
  }

  function callOf(head: ClientHead, request: string, now: number, decision: Decision) {
    return { ...createCall(head, request, now, decision, options.tracer), decision }
  }

  /**
   * Takes the body, once all is there that may have to be waited for; then it is decided about what is meant. `mayWrite`: an
   * intent is needed in case, and says what came, a POST.
   */
  async function gather(
    call: Forwarding,
    by: Shape,
    read: (body: Buffer) => Meant,
    mayWrite = true,
  ): Promise<Exchange> {
    const { decision } = call
    if (gathering >= roomOf(mostGathering, classOf(decision.identity)))
      return options.refused(
        call,
        problem('overloaded', 'the gateway has too many bodies in hand: send it again'),
      )
    gathering += 1
    let entry: LedgerEntry | undefined
    try {
      if (call.decision.delayMs > 0) await clock.sleep(call.decision.delayMs)
      if (mayWrite) entry = await options.prepared(call)
    } catch (error) {
      gathering -= 1
      if (error instanceof Problem) return options.refused(call, error)
      throw error
    }
    return gathered({
      next: (body) => resume(call, by, entry, body, read),
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
    by: Shape,
    entry: LedgerEntry | undefined,
    body: Buffer | null,
    read: (body: Buffer) => Meant,
  ): Exchange {
    const meant: Meant =
      body === null
        ? { refusal: problem('body_too_large', 'a body that is read on the way may have 1 MB at most') }
        : read(body)
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
    if (!decision.route.shapes?.includes(by)) {
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
    const exchange = options.entered({ ...late, decision }, intent)
    const { plan } = exchange
    if ('answer' in plan) settle(entry, head.method, plan.answer.status)
    else if (!writes) settle(entry, head.method, null)
    if (!('forward' in plan)) return exchange
    return instead(exchange, { plan: { forward: { ...plan.forward, body: meant.body } } })
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

  return {
    open(ground, outer, request, now) {
      const asked = readAsked(ground.directory.router, outer)
      if (asked === null) return null
      const { envelope, method, target } = asked
      const headers = envelope === null ? outer.headers : withoutNegotiation(outer.headers)
      const opened = openAsked(ground, asked, { ...outer, method, target, headers }, request, now)
      if (envelope === null) return opened
      const put = (exchange: Exchange) => enveloped(exchange, envelope, request)
      return opened instanceof Promise ? opened.then(put) : put(opened)
    },
    convert(call) {
      const shape = bodyShapeOf(call.head, call.decision.route.shapes ?? [])
      if (shape === null) return null
      const refusal = refusedShape(call.head) ?? strangeOf(call)
      if (refusal) return options.refused(call, refusal)
      return gather(call, shape, (body) => {
        if (body.length === 0) return { head: call.head, body }
        const shaped = toJsonBody(shape, body)
        return shaped.ok ? { head: withJson(call.head), body: shaped.body } : { refusal: shaped.problem }
      })
    },
  }
}

function toMeant(head: ClientHead, body: Buffer): Meant {
  const reading = readEnvelopedRequest(body)
  if (!reading.ok)
    return { refusal: problem('invalid_input', 'the envelope is not valid', { findings: reading.findings }) }
  const { request } = reading
  return { head: withEnvelope(head, request), body: request.body ?? Buffer.alloc(0) }
}
