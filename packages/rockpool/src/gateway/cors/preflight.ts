import { requestIdHeader, reservedPath } from '@rockpool/sdk/wire'
import type { Decision } from '../decision.ts'
import type { Answer } from '../engines/engine.ts'
import { nothingKnown, valuesOf } from '../ground.ts'
import type { RequestHead } from '../ground.ts'
import { readTarget } from '../router.ts'
import type { Directory } from '../snapshot.ts'
import { originOf, preflightHeaders } from './cors.ts'

export interface Preflight {
  decision: Extract<Decision, { kind: 'options' }>
  answer: Answer
}

/**
 * Answers what a browser asks before a call from a page of another origin: OPTIONS with `Origin` and
 * `Access-Control-Request-Method` (Fetch standard, CORS protocol, HTTP requests). Browsers send no credential with it, so
 * none is judged. Null where it is no such question, or the service has no policy: then the request goes its usual way.
 *
 * The status says nothing: a browser reads the headers. They are withheld from an origin that may not read.
 */
export function answerPreflight(directory: Directory, head: RequestHead, request: string): Preflight | null {
  if (head.method !== 'OPTIONS') return null
  const [method, ...more] = valuesOf(head, 'access-control-request-method')
  const origin = originOf(head)
  if (method === undefined || more.length > 0 || origin === undefined) return null
  const target = readTarget(head.target)
  if (!target.ok || `/${target.segments[0]}/` === reservedPath) return null
  const routing = directory.router.find(method, target.segments)
  if (routing.kind === 'none') return null
  const { service, route } = routing.match
  const policy = directory.services.get(service)?.cors
  if (policy === undefined) return null
  // Of the path's methods; a browser that does not find its own there makes no call.
  const allow = routing.kind === 'match' ? [method] : routing.allow.filter((name) => name !== 'OPTIONS')
  return {
    decision: { kind: 'options', ...nothingKnown, service, route, allow },
    answer: {
      status: 204,
      headers: [requestIdHeader, request, ...preflightHeaders(policy, origin, allow)],
      body: '',
    },
  }
}
