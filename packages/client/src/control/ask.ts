import { createClient } from '../client.ts'
import type { ClientOptions, LooseInit } from '../types.ts'

/** What an operation is called with, its types forgotten. */
export interface LooseInput {
  params?: Record<string, unknown>
  query?: Record<string, unknown>
  body?: unknown
}

/** Exactly one of `data` and `error` holds what control answered; which one is told by `response.ok`. */
export interface Answered {
  data?: unknown
  error?: unknown
  response: Response
}

/** Where control is, and what it is shown. */
export type ControlOptions = Pick<ClientOptions, 'baseUrl' | 'credential' | 'headers' | 'timeoutMs'>

/**
 * Asks control once. `route` is a method and a path, such as `GET /sandboxes/{sandbox}`. There is no second attempt: control
 * keeps no idempotency keys, so that what got no answer may have been done, and only whoever asks knows whether to ask again.
 *
 * @throws ClientError when there is no answer to work with; the reason of `signal`
 */
export async function askControl(
  options: ControlOptions,
  route: string,
  { params = {}, query = {}, body }: LooseInput,
  init: Pick<LooseInit, 'headers' | 'signal' | 'parseAs'> = {},
): Promise<Answered> {
  const space = route.indexOf(' ')
  const client = createClient({ ...options, environment: null, retries: false })
  const request = client.request as unknown as LooseRequest
  return request(route.slice(0, space), route.slice(space + 1), {
    ...init,
    params: { path: params, query },
    body,
  })
}

type LooseRequest = (method: string, path: string, init: LooseInit) => Promise<Answered>
