import { useSyncExternalStore } from 'react'

/*
 * One clock for everything that shows an age: it ticks once a second, and follows control's clock, not this machine's.
 */

let offsetMs = 0
let nowMs = Date.now()
const listeners = new Set<() => void>()
let timer: ReturnType<typeof setInterval> | undefined

/** Control's time, as it came with a beat (ISO 8601). */
export function followControl(now: string): void {
  const time = Date.parse(now)
  if (Number.isNaN(time)) return
  offsetMs = time - Date.now()
}

/** Milliseconds since 1970 by control's clock. */
export const controlNow = (): number => Date.now() + offsetMs

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  timer ??= setInterval(() => {
    nowMs = controlNow()
    for (const each of listeners) each()
  }, 1_000)
  nowMs = controlNow()
  return () => {
    listeners.delete(listener)
    if (listeners.size > 0) return
    clearInterval(timer)
    timer = undefined
  }
}

/** The time by control's clock, anew each second. */
export const useNow = (): number => useSyncExternalStore(subscribe, () => nowMs)
