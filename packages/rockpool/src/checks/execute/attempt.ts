import { createBrowserHost } from '../browser/host.ts'
import type { RawFinding } from '../child/protocol.ts'
import { createHide, hideOutcome } from '../hide.ts'
import type { CheckProcess } from '../process/check-process.ts'
import type { StartedRun } from '../runs/runs.ts'
import type { Grant } from '../runs/schema.ts'
import type { Attempt, Check, Ending } from '../types.ts'
import { judge } from '../verdict.ts'
import { createFaultsAnswer } from './faults.ts'
import { createMocksAnswer } from './mocks.ts'
import { createSandboxMocksAnswer } from './sandbox-mocks.ts'
import { secretsFor } from './secrets.ts'
import type { RunCheckOptions } from './types.ts'

/** One attempt: where it stands in its run, what it may touch, and the process that is to run it. */
export interface AttemptOrder {
  check: Check
  run: StartedRun
  number: number
  grant: Grant
  process: CheckProcess | RawFinding
  signal: AbortSignal
}

/** Runs an attempt to its end, whatever that is. Never rejects. */
export async function runAttempt(order: AttemptOrder, options: RunCheckOptions): Promise<Attempt> {
  const { check, run, number, grant, process, signal } = order
  const { clock, catalogue, control, pool, kind } = options
  const began = clock.now()
  const { organization } = grant
  if ('message' in process) {
    return attemptOf({ number, began, organization, ending: obstructed(`${check.file}: ${process.message}`) })
  }
  const browser = createBrowserHost({ control, run: run.run, organization })
  const faults = createFaultsAnswer(control, grant.credential)
  const mocks = createMocksAnswer(control, run.run)
  const sandboxMocks = createSandboxMocksAnswer(control, grant)
  const secrets = await secretsFor(control, run.run, process.files)
  const hide = createHide(secrets.values)
  const outcome = await process.run(
    {
      kind: check.kind,
      check: check.name,
      attempt: number,
      gateway: run.gateway,
      catalogue,
      timeout: check.timeout,
      ...grant,
      secrets,
    },
    async (question, argument) => {
      if (question === 'effects')
        return control.effects(run.run, organization, String((argument as { name?: unknown }).name))
      const answer =
        faults(question, argument) ??
        browser.answer(question, argument) ??
        mocks(question, argument) ??
        sandboxMocks(question, argument) ??
        kind.answer?.(run.run, question, argument)
      if (answer === undefined) throw new Error(`nobody answers “${question}”`)
      return answer
    },
    signal,
  )
  pool.giveBack(process)
  await browser.close(outcome.evidence.entries)
  return attemptOf({ number, began, ms: clock.now() - began, organization, ...hideOutcome(outcome, hide) })
}

interface Outcome {
  number: number
  began: number
  ms?: number
  organization: string | null
  ending: Ending
  evidence?: Attempt['evidence']
}

/** An attempt as it is kept. Pure. */
export function attemptOf({ number, began, ms = 0, organization, ending, evidence }: Outcome): Attempt {
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

/** Something that the check could do nothing about. */
export function obstructed(message: string): Ending {
  return { type: 'obstructed', obstacle: { message, steps: [], place: null, retry: false, optional: false } }
}
