import type { BotState } from '../bots/index.ts'
import { formatDuration } from '../kernel/index.ts'
import type { StatusAnswer } from './status-answer.ts'

/** What is known of a bot's lifecycles. Times in milliseconds since 1970. */
export interface LatestLifecycle {
  bot: string
  /** Milliseconds between its runs. */
  every: number
  /** Whether the configuration lets it use production. */
  isGranted: boolean
  /** When its last complete lifecycle ended, and how long it took; null: there is none. */
  complete: { at: number; ms: number | null } | null
  /** The last run that said something; null: it has not run yet. */
  latest: { verdict: 'pass' | 'fail' | 'uncheckable'; at: number; message: string | null } | null
}

/** A bot's state, as the answer needs it. */
export function latestLifecycleOf({ name, every, grant, lastComplete, latest }: BotState): LatestLifecycle {
  return {
    bot: name,
    every,
    isGranted: grant !== null,
    complete: lastComplete && { at: Date.parse(lastComplete.at), ms: lastComplete.ms },
    latest: latest && { verdict: latest.verdict, at: Date.parse(latest.at), message: latest.message },
  }
}

/**
 * Yes while the last complete lifecycle of every bot is at most three of its intervals old; no where the last one failed.
 * A bot that may not use production, or could not, proves nothing. Pure.
 */
export function isItWorkingRightNow(bots: readonly LatestLifecycle[], now: number): StatusAnswer {
  const completed = bots.flatMap(({ complete }) => (complete ? [complete.at] : []))
  const oldest = completed.length > 0 ? Math.min(...completed) : null
  const tell = (answer: StatusAnswer['answer'], evidence: string): StatusAnswer => ({
    question: 'Right now, in production?',
    answer,
    evidence,
    provenAt: oldest === null ? null : new Date(oldest).toISOString(),
  })
  const ago = (at: number) => `${formatDuration(Math.max(0, now - at))} ago`
  const lately = ({ complete }: LatestLifecycle) =>
    complete ? `, its last complete lifecycle was ${ago(complete.at)}` : ', it never completed a lifecycle'

  if (bots.length === 0) return tell('not measured yet', 'no bot uses production yet')
  const failed = bots.find(({ latest }) => latest?.verdict === 'fail')
  if (failed) {
    const { message, at } = failed.latest!
    return tell(
      'no',
      `the bot “${failed.bot}” failed ${ago(at)}${message ? `: ${message}` : ''}${lately(failed)}`,
    )
  }
  const without = bots.find(({ isGranted }) => !isGranted)
  if (without)
    return tell('cannot tell', `the bot “${without.bot}” has no grant, so it does not use production`)
  const outdated = bots.find(({ complete, every }) => !complete || now - complete.at > 3 * every)
  if (outdated) {
    const { latest } = outdated
    const because = latest?.verdict === 'uncheckable' && latest.message ? ` (${latest.message})` : ''
    if (!outdated.complete)
      return tell('cannot tell', `the bot “${outdated.bot}” has not completed a lifecycle yet${because}`)
    const told = `the last complete lifecycle of the bot “${outdated.bot}” is too old: ${ago(outdated.complete.at)}${because}`
    return tell('cannot tell', told)
  }
  const [first] = bots.toSorted((a, b) => a.complete!.at - b.complete!.at)
  const { at, ms } = first!.complete!
  const took = ms === null ? '' : `, in ${formatDuration(ms)}`
  const others = bots.length > 1 ? `; ${bots.length - 1} more since` : ''
  return tell('yes', `the bot “${first!.bot}” completed its lifecycle ${ago(at)}${took}${others}`)
}
