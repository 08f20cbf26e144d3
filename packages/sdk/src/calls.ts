import type { Context } from './context.ts'
import { problem } from './errors.ts'
import { nextTraceparent } from './trace.ts'
import { identityHeader, isReservedHeader } from './wire.ts'

export interface CallsOptions {
  gatewayUrl: string
  credential: string
  context: () => Context | undefined
  fetch?: typeof globalThis.fetch
}

/**
 * Calls to other services, through the gateway and as whoever this work is for.
 * @throws Problem `identity_missing`, `identity_not_signed`, `call_refused`; whatever `fetch` throws
 */
export function createCalls({
  gatewayUrl,
  credential,
  context,
  fetch = globalThis.fetch,
}: CallsOptions): (path: string, init?: RequestInit) => Promise<Response> {
  const origin = new URL(gatewayUrl).origin
  return async (path, init = {}) => {
    const current = context()
    if (!current)
      throw problem(
        'identity_missing',
        `a call to ${path} needs an identity: it was made outside of any request, event or runAs()`,
      )
    if (!current.token)
      throw problem(
        'identity_not_signed',
        `a call to ${path} needs a signed identity: give runAs() what storeIdentity() returned`,
      )
    const url = URL.parse(path, origin)
    // The credential and the identity go to the gateway and nowhere else.
    if (!path.startsWith('/') || url?.origin !== origin)
      throw problem(
        'call_refused',
        `rockpool.fetch takes a path at the gateway such as /harbor/items, not ${path}`,
      )
    const headers = new Headers(init.headers)
    for (const name of Array.from(headers.keys())) if (isReservedHeader(name)) headers.delete(name)
    headers.set('authorization', `Bearer ${credential}`)
    headers.set(identityHeader, current.token)
    headers.set('traceparent', nextTraceparent(current))
    // A redirect elsewhere would take the identity along.
    return await fetch(url, { ...init, headers, redirect: 'manual' })
  }
}
