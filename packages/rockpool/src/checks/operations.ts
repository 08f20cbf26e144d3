import { z } from 'zod'
import { operation, pageOf, pageQuery, runScopes } from '../kernel/index.ts'
import {
  attempt,
  checkState,
  definition,
  grant,
  kind,
  runDetails,
  runSummary,
  verdict,
} from './runs/schema.ts'

const runId = z.string().min(1).max(80)
const ofRun = z.strictObject({ run: runId })

export const listChecks = operation({
  id: 'checks.list',
  method: 'GET',
  path: '/checks',
  summary: 'List the checks, each with its last verdict',
  description:
    'A credential that is bound to an organization sees the checks that ran on it, and those runs.',
  scope: 'read',
  organizationBound: true,
  answers: { 200: z.object({ items: z.array(checkState) }) },
})

export const registerChecks = operation({
  id: 'checks.register',
  method: 'PUT',
  path: '/checks',
  summary: 'Say which checks, or which bots, there are',
  scope: 'write',
  body: z.strictObject({
    kind: kind.default('check'),
    checks: z.array(definition).max(10_000),
    complete: z
      .boolean()
      .describe('there are no others of the kind: one that is not named is forgotten, its runs are kept'),
  }),
  answers: { 204: null },
})

export const requestRun = operation({
  id: 'checks.requestRun',
  method: 'POST',
  path: '/checks/{check}/runs',
  summary: 'Ask for a run of a check, now',
  description:
    'A runner takes it at once, beside its schedule. The run has the `slot` that is answered. A credential that is bound to an organization asks for runs on that one, of the checks that it sees.',
  scope: 'write',
  organizationBound: true,
  params: z.strictObject({ check: z.string().min(1).max(200) }),
  answers: { 202: z.object({ check: z.string(), slot: z.iso.datetime().describe('when it was asked for') }) },
})

export const startRun = operation({
  id: 'checks.startRun',
  method: 'POST',
  path: '/runs',
  summary: 'Start a run, with a credential of its own, and for a check with a sandbox',
  description:
    'The run lasts as long as its lease is extended; then, or when it is finished, its credential is revoked and its sandboxes are deleted. A bot’s run works in production by its grant, and needs the scope admin in the whole installation.',
  scope: 'write',
  organizationBound: true,
  body: z.strictObject({
    kind: kind.default('check'),
    check: z.string().min(1).max(200),
    trigger: z.enum(['command', 'schedule']).default('command'),
    slot: z.iso
      .datetime()
      .nullish()
      .describe('the time that the schedule meant, or when it was asked for; one run for each'),
    parent: z.string().max(63).nullish().describe('production organization whose sandbox is made'),
    ttl: z.string().max(20).nullish().describe('how long a sandbox of it may live, such as 1h'),
    scopes: z
      .array(z.enum(runScopes))
      .max(runScopes.length)
      .default([])
      .describe('what its credential may do here; faults: break services for the run alone. For checks only'),
  }),
  answers: {
    201: z.object({
      run: runId,
      gateway: z.string(),
      lease: z.object({ ms: z.int(), heartbeatMs: z.int() }),
      attempt: grant,
    }),
  },
})

export const startAttempt = operation({
  id: 'checks.startAttempt',
  method: 'POST',
  path: '/runs/{run}/attempts',
  summary: 'Start a further attempt, in a fresh sandbox',
  scope: 'write',
  organizationBound: true,
  params: ofRun,
  answers: { 201: grant },
})

export const heartbeatRun = operation({
  id: 'checks.heartbeatRun',
  method: 'POST',
  path: '/runs/{run}/heartbeat',
  summary: 'Extend the lease of a run',
  scope: 'write',
  organizationBound: true,
  params: ofRun,
  answers: { 204: null },
})

export const finishRun = operation({
  id: 'checks.finishRun',
  method: 'POST',
  path: '/runs/{run}/finish',
  summary: 'End a run with its verdict and its evidence',
  scope: 'write',
  organizationBound: true,
  params: ofRun,
  body: z.strictObject({
    verdict: verdict.nullable().describe('null: it was stopped before anything could be said'),
    attempts: z.array(attempt).max(20),
    waitMs: z.int().min(0).max(30_000).default(0).describe('wait so long for the receipts of its sandboxes'),
  }),
  answers: { 200: runDetails },
})

export const listRuns = operation({
  id: 'checks.listRuns',
  method: 'GET',
  path: '/runs',
  summary: 'List runs, the newest first',
  scope: 'read',
  organizationBound: true,
  query: pageQuery.extend({
    kind: kind.default('check'),
    check: z.string().max(200).optional(),
    verdict: verdict.optional(),
  }),
  answers: { 200: pageOf(runSummary) },
})

export const getRun = operation({
  id: 'checks.getRun',
  method: 'GET',
  path: '/runs/{run}',
  summary: 'Get a run with its evidence',
  scope: 'read',
  organizationBound: true,
  params: ofRun,
  answers: { 200: runDetails },
})

export const listRunEffects = operation({
  id: 'checks.listRunEffects',
  method: 'GET',
  path: '/runs/{run}/effects',
  summary: 'List the effects of one name in a sandbox of a run, once all are known',
  scope: 'read',
  organizationBound: true,
  params: ofRun,
  query: z.strictObject({ organization: z.string().max(63), name: z.string().min(1).max(200) }),
  answers: {
    200: z.object({
      items: z.array(
        z.object({
          id: z.string(),
          name: z.string(),
          service: z.string(),
          outcome: z.enum(['started', 'done', 'stood in', 'denied', 'failed']),
          arguments: z.unknown().describe('sensitive values replaced'),
          error: z.string().nullable(),
          at: z.iso.datetime(),
        }),
      ),
    }),
  },
})
