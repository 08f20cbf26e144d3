import type { Fixtures, Step, Until } from '../authoring/types.ts'
import { parameterNames } from '../browser/parameters.ts'
import { createExpect } from '../expect/expect.ts'
import { oneLine } from '../printable.ts'
import { redactText, redactValue } from '../redact.ts'
import { createApi } from './api.ts'
import type { AttemptContext } from './context.ts'
import { at, captureSite, DeadlinePassed, Misuse, withCauses } from './errors.ts'
import { createFaultsFixture } from './faults.ts'
import { Obstructed } from './obstructed.ts'
import { formatDuration, parseDuration } from '../../kernel/light.ts'
import { pause, pauses } from './pauses.ts'
import { callerPlace } from './place.ts'
import { createSandbox } from './sandbox.ts'
import { createSecretsFixture } from './secrets.ts'

/** What a check is handed. */
export function createFixtures(context: AttemptContext): Fixtures {
  const step = createStep(context)
  const fixtures = {
    sandbox: createSandbox(context, step),
    api: createApi(context),
    step,
    expect: createExpect(redactValue),
    until: createUntil(context),
    secrets: createSecretsFixture(context.order),
    faults: createFaultsFixture(context, step),
    signal: context.signal,
  }
  if (context.browser) return { ...fixtures, page: context.browser.page }
  // Not enumerable: `...rest` takes what there is, and must not be refused for what it does not ask for.
  return Object.defineProperty(fixtures as Fixtures, 'page', {
    get() {
      throw new Misuse('a check gets a page where its parameters name it: async ({ page }) => { … }')
    },
  })
}

/** Opens the browser where the check names `page` in its parameters: it is there before the check's code begins. */
export async function openPage(
  context: AttemptContext,
  body: (...parameters: never[]) => unknown,
): Promise<void> {
  if (!parameterNames(body)?.includes('page')) return
  await createStep(context)('open the browser', async () => {
    const { openBrowser } = await import('../browser/session.ts')
    context.browser = await openBrowser(context)
  })
}

function createStep(context: AttemptContext): Step {
  return async (name, work) => {
    const entry = context.recorder.begin({
      type: 'step',
      name: name.slice(0, 200),
      failed: false,
      place: callerPlace(),
    })
    try {
      return await context.recorder.within(entry, async () => work())
    } catch (error) {
      entry.failed = true
      context.failedIn(error, entry)
      throw error
    } finally {
      context.recorder.end(entry)
      await context.browser?.stepEnded(entry)
    }
  }
}

function createUntil(context: AttemptContext): Until {
  return async (probe, deadline) => {
    const site = captureSite()
    const ms = parseDuration(deadline)
    const text = oneLine(redactText(probe.toString()), 200)
    const entry = context.recorder.begin({
      type: 'probe',
      probe: text,
      tries: 0,
      satisfied: false,
      place: callerPlace(),
    })
    const ending = AbortSignal.timeout(ms)
    const signal = AbortSignal.any([context.signal, ending])
    let last = ''
    try {
      for (const wait of pauses()) {
        entry.tries++
        try {
          const value = await Promise.race([tried(probe), aborted(signal)])
          if (value) {
            entry.satisfied = true
            return value
          }
          last = `it gave ${oneLine(String(value), 200)}`
        } catch (error) {
          if (signal.aborted || (error instanceof Obstructed && !error.retry)) throw error
          last = withCauses(error)
        }
        await pause(wait, signal)
      }
      throw new Error('unreachable: the pauses have no end')
    } catch (error) {
      if (!ending.aborted || context.signal.aborted) throw error
      const tries = entry.tries === 1 ? 'one try' : `${entry.tries} tries`
      throw at(
        site,
        new DeadlinePassed(
          `${text} did not come true within ${formatDuration(ms)}, in ${tries}; the last: ${last || 'no end'}`,
          text,
          last || null,
        ),
      )
    } finally {
      context.recorder.end(entry)
    }
  }
}

/** Never resolves; rejects when the signal is aborted. */
function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) =>
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true }),
  )
}

/** A throw becomes a rejection. */
async function tried<T>(work: () => T | PromiseLike<T>): Promise<T> {
  return work()
}
