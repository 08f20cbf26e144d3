import { withoutSecrets } from './credential.ts'
import { ClientError } from './errors.ts'
import { pauseBefore, readRetryAfter } from './retry.ts'
import type { Outcome, RetryRules } from './retry.ts'

export interface Attempts {
  fetch: (request: Request) => Promise<Response>
  /** For messages. */
  operation: string
  /** A credential that no message may hold. */
  shown: string | undefined
  /** Null: one attempt. */
  retries: RetryRules | null
  timeoutMs: number
  /** Of whoever calls. */
  signal: AbortSignal | null
  isRepeatable: boolean
  isReplayable: boolean
  /** The deadline counts until the head of the answer: its body is read by the caller, for as long as that takes. */
  isStreamed: boolean
}

const once: RetryRules = { attempts: 1, totalMs: Number.POSITIVE_INFINITY, baseMs: 0, capMs: 0 }

/**
 * Sends a request, again where that is right (retry.ts). Resolves with the last answer, whatever its status. Rejects with the
 * reason of `signal`, and with `ClientError` when there is no answer.
 */
export async function sendInAttempts(request: Request, call: Attempts): Promise<Response> {
  const { signal, isRepeatable, isReplayable } = call
  const rules = call.retries ?? once
  const began = performance.now()
  for (let count = 1; ; count++) {
    const left = rules.totalMs - (performance.now() - began)
    const isLast = !isReplayable || count === rules.attempts
    const result = await attempt(isLast ? request : request.clone(), call, Math.min(call.timeoutMs, left))
    signal?.throwIfAborted()
    const elapsedMs = performance.now() - began
    const outcome = outcomeOf(result)
    const pause = pauseBefore({ count, elapsedMs, isRepeatable, isReplayable, outcome }, rules, Math.random())
    if (pause === null) {
      if (result instanceof ClientError) throw result
      return result
    }
    if (!(result instanceof ClientError)) await result.body?.cancel().catch(() => {})
    await sleep(pause, signal)
  }
}

function outcomeOf(result: Response | ClientError): Outcome {
  // Told by the error: servers put a class of their own in the place of `Response`, which fetch’s answers are none of.
  if (result instanceof ClientError) return { kind: 'none' }
  return {
    kind: 'answer',
    status: result.status,
    retryAfterMs: readRetryAfter(result.headers.get('retry-after'), Date.now()),
  }
}

async function attempt(
  request: Request,
  { fetch, operation, shown, signal, isStreamed }: Attempts,
  timeoutMs: number,
): Promise<Response | ClientError> {
  const late = deadline(timeoutMs)
  const signals = signal === null ? late.signal : AbortSignal.any([signal, late.signal])
  try {
    const response = await fetch(new Request(request, { signal: signals }))
    if (isStreamed) late.clear()
    if (response.type !== 'opaqueredirect' && !isRedirect(response.status)) return response
    await response.body?.cancel().catch(() => {})
    const where = response.status === 0 ? '' : ` (${response.status})`
    throw new ClientError(
      'redirected',
      `${operation} was answered with a redirect${where}, which is not followed: it could take the credential elsewhere`,
      { operation },
    )
  } catch (cause) {
    if (cause instanceof ClientError) throw cause
    if (late.signal.aborted)
      return new ClientError(
        'deadline_exceeded',
        `${operation} was not answered within ${Math.round(timeoutMs)} ms`,
        {
          operation,
          cause,
        },
      )
    return new ClientError(
      'no_answer',
      `${operation} got no answer (${withoutSecrets(reasonOf(cause), shown)})`,
      {
        operation,
        cause,
      },
    )
  }
}

const isRedirect = (status: number): boolean => status >= 300 && status < 400 && status !== 304

function deadline(ms: number): { signal: AbortSignal; clear: () => void } {
  const controller = new AbortController()
  const timer: unknown = setTimeout(() => controller.abort(new DOMException('too late', 'TimeoutError')), ms)
  // A process does not stay for it, where timers know that (Node).
  ;(timer as { unref?: () => void }).unref?.()
  return { signal: controller.signal, clear: () => clearTimeout(timer as number) }
}

function sleep(ms: number, signal: AbortSignal | null): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = () => {
      clearTimeout(timer)
      reject(signal?.reason as Error)
    }
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', stop)
      resolve()
    }, ms)
    signal?.addEventListener('abort', stop, { once: true })
  })
}

/** The code of the failed connection, which Node keeps in the cause. */
function reasonOf(error: unknown): string {
  const { cause, message } = error as {
    message?: string
    cause?: { code?: string; message?: string; errors?: { code?: string }[] }
  }
  return cause?.code ?? cause?.errors?.[0]?.code ?? cause?.message ?? message ?? 'the connection failed'
}
