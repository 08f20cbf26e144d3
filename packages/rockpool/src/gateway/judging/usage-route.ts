import { z } from 'zod'
import { usageKinds, usageSides } from '../../contracts/index.ts'
import type { UsageBook } from '../../contracts/index.ts'
import { readBody, type GatewayInternalRoutes } from '../internal-routes.ts'

/** What Postgres cannot keep in a text is told as a sign that there was something else. */
const text = (most: number) =>
  z
    .string()
    .max(most)
    .transform((value) => value.toWellFormed().replaceAll('\0', '\uFFFD'))
const count = z.number().int().nonnegative()

const row = z.object({
  side: z.enum(usageSides),
  service: text(200),
  operation: text(4_000),
  direction: z.enum(['request', 'response']),
  place: text(4_000),
  kind: z.enum(usageKinds),
  value: text(1_000).nullable(),
  organization: text(200).nullable(),
  day: z.iso.date(),
  count,
  times: count,
  lastSeen: z.iso.datetime(),
})

const shipment = z.object({
  source: z.uuid(),
  number: z.number().int().positive(),
  rows: z.array(row).max(5_000),
})

/** Control's route for what gateways saw of contracts. */
export function createUsageRoutes({ usage }: { usage: Pick<UsageBook, 'keep'> }): GatewayInternalRoutes {
  return {
    prefix: '/internal/contract-usage',
    roles: ['gateway'],
    mount(routes) {
      routes.post('/', async (c) => {
        await usage.keep(await readBody(c.req.raw, shipment))
        return c.body(null, 204)
      })
    },
  }
}
