// Control's side towards gateways, in a process of its own, to be killed: '<json of PartitionControlOptions>'.
import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import { createAdaptorServer } from '@hono/node-server'
import { Hono } from 'hono'
import { createGatewayRoutes, createPublisher, type SnapshotService } from '../../src/gateway/index.ts'
import { openDatabase, silentLog, systemClock, toProblem } from '../../src/kernel/index.ts'
import { createOrganizations } from '../../src/organizations/index.ts'

export interface PartitionControlOptions {
  databaseUrl: string
  host: string
  port: number
  services: SnapshotService[]
}

const { databaseUrl, host, port, services } = JSON.parse(process.argv[2]!) as PartitionControlOptions
const log = silentLog
const database = openDatabase({ url: databaseUrl, log, applicationName: 'partition control' })
const organizations = createOrganizations({ database, clock: systemClock, log })
const onChange = () => Promise.resolve({ close: () => Promise.resolve() })
const publisher = createPublisher({
  organizations,
  services: { list: () => Promise.resolve(services), onChange },
  clock: systemClock,
  log,
})
await publisher.start()
const app = new Hono()
app.onError((error) => {
  const refusal = toProblem(error)
  return Response.json(refusal, { status: refusal.status })
})
const ledger = { append: () => Promise.resolve() }
for (const { prefix, mount } of createGatewayRoutes({ publisher, organizations, ledger, log })) {
  const part = new Hono()
  mount(part)
  app.route(prefix, part)
}
const server = createAdaptorServer({ fetch: app.fetch, createServer }) as Server
server.listen(port, host)
await once(server, 'listening')
process.on('disconnect', () => process.exit())
process.send!('started')
