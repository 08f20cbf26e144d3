import { problemHeader, requestIdHeader } from '@rockpool/sdk/wire'
import type { Problem } from '../kernel/index.ts'
import type { Answer } from './engines/engine.ts'

// JSON that no browser takes for a page, whatever a request tried to smuggle into it.
const common = ['X-Content-Type-Options', 'nosniff', 'Cache-Control', 'no-store']

/** A problem as RFC 9457 tells it. `allow`: the methods of the path, for a 405. */
export function answerProblem(
  problem: Problem,
  request: string,
  allow: readonly string[] | null = null,
): Answer {
  const headers = [problemHeader, problem.code]
  if (problem.status === 401) headers.push('WWW-Authenticate', 'Bearer realm="rockpool"')
  if (allow) headers.push('Allow', allow.join(', '))
  if (problem.retry && problem.status === 503) headers.push('Retry-After', '1')
  const document = { ...problem.toJSON(), request }
  return answer(problem.status, request, 'application/problem+json', document, headers)
}

export function answerJson(status: number, request: string, value: unknown): Answer {
  return answer(status, request, 'application/json', value, [])
}

/** What a path is served for (RFC 9110 9.3.7). */
export function answerOptions(request: string, allow: readonly string[]): Answer {
  return { status: 204, headers: [requestIdHeader, request, 'Allow', allow.join(', ')], body: '' }
}

function answer(status: number, request: string, type: string, value: unknown, headers: string[]): Answer {
  const body = JSON.stringify(value)
  const length = String(Buffer.byteLength(body))
  return {
    status,
    headers: [
      'Content-Type',
      type,
      'Content-Length',
      length,
      requestIdHeader,
      request,
      ...common,
      ...headers,
    ],
    body,
  }
}
