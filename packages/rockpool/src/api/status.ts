import { z } from 'zod'
import type { CheckState } from '../checks/index.ts'
import { formatDuration, handle, operation, type Clock, type Handled } from '../kernel/index.ts'
import { isItWorkingRightNow } from './right-now.ts'
import type { LatestLifecycle } from './right-now.ts'
import { answer } from './status-answer.ts'
import type { StatusAnswer } from './status-answer.ts'

/*
 * The four answers, each with its evidence and its age. An answer that nothing measures yet says so: it is never
 * rounded to a yes or a no.
 */

export const getStatus = operation({
  id: 'status.get',
  method: 'GET',
  path: '/status',
  summary: 'Answer the four questions, with evidence',
  description: 'To a credential that is bound to an organization, by what ran on that organization.',
  scope: 'read',
  organizationBound: true,
  answers: { 200: z.object({ answers: z.array(answer) }) },
})

/** What the last finished run of a check said. */
export interface LatestVerdict {
  check: string
  /** Null: it has not run yet. */
  verdict: 'pass' | 'fail' | 'uncheckable' | null
  /** Milliseconds since 1970; null: never. */
  at: number | null
  /** Milliseconds between its runs; null: it has no schedule. */
  every: number | null
  /** Why it could not be checked. */
  obstacle: string | null
  /** It could not be checked for want of an optional program alone. */
  optional: boolean
}

/** A check's state, as the answers need it. */
export function latestVerdictOf({ name, every, latest }: CheckState): LatestVerdict {
  return {
    check: name,
    verdict: latest?.verdict ?? null,
    at: latest ? Date.parse(latest.at) : null,
    every,
    obstacle: latest?.message ?? latest?.why[0] ?? null,
    optional: latest?.optional ?? false,
  }
}

export function statusOperations(options: {
  /** `organization`: of the runs on it alone. */
  latest: (organization: string | null) => Promise<LatestVerdict[]>
  /** `organization`: of the bots that are its customers alone. */
  lifecycles: (organization: string | null) => Promise<LatestLifecycle[]>
  clock: Clock
}): Handled[] {
  return [
    handle(getStatus, async ({ caller: { organization } }) => {
      const [checks, bots] = await Promise.all([
        options.latest(organization),
        options.lifecycles(organization),
      ])
      return { answers: answersFor(checks, bots, options.clock.now()) }
    }),
  ]
}

/** All four. Drills and receivers are what the last two will stand on. Pure. */
export function answersFor(
  checks: readonly LatestVerdict[],
  bots: readonly LatestLifecycle[],
  now: number,
): StatusAnswer[] {
  const unmeasured = (question: string, what: string): StatusAnswer => ({
    question,
    answer: 'not measured yet',
    evidence: what,
    provenAt: null,
  })
  return [
    isItWorking(checks, now),
    isItWorkingRightNow(bots, now),
    unmeasured('Does monitoring work?', 'no drill has broken anything yet'),
    unmeasured('Does alerting work?', 'no receiver has been proven yet'),
  ]
}

/**
 * Yes only while every check that can run passed lately: a result older than three of its intervals (an hour without a
 * schedule) is no proof any more. Checks that lack an optional program are listed and do not stand in the way. Pure.
 */
export function isItWorking(checks: readonly LatestVerdict[], now: number): StatusAnswer {
  const question = 'Is it working?'
  const ran = checks.filter(({ at }) => at !== null)
  const oldest = ran.length > 0 ? Math.min(...ran.map(({ at }) => at!)) : null
  const provenAt = oldest === null ? null : new Date(oldest).toISOString()
  const tell = (answer: StatusAnswer['answer'], evidence: string): StatusAnswer => ({
    question,
    answer,
    evidence,
    provenAt,
  })
  if (checks.length === 0) return tell('cannot tell', 'there is no check yet')

  const age = oldest === null ? '' : `, the oldest result is ${formatDuration(now - oldest)} old`
  const failing = checks.filter(({ verdict }) => verdict === 'fail')
  if (failing.length > 0) {
    return tell('no', `${failing.length} of ${checks.length} checks fail: ${names(failing)}${age}`)
  }
  const never = checks.filter(({ at }) => at === null)
  if (never.length > 0) return tell('cannot tell', `${names(never)} has not run yet`)
  const outdated = checks.filter(({ at, every }) => now - at! > 3 * (every ?? 1_200_000))
  if (outdated.length > 0) return tell('cannot tell', `the result of ${names(outdated)} is too old${age}`)
  const obstructed = checks.filter(({ verdict, optional }) => verdict === 'uncheckable' && !optional)
  if (obstructed.length > 0) return tell('cannot tell', `${names(obstructed)}: ${obstructed[0]!.obstacle}`)
  const optional = checks.filter(({ verdict }) => verdict === 'uncheckable')
  const passing = checks.length - optional.length
  if (passing === 0) return tell('cannot tell', `no check can run here: ${optional[0]!.obstacle}`)
  const without =
    optional.length > 0 ? `; uncheckable here: ${names(optional)} (${optional[0]!.obstacle})` : ''
  return tell('yes', `${passing} of ${checks.length} checks pass${age}${without}`)
}

/** `“a customer can order” and 3 more` */
function names(checks: readonly LatestVerdict[]): string {
  const more = checks.length - 1
  return `“${checks[0]!.check}”${more > 0 ? ` and ${more} more` : ''}`
}
