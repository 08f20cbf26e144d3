import { messageOf } from '../kernel/index.ts'
import { NotCounted } from './counting.ts'
import {
  ask,
  count,
  end,
  eraseOwn,
  goAgain,
  hear,
  recordBefore,
  type DeletionOptions,
} from './deletion-steps.ts'
import { holdDeletion, releaseDeletion } from './deletion-store.ts'
import { nextStep, visitPause, type Facts } from './next-step.ts'
import type { Waiting } from './types.ts'

/** A deletion that does not come on is looked at only briefly, so that it holds up no other. */
const patienceMs = 400
const patientVisits = 3

/**
 * Carries a deletion that this keeper holds as far as it goes now. Each step is one transaction of Rockpool's database,
 * or changes nothing, so it may be broken off anywhere and done again from what is recorded.
 *
 * @returns when to look again, in milliseconds since 1970; undefined when it is done, or no longer this keeper's
 */
export async function carryOn(
  sandbox: string,
  options: DeletionOptions,
  signal: AbortSignal,
): Promise<number | undefined> {
  const { database, clock, keeper, log } = options
  const release = async (nextAt: number, waiting: readonly Waiting[]) => {
    await releaseDeletion(database, { sandbox, keeper, nextAt: new Date(nextAt), waiting })
    return nextAt
  }
  const arrived = clock.now()
  const facts: Facts = {}
  let visits = 0
  try {
    for (;;) {
      const deletion = await holdDeletion(database, {
        sandbox,
        keeper,
        until: new Date(clock.now() + options.leaseMs),
      })
      if (!deletion) return undefined
      if (signal.aborted) return await release(clock.now(), deletion.waiting)
      visits = deletion.visits
      const step = nextStep(deletion, facts)
      switch (step.do) {
        case 'count':
          await recordBefore(options, deletion, await count(options, sandbox))
          break
        case 'ask':
          await ask(options, deletion)
          break
        case 'hear':
          facts.answers = await hear(options, deletion)
          break
        case 'wait':
          if (deletion.visits >= patientVisits || clock.now() - arrived >= patienceMs)
            return await release(clock.now() + visitPause(deletion.visits), step.for)
          await clock.sleep(20, signal).catch(() => {})
          delete facts.answers
          break
        case 'erase':
          await eraseOwn(options, deletion, step.refusals)
          break
        case 'check':
          facts.after = await count(options, sandbox)
          break
        case 'again':
          await goAgain(options, deletion, facts.after ?? [])
          return await release(clock.now() + step.pauseMs, [])
        case 'finish':
        case 'leave':
          await end(options, deletion, facts.after ?? [])
          return undefined
      }
    }
  } catch (error) {
    if (!(error instanceof NotCounted))
      log.warn({ sandbox, error: messageOf(error) }, 'a deletion was interrupted')
    const waiting =
      error instanceof NotCounted ? error.waiting : [{ service: 'rockpool', reason: messageOf(error) }]
    return release(clock.now() + visitPause(visits + 5), waiting)
  }
}
