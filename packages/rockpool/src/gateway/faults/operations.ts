import { z } from 'zod'
import { operation } from '../../kernel/index.ts'

const fault = z
  .object({
    id: z.string(),
    service: z.string(),
    kind: z.enum(['unavailable', 'slow']).describe('answered with 503, or 3 s late'),
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
    'Only calls of checks in sandboxes meet it, whichever service they come through; no customer, no bot and no production organization ever does. It ends by itself.',
  scope: 'write',
  body: z.strictObject({
    service: z.string().min(1).max(100),
    seconds: z.int().min(1).max(300).default(60).describe('until it ends by itself'),
    kind: z.enum(['unavailable', 'slow']).default('unavailable').describe('answered with 503, or 3 s late'),
  }),
  answers: { 201: fault },
})

export const listFaults = operation({
  id: 'faults.list',
  method: 'GET',
  path: '/faults',
  summary: 'List what is broken on purpose now',
  scope: 'read',
  answers: { 200: z.object({ items: z.array(fault) }) },
})

export const endFault = operation({
  id: 'faults.end',
  method: 'DELETE',
  path: '/faults/{fault}',
  summary: 'Mend at once what was broken on purpose',
  scope: 'write',
  params: z.strictObject({ fault: z.string().min(1).max(100) }),
  answers: { 204: null },
})
