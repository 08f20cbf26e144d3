import { problem } from '../../kernel/index.ts'
import type { Problem } from '../../kernel/index.ts'
import { createCall } from '../call.ts'
import type { Call } from '../call.ts'
import { decide } from '../decision.ts'
import type { Decision } from '../decision.ts'
import type { ClientHead, Exchange } from '../engines/engine.ts'
import type { Forwarding } from '../forwarding.ts'
import type { Gathering, Meant } from '../gathering.ts'
import { isUnsafe } from '../ground.ts'
import type { Ground } from '../ground.ts'
import type { GatewayState } from '../state.ts'
import type { Tracer } from '../telemetry/types.ts'
import { readAsked } from './asked.ts'
import type { Asked } from './asked.ts'
import { bodyShapeOf, refusedShape, toJsonBody } from './body.ts'
import { enveloped } from './enveloped.ts'
import { readEnvelopedRequest } from './enveloped-request.ts'
import { withEnvelope, withJson, withoutCredentials, withoutNegotiation } from './heads.ts'
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
  gathering: Pick<Gathering, 'gather'>
  tracer: Pick<Tracer, 'samples'> | undefined
  /** Decides about a request whose head says all, and goes on with it. */
  judged(ground: Ground, head: ClientHead, request: string, now: number): Exchange | Promise<Exchange>
  /** A credential was used, or a token's key is not known. */
  noted(decision: Decision, now: number): void
  /** What goes to no service. */
  undone(call: Call, decision: Exclude<Decision, { kind: 'forward' }>): Exchange
  refused(call: Call, refusal: Problem): Exchange
}

export interface Shapes {
  /** Null: the query asks for nothing here. */
  open(ground: Ground, head: ClientHead, request: string, now: number): Exchange | Promise<Exchange> | null
  /** Null: its body goes on as it is. */
  convert(call: Forwarding): Exchange | Promise<Exchange> | null
  /** Why a body does not become JSON on the way, as far as its head tells. */
  refused(call: Forwarding): Problem | null
}

/** What of a request's form has to be undone before it is decided about, and of an answer's afterwards. */
export function createShapes(options: ShapesOptions): Shapes {
  const { state, gathering } = options

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
    const read = (body: Buffer) => toMeant(head, body)
    return gathering.gather({ ...call, decision }, { by: 'envelope', read, mayWrite })
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

  const refused = (call: Forwarding) => refusedShape(call.head) ?? strangeOf(call)

  function callOf(head: ClientHead, request: string, now: number, decision: Decision) {
    return { ...createCall(head, request, now, decision, options.tracer), decision }
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
      const refusal = refused(call)
      if (refusal) return options.refused(call, refusal)
      const read = (body: Buffer): Meant => {
        if (body.length === 0) return { head: call.head, body }
        const shaped = toJsonBody(shape, body)
        return shaped.ok ? { head: withJson(call.head), body: shaped.body } : { refusal: shaped.problem }
      }
      return gathering.gather(call, { by: shape, read, mayWrite: true })
    },
    refused,
  }
}

function toMeant(head: ClientHead, body: Buffer): Meant {
  const reading = readEnvelopedRequest(body)
  if (!reading.ok)
    return { refusal: problem('invalid_input', 'the envelope is not valid', { findings: reading.findings }) }
  const { request } = reading
  return { head: withEnvelope(head, request), body: request.body ?? Buffer.alloc(0) }
}
