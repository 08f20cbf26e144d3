import { requestIdHeader } from '@rockpool/sdk/wire'
import { bodyTooLarge, problem } from '../kernel/index.ts'
import type { Problem, ProblemCode } from '../kernel/index.ts'
import { answerProblem, faultProblem } from './answers.ts'
import type { Call, Outcome } from './call.ts'
import type { Decision } from './decision.ts'
import { isOfBody } from './engines/engine.ts'
import type { Answer, ClientHead, End, Exchange, Failure, Forward } from './engines/engine.ts'
import { spoilExchange } from './faults/spoil.ts'
import { memoOf, valuesOf } from './ground.ts'
import { fieldsOf, joinFields, noFields, writtenFields } from './header-fields.ts'
import type { HeaderFields } from './header-fields.ts'
import type { Passed } from './header-memo.ts'
import type { Signer } from './identity.ts'
import { createAnswerReader } from './ledger-answer.ts'
import type { AnswerReader } from './ledger-answer.ts'
import type { LedgerAnswer } from './ledger.ts'
import { endingOf } from './limits/ending.ts'
import type { Ticket } from './limits/limits.ts'
import { placeOf } from './place.ts'
import { mayName } from './releases/choose.ts'
import { releaseHeader } from './releases/names.ts'
import { maxBodyBytesOf, totalMsOf } from './route-limits.ts'
import { stripAnswer, stripRequest, stripResponse } from './strip.ts'
import type { KeptOfRequest } from './strip.ts'
import type { LedgerEntry } from './types.ts'

export type Forwarding = Call & { decision: Extract<Decision, { kind: 'forward' }> }

/** What the exchanges of all calls to services share. */
export interface ForwardingShared {
  signer: Signer
  now: () => number
  /** It has left HTTP; `cut` breaks it off. Gives what is called when it is over. */
  onTunnel: (call: Forwarding, cut: (why: ProblemCode) => void) => () => void
  onFailure: (call: Forwarding, failure: Failure, detail: string) => void
  onEnd: (call: Forwarding, entry: LedgerEntry | undefined, outcome: Outcome, end: Ended) => void
}

/** How an exchange ended. `now`: when, in milliseconds. */
export interface Ended {
  end: End
  answer: LedgerAnswer
  now: number
}

/**
 * The exchange of a call that goes to a service. `entry`: its intent in the ledger, which wants to know what the call
 * created; `ticket`: its place at the service, which is given back when all is over.
 */
export function forward(
  call: Forwarding,
  entry: LedgerEntry | undefined,
  ticket: Ticket,
  shared: ForwardingShared,
): Exchange {
  const exchange = new Forwarded(call, entry, ticket, shared)
  const { suffered } = call.decision
  if (suffered !== null && suffered.spoiled !== null) {
    const { method } = call.head
    const spoiling = { fault: suffered.fault, spoiled: suffered.spoiled, method, request: call.request }
    spoilExchange(exchange, spoiling, exchange.outcome)
  }
  return exchange
}

/** A class: its methods are made once, and not with each call. */
class Forwarded implements Exchange {
  readonly plan: { forward: Forward }
  take: Exchange['take'] = null
  readonly outcome: Outcome
  private readonly call: Forwarding
  private readonly entry: LedgerEntry | undefined
  private readonly ticket: Ticket
  private readonly shared: ForwardingShared
  private readonly begun: number
  private reader: AnswerReader | undefined
  private failure: Failure | null = null
  private leaveTunnel: (() => void) | undefined
  private answer = noFields

  constructor(call: Forwarding, entry: LedgerEntry | undefined, ticket: Ticket, shared: ForwardingShared) {
    this.call = call
    this.entry = entry
    this.ticket = ticket
    this.shared = shared
    const { decision } = call
    const now = shared.now()
    this.begun = now
    // Beside a credential of ours elsewhere, it is the service's own; a user's token is told only where that is configured.
    const isToService = decision.via !== 'authorization' || decision.user?.issuer.forwardToken === true
    const kept = { authorization: isToService, tracestate: call.trace.continued }
    const incoming = passOn(call.head, kept)
    // The identity that a service sends on is no forged one, nor are the credential's header and that of a release.
    const releases = mayName(decision.credential) ? valuesOf(call.head, releaseHeader).length : 0
    const expected = (decision.caller === null ? 0 : 1) + (decision.via === 'header' ? 1 : 0) + releases
    this.outcome = {
      status: null,
      refused: null,
      decideMs: now - call.started,
      upstreamMs: null,
      stripped: incoming.stripped - expected,
    }
    this.plan = { forward: toForward(call, incoming, shared.signer, now) }
  }

  interim(headers: readonly string[]): string[] {
    return this.strip(headers)
  }

  answered(status: number, headers: HeaderFields): HeaderFields {
    if (this.entry !== undefined) {
      this.reader = createAnswerReader(headers.list)
      this.take = this.reader.take
    }
    this.answer = headers
    return this.begin(status, headers)
  }

  switched(headers: readonly string[]): string[] {
    return [...this.begin(101, fieldsOf(headers)).list]
  }

  /** The head of the service's answer, as the client gets it. */
  private begin(status: number, headers: HeaderFields): HeaderFields {
    const { outcome, ticket } = this
    outcome.status = status
    outcome.upstreamMs = this.shared.now() - this.begun
    ticket.answered()
    const outgoing = stripAnswer(headers)
    outcome.stripped += outgoing.stripped
    const own = writtenFields(`${requestIdHeader}: ${this.call.request}\r\n`)
    if (outgoing.baggage === '') return joinFields(outgoing.fields, ticket.headers, own)
    return joinFields(outgoing.fields, fieldsOf(['baggage', outgoing.baggage]), ticket.headers, own)
  }

  tunnelled(cut: () => void): void {
    this.leaveTunnel = this.shared.onTunnel(this.call, (why) => {
      this.outcome.refused = why
      cut()
    })
  }

  /** What was written for the route counts for every answer. */
  isEndless(): boolean {
    return this.call.decision.route.totalMs === undefined && isEventStream(this.answer)
  }

  trailers(headers: readonly string[]): string[] {
    return this.strip(headers)
  }

  private strip(headers: readonly string[]): string[] {
    const outgoing = stripResponse(headers)
    this.outcome.stripped += outgoing.stripped
    return outgoing.headers
  }

  failed(failure: Failure, detail: string): Answer {
    const { call, outcome } = this
    if (!isOfBody(failure)) this.shared.onFailure(call, failure, detail)
    this.failure = failure
    const refusal = failureProblem(failure, call)
    outcome.status = refusal.status
    outcome.refused = refusal.code
    return answerProblem(refusal, call.request, null, this.ticket.headers.list)
  }

  ended(end: End): void {
    const { call, outcome, failure, reader } = this
    const answered = outcome.upstreamMs !== null
    this.leaveTunnel?.()
    // Once it has switched, the service has answered, whatever ends the tunnel.
    const ending = this.leaveTunnel ? 'answered' : endingOf(call.head, end, { failure, answered })
    const now = this.shared.now()
    this.ticket.release(ending, now)
    const location = reader?.location ?? null
    const resource = reader?.resource() ?? null
    const whole = answered && (end.aborted === null || (location ?? resource) !== null)
    // Without its answer nobody knows what the service did, unless it never got the call.
    const known = whole || failure === 'unreachable' ? 'done' : 'doubtful'
    const answer: LedgerAnswer = { status: outcome.status, location, resource, outcome: known }
    this.shared.onEnd(call, this.entry, outcome, { end, answer, now })
  }
}

function passOn(head: ClientHead, kept: KeptOfRequest): Passed {
  const memo = memoOf(head)
  if (memo === undefined) return readPassed(head, kept)
  const which = (kept.authorization ? 1 : 0) + (kept.tracestate ? 2 : 0)
  return (memo.passed[which] ??= readPassed(head, kept))
}

function readPassed(head: ClientHead, kept: KeptOfRequest): Passed {
  const { headers, stripped, baggage } = stripRequest(head.headers, kept)
  headers.push('X-Forwarded-For', head.remote, 'X-Forwarded-Proto', head.encrypted ? 'https' : 'http')
  const [host] = valuesOf(head, 'host')
  if (host !== undefined) headers.push('X-Forwarded-Host', host)
  return { fields: fieldsOf(headers), stripped, baggage }
}

function toForward(call: Forwarding, incoming: Passed, signer: Signer, now: number): Forward {
  const { head, decision, trace, request } = call
  const own = writtenFields(`traceparent: ${trace.traceparent}\r\n${requestIdHeader}: ${request}\r\n`)
  const { url, target, deadlineMs } = decision
  const { origin, prefix } = placeOf(url)
  const sent: Forward = {
    origin,
    method: head.method,
    target: prefix + target,
    headers: joinFields(incoming.fields, own, marksOf(decision, incoming.baggage, signer, now)),
    deadlineMs,
    totalMs: totalMsOf(decision.route),
    maxBodyBytes: maxBodyBytesOf(decision.route),
  }
  if (decision.upgrade !== null) sent.upgrade = decision.upgrade
  return sent
}

function marksOf(
  { identity, caller, credential, service, foreign }: Forwarding['decision'],
  baggage: string,
  signer: Signer,
  now: number,
): HeaderFields {
  if (identity === null || foreign) return baggage === '' ? noFields : fieldsOf(['baggage', baggage])
  const order = { identity, audience: service, caller, credential: credential?.id ?? null }
  return signer.marks(order, baggage, now)
}

/** Server-sent events: it goes on for as long as somebody listens. */
function isEventStream({ list: headers }: HeaderFields): boolean {
  const [type = ''] = valuesOf({ headers }, 'content-type')
  return /^text\/event-stream\b/i.test(type)
}

function failureProblem(failure: Failure, { decision }: Forwarding): Problem {
  const { service, deadlineMs, route } = decision
  const extra = { service }
  if (failure === 'too large') return bodyTooLarge(maxBodyBytesOf(route)!)
  if (failure === 'slow' || failure === 'malformed') return faultProblem(failure)
  if (failure === 'unreachable')
    return problem('upstream_unreachable', `service ${service} cannot be reached`, { extra })
  if (failure === 'deadline')
    return problem('upstream_timeout', `service ${service} did not answer within ${deadlineMs} ms`, { extra })
  if (failure === 'total')
    return problem('upstream_timeout', `the call was not over within ${totalMsOf(route)} ms`, { extra })
  return problem('upstream_failed', `service ${service} broke off before it answered`, { extra })
}
