import { Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import {
  bodyTooLarge,
  bytesAnswer,
  bytesRuleOf,
  problem,
  type BytesValue,
  type Caller,
  type Handled,
  type HandlerInput,
  type Operation,
} from '../kernel/index.ts'
import { remoteOf, type ApiEnv } from './answers.ts'
import { roleOf } from './authenticate.ts'
import { readInput } from './input.ts'
import type { Live } from './live/live.ts'
import { openLive } from './live/operations.ts'
import type { Room } from './room.ts'
import type { InternalRoutes } from './types.ts'

/** A gateway reports its ledger in batches. */
const maxInternalBodyBytes = 8 * 1024 * 1024

type Authenticate = (headers: Headers, operation: Operation) => Promise<Caller>

/** Credential, scope and bounds; input, with all findings; handler; answer. */
export function mountOperation(
  app: Hono<ApiEnv>,
  { operation, handler }: Handled,
  authenticate: Authenticate,
  room: Room,
): void {
  const [[status, answer]] = Object.entries(operation.answers) as [[string, Operation['answers'][number]]]
  app.on(operation.method, operation.path.replaceAll(/\{(\w+)\}/g, ':$1'), async (c) => {
    const caller = operation.scope === 'public' ? undefined : await authenticate(c.req.raw.headers, operation)
    if (caller) c.set('by', caller.credential)
    const exchange = { request: c.req.raw.headers, answer: new Headers(), remote: remoteOf(c) }
    const call = async () => {
      const input = await readInput(operation, c.req.raw, c.req.param())
      const given = { ...input, caller, request: c.get('request'), signal: c.req.raw.signal, exchange }
      return handler(given as HandlerInput<Operation>)
    }
    const isLarge = bytesRuleOf(operation.body) !== undefined
    const result = isLarge ? await room.within(caller?.credential ?? 'anybody', call) : await call()
    const headers = exchange.answer
    if (answer === null || answer === undefined)
      return new Response(null, { status: Number(status), headers })
    // Parsed once more on the way out: what the operation does not declare never leaves.
    const body = answer.safeParse(result)
    if (!body.success)
      throw new Error(`the answer of ${operation.id} is not as declared: ${body.error.message}`)
    if (bytesRuleOf(answer)) return bytesAnswer(body.data as BytesValue, Number(status))
    headers.set('content-type', 'application/json')
    return new Response(JSON.stringify(body.data), { status: Number(status), headers })
  })
}

export function mountLive(app: Hono<ApiEnv>, live: Live, authenticate: Authenticate): void {
  app.get(openLive.path, async (c) => {
    const caller = await authenticate(c.req.raw.headers, openLive)
    c.set('by', caller.credential)
    // Hono answers HEAD as GET, and would leave a stream open that nobody reads.
    return c.req.method === 'HEAD' ? c.body(null) : live.open(caller, c.req.raw.signal)
  })
}

/** A part's own routes, behind the token of a role. */
export function mountInternal(
  app: Hono<ApiEnv>,
  routes: InternalRoutes,
  tokens: Readonly<Record<string, string>>,
): void {
  const { prefix, roles, maxBodyBytes = maxInternalBodyBytes } = routes
  const limit = bodyLimit({
    maxSize: maxBodyBytes,
    onError: () => Promise.reject(bodyTooLarge(maxBodyBytes)),
  })
  app.use(`${prefix}/*`, async (c, next) => {
    const role = roleOf(c.req.header('authorization'), tokens)
    c.set('by', `role ${role}`)
    if (!roles.includes(role)) throw problem('scope_missing', `the role ${role} may not call this`)
    await next()
  })
  app.use(`${prefix}/*`, limit)
  const below = new Hono()
  routes.mount(below)
  app.route(prefix, below)
}
