import { z } from 'zod'
import { operation, pageOf, pageQuery } from '../kernel/index.ts'

const slug = z.string().min(1).max(100)
const time = z.iso.datetime()

const sandbox = z
  .object({
    slug: z.string().describe('its name as an organization, everywhere'),
    parent: z.string(),
    name: z.string(),
    run: z.string().nullable().describe('the run that it was made for; its end deletes it'),
    createdBy: z.string().nullable(),
    createdAt: time,
    endsAt: time.describe('when its time to live is over, and it is deleted'),
    state: z.enum(['active', 'deleting', 'deleted', 'residue']),
    deletingAt: time.nullable(),
    deletingBecause: z.enum(['asked', 'ended', 'run ended']).nullable(),
    deletedAt: time.nullable(),
    passes: z.int().describe('how often its services were asked to erase, while it is `deleting`'),
    waiting: z
      .array(z.object({ service: z.string(), reason: z.string() }))
      .describe('what its deletion waits for'),
  })
  .meta({ id: 'Sandbox' })

const receiptTable = z.object({
  table: z.string(),
  before: z.int().nullable().describe('rows before anything was erased; null: the table was not there then'),
  after: z.int(),
})

const receipt = z
  .object({
    id: z.string(),
    sandbox: z.string(),
    parent: z.string(),
    run: z.string().nullable(),
    createdAt: time,
    deletingAt: time,
    at: time.describe('when the last count was taken'),
    complete: z.boolean().describe('every counted table was at zero'),
    passes: z.int(),
    refusals: z
      .array(z.object({ service: z.string(), reason: z.string() }))
      .describe('services that could not erase, and why'),
    services: z.array(
      z.object({
        service: z.string(),
        tables: z.array(receiptTable),
        unchecked: z
          .array(z.string())
          .describe('tables without a column `organization`: nobody looked into them'),
      }),
    ),
    rockpool: z.array(receiptTable).describe('Rockpool’s own tables'),
    remains: z.array(z.object({ what: z.string(), why: z.string() })).describe('what stays by design'),
  })
  .meta({ id: 'Receipt' })

export const ledgerEntry = z
  .object({
    id: z.string(),
    run: z.string().nullable(),
    organization: z.string(),
    service: z.string(),
    method: z.string(),
    path: z.string(),
    idempotencyKey: z.string().nullable(),
    at: time,
    status: z.int().nullable(),
    location: z.string().nullable(),
    resource: z.string().nullable().describe('`id` of the answer'),
    outcome: z.enum(['intent', 'done', 'doubtful']),
  })
  .meta({ id: 'LedgerEntry' })

const params = z.strictObject({ sandbox: slug })
/** A parent's sandbox key, and credentials that are bound to the parent, reach its sandboxes and no others. */
const reach = { parentKey: true, organizationBound: true } as const

export const createSandbox = operation({
  id: 'sandboxes.create',
  method: 'POST',
  path: '/sandboxes',
  summary: 'Create a sandbox',
  description:
    'It begins with no data. The key is shown once; it counts at every connected gateway when this answers.',
  scope: 'write',
  ...reach,
  body: z.strictObject({
    parent: slug,
    ttl: z
      .string()
      .default('1h')
      .describe('time to live: one second to seven days, such as 30s, 10m, 1h, 7d'),
    name: z.string().min(1).max(120).optional(),
  }),
  answers: {
    201: z
      .object({ sandbox, key: z.string().describe('its sandbox key; stored nowhere') })
      .meta({ id: 'NewSandbox' }),
  },
})

export const listSandboxes = operation({
  id: 'sandboxes.list',
  method: 'GET',
  path: '/sandboxes',
  summary: 'List sandboxes, the newest first',
  scope: 'read',
  ...reach,
  query: pageQuery.extend({
    parent: slug.optional(),
    run: z.string().min(1).max(100).optional(),
    state: z.enum(['active', 'deleting', 'deleted', 'residue']).optional(),
  }),
  answers: { 200: pageOf(sandbox) },
})

export const getSandbox = operation({
  id: 'sandboxes.get',
  method: 'GET',
  path: '/sandboxes/{sandbox}',
  summary: 'Get a sandbox',
  scope: 'read',
  ...reach,
  params,
  answers: { 200: sandbox },
})

export const deleteSandbox = operation({
  id: 'sandboxes.delete',
  method: 'DELETE',
  path: '/sandboxes/{sandbox}',
  summary: 'Delete a sandbox with everything in it',
  description:
    'It is closed when this answers, and erased then, whatever goes down meanwhile: `waiting` says what it waits for, and ' +
    'the receipt is there when its state is `deleted` or `residue`.',
  scope: 'write',
  ...reach,
  params,
  query: z.strictObject({
    wait: z.coerce
      .number()
      .int()
      .min(0)
      .max(30)
      .default(0)
      .describe('seconds to wait for the end of the deletion'),
  }),
  answers: { 202: sandbox },
})

export const getReceipt = operation({
  id: 'sandboxes.getReceipt',
  method: 'GET',
  path: '/sandboxes/{sandbox}/receipt',
  summary: 'Get the receipt of a deletion',
  scope: 'read',
  ...reach,
  params,
  answers: { 200: receipt },
})

export const listLedger = operation({
  id: 'sandboxes.listLedger',
  method: 'GET',
  path: '/ledger',
  summary: 'List what runs and sandboxes created, in the order in which it was told',
  scope: 'read',
  ...reach,
  query: pageQuery.extend({ run: z.string().min(1).max(100).optional(), sandbox: slug.optional() }),
  answers: { 200: pageOf(ledgerEntry) },
})
