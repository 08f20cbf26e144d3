import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import type { Order, RawFinding, RawScenario, ToChild, ToParent } from '../child/protocol.ts'
import { memoryBelow } from '../browser/memory.ts'
import { underWay } from '../entries.ts'
import { frameOf } from '../child/place.ts'
import { redactText } from '../redact.ts'
import type { Ending, Entry, Evidence, Failure } from '../types.ts'
import { residentMb, spawnChild } from './spawn.ts'

export interface ProcessLimits {
  /** V8's heap in MiB; default 256. */
  heapMb: number
  /** Resident memory in MiB, where the system tells it; default 512. */
  residentMb: number
  /** Memory in MiB of the browser of an attempt, where the system tells it; default 1536. */
  browserMb: number
  /** Milliseconds that a file may take to load; default 10 s. */
  loadMs: number
}

export const defaultLimits: ProcessLimits = {
  heapMb: 256,
  residentMb: 512,
  browserMb: 1_536,
  loadMs: 10_000,
}

/** Beyond its timeout an attempt gets this long to say itself how it ended. */
const graceMs = 500
/** With a browser there is more to say: a last picture, the trace. Playwright itself takes memory, too, in MiB. */
const withBrowser = { graceMs: 10_000, residentMb: 256, lookMs: 1_000 } as const
const maxEntries = 1_200

/** Answers what a check asks of its parent, such as the effects of its sandbox. */
export type Answerer = (question: string, argument: unknown) => Promise<unknown>

export interface AttemptOutcome {
  ending: Ending
  evidence: Evidence
}

/** A process that has one check file loaded, and runs one attempt at a time. */
export interface CheckProcess {
  readonly file: string
  /** Everything of the author’s that came along with it, itself too. */
  readonly files: readonly string[]
  readonly scenarios: readonly RawScenario[]
  /** True until something was left behind in it: a killed, failed or unclean attempt. */
  readonly reusable: boolean
  /** Whether every file that it loaded is still the same. */
  isCurrent(): Promise<boolean>
  /** Never rejects. `signal`: ends the attempt as uncheckable, with the signal's reason. */
  run(order: Order, answer: Answerer, signal?: AbortSignal): Promise<AttemptOutcome>
  kill(): void
}

/** Starts a process and loads the file there; what is wrong with the file comes back as a finding. */
export async function startCheckProcess(
  file: string,
  limits: ProcessLimits,
): Promise<CheckProcess | RawFinding> {
  const child = spawnChild({ heapMb: limits.heapMb })
  const loaded = await new Promise<Extract<ToParent, { type: 'loaded' }> | RawFinding>((resolve) => {
    const timer = setTimeout(() => {
      resolve({
        message: `it cannot be loaded: it was still loading after ${limits.loadMs / 1_000} s`,
        line: null,
      })
    }, limits.loadMs)
    child.process.on('exit', (code, signal) => {
      clearTimeout(timer)
      const words = lastWords(child.stderr())
      resolve({
        message: `it cannot be loaded: its process ended with ${signal ?? `code ${code}`}${words}`,
        line: null,
      })
    })
    child.process.on('message', (message: ToParent) => {
      if (message?.type === 'ready') child.process.send({ type: 'load', file } satisfies ToChild, () => {})
      if (message?.type === 'loaded') resolve(message)
      if (message?.type === 'refused') resolve(message.finding)
      if (message?.type === 'loaded' || message?.type === 'refused') clearTimeout(timer)
    })
  })
  child.process.removeAllListeners('message').removeAllListeners('exit')
  if (!('type' in loaded)) {
    child.kill()
    return loaded
  }

  let reusable = true
  child.process.on('exit', () => (reusable = false))
  const send = (message: ToChild) => child.process.send(message, () => {})

  return {
    file,
    files: loaded.files.map(({ path }) => path),
    scenarios: loaded.scenarios,
    get reusable() {
      return reusable
    },
    async isCurrent() {
      const same = await Promise.all(
        loaded.files.map(async ({ path, sha256 }) => (await hashOf(path)) === sha256),
      )
      return same.every(Boolean)
    },
    kill() {
      reusable = false
      child.kill()
    },
    async run(order, answer, signal) {
      const entries = new Map<number, Entry>()
      const { promise, resolve } = Promise.withResolvers<{
        ending: Ending
        left?: Evidence['left']
        clean?: boolean
      }>()
      const cutOff = (kind: Failure['kind'], message: string) => {
        const { steps, place } = underWay([...entries.values()])
        const failure = { kind, message, steps, place, frame: frameOf(place), expected: null, actual: null }
        resolve({ ending: { type: 'failed', failure } })
      }
      const abort = () => {
        const reason = signal?.reason instanceof Error ? signal.reason.message : 'the run was ended'
        send({ type: 'abort', reason })
        setTimeout(() => resolve({ ending: obstructed(reason, entries) }), graceMs).unref()
      }
      const onMessage = (message: ToParent) => {
        if (message?.type === 'entry' && typeof message.entry?.id === 'number') {
          if (entries.has(message.entry.id) || entries.size < maxEntries)
            entries.set(message.entry.id, message.entry)
        } else if (message?.type === 'ask') {
          if (message.question === 'browser') watchBrowser()
          if (message.question === 'browser-ending') extendDeadline()
          answer(message.question, message.argument).then(
            (value) => send({ type: 'told', id: message.id, value }),
            (error: Error) => send({ type: 'told', id: message.id, error: error.message }),
          )
        } else if (message?.type === 'ended') {
          resolve(message)
        }
      }
      const onExit = (code: number | null, by: string | null) => {
        if (isOutOfMemory(child.stderr(), code, by))
          cutOff('memory', `the check used more than ${limits.heapMb} MB of heap`)
        else
          cutOff(
            'exited',
            `the check's process ended with ${by ?? `code ${code}`}${lastWords(child.stderr())}`,
          )
      }
      const late = () =>
        cutOff(
          'deadline',
          `the check took longer than its ${order.timeout / 1_000} s and did not react: it was killed`,
        )
      const tooLarge = (who: string, limit: number) => (used: number | undefined) => {
        if (used === undefined || used <= limit) return
        cutOff('memory', `${who} used more than ${limit} MB of memory (${Math.round(used)} MB)`)
      }
      const pid = child.process.pid ?? -1
      let ownLimit = limits.residentMb
      let deadline = setTimeout(late, order.timeout + graceMs)
      const memory = setInterval(() => void residentMb(pid).then(tooLarge('the check', ownLimit)), 200)
      let browserMemory: NodeJS.Timeout | undefined
      const extendDeadline = () => {
        clearTimeout(deadline)
        deadline = setTimeout(late, withBrowser.graceMs)
      }
      const watchBrowser = () => {
        if (browserMemory) return
        ownLimit = limits.residentMb + withBrowser.residentMb
        const look = () => void memoryBelow(pid).then(tooLarge('the check’s browser', limits.browserMb))
        browserMemory = setInterval(look, withBrowser.lookMs)
      }

      child.process.on('message', onMessage).on('exit', onExit)
      signal?.addEventListener('abort', abort, { once: true })
      if (signal?.aborted) abort()
      else if (reusable) send({ type: 'run', order })
      else onExit(child.process.exitCode, child.process.signalCode)

      const outcome = await promise
      clearTimeout(deadline)
      clearInterval(memory)
      clearInterval(browserMemory)
      signal?.removeEventListener('abort', abort)
      child.process.off('message', onMessage).off('exit', onExit)
      reusable = reusable && outcome.clean === true && outcome.ending.type === 'returned'
      if (!reusable) child.kill()
      const evidence = {
        entries: [...entries.values()],
        left: outcome.left ?? { entries: 0, console: 0, bodies: 0 },
      }
      return { ending: outcome.ending, evidence }
    },
  }
}

function obstructed(message: string, entries: Map<number, Entry>): Ending {
  return {
    type: 'obstructed',
    obstacle: { message, ...underWay([...entries.values()]), retry: false, optional: false },
  }
}

function isOutOfMemory(stderr: string, code: number | null, signal: string | null): boolean {
  return (
    (signal === 'SIGABRT' || signal === 'SIGTRAP' || code === 134) &&
    /heap out of memory|Allocation failed/.test(stderr)
  )
}

function lastWords(stderr: string): string {
  const line = stderr
    .trim()
    .split('\n')
    .find((text) => /error/i.test(text))
  return line ? `: ${redactText(line.trim())}` : ''
}

async function hashOf(path: string): Promise<string | undefined> {
  return readFile(path).then(
    (content) => createHash('sha256').update(content).digest('hex'),
    () => undefined,
  )
}
