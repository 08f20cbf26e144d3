import { setTimeout as delay } from 'node:timers/promises'

/** Time as a part sees it. A part never asks the system for the time, so that hours of a schedule run in a second of a test. */
export interface Clock {
  /** Milliseconds since 1970-01-01T00:00:00Z. */
  now(): number
  /** Resolves after `ms`; rejects with the signal's reason when it is aborted first. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>
}

export const systemClock: Clock = {
  now: () => Date.now(),
  sleep: (ms, signal) => delay(ms, undefined, signal ? { signal } : {}),
}

export interface SimulatedClock extends Clock {
  /** Moves time forward; sleepers wake in the order of their times, and may sleep again on the way. */
  advance(ms: number): Promise<void>
}

/** A clock that stands still until it is advanced. `start` is in milliseconds since 1970. */
export function createSimulatedClock(start = Date.UTC(2026, 0, 1)): SimulatedClock {
  let now = start
  let sleepers: { at: number; wake: () => void }[] = []

  const sleep = (ms: number, signal?: AbortSignal) =>
    new Promise<void>((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason as Error)
      const sleeper = { at: now + ms, wake: resolve }
      sleepers.push(sleeper)
      signal?.addEventListener(
        'abort',
        () => {
          sleepers = sleepers.filter((other) => other !== sleeper)
          reject(signal.reason as Error)
        },
        { once: true },
      )
    })

  const advance = async (ms: number) => {
    const end = now + ms
    for (;;) {
      await settle()
      const next = sleepers.filter((sleeper) => sleeper.at <= end).sort((a, b) => a.at - b.at)[0]
      if (!next) break
      sleepers = sleepers.filter((sleeper) => sleeper !== next)
      now = Math.max(now, next.at)
      next.wake()
    }
    now = end
  }

  return { now: () => now, sleep, advance }
}

/** Lets what was woken run on (promises and I/O callbacks) before time moves again. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 3; turn++) await new Promise((resolve) => setImmediate(resolve))
}
