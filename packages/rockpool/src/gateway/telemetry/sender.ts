import { messageOf } from '../../kernel/index.ts'
import type { Clock } from '../../kernel/index.ts'
import type { TelemetrySettings } from './types.ts'

/** `failed`: why the collector has nothing of it; null: it has it, but for what it `rejected`. */
export interface Outcome {
  failed: string | null
  rejected: number
}

export interface SenderOptions {
  settings: Pick<TelemetrySettings, 'endpoint' | 'headers'>
  clock: Clock
  /** Ends all that is under way. */
  signal: AbortSignal
  tries?: number
}

const answerWithinMs = 10_000
const firstPauseMs = 1_000
const longestPauseMs = 10_000
const maxAnswerBytes = 64 * 1024
// OTLP 1.5, "Failures": whoever gets one of these may send the same again.
const repeatable = new Set([429, 502, 503, 504])

/** Posts one document to the collector, as JSON; again after a pause where OTLP says so. Never throws. */
export function createSender({ settings, clock, signal, tries = 3 }: SenderOptions) {
  return async function send(path: string, document: object): Promise<Outcome> {
    const body = JSON.stringify(document)
    let failed = 'it was stopped'
    let pauseMs = firstPauseMs
    for (let left = tries; left > 0 && !signal.aborted; left--) {
      try {
        const response = await fetch(settings.endpoint.replace(/\/+$/, '') + path, {
          method: 'POST',
          headers: { ...settings.headers, 'content-type': 'application/json' },
          body,
          redirect: 'error',
          signal: AbortSignal.any([signal, AbortSignal.timeout(answerWithinMs)]),
        })
        const text = await readBounded(response)
        if (response.ok) return { failed: null, rejected: rejectedOf(text) }
        failed = `it answered ${response.status}`
        if (!repeatable.has(response.status)) break
        pauseMs = retryAfterMs(response.headers.get('retry-after')) ?? pauseMs
      } catch (error) {
        failed = causeOf(error)
      }
      if (left > 1) await clock.sleep(pauseMs, signal).catch(() => {})
      pauseMs = Math.min(pauseMs * 2, longestPauseMs)
    }
    return { failed, rejected: 0 }
  }
}

async function readBounded(response: Response): Promise<string> {
  let text = ''
  if (response.body === null) return text
  for await (const chunk of response.body.pipeThrough(new TextDecoderStream())) {
    text += chunk
    if (text.length > maxAnswerBytes) break
  }
  return text
}

/** OTLP, "Partial Success": a collector may take a part, and says what it does not take. */
function rejectedOf(text: string): number {
  try {
    const answer = JSON.parse(text) as { partialSuccess?: { rejectedSpans?: unknown } } | null
    return Math.max(0, Number(answer?.partialSuccess?.rejectedSpans ?? 0)) || 0
  } catch {
    return 0
  }
}

function retryAfterMs(value: string | null): number | undefined {
  const seconds = Number(value ?? Number.NaN)
  return Number.isFinite(seconds) && seconds >= 0 ? Math.min(seconds * 1_000, longestPauseMs) : undefined
}

function causeOf(error: unknown): string {
  const { cause } = error as { cause?: unknown }
  return messageOf(cause ?? error)
}
