import { messageOf, version } from '../../../kernel/index.ts'
import { retryAfterMs } from './schedule.ts'
import type { Outcome } from './types.ts'

export interface Attempt {
  url: string
  headers: Record<string, string>
  body: string
  /** Of an outcome's `Retry-After`; milliseconds since 1970. */
  now: number
}

/**
 * One POST, without redirects, within `ms` milliseconds. Of the answer counts the status alone: its body is not read, so
 * that it can be as long as it likes, and nothing of what a receiver says is kept.
 * @throws the signal's reason, where it is given up: then nobody knows whether it arrived
 */
export async function post(attempt: Attempt, ms: number, stopped: AbortSignal): Promise<Outcome> {
  const deadline = AbortSignal.timeout(ms)
  try {
    const answer = await fetch(attempt.url, {
      method: 'POST',
      headers: {
        ...attempt.headers,
        'content-type': 'application/json',
        'user-agent': `rockpool/${version}`,
      },
      body: attempt.body,
      redirect: 'manual',
      signal: AbortSignal.any([deadline, stopped]),
    })
    // Nobody waits for a body that does not end.
    answer.body?.cancel().catch(() => {})
    return outcomeOf(answer, attempt.now)
  } catch (error) {
    stopped.throwIfAborted()
    if (deadline.aborted) return failed(`no answer came within ${ms / 1_000} s`)
    // Of a connection that fails fetch says the reason as its cause alone.
    const cause = error instanceof TypeError && error.cause !== undefined ? error.cause : error
    return failed(`it cannot be reached: ${messageOf(cause)}`)
  }
}

/** Pure. */
function outcomeOf({ status, headers }: Response, now: number): Outcome {
  if (status >= 200 && status < 300) return { told: true }
  const isRedirect = status >= 300 && status < 400
  return {
    ...failed(`it answered ${status}${isRedirect ? ', and redirects are not followed' : ''}`),
    isGone: status === 410,
    retryAfterMs: retryAfterMs(headers.get('retry-after'), now),
  }
}

const mostLetters = 300

/** An attempt that did not arrive, for a reason that passes. Pure. */
export function failed(failure: string): Outcome & { told: false } {
  return { told: false, failure: failure.slice(0, mostLetters), isGone: false, retryAfterMs: 0 }
}
