import { createServer } from 'node:http'
import type { Server } from 'node:http'
import type { Pool, Rockpool } from '@rockpool/sdk'
import { rockpoolNodeHttp } from '@rockpool/sdk/node-http'
import type { Bank } from './bank.ts'
import { sendProblem } from './http.ts'
import { createRoutes } from './routes.ts'

/** The service as a server of node:http; `main.ts` gives it its database, the bank and a port. */
export function createApp(rockpool: Rockpool, database: Pool, bank: Bank): Server {
  const route = createRoutes(rockpool, database, bank)
  const listener = rockpoolNodeHttp(
    rockpool,
    (request, response) => route(request, response).catch((error: unknown) => sendProblem(response, error)),
    { withoutIdentity: ['/health'] },
  )
  return createServer(listener)
}
