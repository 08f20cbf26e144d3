import { problemHeader, requestIdHeader } from '@rockpool/sdk/wire'
import { problem } from '../kernel/index.ts'
import type { Problem, ProblemCode } from '../kernel/index.ts'
import type { Answer, Fault } from './engines/engine.ts'
import { webSocketVersion } from './upgrade.ts'

// JSON that no browser takes for a page, whatever a request tried to smuggle into it.
const common = ['X-Content-Type-Options', 'nosniff', 'Cache-Control', 'no-store']

/** A problem as RFC 9457 tells it. `allow`: the methods of the path, for a 405. `more`: names and values in turns. */
export function answerProblem(
  refusal: Problem,
  request: string,
  allow: readonly string[] | null = null,
  more: readonly string[] = [],
): Answer {
  const headers = [problemHeader, refusal.code]
  if (refusal.status === 401)
    headers.push('WWW-Authenticate', `Bearer realm="rockpool"${errorOf(refusal.code)}`)
  // RFC 9110 15.5.22 and RFC 6455 4.2.2: what could be spoken instead.
  if (refusal.status === 426)
    headers.push(
      'Connection',
      'Upgrade, close',
      'Upgrade',
      'websocket',
      'Sec-WebSocket-Version',
      webSocketVersion,
    )
  if (allow) headers.push('Allow', allow.join(', '))
  if (refusal.retry && refusal.status === 503 && !more.includes('Retry-After'))
    headers.push('Retry-After', '1')
  headers.push(...more)
  const document = { ...refusal.toJSON(), request }
  return answer(refusal.status, request, 'application/problem+json', document, headers)
}

/** RFC 6750 3.1: whose token does not count any more should get another one. */
function errorOf(code: ProblemCode): string {
  return code === 'token_refused' ? ', error="invalid_token"' : ''
}

/** A problem as a page of plain text, for who followed a link in a browser. Nothing of the request is in it. */
export function answerPage(refusal: Problem, request: string): Answer {
  const [title, detail] = [refusal.title, refusal.detail].map(escape)
  const body = `<!doctype html><html lang="en"><meta charset="utf-8"><title>${title}</title><h1>${title}</h1><p>${detail}</p></html>\n`
  const policy = ['Content-Security-Policy', `default-src 'none'; frame-ancestors 'none'`]
  const headers = [...policy, 'Referrer-Policy', 'no-referrer', problemHeader, refusal.code]
  return answerText(refusal.status, request, 'text/html; charset=utf-8', body, headers)
}

function escape(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)
}

/** To what is no request that could be opened. */
export function answerFault(fault: Fault, request: string): Answer {
  return answerProblem(faultProblem(fault), request)
}

export const faultProblem = (fault: Fault): Problem => problem(...faults[fault])

const faults: Record<Fault, [ProblemCode, string]> = {
  malformed: ['malformed_request', 'this is not a valid HTTP request'],
  'headers too large': ['headers_too_large', 'the head of a request may have 16 KB at most'],
  slow: ['request_timeout', 'the request did not arrive in time'],
  connect: ['upgrade_refused', 'this is no proxy for tunnels: CONNECT is refused'],
}

export function answerJson(status: number, request: string, value: unknown): Answer {
  return answer(status, request, 'application/json', value, [])
}

/** What a path is served for (RFC 9110 9.3.7). */
export function answerOptions(request: string, allow: readonly string[]): Answer {
  return { status: 204, headers: [requestIdHeader, request, 'Allow', allow.join(', ')], body: '' }
}

function answer(status: number, request: string, type: string, value: unknown, headers: string[]): Answer {
  return answerText(status, request, type, JSON.stringify(value), headers)
}

function answerText(status: number, request: string, type: string, body: string, headers: string[]): Answer {
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
