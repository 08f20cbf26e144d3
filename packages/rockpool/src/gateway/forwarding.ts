import { requestIdHeader } from '@rockpool/sdk/wire'
import { bodyTooLarge, problem } from '../kernel/index.ts'
import type { Problem, ProblemCode } from '../kernel/index.ts'
import { answerProblem, faultProblem } from './answers.ts'
import type { Call } from './call.ts'
import { memoOf, valuesOf } from './ground.ts'
import type { Decision } from './decision.ts'
import { spoilExchange } from './faults/spoil.ts'
import { isOfBody } from './engines/engine.ts'
import type { ClientHead, End, Exchange, Failure, Forward } from './engines/engine.ts'
import { fieldsOf, joinFields, noFields, writtenFields } from './header-fields.ts'
import type { HeaderFields } from './header-fields.ts'
import type { Passed } from './header-memo.ts'
import type { Signer } from './identity.ts'
import { createAnswerReader } from './ledger-answer.ts'
import type { AnswerReader } from './ledger-answer.ts'
import type { LedgerAnswer } from './ledger.ts'
import { endingOf } from './limits/ending.ts'
import type { Ticket } from './limits/limits.ts'
import type { Outcome } from './call.ts'
import { placeOf } from './place.ts'
import { mayName } from './releases/choose.ts'
import { releaseHeader } from './releases/names.ts'
import { maxBodyBytesOf, totalMsOf } from './route-limits.ts'
import { stripAnswer, stripRequest, stripResponse } from './strip.ts'
import type { KeptOfRequest } from './strip.ts'

export type Forwarding = Call & { decision: Extract<Decision, { kind: 'forward' }> }

export interface ForwardingOptions {
  signer: Signer
  now: () => number
  /** The ledger wants to know what the call created. */
  recorded: boolean
  /** Its place at the service, which is given back when all is over. */
  ticket: Ticket
  /** It has left HTTP; `cut` breaks it off. Gives what is called when it is over. */
  onTunnel: (cut: (why: ProblemCode) => void) => () => void
  onFailure: (failure: Failure, detail: string) => void
  onEnd: (outcome: Outcome, end: End, answer: LedgerAnswer, now: number) => void
}

/** The exchange of a call that goes to a service. */
export function forward(call: Forwarding, options: ForwardingOptions): Exchange {
  const { request, decision } = call
  const now = options.now()
  // Beside a credential of ours elsewhere, it is the service's own; a user's token is told only where that is configured.
  const isToService = decision.via !== 'authorization' || decision.user?.issuer.forwardToken === true
  const kept = { authorization: isToService, tracestate: call.trace.continued }
  const incoming = passOn(call.head, kept)
  // The identity that a service sends on is no forged one, nor are the credential's header and that of a release.
  const releases = mayName(decision.credential) ? valuesOf(call.head, releaseHeader).length : 0
  const expected = (decision.caller === null ? 0 : 1) + (decision.via === 'header' ? 1 : 0) + releases
  const outcome: Outcome = {
    status: null,
    refused: null,
    decideMs: now - call.started,
    upstreamMs: null,
    stripped: incoming.stripped - expected,
  }
  let reader: AnswerReader | undefined
  let failed: Failure | null = null
  let leaveTunnel: (() => void) | undefined
  let answer = noFields

  /** The head of the service's answer, as the client gets it. */
  function begin(status: number, headers: HeaderFields): HeaderFields {
    outcome.status = status
    outcome.upstreamMs = options.now() - now
    options.ticket.answered()
    const outgoing = stripAnswer(headers)
    outcome.stripped += outgoing.stripped
    const own = writtenFields(`${requestIdHeader}: ${request}\r\n`)
    if (outgoing.baggage === '') return joinFields(outgoing.fields, options.ticket.headers, own)
    return joinFields(outgoing.fields, fieldsOf(['baggage', outgoing.baggage]), options.ticket.headers, own)
  }

  const exchange: Exchange = {
    plan: { forward: toForward(call, incoming, options.signer, now) },
    take: null,
    interim(headers) {
      const outgoing = stripResponse(headers)
      outcome.stripped += outgoing.stripped
      return outgoing.headers
    },
    answered(status, headers) {
      if (options.recorded) {
        reader = createAnswerReader(headers.list)
        exchange.take = reader.take
      }
      answer = headers
      return begin(status, headers)
    },
    // What was written for the route counts for every answer.
    isEndless: () => decision.route.totalMs === undefined && isEventStream(answer),
    switched: (headers) => [...begin(101, fieldsOf(headers)).list],
    tunnelled(cut) {
      leaveTunnel = options.onTunnel((why) => {
        outcome.refused = why
        cut()
      })
    },
    trailers(headers) {
      const outgoing = stripResponse(headers)
      outcome.stripped += outgoing.stripped
      return outgoing.headers
    },
    failed(failure, detail) {
      if (!isOfBody(failure)) options.onFailure(failure, detail)
      failed = failure
      const refusal = failureProblem(failure, call)
      outcome.status = refusal.status
      outcome.refused = refusal.code
      return answerProblem(refusal, request, null, options.ticket.headers.list)
    },
    ended(end) {
      const answered = outcome.upstreamMs !== null
      leaveTunnel?.()
      // Once it has switched, the service has answered, whatever ends the tunnel.
      const ending = leaveTunnel ? 'answered' : endingOf(call.head, end, { failure: failed, answered })
      const now = options.now()
      options.ticket.release(ending, now)
      const location = reader?.location ?? null
      const resource = reader?.resource() ?? null
      const whole = answered && (end.aborted === null || (location ?? resource) !== null)
      // Without its answer nobody knows what the service did, unless it never got the call.
      const known = whole || failed === 'unreachable' ? 'done' : 'doubtful'
      options.onEnd(outcome, end, { status: outcome.status, location, resource, outcome: known }, now)
    },
  }
  const { suffered } = decision
  if (suffered !== null && suffered.spoiled !== null)
    spoilExchange(
      exchange,
      { fault: suffered.fault, spoiled: suffered.spoiled, method: call.head.method, request },
      outcome,
    )
  return exchange
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
