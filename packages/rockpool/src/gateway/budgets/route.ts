import { z } from 'zod'
import { readBody } from '../internal-routes.ts'
import type { GatewayInternalRoutes } from '../internal-routes.ts'
import type { Leases } from './leases.ts'
import { mostGivenBack, mostOfLease } from './lending.ts'

const word = z.string().min(1).max(200)
const request = z.object({
  lease: z.uuid(),
  run: word,
  grant: word,
  want: z.number().int().min(1).max(mostOfLease),
  spent: z.uuid().nullable(),
})
const givenBack = z.object({
  leases: z
    .array(z.object({ lease: z.uuid(), writes: z.number().int().min(0).max(mostOfLease) }))
    .max(mostGivenBack),
})

/** Control's routes for gateways that write for runs: `POST /internal/leases`, and `/internal/leases/back`. */
export function createLeaseRoutes({ leases }: { leases: Leases }): GatewayInternalRoutes {
  return {
    prefix: '/internal/leases',
    roles: ['gateway'],
    mount(routes) {
      routes.post('/', async (c) => c.json(await leases.lend(await readBody(c.req.raw, request))))
      routes.post('/back', async (c) => {
        await leases.takeBack((await readBody(c.req.raw, givenBack)).leases)
        return c.body(null, 204)
      })
    },
  }
}
