import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useState, type ReactNode } from 'react'
import { sessionHeaders } from '../api/session.ts'
import { controlNow, followControl } from './clock.ts'
import { LiveContext, type Live } from './context.ts'
import { createEventReader, type LiveEvent } from './events.ts'
import { isTouched } from './topics.ts'

/** Control beats every 5 s: without a word for so long it is lost, in milliseconds. */
const silenceMs = 12_000
const shortestPauseMs = 500
const longestPauseMs = 8_000

/*
 *   GET /live ──► hello ──► everything is read again: who knows what was missed
 *             ──► changed ──► what its topics touch is read again
 *             ──► beat ──► control's time
 *        └── nothing for 12 s, or an end ──► lost; again after a growing pause
 */

/** Keeps everything below it up to date with control, and tells it when that is not so. */
export function LiveUpdates({ children }: { children: ReactNode }) {
  const queries = useQueryClient()
  const [live, setLive] = useState<Live>({ state: 'connecting', heardAt: null })

  useEffect(() => {
    const stopping = new AbortController()
    let pauseMs = shortestPauseMs

    const take = ({ event, data }: LiveEvent) => {
      const { now, topics } = (data ?? {}) as { now?: unknown; topics?: unknown }
      if (typeof now === 'string') followControl(now)
      setLive((before) =>
        before.state === 'live' && event === 'beat' && before.heardAt !== null
          ? { ...before, heardAt: controlNow() }
          : { state: 'live', heardAt: controlNow() },
      )
      if (event === 'hello') {
        pauseMs = shortestPauseMs
        void queries.invalidateQueries()
      }
      if (event === 'changed' && Array.isArray(topics)) {
        void queries.invalidateQueries({
          predicate: ({ queryKey: [route] }) =>
            typeof route === 'string' && isTouched(route, topics as string[]),
        })
      }
    }

    const keep = async () => {
      while (!stopping.signal.aborted) {
        await follow(take, stopping.signal).catch(() => {})
        if (stopping.signal.aborted) return
        setLive((before) => ({ ...before, state: 'lost' }))
        // Not all pages at once, after control was away.
        await pause(pauseMs * (0.5 + Math.random() / 2), stopping.signal)
        pauseMs = Math.min(pauseMs * 2, longestPauseMs)
      }
    }
    void keep()
    const online = () => (pauseMs = shortestPauseMs)
    window.addEventListener('online', online)
    return () => {
      stopping.abort()
      window.removeEventListener('online', online)
    }
  }, [queries])

  return <LiveContext value={live}>{children}</LiveContext>
}

/** Reads the stream until it ends or falls silent. */
async function follow(take: (event: LiveEvent) => void, stopping: AbortSignal): Promise<void> {
  const silence = new AbortController()
  let timer = setTimeout(() => silence.abort(), silenceMs)
  try {
    const response = await fetch('/live', {
      headers: { accept: 'text/event-stream', ...sessionHeaders() },
      signal: AbortSignal.any([stopping, silence.signal]),
    })
    const isStream = response.headers.get('content-type')?.startsWith('text/event-stream') ?? false
    if (!response.ok || !response.body || !isStream) return
    const read = createEventReader()
    const pieces = response.body.pipeThrough(new TextDecoderStream()).getReader()
    for (;;) {
      const { done, value } = await pieces.read()
      if (done) return
      clearTimeout(timer)
      timer = setTimeout(() => silence.abort(), silenceMs)
      for (const event of read(value)) take(event)
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
