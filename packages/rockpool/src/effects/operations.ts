import { z } from 'zod'
import { operation, pageOf, pageQuery } from '../kernel/index.ts'

const time = z.iso.datetime()

const effectRecord = z
  .object({
    id: z.string(),
    name: z.string().describe('such as `bank.charge`'),
    organization: z.string(),
    environment: z.enum(['production', 'sandbox']),
    actor: z.enum(['customer', 'anonymous', 'service', 'member', 'check', 'bot', 'load', 'drill', 'example']),
    run: z.string().nullable(),
    service: z.string().describe('the service that called it'),
    outcome: z
      .enum(['started', 'done', 'stood in', 'denied', 'failed'])
      .describe('`started`: its end is not known'),
    arguments: z.unknown().describe('sensitive values replaced'),
    error: z.string().nullable(),
    at: time,
    endedAt: time.nullable(),
  })
  .meta({ id: 'EffectRecord' })

export const listEffects = operation({
  id: 'effects.list',
  method: 'GET',
  path: '/sandboxes/{sandbox}/effects',
  summary: 'List what a sandbox’s work did, or would have done, outside of the company',
  description:
    'The first page waits until everything that was committed before the call is known, for at most 5 s: an effect that is not in the list did not happen.',
  scope: 'read',
  parentKey: true,
  organizationBound: true,
  params: z.strictObject({ sandbox: z.string().min(1).max(100) }),
  query: pageQuery.extend({ name: z.string().min(1).max(200).optional() }),
  answers: { 200: pageOf(effectRecord) },
})
