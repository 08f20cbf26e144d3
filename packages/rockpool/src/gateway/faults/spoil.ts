import { problem } from '../../kernel/index.ts'
import { answerProblem } from '../answers.ts'
import type { Outcome } from '../call.ts'
import type { Answer, End, Exchange, Forward } from '../engines/engine.ts'
import { valuesOf } from '../ground.ts'
import { fieldsOf } from '../header-fields.ts'
import { withoutHeaders } from '../header-list.ts'
import type { Instead, Spoiled } from './suffer.ts'
import type { FaultMet, Missed } from './types.ts'
import { changeFields } from './wrong-field.ts'

/** Of an answer that a field is changed of, in bytes: it has to be held whole. */
const maxBytes = 1024 * 1024

/** What would make the service answer in a form that no field can be changed of. */
const notAsked = new Set(['accept-encoding', 'range', 'if-range'])
/** What is not true any more of an answer that was changed, or must not be kept by anybody. */
const notTrue = ['content-length', 'content-md5', 'digest', 'content-digest', 'repr-digest', 'etag']
const notKept = [...notTrue, 'last-modified', 'cache-control', 'expires', 'age']

interface Spoiling {
  /** Id of the fault. */
  fault: string
  spoiled: Spoiled
  method: string
  /** Id of the request. */
  request: string
}

/** Makes an exchange spoil its answer on purpose; `outcome` is told what became of it. */
export function spoilExchange(exchange: Exchange, spoiling: Spoiling, outcome: Outcome): void {
  const { plan } = exchange
  const answered = exchange.answered.bind(exchange)
  const ended = exchange.ended.bind(exchange)
  const { wrongFields, resetAfterBytes, bytesPerSecond } = spoiling.spoiled
  const met: FaultMet = { id: spoiling.fault, missed: 'no_answer' }
  outcome.fault = met
  if (wrongFields.length > 0 && 'forward' in plan) plan.forward = withoutAsking(plan.forward)

  exchange.answered = (status, headers) => {
    const outgoing = answered(status, headers)
    met.missed = wrongFields.length === 0 ? null : unfit(spoiling.method, status, outgoing.list)
    if (wrongFields.length > 0 && met.missed === null)
      reshape(exchange, status, outgoing.list, spoiling, outcome)
    if (resetAfterBytes !== null || bytesPerSecond !== null)
      exchange.spoil = {
        ...(resetAfterBytes === null ? {} : { resetAfterBytes }),
        ...(bytesPerSecond === null ? {} : { bytesPerSecond }),
      }
    return outgoing
  }
  exchange.ended = (end) => {
    if (exchange.spoil === undefined) return ended(end)
    const isReset = resetAfterBytes !== null && end.bytesOut >= resetAfterBytes
    if (resetAfterBytes !== null && !isReset) met.missed ??= 'too_short'
    outcome.aborted = isReset ? 'fault' : end.aborted
    ended(withoutBlame(end))
  }
}

function withoutAsking(forward: Forward): Forward {
  const headers = withoutHeaders(forward.headers.list, (name) => notAsked.has(name))
  return { ...forward, headers: fieldsOf(headers) }
}

/** Where the answer was broken off or held up on purpose, that tells nothing about the service: nobody leaves it alone for that. */
function withoutBlame(end: End): End {
  return end.aborted === null ? end : { ...end, aborted: 'client' }
}

/** Why no field of this answer can be changed, as far as its head tells. */
function unfit(method: string, status: number, headers: readonly string[]): Missed | null {
  if (method === 'HEAD' || status === 204 || status === 205 || status === 304) return 'no_body'
  const valueOf = (name: string) => valuesOf({ headers }, name)[0] ?? ''
  if (!/^[^;]*[/+]json\s*(;|$)/i.test(valueOf('content-type'))) return 'not_json'
  if (!/^(identity)?$/i.test(valueOf('content-encoding').trim())) return 'encoded'
  return Number(valueOf('content-length')) > maxBytes ? 'too_large' : null
}

function reshape(
  exchange: Exchange,
  status: number,
  outgoing: readonly string[],
  { spoiled, request }: Spoiling,
  outcome: Outcome,
): void {
  // The ledger has to know what the service said, and not what is made of it.
  const { take } = exchange
  exchange.take = null
  /** It can be neither changed nor, any more, passed on as it is. */
  const impossible = (missed: Missed, why: string): Answer => {
    outcome.fault!.missed = missed
    const detail = `a field of the answer was to be changed on purpose, and cannot be: ${why}`
    const refusal = problem('fault_injected', detail)
    outcome.status = refusal.status
    outcome.refused = refusal.code
    return answerProblem(refusal, request)
  }
  exchange.reshape = {
    maxBytes,
    whole(body) {
      if (body === null) return impossible('too_large', 'it has more than 1 MB')
      take?.(body)
      const text = textOf(body)
      if (text === null) return impossible('not_json', 'it is not UTF-8')
      const changed = changeFields(text, spoiled.wrongFields)
      outcome.fault!.missed = changed.missed
      const gone = changed.text === text ? ['content-length'] : notKept
      const headers = withoutHeaders(outgoing, (name) => gone.includes(name))
      if (changed.text !== text) headers.push('Cache-Control', 'no-store')
      headers.push('Content-Length', String(Buffer.byteLength(changed.text)))
      return { status, headers, body: changed.text }
    },
  }
}

function textOf(body: Buffer): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(body)
  } catch {
    return null
  }
}

/** What is told instead of the service's answer. Of a reset nothing goes out. */
export function answerInstead({ problem: refusal, as }: Instead, request: string): Answer {
  const answer = answerProblem(refusal, request)
  if (typeof as === 'string') return answer
  const bare = withoutHeaders(answer.headers, (name) =>
    /^(content-type|content-length|retry-after)$/.test(name),
  )
  return { status: as.status, headers: [...bare, 'Content-Length', '0'], body: '' }
}
