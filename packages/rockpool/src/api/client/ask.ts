import { askControl } from '@rockpool/client/control'
import type { LooseInput } from '@rockpool/client/control'
import { mediaType, problem, readBytes } from '../../kernel/index.ts'
import type { BytesRule, BytesValue } from '../../kernel/index.ts'
import { problemOf, refusalOf, unexpected } from './failures.ts'

export interface AskOptions {
  /** Origin of control, such as `http://127.0.0.1:8471`. */
  url: string
  /** `rp_control_…`, or a parent's `rp_sandbox_…`; not needed for public operations. */
  credential?: string
  /** Path that the operations stand below, such as `/internal/checks`; a role's credential there is its token. */
  prefix?: string
  /** The command that starts control, to be told where nothing answers; default `rockpool up`. */
  startedBy?: string
}

/** One call, its types forgotten. */
export interface Asked<T> extends LooseInput {
  method: string
  /** For example `/sandboxes/{sandbox}`. */
  path: string
  /** The operation's, for messages. */
  id: string
  /** One line for people: what is under way. */
  summary: string
  /** For an answer that is bytes: `read` is given a BytesValue then, otherwise the JSON. */
  bytes?: BytesRule | undefined
  /** What the body of the answer means; throws where it is none that can be expected. */
  read: (body: unknown) => T
}

export interface CallOptions {
  signal?: AbortSignal
  /** For the whole call, its answer read; default 30 s. */
  timeoutMs?: number
  /** Shown instead of the one that all calls show, at the operation's public path. */
  credential?: string
}

/**
 * Asks control once. Throws the Problem that control answers; `control_unreachable` when there is no answer at all,
 * `deadline_exceeded` when it takes too long, `internal` when it is none that can be expected; the reason of `signal`.
 */
export type Ask = <T>(asked: Asked<T>, options?: CallOptions) => Promise<T>

/** The most that the client takes: our own deadline ends a call, and counts for its body too, which is bytes at times. */
const neverMs = 600_000

/** The way to control, by `@rockpool/client`, with what goes wrong on it told as Problems. */
export function createAsk({
  url,
  credential: usual,
  prefix = '',
  startedBy = 'rockpool up',
}: AskOptions): Ask {
  return async (asked, { signal, timeoutMs = 30_000, credential: other } = {}) => {
    const { method, path, id, bytes, params = {}, query = {}, body, read } = asked
    const credential = other ?? usual
    const options = {
      baseUrl: new URL(url).origin,
      ...(credential ? { credential } : {}),
      timeoutMs: neverMs,
    }
    const timeout = AbortSignal.timeout(timeoutMs)
    const init = {
      headers: {
        accept: ['application/json', 'application/problem+json', ...(bytes?.types ?? [])].join(', '),
      },
      signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
      parseAs: bytes ? ('stream' as const) : ('json' as const),
    }
    const failed = (error: unknown): never => {
      if (signal?.aborted) throw signal.reason
      if (timeout.aborted)
        throw problem('deadline_exceeded', `control at ${url} did not answer within ${timeoutMs} ms`)
      throw problemOf(error, { url, startedBy, id, params })
    }
    const route = `${method} ${other ? '' : prefix}${path}`
    const { data, error, response } = await askControl(options, route, { params, query, body }, init).catch(
      failed,
    )
    if (!response.ok) throw refusalOf(url, response.status, error)
    const answer = bytes ? await bytesOf(response, bytes).catch(failed) : data
    try {
      return read(answer)
    } catch (cause) {
      throw unexpected(url, id, cause)
    }
  }
}

/** The stream is the response's own body: nobody else reads it. */
async function bytesOf(response: Response, { limit }: BytesRule): Promise<BytesValue> {
  const bytes = await readBytes(response, limit)
  return { type: mediaType(response.headers.get('content-type')), bytes }
}
