// oxlint-disable unicorn/require-post-message-target-origin -- a channel has no target: it is this origin's own
import type { LiveEvent } from './events.ts'
import { keepStream } from './stream.ts'

const name = 'rockpool-live'
const question = 'does anybody read the stream?'

/*
 * One stream for all tabs: a browser makes six connections to a host (HTTP/1.1), and a stream in each tab would leave
 * none for anything else. Whoever holds the lock reads, and passes on what it hears; when its tab closes, the next has
 * the lock.
 *
 *   GET /live ──► the tab with the lock ──BroadcastChannel──► every other tab
 */
export function followTogether(hear: (event: LiveEvent) => void, stopping: AbortSignal): void {
  // Locks exist in secure contexts only: by plain http, at an address that is not this machine, each tab reads alone.
  if (!('locks' in navigator)) return void keepStream(hear, stopping)
  const channel = new BroadcastChannel(name)
  let state: LiveEvent | undefined
  channel.addEventListener('message', ({ data }: MessageEvent<LiveEvent | typeof question>) => {
    if (data !== question) hear(data)
    else if (state) channel.postMessage(state)
  })
  stopping.addEventListener('abort', () => channel.close())
  channel.postMessage(question)
  const reading = () =>
    keepStream((event) => {
      if (stopping.aborted) return
      // What a tab that comes later is to know; the time in a beat would be old by then.
      state = { event: event.event === 'lost' ? 'lost' : 'beat', data: null }
      channel.postMessage(event)
      hear(event)
    }, stopping)
  navigator.locks.request(name, { signal: stopping }, reading).catch(() => {})
}
