import type { ScenarioDefinition } from '../authoring/types.ts'
import { stepsOf, underWay } from '../entries.ts'
import type { CallEntry, Ending, Entry, Evidence } from '../types.ts'
import type { AttemptContext } from './context.ts'
import { DeadlinePassed, endingOf, Misuse } from './errors.ts'
import { createFixtures, openPage } from './fixtures.ts'
import { formatDuration } from '../../kernel/light.ts'
import { frameOf } from './place.ts'
import type { Order } from './protocol.ts'
import { createRecorder } from './recorder.ts'
import type { Recorder } from './recorder.ts'

export interface AttemptRun {
  readonly ended: Promise<{ ending: Ending; left: Evidence['left'] }>
  readonly recorder: Recorder
  /** Whether it opened one. */
  readonly hasBrowser: boolean
  /** Ends it now, for a reason that is not the check's fault: the verdict is uncheckable. */
  abort(reason: string): void
  /** Ends it now as failed: an error that no await has seen, or a call of process.exit. */
  fail(error: unknown): void
}

interface Outside {
  send: (entry: Entry) => void
  ask: (question: string, argument: unknown) => Promise<unknown>
}

/** Runs a check once. Whatever it does, it ends: returned, failed, obstructed, or at its deadline. */
export function runAttempt(definition: ScenarioDefinition, order: Order, outside: Outside): AttemptRun {
  const recorder = createRecorder(outside.send)
  const abortion = new AbortController()
  const open = new Set<CallEntry>()
  const steps = new WeakMap<WeakKey, string[]>()
  const { promise: ended, resolve } = Promise.withResolvers<{ ending: Ending; left: Evidence['left'] }>()

  const context: AttemptContext = {
    order,
    recorder,
    signal: abortion.signal,
    open,
    mocked: new Map(),
    ask: outside.ask,
    failedIn(error, step) {
      if (typeof error === 'object' && error !== null && !steps.has(error))
        steps.set(error, stepsOf(step, recorder.entries))
    },
  }

  let isOver = false
  const end = (ending: Ending, reason: unknown) => {
    if (isOver) return
    isOver = true
    clearTimeout(timer)
    const open = recorder.entries.findLast(({ ms }) => ms === null)
    const done = () => resolve({ ending, left: recorder.left })
    if (context.browser)
      context.browser
        .attemptEnded(ending, open)
        .catch(() => {})
        .finally(done)
    else done()
    abortion.abort(reason)
  }
  const fail = (error: unknown) => {
    const known = typeof error === 'object' && error !== null ? steps.get(error) : undefined
    end(endingOf(error, known ?? []), error)
  }

  const timer = setTimeout(() => {
    const late = new DeadlinePassed(`the check took longer than its ${formatDuration(order.timeout)}`)
    const { steps: names, place } = underWay(recorder.entries)
    const { failure } = endingOf(late, names) as Extract<Ending, { type: 'failed' }>
    end({ type: 'failed', failure: { ...failure, place, frame: frameOf(place) } }, late)
  }, order.timeout)

  const run = async () => {
    await openPage(context, definition.written)
    await definition.body(createFixtures(context), {
      more: order.more,
      ask: outside.ask,
      catalogue: order.catalogue,
    })
    const [forgotten] = open
    if (!forgotten) return
    throw new Misuse(
      `the check came to its end while ${forgotten.service}.${forgotten.operation} was under way: await it${forgotten.place ? ` (line ${forgotten.place.line})` : ''}`,
    )
  }
  // In a turn of its own: whoever started the attempt must know it before the check's code runs.
  Promise.resolve()
    .then(run)
    .then(() => end({ type: 'returned' }, new Error('the check has ended')), fail)

  return {
    ended,
    recorder,
    get hasBrowser() {
      return context.browser !== undefined
    },
    abort(reason) {
      end(
        {
          type: 'obstructed',
          obstacle: { message: reason, ...underWay(recorder.entries), retry: false, optional: false },
        },
        new Error(reason),
      )
    },
    fail,
  }
}
