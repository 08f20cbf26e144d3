import { z } from 'zod'
import { readBody } from '../internal-routes.ts'
import type { GatewayInternalRoutes } from '../internal-routes.ts'
import type { IssuerKeys } from './issuer-keys.ts'

const unknownKeys = z.object({ issuers: z.array(z.string().max(500)).max(50) })

/** Control's route for gateways that met a token whose key they do not know. */
export function createIssuerRoutes(options: { issuerKeys: Pick<IssuerKeys, 'want'> }): GatewayInternalRoutes {
  return {
    prefix: '/internal/issuers',
    roles: ['gateway'],
    mount(routes) {
      routes.post('/', async (c) => {
        await options.issuerKeys.want((await readBody(c.req.raw, unknownKeys)).issuers)
        return c.body(null, 204)
      })
    },
  }
}
