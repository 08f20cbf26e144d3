import { z } from 'zod'
import { verdict } from '../checks/index.ts'
import { operation } from '../kernel/index.ts'
import { ledgerEntry } from '../sandboxes/index.ts'

const time = z.iso.datetime()
const runId = z.string().min(1).max(80)

const seenRun = z.object({
  run: z.string(),
  verdict,
  at: time.describe('when it ended'),
  ms: z.number().nullable(),
})

const bot = z
  .object({
    name: z.string(),
    file: z.string(),
    line: z.int(),
    every: z.int().describe('milliseconds between its runs'),
    running: z.boolean(),
    organization: z.string().nullable().describe('the production organization that it is a customer of'),
    grant: z
      .object({
        writes: z.object({
          perRun: z.int(),
          perHour: z.int(),
          used: z
            .int()
            .describe(
              'in the last hour: made, or lent to a run that is under way or ended within half a minute',
            ),
        }),
        card: z.string().nullable().describe('the beginning and the end of its token'),
        why: z.string(),
      })
      .nullable()
      .describe('null: the configuration grants nothing, and it does not run'),
    debt: z.int().describe('things that its ended runs made and nobody put back; 10 000: or more'),
    lastComplete: z.object({ run: z.string(), at: time, ms: z.number().nullable() }).nullable(),
    latest: z
      .object({ run: z.string(), verdict, at: time, message: z.string().nullable() })
      .nullable()
      .describe('the last run that said something'),
    runs: z.array(seenRun).describe('its last 30 runs that said something, the oldest first'),
  })
  .meta({ id: 'Bot' })

export type BotState = z.output<typeof bot>

export const listBots = operation({
  id: 'bots.list',
  method: 'GET',
  path: '/bots',
  summary: 'List the bots, each with its grant, its debt and its last complete lifecycle',
  scope: 'read',
  organizationBound: true,
  answers: { 200: z.object({ items: z.array(bot) }) },
})

export const getBot = operation({
  id: 'bots.get',
  method: 'GET',
  path: '/bots/{bot}',
  summary: 'Get a bot',
  scope: 'read',
  organizationBound: true,
  params: z.strictObject({ bot: z.string().min(1).max(200).describe('its name') }),
  answers: { 200: bot },
})

export const listRunLedger = operation({
  id: 'bots.listRunLedger',
  method: 'GET',
  path: '/runs/{run}/ledger',
  summary: 'List what a run wrote so far, by the gateways’ word',
  scope: 'read',
  organizationBound: true,
  params: z.strictObject({ run: runId }),
  answers: { 200: z.object({ items: z.array(ledgerEntry) }) },
})

export const putBack = operation({
  id: 'bots.putBack',
  method: 'PUT',
  path: '/runs/{run}/put-back/{entry}',
  summary: 'Say that a run of a bot put back what an earlier run of it made',
  scope: 'admin',
  params: z.strictObject({ run: runId, entry: z.uuid().describe('id in the ledger') }),
  answers: { 204: null },
})
