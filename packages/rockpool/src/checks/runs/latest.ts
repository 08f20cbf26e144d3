import type { Verdict } from '../types.ts'
import type { CheckState } from './schema.ts'

/** What the last finished run of a check said, in short: what “is it working?” is answered by. */
export interface LatestVerdict {
  check: string
  /** Null: it has not run yet. */
  verdict: Verdict | null
  /** Milliseconds since 1970; null: never. */
  at: number | null
  /** Milliseconds between its runs; null: it has no schedule of that kind. */
  every: number | null
  /** Why it could not be checked. */
  obstacle: string | null
  /** It could not be checked for want of an optional program alone. */
  optional: boolean
}

/** Pure. */
export function latestVerdict({ name, every, latest }: CheckState): LatestVerdict {
  return {
    check: name,
    verdict: latest?.verdict ?? null,
    at: latest ? Date.parse(latest.at) : null,
    every,
    obstacle: latest?.verdict === 'uncheckable' ? latest.message : null,
    optional: latest?.optional ?? false,
  }
}
