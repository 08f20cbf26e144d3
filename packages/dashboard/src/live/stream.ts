import { sessionHeaders } from '../api/session.ts'
import { createEventReader, type LiveEvent } from './events.ts'

/** Control beats every 5 s: without a word for so long it is lost, in milliseconds. */
export const silenceMs = 12_000
const shortestPauseMs = 500
const longestPauseMs = 8_000

/**
 * Reads `GET /live` until it is told to stop. When the stream ends or falls silent that is told as an event `lost` of
 * our own, and it is tried again after growing pauses.
 */
export async function keepStream(tell: (event: LiveEvent) => void, stopping: AbortSignal): Promise<void> {
  let pauseMs = shortestPauseMs
  const shorten = () => (pauseMs = shortestPauseMs)
  window.addEventListener('online', shorten, { signal: stopping })
  while (!stopping.aborted) {
    await read((event) => {
      if (event.event === 'hello') shorten()
      tell(event)
    }, stopping).catch(() => {})
    if (stopping.aborted) return
    tell({ event: 'lost', data: null })
    // Not all pages at once, after control was away.
    await pause(pauseMs * (0.5 + Math.random() / 2), stopping)
    pauseMs = Math.min(pauseMs * 2, longestPauseMs)
  }
}

async function read(tell: (event: LiveEvent) => void, stopping: AbortSignal): Promise<void> {
  const silence = new AbortController()
  let timer = setTimeout(() => silence.abort(), silenceMs)
  try {
    const response = await fetch('/live', {
      headers: { accept: 'text/event-stream', ...sessionHeaders() },
      signal: AbortSignal.any([stopping, silence.signal]),
    })
    const isStream = response.headers.get('content-type')?.startsWith('text/event-stream') ?? false
    if (!response.ok || !response.body || !isStream) return
    const readEvents = createEventReader()
    const pieces = response.body.pipeThrough(new TextDecoderStream()).getReader()
    for (;;) {
      const { done, value } = await pieces.read()
      if (done) return
      clearTimeout(timer)
      timer = setTimeout(() => silence.abort(), silenceMs)
      for (const event of readEvents(value)) tell(event)
    }
  } finally {
    clearTimeout(timer)
  }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms)
    signal.addEventListener('abort', () => {
      clearTimeout(timer)
      resolve()
    })
  })
}
