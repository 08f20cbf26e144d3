import { problem } from '../../../kernel/index.ts'
import type { Finding, Problem } from '../../../kernel/index.ts'
import { isObject } from '../../json-object.ts'
import { headerValues } from '../../requests/index.ts'
import type { Contract, Operation } from '../../types.ts'
import { isJson } from '../negotiate.ts'
import { answerProblem } from '../problem.ts'
import type { MockAnswer, MockRequest } from '../types.ts'
import type { CallSender } from './sender.ts'

/** Names that are told to who asks for one that there is not. */
const mostTold = 50

export interface Webhooks {
  /** Sends one, and answers with what came of it. `encoded`: its name, as in a path. Never rejects. */
  answer(encoded: string, request: MockRequest): Promise<MockAnswer>
}

/** The webhooks of a contract, sent to whom the body of a request names: `{ "url": …, "method": … }`. */
export function createWebhooks(contract: Contract, sender: CallSender): Webhooks {
  const counts = new Map<Operation, number>()

  async function sent(to: Operation, url: string): Promise<MockAnswer> {
    const number = (counts.get(to) ?? 0) + 1
    counts.set(to, number)
    const key = `webhook ${to.path} ${to.method} ${number}`
    const call = { operation: null, name: to.path, to, target: { url }, key, follows: null }
    const { told, answer, failure } = await sender.send(call)
    if (failure !== null)
      return answerProblem(problem(failure.code, failure.detail, { extra: { call: told } }))
    const body = JSON.stringify({ ...told, answer })
    return { status: 200, headers: ['Content-Type', 'application/json'], body }
  }

  return {
    async answer(encoded, request) {
      const found = webhookOf(contract, encoded)
      if (!Array.isArray(found)) return answerProblem(found)
      const asked = readAsked(request, found)
      if ('problem' in asked) return answerProblem(asked.problem)
      const refusal = sender.refusal(asked.url)
      if (refusal === null) return sent(asked.to, asked.url)
      const findings = [{ path: 'url', message: refusal }]
      return answerProblem(problem('invalid_input', 'the webhook is not sent', { findings }))
    },
  }
}

/** Its operations, one of each method. */
function webhookOf({ webhooks }: Contract, encoded: string): Operation[] | Problem {
  const found = webhooks.filter(({ path }) => path === decoded(encoded))
  if (found.length > 0) return found
  const names = [...new Set(webhooks.map(({ path }) => path))]
  const more = names.length > mostTold ? `, and ${names.length - mostTold} more` : ''
  const there = names.length === 0 ? 'none' : names.slice(0, mostTold).join(', ') + more
  return problem('not_found', `the contract has no webhook ${encoded.slice(0, 100)}: there is ${there}`)
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

type Asked = { to: Operation; url: string } | { problem: Problem }

/** As JSON alone: a page in a browser cannot send that here unasked. */
function readAsked({ headers, body }: MockRequest, operations: readonly Operation[]): Asked {
  const type = headerValues(headers, 'content-type')[0] ?? ''
  if (!isJson(type))
    return { problem: problem('unsupported_media_type', 'send JSON: Content-Type: application/json') }
  let given: unknown
  try {
    given = JSON.parse(body?.toString('utf8') ?? '')
  } catch {
    return { problem: problem('malformed_request', 'the body is no JSON') }
  }
  const { url, method, ...others } = isObject(given) ? given : {}
  const findings: Finding[] = Object.keys(others)
    .slice(0, 20)
    .map((name) => ({
      path: name.slice(0, 100),
      message: 'there is no such member: it takes url and method',
    }))
  if (typeof url !== 'string')
    findings.push({ path: 'url', message: 'must be the URL that the webhook is sent to' })
  const methods = operations.map((operation) => operation.method).join(', ')
  const to =
    operations.find((operation) => operation.method === (method ?? 'POST')) ??
    (method === undefined ? operations[0] : undefined)
  if (to === undefined) findings.push({ path: 'method', message: `the contract declares ${methods}` })
  if (typeof url === 'string' && to !== undefined && findings.length === 0) return { to, url }
  return { problem: problem('invalid_input', 'the webhook is not sent', { findings }) }
}
