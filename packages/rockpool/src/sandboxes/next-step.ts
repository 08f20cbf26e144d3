import type { Counted, Waiting } from './types.ts'

/*
 *            ┌────────────────────────── again, after a pause ◄─────────────────────┐
 *            ▼                                                                      │ not zero
 *  count ─► ask ─► hear ─► all answered? ─► erase our own ─► check (count again) ───┤
 *                   ▲            │ no                                               ├─► finish: zero
 *                   └── wait ◄───┘                                                  └─► leave: not zero, last pass
 */

/** What is recorded of a deletion. */
export interface Progress {
  /** Passes begun. */
  pass: number
  /** Counted before anything was erased. */
  before: readonly Counted[] | null
  /** The event that asks in this pass; null: nobody was asked yet. */
  event: string | null
  /** All have answered in this pass, and Rockpool's own rows are erased. */
  ownErased: boolean
}

/** What a service made of being asked. `refused`: it answers that it cannot, and this pass waits for it no longer. */
export type Answer = { service: string } & (
  | { state: 'erased' }
  | { state: 'refused' | 'waiting'; reason: string }
)

/** What was found out in this visit; absent: not looked at yet. */
export interface Facts {
  answers?: readonly Answer[]
  after?: readonly Counted[]
}

export type Step =
  | { do: 'count' }
  | { do: 'ask' }
  | { do: 'hear' }
  | { do: 'wait'; for: Waiting[] }
  | { do: 'erase'; refusals: Waiting[] }
  | { do: 'check' }
  | { do: 'finish' }
  | { do: 'again'; pauseMs: number }
  | { do: 'leave' }

/** Before the second to the fifth pass. */
const pausesMs = [500, 2_000, 8_000, 30_000]
export const mostPasses = pausesMs.length + 1

/** What is to be done next for a deletion. Pure. */
export function nextStep(progress: Progress, facts: Facts): Step {
  if (progress.before === null) return { do: 'count' }
  if (progress.event === null) return { do: 'ask' }
  if (!progress.ownErased) {
    if (!facts.answers) return { do: 'hear' }
    const waiting = reasonsOf(facts.answers, 'waiting')
    // A refusal goes on to the count: what is left decides whether there is another pass.
    return waiting.length > 0
      ? { do: 'wait', for: waiting }
      : { do: 'erase', refusals: reasonsOf(facts.answers, 'refused') }
  }
  if (!facts.after) return { do: 'check' }
  if (facts.after.every(({ rows }) => rows === null || rows === 0)) return { do: 'finish' }
  const pauseMs = pausesMs[progress.pass - 1]
  return pauseMs === undefined ? { do: 'leave' } : { do: 'again', pauseMs }
}

function reasonsOf(answers: readonly Answer[], state: 'waiting' | 'refused'): Waiting[] {
  return answers.flatMap((answer) =>
    answer.state === state ? [{ service: answer.service, reason: answer.reason }] : [],
  )
}

/** How long until a deletion that waits is looked at again: at once at first, at most every 2 s. Pure. */
export function visitPause(visits: number): number {
  return Math.min(50 * 1.5 ** Math.min(visits, 20), 2_000)
}
