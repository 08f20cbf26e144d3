/*
 * The process that runs checks of one file, one attempt after the other. Its parent kills it when it is late, so
 * nothing here has to be able to stop it.
 */
import type { ScenarioDefinition } from '../authoring/types.ts'
import { createHide } from '../hide.ts'
import { hideInThisProcess, redactText } from '../redact.ts'
import { runAttempt } from './attempt.ts'
import type { AttemptRun } from './attempt.ts'
import { Misuse } from './errors.ts'
import { loadFile } from './load.ts'
import type { Order, ToChild, ToParent } from './protocol.ts'

Error.stackTraceLimit = 50

let definitions: ScenarioDefinition[] = []
let running: AttemptRun | undefined
let lastQuestion = 0
const questions = new Map<number, { resolve: (value: unknown) => void; reject: (error: Error) => void }>()
const exit = process.exit.bind(process)

const tell = (message: ToParent) => void process.send?.(message)

process.on('message', (message: ToChild) => {
  switch (message.type) {
    case 'load':
      void load(message.file)
      return
    case 'run':
      void run(message.order)
      return
    case 'abort':
      running?.abort(message.reason)
      return
    case 'told': {
      const question = questions.get(message.id)
      questions.delete(message.id)
      if (message.error === undefined) question?.resolve(message.value)
      else question?.reject(new Error(message.error))
    }
  }
})
// The parent is gone: nobody waits for a verdict.
process.on('disconnect', () => exit(0))

process.on('uncaughtException', escaped)
process.on('unhandledRejection', escaped)
process.exit = (code) => {
  const error = new Misuse(`the check called process.exit(${code ?? ''})`)
  if (!running) exit(code)
  escaped(error)
  throw error
}

async function load(file: string): Promise<void> {
  const loaded = await loadFile(file)
  if ('message' in loaded) return tell({ type: 'refused', finding: loaded })
  definitions = loaded.definitions
  const scenarios = definitions.map(({ kind, name, options, body, line }) => ({
    kind,
    name,
    options,
    hasBody: typeof body === 'function',
    line,
  }))
  tell({ type: 'loaded', scenarios, files: loaded.files })
}

async function run(order: Order): Promise<void> {
  const definition = definitions.find(({ kind, name }) => kind === order.kind && name === order.check)!
  hideInThisProcess(createHide(order.secrets?.values ?? {}))
  const timersBefore = activeTimers()
  running = runAttempt(definition, order, { send: (entry) => tell({ type: 'entry', entry }), ask })
  const { ending, left } = await running.ended
  const { hasBrowser } = running
  running = undefined
  // A timer that is left over would work on inside the next attempt, and a browser is ended together with this process:
  // such a process is not used again.
  const clean = ending.type === 'returned' && !hasBrowser && activeTimers() <= timersBefore
  tell({ type: 'ended', ending, left, clean })
}

function activeTimers(): number {
  return process.getActiveResourcesInfo().filter((name) => name === 'Timeout' || name === 'Immediate').length
}

function ask(question: string, argument: unknown): Promise<unknown> {
  const id = ++lastQuestion
  return new Promise((resolve, reject) => {
    questions.set(id, { resolve, reject })
    tell({ type: 'ask', id, question, argument })
  })
}

/** An error that no await has seen fails the attempt that is running; without one it ends the process. */
function escaped(error: unknown): void {
  if (running) running.fail(error)
  else exit(70)
}

for (const stream of ['stdout', 'stderr'] as const) {
  process[stream].write = (chunk: string | Uint8Array, encoding?: unknown, callback?: unknown) => {
    const text = typeof chunk === 'string' ? chunk : new TextDecoder().decode(chunk)
    running?.recorder.begin({
      type: 'console',
      stream,
      // Cut only then: half a value would not be known for one.
      text: redactText(text.replace(/\n$/, '').slice(0, 200_000)).slice(0, 2_000),
      place: null,
    })
    const done = typeof encoding === 'function' ? encoding : callback
    if (typeof done === 'function') queueMicrotask(() => (done as () => void)())
    return true
  }
}

tell({ type: 'ready' })
