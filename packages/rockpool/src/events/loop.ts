import type { Clock } from '../kernel/index.ts'

export interface Loop {
  /** Runs now, or once more if it runs already. */
  wake: () => void
  /** Resolves when the work in hand has ended. */
  stop(): Promise<void>
}

export interface LoopOptions {
  clock: Clock
  /** One pass; returns the milliseconds to rest unless woken. */
  run: (signal: AbortSignal) => Promise<number>
  /** Called when a pass fails, with how often it has failed in a row. */
  onError: (error: unknown, failures: number) => void
  /** Rests after failures: this one doubled up to `longestMs`. */
  firstMs?: number
  longestMs?: number
}

/** Runs passes until it is stopped. It never ends by an error: it rests a little longer each time, and tries again. */
export function createLoop({ clock, run, onError, firstMs = 50, longestMs = 1_000 }: LoopOptions): Loop {
  const stopping = new AbortController()
  let woken = false
  let rest: AbortController | undefined
  let failures = 0

  const wake = () => {
    woken = true
    rest?.abort()
  }

  const turn = async () => {
    while (!stopping.signal.aborted) {
      woken = false
      let ms: number
      try {
        ms = await run(stopping.signal)
        failures = 0
      } catch (error) {
        if (stopping.signal.aborted) return
        failures++
        onError(error, failures)
        ms = Math.min(longestMs, firstMs * 2 ** Math.min(failures - 1, 20))
        woken = false // what fails is not hurried by what arrives
      }
      // A pass that always has more to do must still let others run.
      if (woken || ms <= 0) await new Promise((resolve) => setImmediate(resolve))
      else {
        rest = new AbortController()
        await clock.sleep(ms, rest.signal).catch(() => {})
        rest = undefined
      }
    }
  }

  const ended = turn()
  return {
    wake,
    async stop() {
      stopping.abort()
      wake()
      await ended
    },
  }
}

/** Runs what it is given one after the other. */
export function oneAtATime() {
  let last: Promise<unknown> = Promise.resolve()
  return <T>(work: () => Promise<T>): Promise<T> => {
    const next = last.then(work, work)
    last = next.catch(() => {})
    return next
  }
}
