import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useState, type ReactNode } from 'react'
import { controlNow, followControl } from './clock.ts'
import { LiveContext, type Live } from './context.ts'
import type { LiveEvent } from './events.ts'
import { silenceMs } from './stream.ts'
import { followTogether } from './together.ts'
import { isTouched } from './topics.ts'

/*
 *   hello, or the first word after a silence ──► everything is read again: who knows what was missed
 *   changed ──► what its topics touch is read again
 *   beat ──► control's time
 *   lost, or nothing for 12 s ──► what is shown is from before
 */

/** Keeps everything below it up to date with control, and tells it when that is not so. */
export function LiveUpdates({ children }: { children: ReactNode }) {
  const queries = useQueryClient()
  const [live, setLive] = useState<Live>({ state: 'connecting', heardAt: null })

  useEffect(() => {
    const stopping = new AbortController()
    let isLive = false
    let silence: ReturnType<typeof setTimeout> | undefined

    const lose = () => {
      isLive = false
      setLive((before) => ({ ...before, state: 'lost' }))
    }
    const hear = ({ event, data }: LiveEvent) => {
      clearTimeout(silence)
      if (event === 'lost') return lose()
      silence = setTimeout(lose, silenceMs)
      const { now, topics } = (data ?? {}) as { now?: unknown; topics?: unknown }
      if (typeof now === 'string') followControl(now)
      setLive({ state: 'live', heardAt: controlNow() })
      if (event === 'hello' || !isLive) {
        void queries.invalidateQueries()
      } else if (event === 'changed' && Array.isArray(topics)) {
        void queries.invalidateQueries({
          predicate: ({ queryKey: [route] }) =>
            typeof route === 'string' && isTouched(route, topics as string[]),
        })
      }
      isLive = true
    }
    silence = setTimeout(lose, silenceMs)
    followTogether(hear, stopping.signal)
    return () => {
      stopping.abort()
      clearTimeout(silence)
    }
  }, [queries])

  return <LiveContext value={live}>{children}</LiveContext>
}
