import { openReading } from '../checks/index.ts'
import type { CallControl, Check, RawScenario, ScenarioKind } from '../checks/index.ts'
import type { Finding } from '../kernel/index.ts'
import { listRunLedger, putBack } from './operations.ts'

export const notStarted = 'it does not use production now'

const shape = {
  kind: 'bot' as const,
  known: ['every', 'timeout', 'putBack'],
  longestName: 120,
  example: 'bot(name, { every, putBack }, async ({ api, bot }) => { … })',
}

/** Validates a definition; all findings at once. Pure. */
export function readBot(raw: RawScenario, file: string): { check?: Check; findings: Finding[] } {
  const { name, options, findings, found, duration } = openReading(raw, file, shape)
  const every = duration('every', options.every, 1_000, 86_400_000)
  if (options.every === undefined) found('every', 'a bot needs a time between its lifecycles, such as 1m')
  const timeout = duration('timeout', options.timeout, 100, 1_800_000) ?? 60_000
  // Of a function only its type travels out of the process that has the file loaded.
  if (options.putBack !== 'function')
    found('putBack', 'a bot needs a function that puts back one thing: async (fixtures, created) => { … }')
  if (findings.length > 0) return { findings }
  const check: Check = {
    kind: 'bot',
    name,
    file,
    line: raw.line,
    every,
    cron: null,
    timeout,
    // Whatever happened, the next run begins by putting back.
    retries: { count: 0, on: 'any' },
    tags: [],
    parent: null,
    // For the credential: a little more than the run may take.
    ttl: `${timeout + 30_000}ms`,
  }
  return { check, findings }
}

/** Bots, for whoever executes scenarios. `call`: the way to control, for what they ask while they run. */
export function createBotKind(call: CallControl): ScenarioKind {
  return {
    kind: 'bot',
    files: 'bots.files',
    read: readBot,
    notStarted,
    answer(run, question, argument) {
      if (question === 'ledger') return call(listRunLedger, { params: { run } }).then(({ items }) => items)
      if (question !== 'putBack') return undefined
      const entry = String((argument as { entry?: unknown }).entry)
      return call(putBack, { params: { run, entry } })
    },
  }
}
