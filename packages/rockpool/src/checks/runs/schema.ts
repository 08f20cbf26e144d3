import { z } from 'zod'
import { artifactName } from '../artifacts/names.ts'
import { kinds } from '../types.ts'

/*
 * What the control API says about runs, and takes from whoever executes them; the same as in types.ts.
 */

export const kind = z.enum(kinds)
export const verdict = z.enum(['pass', 'fail', 'uncheckable'])
const time = z.iso.datetime()
const text = z.string().max(20_000)
const place = z.object({ file: z.string().max(4_096), line: z.int() }).nullable()
const steps = z.array(z.string().max(200)).max(50)

const failure = z.object({
  kind: z.enum(['assertion', 'deadline', 'error', 'exited', 'memory']),
  message: text,
  steps: steps.describe('where it happened, the outermost first'),
  place,
  frame: z.array(z.object({ line: z.int(), text: z.string().max(1_000) })).max(20),
  expected: text.nullable(),
  actual: text.nullable(),
})

const obstacle = z.object({
  message: text,
  steps,
  place,
  retry: z.boolean(),
  optional: z.boolean().describe('all that is missing is an optional program of a service'),
})

const entry = {
  id: z.int(),
  parent: z.int().nullable().describe('the step it belongs to'),
  at: z.number().describe('milliseconds from the beginning of the attempt'),
  ms: z.number().nullable().describe('null: it never came to its end'),
  place,
}

const artifact = artifactName.nullable().describe('name of the run’s artifact; null: it could not be kept')

const message = z.object({
  headers: z.record(z.string(), z.string()),
  body: z.unknown().optional().describe('sensitive values replaced; absent where there is none'),
  cut: z.int().nullable().describe('length of a body that was cut'),
})

const entries = z.discriminatedUnion('type', [
  z.object({ ...entry, type: z.literal('step'), name: z.string().max(200), failed: z.boolean() }),
  z.object({
    ...entry,
    type: z.literal('call'),
    service: z.string(),
    operation: z.string(),
    method: z.string(),
    path: z.string(),
    url: z.string(),
    status: z.int().nullable(),
    problem: z.string().nullable().describe('set where the gateway answered instead of the service'),
    error: z.string().nullable(),
    request: message,
    answer: message.nullable(),
    poll: z
      .object({
        predicate: z.string(),
        answers: z.int(),
        statuses: z.record(z.string(), z.int()),
        satisfied: z.boolean(),
      })
      .nullable(),
  }),
  z.object({ ...entry, type: z.literal('probe'), probe: z.string(), tries: z.int(), satisfied: z.boolean() }),
  z.object({ ...entry, type: z.literal('effects'), name: z.string(), count: z.int().nullable() }),
  z.object({ ...entry, type: z.literal('console'), stream: z.enum(['stdout', 'stderr']), text: z.string() }),
  z.object({ ...entry, type: z.literal('screenshot'), artifact: artifact }),
  z.object({ ...entry, type: z.literal('trace'), artifact: artifact }),
  z.object({
    ...entry,
    type: z.literal('finding'),
    kind: z.enum(['console', 'request']),
    text: z.string().max(2_000),
    url: z.string().max(4_000).describe('the script or the request'),
  }),
])

const evidence = z.object({
  entries: z.array(entries).max(2_000),
  left: z
    .object({ entries: z.int(), console: z.int(), bodies: z.int() })
    .describe('what was too much to keep'),
})

const attemptSummary = z.object({
  number: z.int(),
  verdict,
  startedAt: time,
  ms: z.number(),
  organization: z.string().nullable(),
  failure: failure.nullable(),
  obstacle: obstacle.nullable(),
})

export const attempt = attemptSummary.extend({ evidence })

const run = z.object({
  id: z.string(),
  kind: kind.describe('a check runs in sandboxes, a bot in production'),
  check: z.string().describe('name of the check or the bot'),
  trigger: z.enum(['command', 'schedule']),
  slot: time.nullable().describe('the time that the schedule meant'),
  parent: z.string(),
  startedBy: z.string().nullable(),
  startedAt: time,
  leaseUntil: time,
  endedAt: time.nullable(),
  endedBy: z
    .enum(['runner', 'lease', 'stopped'])
    .nullable()
    .describe('lease: its runner was lost; stopped: before anything could be said'),
  verdict: verdict.nullable(),
  ms: z.number().nullable(),
  why: z.array(z.string()).describe('what Rockpool knows about the cause'),
})

export const runSummary = run.extend({ attempts: z.array(attemptSummary) }).meta({ id: 'RunSummary' })

export const runDetails = run
  .extend({
    attempts: z.array(attempt),
    since: time.nullable().describe('since when the check’s verdict is the same'),
    sandboxes: z.array(
      z.object({
        slug: z.string(),
        state: z.enum(['active', 'deleting', 'deleted', 'residue']),
        receipt: z.string().nullable().describe('id of the receipt of its deletion'),
      }),
    ),
  })
  .meta({ id: 'Run' })

/** One of the last runs that said something, for a strip of them. */
export const recentRun = z.object({
  run: z.string(),
  verdict,
  at: time.describe('when it ended'),
  ms: z.number().nullable(),
})

export const checkState = z
  .object({
    name: z.string(),
    file: z.string(),
    line: z.int(),
    every: z.int().nullable().describe('milliseconds between its runs'),
    cron: z.string().nullable(),
    timeout: z.int(),
    tags: z.array(z.string()),
    running: z.boolean(),
    latest: z
      .object({
        run: z.string(),
        verdict,
        at: time.describe('when it ended'),
        ms: z.number().nullable(),
        attempts: z.int(),
        message: z.string().nullable().describe('of the failure, or of what stood in the way'),
        optional: z.boolean(),
        why: z.array(z.string()),
        since: time.describe('since when its verdict is the same'),
      })
      .nullable(),
    runs: z.array(recentRun).describe('its last 30 runs that said something, the oldest first'),
  })
  .meta({ id: 'Check' })

export const definition = z.strictObject({
  name: z.string().min(1).max(200),
  file: z.string().max(4_096),
  line: z.int(),
  every: z.int().nullable(),
  cron: z.string().max(200).nullable(),
  timeout: z.int(),
  tags: z.array(z.string().max(100)).max(50),
})

/** What the child of one attempt needs besides its check. */
export const grant = z.object({
  organization: z.string().describe('slug of the sandbox; of a bot’s run: of the production organization'),
  createdAt: time,
  credential: z.string().describe('the run’s; dead when the run ends'),
  more: z.unknown().describe('what runs of this kind are told besides'),
})

export type Definition = z.output<typeof definition>
export type Grant = z.output<typeof grant>
export type Run = z.output<typeof run>
export type RunSummary = z.output<typeof runSummary>
export type RunDetails = z.output<typeof runDetails>
export type CheckState = z.output<typeof checkState>
