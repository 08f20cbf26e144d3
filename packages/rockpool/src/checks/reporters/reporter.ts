import type { Finding } from '../../kernel/index.ts'
import type { CheckResult } from '../execute/types.ts'
import type { Check, Kind } from '../types.ts'
import type { Tally } from '../verdict.ts'

export interface Summary extends Tally {
  kind: Kind
  results: readonly CheckResult[]
  findingsFound: readonly Finding[]
  /** Milliseconds, all in all. */
  ms: number
  /** It was ended from outside before all had run. */
  stopped: boolean
  exitCode: 0 | 1 | 2
}

/** Is told what happens while checks are executed. Each method is optional; none may throw. */
export interface Reporter {
  /** Once, before anything runs. */
  discovered?(found: {
    kind: Kind
    checks: readonly Check[]
    findings: readonly Finding[]
    folder: string
  }): void
  started?(check: Check): void
  finished?(result: CheckResult): void
  /** Once, at the end. */
  ended?(summary: Summary): void
}
