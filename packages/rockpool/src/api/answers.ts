import type { Context } from 'hono'
import { problem, toProblem, type Problem } from '../kernel/index.ts'

/** Header with the id of the request, in every answer and in the log. */
export const requestHeader = 'rockpool-request'

/** What the middleware and the routes tell each other about one request. */
export interface ApiEnv {
  /** What the server of `listen` gives with a request. */
  Bindings: { incoming?: { socket?: { remoteAddress?: string } } }
  Variables: {
    /** Its id, `req_…`. */
    request: string
    /** The operation that it calls, once that is known. */
    operation?: string
    /** Id of the credential, or name of the role, once that is known. */
    by?: string
  }
}

/** An RFC 9457 document; a 401 says how to authenticate (RFC 9110, 11.6.1), a 503 when to come back. */
export function problemAnswer(
  c: Context<ApiEnv>,
  refused: Problem,
  headers: Record<string, string> = {},
): Response {
  const more: Record<string, string> = { ...headers }
  if (refused.status === 401) more['www-authenticate'] = 'Bearer realm="rockpool control"'
  if (refused.status === 503) more['retry-after'] = '1'
  return new Response(JSON.stringify({ ...refused.toJSON(), request: c.get('request') }), {
    status: refused.status,
    headers: { 'content-type': 'application/problem+json', 'rockpool-problem': refused.code, ...more },
  })
}

/** Address of whoever connected; null for a request that came through no server. */
export function remoteOf(c: Context<ApiEnv>): string | null {
  return (c.env as ApiEnv['Bindings'] | undefined)?.incoming?.socket?.remoteAddress ?? null
}

/** What a handler threw, as a Problem: a failed connection to Postgres and our own mistakes tell nothing of the inside. */
export function refusalOf(error: unknown): Problem {
  const known = toProblem(error)
  if (known.code !== 'database_unreachable') return known
  return problem('database_unreachable', 'the database cannot be reached; try again', { cause: error })
}
