import { messageOf, Problem } from '../../kernel/index.ts'
import type { RunScope } from '../../kernel/index.ts'
import { fit } from '../evidence.ts'
import type { RunDetails } from '../runs/schema.ts'
import type { Attempt, Check } from '../types.ts'
import { retriesAfter, verdictOf } from '../verdict.ts'
import { attemptOf, obstructed, runAttempt } from './attempt.ts'
import { startHeartbeat } from './heartbeat.ts'
import type { CheckResult, RunCheckOptions } from './types.ts'

/**
 * Runs a check with all its attempts and tells control how it ended. Never rejects, but with a Problem `conflict` where
 * the schedule runs this check already, or it has run for the slot.
 *
 *   start run ─┬─► attempt ─► judge ─┬─► enough ─► finish run
 *   process  ──┘      ▲              └─► start attempt (fresh sandbox)
 *                     └─────────────────────┘         heartbeat every 3 s; lost for 15 s: the attempt is ended
 */
export async function runCheck(check: Check, options: RunCheckOptions): Promise<CheckResult> {
  const { kind, control, pool, clock, trigger, slot = null, waitMs = 0, signal } = options
  const began = clock.now()
  const attempts: Attempt[] = []
  const cannotStart = (error: unknown, number: number): undefined => {
    const ending = obstructed(`${kind.notStarted}: ${messageOf(error)}`)
    attempts.push(attemptOf({ number, began: clock.now(), organization: null, ending }))
  }
  const result = (run: RunDetails | null, trouble: string | null): CheckResult => ({
    check,
    verdict: verdictOf(attempts),
    attempts,
    ms: clock.now() - began,
    run,
    trouble,
  })

  // A process starts while control makes what the run may touch.
  let taken = pool.take(check.file)
  const { name, parent, ttl } = check
  const scopes = kind.kind === 'check' ? scopesOf(check) : []
  const started = await control
    .start({ kind: kind.kind, check: name, trigger, slot, parent, ttl, scopes })
    .catch(async (error: unknown) => {
      const unused = await taken
      if (!('message' in unused)) pool.giveBack(unused)
      if (error instanceof Problem && error.code === 'conflict' && slot !== null) throw error
      cannotStart(error, 1)
      return undefined
    })
  if (!started) return result(null, attempts[0]!.obstacle!.message)

  options.onStarted?.(started.run)
  const heartbeat = startHeartbeat(started, control, clock)
  const ended = signal ? AbortSignal.any([signal, heartbeat.lost]) : heartbeat.lost
  for (let grant: typeof started.attempt | undefined = started.attempt; grant;) {
    const number = attempts.length + 1
    const order = { check, run: started, number, grant, process: await taken, signal: ended }
    attempts.push(await runAttempt(order, options))
    if (ended.aborted || !retriesAfter(attempts, check.retries)) break
    grant = await control.startAttempt(started.run).catch((error: unknown) => cannotStart(error, number + 1))
    if (grant) taken = pool.take(check.file)
  }
  heartbeat.stop()

  const fitted = fit(attempts)
  const done = result(null, null)
  try {
    const verdict = signal?.aborted ? null : verdictOf(fitted)
    const run = await control.finish(started.run, { verdict, attempts: fitted, waitMs })
    return { ...done, run }
  } catch (error) {
    // Control ends the run by its lease: it leaves nothing, but its evidence is known here alone.
    return { ...done, trouble: `control could not be told the verdict: ${messageOf(error)}` }
  }
}

/** Mocks answer in the run's own sandboxes alone: that needs no word of the author's. */
const scopesOf = ({ faults }: Check): readonly RunScope[] => (faults ? ['faults', 'mocks'] : ['mocks'])
