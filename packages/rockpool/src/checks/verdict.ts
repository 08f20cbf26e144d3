import type { Attempt, Check, Ending, Entry, Verdict } from './types.ts'

/** What an attempt's ending means. Pure. */
export function judge(ending: Ending): Verdict {
  switch (ending.type) {
    case 'returned':
      return 'pass'
    case 'failed':
      return 'fail'
    case 'obstructed':
      return 'uncheckable'
  }
}

/** A run is worth what its last attempt is worth; the earlier ones are kept beside it. Pure. */
export function verdictOf(attempts: readonly Pick<Attempt, 'verdict'>[]): Verdict {
  return attempts.at(-1)?.verdict ?? 'uncheckable'
}

/** Whether another attempt follows. Pure. */
export function retriesAfter(attempts: readonly Attempt[], retries: Check['retries']): boolean {
  const last = attempts.at(-1)
  if (!last || last.verdict === 'pass' || attempts.length > retries.count) return false
  if (last.obstacle) return last.obstacle.retry
  return retries.on === 'any' || wasNetwork(last)
}

/** A deadline passed, or the last call before the failure brought no answer of the service's own. Pure. */
function wasNetwork(attempt: Attempt): boolean {
  if (attempt.failure?.kind === 'deadline') return true
  const last = attempt.evidence.entries.findLast((entry: Entry) => entry.type === 'call')
  return last?.type === 'call' && (last.error !== null || last.status === 502 || last.status === 504)
}

export interface Tally {
  pass: number
  fail: number
  uncheckable: number
  findings: number
}

/** 0 everything passes · 1 something fails · 2 cannot tell: something is uncheckable, a file is bad, or there was nothing to run. Pure. */
export function exitCode(tally: Tally): 0 | 1 | 2 {
  if (tally.fail > 0) return 1
  if (tally.uncheckable > 0 || tally.findings > 0 || tally.pass === 0) return 2
  return 0
}
