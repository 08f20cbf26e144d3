import { isJson } from '../negotiate.ts'
import { headerValues } from '../../requests/index.ts'
import type { Value } from '../../requests/index.ts'
import type { Json, Operation } from '../../types.ts'
import type { MockAnswer, MockRequest } from '../types.ts'
import { resolveTarget } from './expression.ts'
import type { Exchange, Message, PlannedCall } from './types.ts'

/** A request that was answered. */
export interface Answered {
  operation: Operation
  request: MockRequest
  /** Of the path. */
  parameters: Readonly<Record<string, string>>
  organization: string
  /** Of the request, as the contract's types have it. */
  body: Value | undefined
  answer: MockAnswer
}

export type CallPlanner = (answered: Answered) => PlannedCall[]

/**
 * Says which callbacks an answer has: all that its operation declares, if it says that things went well. Those of one
 * callback are counted, so that each has values of its own: who receives events tells them apart by their ids.
 */
export function createCallPlanner(): CallPlanner {
  const counts = new Map<Operation, number>()
  return (answered) => {
    const { operation, request, answer, organization } = answered
    const isDone = answer.status >= 200 && answer.status < 300 && request.method === operation.method
    if (!isDone || operation.callbacks.length === 0) return []
    const exchange = exchangeOf(answered)
    return operation.callbacks.flatMap(({ name, operations }) =>
      operations.map((to) => {
        const number = (counts.get(to) ?? 0) + 1
        counts.set(to, number)
        const key = `${organization} ${operation.id} callback ${name} ${to.method} ${to.path} ${number}`
        const target = resolveTarget(to.path, exchange)
        return { operation: operation.id, name, to, target, key, follows: { operation, exchange } }
      }),
    )
  }
}

function exchangeOf({ request, parameters, body, answer }: Answered): Exchange {
  const { method, target, headers, origin } = request
  return {
    url: origin && origin + target,
    method,
    status: answer.status,
    request: {
      header: headerIn(headers),
      query: (name) => new URLSearchParams(target.split('?').slice(1).join('?')).get(name) ?? undefined,
      path: (name) => (Object.hasOwn(parameters, name) ? parameters[name] : undefined),
      body: () => body,
    },
    response: {
      header: headerIn(answer.headers),
      query: () => undefined,
      path: () => undefined,
      body: () => bodyOf(answer),
    },
  }
}

function headerIn(headers: readonly string[]): Message['header'] {
  return (name) => {
    const values = headerValues(headers, name)
    return values.length === 0 ? undefined : values.join(', ')
  }
}

/** A stream is not waited for. */
function bodyOf({ headers, body }: MockAnswer): Value | undefined {
  if (typeof body !== 'string') return undefined
  const type = headerValues(headers, 'content-type')[0] ?? ''
  return isJson(type) && body !== '' ? (JSON.parse(body) as Json) : body
}
