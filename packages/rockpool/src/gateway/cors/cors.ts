import type { Answer, Exchange } from '../engines/engine.ts'
import { valuesOf } from '../ground.ts'
import type { RequestHead } from '../ground.ts'
import { fieldsOf } from '../header-fields.ts'
import { withoutHeaders } from '../header-list.ts'
import { instead } from '../shapes/instead.ts'
import { allowsOrigin } from './policy.ts'
import type { CorsPolicy } from './policy.ts'

/*
 *   page of another origin ──► browser ──► OPTIONS, with the method and the headers that it wants ──► preflight.ts
 *                                     ──► the call itself ──► service ──► answer ──► withCors: may the page read it?
 */

/** What the gateway itself reads of a request, and a page cannot send without asking. */
const ownHeaders = ['Authorization', 'Content-Type', 'Idempotency-Key', 'Rockpool-Credential']
/** What the gateway itself tells in an answer, and a page could not read without this. */
const ownExposed = [
  'Location',
  'RateLimit',
  'RateLimit-Policy',
  'Retry-After',
  'Rockpool-Problem',
  'Rockpool-Request',
]

/** The origin that the request names; undefined where it names none, or more than one. */
export function originOf(head: Pick<RequestHead, 'headers'>): string | undefined {
  const origins = valuesOf(head, 'origin')
  return origins.length === 1 ? origins[0] : undefined
}

/**
 * What an answer says to the browser (Fetch standard, CORS protocol, HTTP responses): names and values in turns. The one
 * origin that asks, never `*`, which would be wrong beside credentials. Caches must keep the answers apart in any case. Pure.
 */
export function corsHeaders(policy: CorsPolicy, origin: string | undefined): string[] {
  if (origin === undefined || !allowsOrigin(policy, origin)) return ['Vary', 'Origin']
  const credentials = policy.credentials ? ['Access-Control-Allow-Credentials', 'true'] : []
  const exposed = [...ownExposed, ...policy.expose].join(', ')
  return [
    'Access-Control-Allow-Origin',
    origin,
    ...credentials,
    'Access-Control-Expose-Headers',
    exposed,
    'Vary',
    'Origin',
  ]
}

/** What a browser is told before a call, beside what every answer says. A refused origin is told nothing. Pure. */
export function preflightHeaders(
  policy: CorsPolicy,
  origin: string | undefined,
  methods: readonly string[],
): string[] {
  const vary = ['Vary', 'Access-Control-Request-Method, Access-Control-Request-Headers']
  if (origin === undefined || !allowsOrigin(policy, origin)) return vary
  return [
    'Access-Control-Allow-Methods',
    methods.join(', '),
    'Access-Control-Allow-Headers',
    [...ownHeaders, ...policy.headers].join(', '),
    'Access-Control-Max-Age',
    String(policy.maxAgeS),
    ...vary,
  ]
}

/** An answer of the gateway's own, as pages may read it. Pure. */
export function answerWithCors(answer: Answer, policy: CorsPolicy, origin: string | undefined): Answer {
  return { ...answer, headers: [...answer.headers, ...corsHeaders(policy, origin)] }
}

/** The exchange with a service whose answers pages may read: the policy counts, and nothing that the service says about it. */
export function exchangeWithCors(
  exchange: Exchange,
  policy: CorsPolicy,
  origin: string | undefined,
): Exchange {
  const told = (answer: Answer) => answerWithCors(answer, policy, origin)
  const bare = (answer: Answer): Answer => ({ ...answer, headers: withoutCors(answer.headers) })
  const wrapped: Exchange = instead(exchange, {
    answered(status, headers) {
      const left = withoutCors(exchange.answered(status, headers).list)
      const { reshape } = exchange
      if (reshape) wrapped.reshape = { ...reshape, whole: (body) => told(bare(reshape.whole(body))) }
      return fieldsOf([...left, ...corsHeaders(policy, origin)])
    },
    failed: (failure, detail) => told(exchange.failed(failure, detail)),
  })
  return wrapped
}

/** Without what a service says about CORS. Pure. */
export function withoutCors(headers: readonly string[]): string[] {
  return withoutHeaders(headers, (name) => name.startsWith('access-control-'))
}
