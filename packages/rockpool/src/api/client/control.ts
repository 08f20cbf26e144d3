import type { Answer, Input, LooseInput, RouteName } from '@rockpool/client/control'
import { mostBytes } from '../../kernel/index.ts'
import type { BytesValue } from '../../kernel/index.ts'
import type { Ask, Asked, CallOptions } from './ask.ts'
import { controlRoutes } from './routes.ts'

type RouteOptions = Pick<CallOptions, 'signal' | 'timeoutMs'>

/** Calls the control API by what its own document says: a route such as `GET /sandboxes/{sandbox}` gives all types. */
export interface ControlClient {
  /** The body of the answer. Throws as Ask says. */
  call<R extends RouteName>(route: R, input: Input<R>, options?: RouteOptions): Promise<Answer<R>>
  /** The same for an answer that is bytes, 32 MB at most. */
  callBytes<R extends RouteName>(route: R, input: Input<R>, options?: RouteOptions): Promise<BytesValue>
}

const anyBytes = { types: ['*/*;q=0.5'], limit: mostBytes }

/** The client that the command line uses. */
export function createControlClient(ask: Ask): ControlClient {
  return {
    call: (route, input, options) =>
      ask(
        askedOf(route, input, (body) => withMembers(body, controlRoutes[route].has) as never),
        options,
      ),
    callBytes: (route, input, options) =>
      ask({ ...askedOf(route, input, (body) => body as BytesValue), bytes: anyBytes }, options),
  }
}

function askedOf<T>(route: RouteName, input: LooseInput, read: (body: unknown) => T): Asked<T> {
  const { id, summary } = controlRoutes[route]
  const [method = '', path = ''] = route.split(' ')
  return { method, path, id, summary, ...input, read }
}

/** Held against what the commands would stumble over first: a control of another version is told as that. */
function withMembers(body: unknown, names: readonly string[]): unknown {
  const missing = names.filter((name) => !(typeof body === 'object' && body !== null && name in body))
  if (missing.length > 0) throw new Error(`the answer has no ${missing.join(', ')}`)
  return body
}
