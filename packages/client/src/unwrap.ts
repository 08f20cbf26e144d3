import { ApiError } from './errors.ts'
import { readRetryAfter } from './retry.ts'

/**
 * What a call answered, or an `ApiError`: for `GET`, `POST` and so on, which resolve with both. `operation`: how errors name it.
 *
 *     const pet = unwrap(await client.GET('/pets/{pet}', { params: { path: { pet } } }))
 */
export function unwrap<Data>(
  { data, error, response }: { data?: Data; error?: unknown; response: Response },
  operation = 'the call',
): Data {
  // By the status: a refusal may have no body at all.
  if (response.ok) return data as Data
  const retryAfterMs = readRetryAfter(response.headers.get('retry-after'), Date.now())
  throw new ApiError({ operation, response, body: error === '' ? undefined : error, retryAfterMs })
}
