import type { Item } from '@rockpool/client/control'
import { many } from '../format.ts'
import type { StripRun } from './strip.ts'

export type CheckItem = Item<'GET /checks'>

/** The word for what a check is in: its last verdict. */
export const stateOf = ({ latest }: CheckItem): 'pass' | 'fail' | 'uncheckable' | 'not run' =>
  latest?.verdict ?? 'not run'

const order = ['fail', 'uncheckable', 'not run', 'pass'] as const

/** Worst first, then those that changed last, then by name. Pure. */
export function worstFirst(checks: readonly CheckItem[]): CheckItem[] {
  const rank = (check: CheckItem) => order.indexOf(stateOf(check))
  return checks.toSorted(
    (a, b) =>
      rank(a) - rank(b) ||
      (stateOf(a) === 'pass' ? 0 : Date.parse(b.latest?.since ?? '') - Date.parse(a.latest?.since ?? '')) ||
      a.name.localeCompare(b.name),
  )
}

export interface Tally {
  pass: number
  fail: number
  uncheckable: number
  'not run': number
}

export function tallyOf(checks: readonly CheckItem[]): Tally {
  const tally = { pass: 0, fail: 0, uncheckable: 0, 'not run': 0 }
  for (const check of checks) tally[stateOf(check)] += 1
  return tally
}

/** `7 of 9 checks pass, 1 fails, 1 cannot be checked`. Pure. */
export function tallyWords({ pass, fail, uncheckable, 'not run': never }: Tally): string {
  const all = pass + fail + uncheckable + never
  const rest = [
    fail > 0 && `${fail} ${fail === 1 ? 'fails' : 'fail'}`,
    uncheckable > 0 && `${uncheckable} cannot be checked`,
    never > 0 && `${never} ${never === 1 ? 'has' : 'have'} not run yet`,
  ].filter((text) => text !== false)
  return [`${pass} of ${many(all, 'check')} ${pass === 1 ? 'passes' : 'pass'}`, ...rest].join(', ')
}

/** A result proves something for three intervals, without a schedule for an hour: the same as the status says. */
export const lifeOfResult = (every: number | null): number => 3 * (every ?? 1_200_000)

/** A file for people: its last two parts, `checks/refund.check.ts`. */
export const shortFile = (file: string): string => file.split('/').slice(-2).join('/')

/** `28 passed, 2 failed`. Pure. */
export function tallyRuns(runs: readonly StripRun[]): string {
  const words = { pass: 'passed', fail: 'failed', uncheckable: 'could not be checked' }
  const counts = (['pass', 'fail', 'uncheckable'] as const)
    .map((verdict) => ({ verdict, count: runs.filter((run) => run.verdict === verdict).length }))
    .filter(({ count }) => count > 0)
  if (counts.length === 0) return 'It has not run yet.'
  return `${counts.map(({ verdict, count }) => `${count} ${words[verdict]}`).join(', ')}.`
}

/** The evidence of an answer without the age in it: that stands beside it, and goes on. Pure. */
export const withoutAge = (evidence: string): string =>
  evidence.replace(/, the oldest result is \d[^,;]* old/, '').replace(/( its lifecycle) \d[^,;]* ago/, '$1')
