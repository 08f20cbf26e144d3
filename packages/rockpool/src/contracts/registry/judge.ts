import { Worker } from 'node:worker_threads'
import { problem } from '../../kernel/index.ts'
import type { Difference } from '../differences/index.ts'
import type { ContractFinding } from '../findings.ts'
import type { Comparison } from './comparison.ts'
import type { Drift, Usage } from '../traffic/index.ts'
import type { OperationOutline, Version } from './types.ts'

export type Facts = Pick<Version, 'title' | 'infoVersion' | 'format' | 'operations' | 'schemas'>

export type Question =
  | { ask: 'read'; bundle: string }
  /** `bundle`: the version before the one that was read. */
  | { ask: 'compare'; bundle: string; today: string }
  /** The same, with all that is asked of it again and again. */
  | { ask: 'tell'; bundle: string; today: string }
  /** Of the one that was read. */
  | { ask: 'drift'; usage: Usage }
  | { ask: 'outline' }

export type Answer =
  | { ok: true; facts: Facts }
  | { ok: true; differences: Difference[] }
  | { ok: true; comparison: Comparison }
  | { ok: true; drift: Drift }
  | { ok: true; outline: OperationOutline[] }
  | { ok: false; findings: ContractFinding[] }

/** One contract under judgement, in a thread of its own. */
export interface Judgement {
  facts: Facts
  /** How it differs from another one, which came before it. @param today `2026-11-23` */
  differencesFrom(before: string, today: string): Promise<Difference[]>
  /** The same, as it is told to people. */
  comparisonWith(before: string, today: string): Promise<Comparison>
  /** In what it and what was seen are not one. */
  driftOf(usage: Usage): Promise<Drift>
  /** Its operations, as far as routes are made of them. */
  outline(): Promise<OperationOutline[]>
}

export interface Judge {
  /**
   * Reads a bundle (its text, as it is stored), and ends the thread when the work with it is over. `invalid_input` with all
   * findings where it is no contract that can be used, or more than can be read here.
   */
  within<T>(bundle: string, work: (judgement: Judgement) => Promise<T>): Promise<T>
}

const entry = new URL(`./judge-worker.${import.meta.url.endsWith('.ts') ? 'ts' : 'js'}`, import.meta.url)

/**
 * @param options `most`: threads at once; who comes later waits. `patienceMs`: for one answer. `idleMs`: how long a thread
 * waits for the next contract; it keeps no process alive
 */
export function createJudge({ most = 2, patienceMs = 60_000, idleMs = 10_000, heapMb = 1_024 } = {}): Judge {
  const waiting: (() => void)[] = []
  let idle: Worker[] = []
  const ends = new WeakMap<Worker, NodeJS.Timeout>()
  let busy = 0

  const newThread = (): Worker => {
    const thread = new Worker(entry, { resourceLimits: { maxOldGenerationSizeMb: heapMb } })
    return thread.once('exit', () => (idle = idle.filter((each) => each !== thread)))
  }

  const enter = async (): Promise<Worker> => {
    if (busy >= most) await new Promise<void>((resolve) => waiting.push(resolve))
    else busy += 1
    const thread = idle.pop()
    if (thread === undefined) return newThread()
    clearTimeout(ends.get(thread))
    thread.off('error', ignore).ref()
    return thread
  }

  const leave = async (thread: Worker, isWell: boolean): Promise<void> => {
    if (isWell) {
      idle.push(thread.on('error', ignore))
      thread.unref()
      ends.set(thread, setTimeout(() => void thread.terminate(), idleMs).unref())
    } else await thread.terminate()
    const next = waiting.shift()
    if (next === undefined) busy -= 1
    else next()
  }

  return {
    async within(bundle, work) {
      const thread = await enter()
      let isWell = true
      const ask = (question: Question) =>
        answerOf(thread, question, patienceMs).catch((error: unknown) => {
          isWell = false
          throw error
        })
      try {
        const read = await ask({ ask: 'read', bundle })
        if (!('facts' in read)) throw unusable('the contract cannot be used', read)
        return await work({
          facts: read.facts,
          async differencesFrom(before, today) {
            const answer = await ask({ ask: 'compare', bundle: before, today })
            if ('differences' in answer) return answer.differences
            throw unreadable(answer)
          },
          async comparisonWith(before, today) {
            const answer = await ask({ ask: 'tell', bundle: before, today })
            if ('comparison' in answer) return answer.comparison
            throw unreadable(answer)
          },
          async driftOf(usage) {
            const answer = await ask({ ask: 'drift', usage })
            if ('drift' in answer) return answer.drift
            throw unusable('the contract cannot be held against what was seen', answer)
          },
          async outline() {
            const answer = await ask({ ask: 'outline' })
            if ('outline' in answer) return answer.outline
            throw unusable('the operations of the contract cannot be told', answer)
          },
        })
      } finally {
        await leave(thread, isWell)
      }
    },
  }
}

/** Of a thread at rest: whoever asks it next hears of it. */
const ignore = () => {}

function unusable(detail: string, answer: Answer) {
  return problem('invalid_input', detail, { findings: 'findings' in answer ? answer.findings : [] })
}

const unreadable = (answer: Answer) =>
  unusable('the contract that it is to be compared with cannot be read any more', answer)

async function answerOf(thread: Worker, question: Question, patienceMs: number): Promise<Answer> {
  const { promise, resolve, reject } = Promise.withResolvers<Answer>()
  const late = setTimeout(
    () =>
      reject(problem('invalid_input', `the contract is not read within ${patienceMs} ms: it is too large`)),
    patienceMs,
  )
  const failed = (error: Error) =>
    reject(
      (error as NodeJS.ErrnoException).code === 'ERR_WORKER_OUT_OF_MEMORY'
        ? problem('invalid_input', 'the contract is larger than can be read here')
        : error,
    )
  const exited = () => reject(new Error('the thread that reads contracts ended'))
  thread.once('message', resolve).once('error', failed).once('exit', exited)
  thread.postMessage(question, [])
  try {
    return await promise
  } finally {
    clearTimeout(late)
    thread.off('message', resolve).off('error', failed).off('exit', exited)
  }
}
