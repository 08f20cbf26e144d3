import { AsyncLocalStorage } from 'node:async_hooks'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { withCauses } from '../child/errors.ts'
import { Obstructed } from '../child/obstructed.ts'
import type { Order } from '../child/protocol.ts'
import type { Recorder } from '../child/recorder.ts'
import type { Ending, Entry, StepEntry } from '../types.ts'
import { launch, signIn } from './launch.ts'
import type { BrowserPlace, FoundPlace } from './host.ts'
import { sensitiveFields } from './mask.ts'
import { redactTrace } from './trace.ts'
import { watch } from './watch.ts'

/*
 *   check names `page` ─► place (parent) ─► Chromium ─► ticket (parent) ─► cookie ─► the check's code
 *                                                                            │ each step that used the page: a picture
 *   parent ends Chromium, removes its folder ◄── attempt ends ◄──────────────┘ not passed: a picture and the trace
 */

/** The browser of one attempt, signed in to its organization. */
export interface BrowserSession {
  readonly page: Page
  /** Takes a picture where the step used the page; failing to is no failure. */
  stepEnded(step: StepEntry): Promise<void>
  /** Keeps what explains an attempt that did not pass. `open`: the entry that was under way. The parent ends the browser. */
  attemptEnded(ending: Ending, open: Entry | undefined): Promise<void>
}

/** What it needs of the attempt. */
interface Surroundings {
  readonly order: Order
  readonly recorder: Recorder
  /** Asks the parent process. */
  ask: (question: string, argument: unknown) => Promise<unknown>
}

const limits = { pictures: 30, pictureMs: 3_000, traceMs: 5_000 } as const

/** @throws Obstructed where there is no browser, it does not start, or it cannot be signed in */
export async function openBrowser(context: Surroundings): Promise<BrowserSession> {
  const { order, recorder } = context
  const found = await asked<BrowserPlace>(context, 'browser')
  if ('missing' in found) throw new Obstructed(found.missing, { retry: false, optional: true })
  const place: FoundPlace = found
  const browser = await launch({ place, origin: order.gateway, timeoutMs: Math.min(order.timeout, 30_000) })
  await signIn(browser, order.gateway, await asked<string>(context, 'browser-ticket'))
  const page = browser.pages()[0] ?? (await browser.newPage())
  // No pictures in it: pixels cannot be redacted, snapshots of the document can.
  await browser.tracing.start({ snapshots: true, screenshots: false, sources: false })

  const ours = new AsyncLocalStorage<true>()
  /** Steps that used the page; null: the check itself, outside of all steps. */
  const used = new Set<number | null>()
  let lastUser: Entry | undefined
  /** Whether anything was done since the last picture. */
  let isNew = false
  let pictures = 0
  watch(
    browser,
    (found) => {
      const begin = () => recorder.begin({ type: 'finding', ...found, place: null })
      recorder.end(lastUser ? recorder.within(lastUser, begin) : begin())
    },
    () => void recorder.left.entries++,
  )
  watchUse(page, () => {
    if (ours.getStore()) return
    isNew = true
    lastUser = recorder.current()
    used.add(lastUser?.id ?? null)
  })
  async function keep(type: 'screenshot' | 'trace', name: string, owner: Entry | undefined): Promise<void> {
    const kept = await context.ask('artifact', { name })
    const begin = () => recorder.begin({ type, artifact: kept === true ? name : null, place: null })
    recorder.end(owner ? recorder.within(owner, begin) : begin())
  }

  async function picture(owner: Entry | undefined): Promise<void> {
    used.delete(owner?.id ?? null)
    isNew = false
    if (page.isClosed()) return
    if (++pictures > limits.pictures) return void recorder.left.entries++
    const name = `attempt-${order.attempt}-${owner ? `step-${owner.id}` : 'end'}.png`
    try {
      await ours.run(true, () =>
        page.screenshot({
          path: join(place.folder, 'out', name),
          mask: page.frames().map((frame) => frame.locator(sensitiveFields)),
          animations: 'disabled',
          timeout: limits.pictureMs,
        }),
      )
      await keep('screenshot', name, owner)
    } catch {
      // A page that is busy, or gone, gives no picture.
    }
  }

  return {
    page,
    async stepEnded(step) {
      if (used.has(step.id)) await picture(step)
    },
    async attemptEnded(ending, open) {
      if (ending.type === 'returned') return
      // The parent waits a little longer from now on.
      await context.ask('browser-ending', {})
      if (isNew) await picture(open)
      const name = `attempt-${order.attempt}-trace.zip`
      const path = join(place.folder, 'out', name)
      try {
        await within(
          limits.traceMs,
          ours.run(true, () => browser.tracing.stop({ path })),
        )
        await writeFile(path, redactTrace(await readFile(path)))
        await keep('trace', name, undefined)
      } catch {
        recorder.left.entries++
      }
    },
  }
}

async function asked<T>(context: Surroundings, question: string): Promise<T> {
  try {
    return (await context.ask(question, {})) as T
  } catch (error) {
    throw new Obstructed(`no browser for the page: ${withCauses(error)}`, { retry: true })
  }
}

/**
 * Calls `used` whenever anything asks the browser for something, in the asynchronous context of whoever asks: so the step
 * is known that a click, a locator or a navigation belongs to. All of Playwright's client goes through this one method.
 */
function watchUse(page: Page, used: () => void): void {
  const { _connection: connection } = page as unknown as { _connection: Connection }
  const send = connection.sendMessageToServer
  connection.sendMessageToServer = function (this: Connection, ...message) {
    used()
    return send.apply(this, message)
  }
}

interface Connection {
  sendMessageToServer(...message: unknown[]): unknown
}

async function within<T>(ms: number, work: Promise<T>): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>()
  const timer = setTimeout(() => reject(new Error(`it took longer than ${ms} ms`)), ms)
  return Promise.race([work, promise]).finally(() => clearTimeout(timer))
}
