import { createKeeper } from '../../kernel/index.ts'
import type { Clock, Keeper, Log } from '../../kernel/index.ts'
import type { Runs } from './runs.ts'

/** Sweeps runs whose runner was lost. Several may run: each run is taken by one of them. */
export function createRunKeeper(options: {
  runs: Pick<Runs, 'sweep'>
  clock: Clock
  log: Log
  /** Default: 1 s. */
  intervalMs?: number
}): Keeper {
  const { runs, clock, log, intervalMs = 1_000 } = options
  return createKeeper({ work: () => runs.sweep(), failed: 'runs could not be swept', intervalMs, clock, log })
}
