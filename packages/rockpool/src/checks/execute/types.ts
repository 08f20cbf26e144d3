import type { Clock } from '../../kernel/index.ts'
import type { RunControl } from '../control.ts'
import type { ScenarioKind } from '../kinds.ts'
import type { Pool } from '../process/pool.ts'
import type { RunDetails } from '../runs/schema.ts'
import type { Attempt, Catalogue, Check, Trigger } from '../types.ts'

/** What came of a check, whether or not control could keep it. */
export interface CheckResult {
  check: Check
  verdict: Attempt['verdict']
  attempts: Attempt[]
  /** Milliseconds from the beginning to the verdict. */
  ms: number
  /** As control keeps it, with causes and clean-up; null where control could not. */
  run: RunDetails | null
  /** Why there is no run, or why its end could not be told. */
  trouble: string | null
}

export interface RunCheckOptions {
  /** Of the scenario. */
  kind: ScenarioKind
  control: RunControl
  pool: Pool
  catalogue: Catalogue
  clock: Clock
  trigger: Trigger
  slot?: Date | null
  /** Wait so long for the receipts of the run's sandboxes, in milliseconds. */
  waitMs?: number
  /** Stops it: nothing is said about the check then. */
  signal?: AbortSignal | undefined
  onStarted?: (run: string) => void
}
