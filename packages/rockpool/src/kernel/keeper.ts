import type { Clock } from './clock.ts'
import type { Log } from './log.ts'
import { messageOf } from './problem.ts'

/** Does one thing again and again, as long as its process runs. */
export interface Keeper {
  start(): void
  /** Resolves when what is under way is over. */
  stop(): Promise<void>
}

export interface KeeperOptions {
  /** What fails is done again the next time: an outage of Postgres passes. */
  work: () => Promise<unknown>
  /** What the log says then, such as `runs could not be swept`. */
  failed: string
  /** Milliseconds from the end of one time to the next. */
  intervalMs: number
  clock: Clock
  log: Log
}

/** For what several processes may do at once without harm. */
export function createKeeper({ work, failed, intervalMs, clock, log }: KeeperOptions): Keeper {
  const stopped = new AbortController()
  let working: Promise<void> | undefined

  const keep = async () => {
    while (!stopped.signal.aborted) {
      await work().catch((error: unknown) => log.warn({ error: messageOf(error) }, failed))
      await clock.sleep(intervalMs, stopped.signal).catch(() => {})
    }
  }

  return {
    start() {
      working ??= keep()
    },
    async stop() {
      stopped.abort(new Error('the keeper stops'))
      await working
    },
  }
}
