import { AsyncLocalStorage } from 'node:async_hooks'
import { performance } from 'node:perf_hooks'
import type { Entry, Evidence } from '../types.ts'

type Distribute<T> = T extends Entry ? Omit<T, 'id' | 'parent' | 'at' | 'ms'> : never
/** An entry before it has begun. */
export type NewEntry = Distribute<Entry>

/** Beyond these an attempt's evidence is counted, no longer kept: an endless loop must not fill the runner's memory. */
const limits = { entries: 1_000, console: 200 }

/** Takes down what an attempt does, in the step that does it. */
export interface Recorder {
  readonly entries: Entry[]
  readonly left: Evidence['left']
  /** Milliseconds since the attempt began. */
  now(): number
  /** Opens an entry in the current step. */
  begin<E extends NewEntry>(entry: E): Extract<Entry, { type: E['type'] }>
  /** Closes it with what came out. */
  end(entry: Entry): void
  /** Runs `work` with the entry as the current step, across everything it awaits. */
  within<T>(step: Entry, work: () => T): T
  current(): Entry | undefined
}

export function createRecorder(send: (entry: Entry) => void): Recorder {
  const step = new AsyncLocalStorage<Entry>()
  const began = performance.now()
  const now = () => Math.round((performance.now() - began) * 10) / 10
  const entries: Entry[] = []
  const left = { entries: 0, console: 0, bodies: 0 }
  let lastId = 0
  let lines = 0

  const isKept = (entry: Entry) =>
    entries.length < limits.entries && (entry.type !== 'console' || ++lines <= limits.console)

  return {
    entries,
    left,
    now,
    begin<E extends NewEntry>(given: E) {
      const parent = step.getStore()?.id ?? null
      const ms = given.type === 'console' ? 0 : null
      const entry: Entry = { ...given, id: ++lastId, parent, at: now(), ms }
      if (isKept(entry)) {
        entries.push(entry)
        send(entry)
      } else {
        left[entry.type === 'console' ? 'console' : 'entries']++
      }
      return entry as Extract<Entry, { type: E['type'] }>
    },
    end(entry) {
      entry.ms = Math.round((now() - entry.at) * 10) / 10
      if (entries.includes(entry)) send(entry)
    },
    within: (entry, work) => step.run(entry, work),
    current: () => step.getStore(),
  }
}
