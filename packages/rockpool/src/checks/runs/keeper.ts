import { messageOf } from '../../kernel/index.ts'
import type { Clock, Log } from '../../kernel/index.ts'
import type { Runs } from './runs.ts'

/** Sweeps runs whose runner was lost. Several may run: each run is taken by one of them. */
export interface RunKeeper {
  start(): void
  /** Resolves when the sweep that is under way is over. */
  stop(): Promise<void>
}

/** `intervalMs`: between two sweeps; default 1 s. */
export function createRunKeeper(options: {
  runs: Pick<Runs, 'sweep'>
  clock: Clock
  log: Log
  intervalMs?: number
}): RunKeeper {
  const { runs, clock, log, intervalMs = 1_000 } = options
  const stopped = new AbortController()
  let working: Promise<void> | undefined

  const keep = async () => {
    while (!stopped.signal.aborted) {
      // An outage of Postgres passes; leases that ended meanwhile are swept after it.
      await runs
        .sweep()
        .catch((error: unknown) => log.warn({ error: messageOf(error) }, 'runs could not be swept'))
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
