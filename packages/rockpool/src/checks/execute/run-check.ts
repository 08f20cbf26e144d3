import { messageOf, Problem } from '../../kernel/index.ts'
import type { Clock } from '../../kernel/index.ts'
import type { RunControl } from '../control.ts'
import { fit } from '../evidence.ts'
import type { CheckProcess } from '../process/check-process.ts'
import type { Pool } from '../process/pool.ts'
import type { StartedRun } from '../runs/runs.ts'
import type { Grant, RunDetails } from '../runs/schema.ts'
import type { Attempt, Catalogue, Check, Ending, Trigger } from '../types.ts'
import { judge, retriesAfter, verdictOf } from '../verdict.ts'

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

/**
 * Runs a check with all its attempts and tells control how it ended. Never rejects, but with a Problem `conflict` where
 * the schedule runs this check already, or has run it for the slot.
 *
 *   start run ─► attempt ─► judge ─┬─► enough ─► finish run
 *                  ▲               └─► start attempt (fresh sandbox)
 *                  └──────────────────────┘         heartbeat every 3 s; lost for 15 s: the attempt is ended
 */
export async function runCheck(check: Check, options: RunCheckOptions): Promise<CheckResult> {
  const { control, clock, trigger, slot = null, waitMs = 0, signal } = options
  const began = clock.now()
  const attempts: Attempt[] = []
  const result = (run: RunDetails | null, trouble: string | null): CheckResult => ({
    check,
    verdict: verdictOf(attempts),
    attempts,
    ms: clock.now() - began,
    run,
    trouble,
  })

  let started: StartedRun
  try {
    started = await control.start({ check: check.name, trigger, slot, parent: check.parent, ttl: check.ttl })
  } catch (error) {
    if (error instanceof Problem && error.code === 'conflict' && trigger === 'schedule') throw error
    const message = `no sandbox could be made: ${messageOf(error)}`
    attempts.push(attemptOf(1, began, 0, null, obstructed(message), undefined))
    return result(null, message)
  }

  options.onStarted?.(started.run)
  const lost = new AbortController()
  const heart = beat(started, control, clock, lost)
  const ended = signal ? AbortSignal.any([signal, lost.signal]) : lost.signal
  try {
    let grant: Grant | undefined = started.attempt
    while (grant) {
      attempts.push(await runAttempt(check, started, grant, attempts.length + 1, options, ended))
      if (ended.aborted || !retriesAfter(attempts, check.retries)) break
      grant = await control.startAttempt(started.run).catch((error: unknown) => {
        attempts.push(
          attemptOf(
            attempts.length + 1,
            clock.now(),
            0,
            null,
            obstructed(`no sandbox could be made: ${messageOf(error)}`),
            undefined,
          ),
        )
        return undefined
      })
    }
  } finally {
    heart.stop()
  }

  const fitted = fit(attempts)
  const verdict = signal?.aborted ? null : verdictOf(fitted)
  const took = clock.now() - began
  try {
    const run = await control.finish(started.run, { verdict, attempts: fitted, waitMs })
    return { ...result(run, null), ms: took }
  } catch (error) {
    // Control ends the run by its lease: it leaves nothing, but its evidence is known here alone.
    return { ...result(null, `control could not be told the verdict: ${messageOf(error)}`), ms: took }
  }
}

async function runAttempt(
  check: Check,
  { run, gateway }: StartedRun,
  grant: Grant,
  number: number,
  { pool, control, catalogue, clock }: RunCheckOptions,
  signal: AbortSignal,
): Promise<Attempt> {
  const began = clock.now()
  const process: CheckProcess | { message: string } = await pool.take(check.file)
  if ('message' in process) {
    return attemptOf(
      number,
      began,
      0,
      grant.organization,
      obstructed(`${check.file}: ${process.message}`),
      undefined,
    )
  }
  const order = { check: check.name, gateway, catalogue, timeout: check.timeout, ...grant }
  const outcome = await process.run(
    order,
    async (question, argument) => {
      if (question !== 'effects') throw new Error(`nobody answers “${question}”`)
      return control.effects(run, grant.organization, String((argument as { name?: unknown }).name))
    },
    signal,
  )
  pool.giveBack(process)
  return attemptOf(number, began, clock.now() - began, grant.organization, outcome.ending, outcome.evidence)
}

function attemptOf(
  number: number,
  began: number,
  ms: number,
  organization: string | null,
  ending: Ending,
  evidence: Attempt['evidence'] | undefined,
): Attempt {
  return {
    number,
    verdict: judge(ending),
    startedAt: new Date(began).toISOString(),
    ms,
    organization,
    failure: ending.type === 'failed' ? ending.failure : null,
    obstacle: ending.type === 'obstructed' ? ending.obstacle : null,
    evidence: evidence ?? { entries: [], left: { entries: 0, console: 0, bodies: 0 } },
  }
}

function obstructed(message: string): Ending {
  return { type: 'obstructed', obstacle: { message, steps: [], place: null, retry: false, optional: false } }
}

/** Extends the lease; ends the attempt once control says that the run is over, or for as long as a lease nothing. */
function beat(
  { run, lease }: StartedRun,
  control: RunControl,
  clock: Clock,
  lost: AbortController,
): { stop(): void } {
  const stopped = new AbortController()
  let last = clock.now()
  const go = async () => {
    for (;;) {
      await clock.sleep(lease.heartbeatMs, stopped.signal)
      try {
        await control.heartbeat(run)
        last = clock.now()
      } catch (error) {
        if (stopped.signal.aborted) return
        const isOver = error instanceof Problem && (error.code === 'conflict' || error.code === 'not_found')
        if (isOver) return lost.abort(new Error(`control has ended the run: ${messageOf(error)}`))
        if (clock.now() - last > lease.ms)
          return lost.abort(new Error(`control gave no sign for ${lease.ms / 1_000} s: ${messageOf(error)}`))
      }
    }
  }
  go().catch(() => {})
  return { stop: () => stopped.abort(new Error('the run is over')) }
}
