import { z } from 'zod'
import { operation } from '../../kernel/index.ts'
import { faultKinds } from './effect.ts'
import { checkEffect, effectFields } from './schema.ts'

const kind = z.enum(faultKinds)
const kinds =
  'unavailable: 503; slow: 3 s late; delay: as late as `ms` says; abort: the connection is reset before any answer; status: answered with it; wrong_field: a field of the JSON answer is another; reset: the connection is reset within the answer; throttle: the answer comes slowly'

const fault = z
  .object({
    id: z.string(),
    service: z.string(),
    operation: z.string().nullable().describe('null: every one of the service'),
    kind: kind.describe(kinds),
    ...effectFields,
    percent: z.int().describe('of its calls, so many in a hundred are hit'),
    run: z.string().nullable().describe('the run that it is for; null: for all checks in sandboxes'),
    organization: z.string().nullable().describe('the sandbox of that run'),
    createdBy: z.string(),
    createdAt: z.iso.datetime(),
    endsAt: z.iso.datetime(),
  })
  .meta({ id: 'Fault' })

export const createFault = operation({
  id: 'faults.create',
  method: 'POST',
  path: '/faults',
  summary: 'Break a service on purpose, for checks in sandboxes alone',
  description:
    'Only calls of checks in sandboxes meet it, whichever service they come through; no customer, no bot and no production organization ever does. By the credential of a run in a sandbox, with the scope `faults`, it is for that run alone. It ends by itself.',
  scope: 'write',
  runScope: 'faults',
  body: z
    .strictObject({
      service: z.string().min(1).max(100),
      operation: z
        .string()
        .min(1)
        .max(200)
        .optional()
        .describe('operationId of its contract; otherwise every one'),
      seconds: z.int().min(1).max(300).default(60).describe('until it ends by itself'),
      percent: z.int().min(1).max(100).default(100).describe('of its calls, so many in a hundred are hit'),
      kind: kind.default('unavailable').describe(kinds),
      ...effectFields,
    })
    .superRefine(checkEffect),
  answers: { 201: fault },
})

export const listFaults = operation({
  id: 'faults.list',
  method: 'GET',
  path: '/faults',
  summary: 'List what is broken on purpose now',
  description:
    'At most a hundred, those for all checks first. By the credential of a run: what that run has broken for itself.',
  scope: 'read',
  runScope: 'faults',
  answers: { 200: z.object({ items: z.array(fault) }) },
})

export const endFault = operation({
  id: 'faults.end',
  method: 'DELETE',
  path: '/faults/{fault}',
  summary: 'Mend at once what was broken on purpose',
  scope: 'write',
  runScope: 'faults',
  params: z.strictObject({ fault: z.string().min(1).max(100) }),
  answers: { 204: null },
})
