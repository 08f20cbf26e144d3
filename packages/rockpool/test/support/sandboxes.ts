import { randomBytes } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createPool, createRockpool, type Pool } from '@rockpool/sdk'
import { rockpoolNodeHttp } from '@rockpool/sdk/node-http'
import { createDatabases, type Databases } from '../../src/databases/index.ts'
import {
  createEventSigner,
  createEvents,
  createHttpConsumer,
  createRelay,
  eventsMigrations,
  goneOrganizations,
  type Events,
} from '../../src/events/index.ts'
import {
  migrate,
  openDatabase,
  secretFrom,
  silentLog,
  systemClock,
  type Clock,
  type Database,
} from '../../src/kernel/index.ts'
import {
  createOrganizations,
  organizationsMigrations,
  type Organizations,
} from '../../src/organizations/index.ts'
import {
  createSandboxes,
  createSandboxKeeper,
  sandboxesMigrations,
  type OwnData,
  type Sandboxes,
  type SandboxKeeperOptions,
} from '../../src/sandboxes/index.ts'
import { freshDatabase } from './database.ts'

const services = ['orders', 'payments'] as const
type ServiceName = (typeof services)[number]

const tables = `
  create table customers (id bigint generated always as identity primary key, organization text not null, name text);
  create index on customers (organization);
  create table purchases (id bigint generated always as identity primary key, organization text not null,
    customer bigint not null references customers (id));
  create index on purchases (organization);
  create table currencies (code text primary key);
  insert into currencies values ('EUR');`

/** Two services with the sdk, databases, a relay: all that a sandbox's deletion goes through, on a real PostgreSQL. */
export interface SandboxWorld {
  url: string
  prefix: string
  secret: Buffer
  database: Database
  databases: Databases
  organizations: Organizations
  events: Events
  sandboxes: Sandboxes
  /** How often the gateways were waited for. */
  settledCalls(): number
  /** The services' pools, as their runtime roles. */
  pools: Record<ServiceName, Pool>
  keeperOptions: Omit<SandboxKeeperOptions, 'clock'>
  /** A keeper that is stopped with the world. */
  startKeeper(options?: Partial<SandboxKeeperOptions>): { stop(): Promise<void> }
  stopService(service: ServiceName): Promise<void>
  startService(service: ServiceName): Promise<void>
  /** Runs SQL in a service's database as an administrator. */
  administer(service: ServiceName, sql: string): Promise<void>
  close(): Promise<void>
}

export async function sandboxWorld(clock: Clock = systemClock): Promise<SandboxWorld> {
  const fresh = await freshDatabase()
  const prefix = `s${randomBytes(3).toString('hex')}_`
  const secret = randomBytes(32)
  const database = openDatabase({
    url: fresh.url,
    log: silentLog,
    applicationName: 'sandboxes test',
    max: 15,
  })
  await migrate(database, [organizationsMigrations, eventsMigrations, sandboxesMigrations])
  const databases = createDatabases({
    adminUrl: fresh.url,
    secret: secretFrom(secret),
    log: silentLog,
    prefix,
  })
  const folder = await mkdtemp(join(tmpdir(), 'rockpool-sandboxes-'))
  await writeFile(join(folder, '0001-tables.sql'), tables)
  await Promise.all(services.map((service) => databases.provision(service, { migrations: folder })))
  await rm(folder, { recursive: true })

  const organizations = createOrganizations({ database, clock, log: silentLog })
  await organizations.ensure({ slug: 'harbor', name: 'Harbor Goods', environment: 'production' })
  await organizations.ensure({ slug: 'lagoon', name: 'Lagoon', environment: 'production' })
  const events = createEvents({ database, clock: systemClock })
  const signer = createEventSigner(() => Promise.resolve())
  const keys = {
    find: (kid: string) => Promise.resolve(kid === signer.publicKey.kid ? signer.publicKey : undefined),
    close() {},
  }
  const pools = Object.fromEntries(
    services.map((service) => [service, createPool(databases.runtimeUrl(service), { log: silentLog })]),
  ) as Record<ServiceName, Pool>

  const servers = new Map<ServiceName, Server>()
  const urls = new Map<ServiceName, string>()
  const startService = async (service: ServiceName) => {
    const rockpool = createRockpool({
      database: pools[service],
      keys,
      log: silentLog,
      environment: {
        ROCKPOOL_SERVICE: service,
        ROCKPOOL_GATEWAY_URL: 'http://127.0.0.1:1',
        ROCKPOOL_JWKS_URL: 'http://127.0.0.1:1/jwks',
        ROCKPOOL_SERVICE_CREDENTIAL: 'rp_service_test',
      },
    })
    const server = createServer(rockpoolNodeHttp(rockpool, (_, response) => response.end()))
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    servers.set(service, server)
    urls.set(service, `http://127.0.0.1:${(server.address() as AddressInfo).port}`)
  }
  const stopService = async (service: ServiceName) => {
    const server = servers.get(service)
    urls.delete(service)
    servers.delete(service)
    if (!server) return
    const closed = new Promise((resolve) => server.close(resolve))
    server.closeAllConnections()
    await closed
  }
  await Promise.all(services.map(startService))

  const relay = createRelay({
    database,
    sources: services.map((service) => ({ service, url: databases.relayUrl(service) })),
    consumers: services.map((service) =>
      createHttpConsumer({ service, types: [], url: () => urls.get(service), signer, clock: systemClock }),
    ),
    gone: goneOrganizations(organizations),
    clock: systemClock,
    log: silentLog,
    retry: { attempts: 3, firstMs: 20, longestMs: 100 },
    pollMs: 100,
  })
  await relay.start()

  let settledCalls = 0
  const settled = async () => void settledCalls++
  const own: OwnData[] = [{ count: events.count, erase: events.eraseOrganization }]
  const keeperOptions = { database, organizations, events, databases, services, own, log: silentLog }
  const keepers: { stop(): Promise<void> }[] = []

  return {
    url: fresh.url,
    prefix,
    secret,
    database,
    databases,
    organizations,
    events,
    sandboxes: createSandboxes({ database, organizations, clock, settled }),
    settledCalls: () => settledCalls,
    pools,
    keeperOptions,
    startKeeper(options = {}) {
      const keeper = createSandboxKeeper({ clock, ...keeperOptions, ...options })
      keeper.start()
      keepers.push(keeper)
      return keeper
    },
    startService,
    stopService,
    async administer(service, sql) {
      const url = new URL(fresh.url)
      url.pathname = `/${prefix}svc_${service}`
      const admin = openDatabase({ url: url.href, log: silentLog, applicationName: 'test admin', max: 1 })
      await admin.query(sql).finally(() => admin.close())
    },
    async close() {
      await Promise.all(keepers.map((keeper) => keeper.stop()))
      await relay.stop()
      await Promise.all(services.map(stopService))
      await Promise.all(Object.values(pools).map((pool) => pool.end()))
      await databases.close()
      for (const service of services) {
        await database.query(`drop database if exists ${prefix}svc_${service} with (force)`)
        for (const role of ['owner', 'runtime'])
          await database.query(`drop role ${prefix}svc_${service}_${role}`)
      }
      for (const role of ['relay', 'counter']) await database.query(`drop role ${prefix}rockpool_${role}`)
      await database.close()
      await fresh.drop()
    },
  }
}

/** What a customer of an organization leaves behind in a service. */
export async function fill(pool: Pool, organization: string, customers = 3): Promise<void> {
  await pool.query(
    `with made as (insert into customers (organization, name) select $1, 'c' || n from generate_series(1, $2) n returning id)
     insert into purchases (organization, customer) select $1, id from made`,
    [organization, customers],
  )
  await pool.query(
    `select rockpool.publish(gen_random_uuid(), $1, 'sandbox', 'customer', null, 'orders.order_placed', 'o1', '{}')`,
    [organization],
  )
}

/** Time that goes by faster, for what waits long. */
export function fastClock(factor: number): Clock {
  const start = Date.now()
  return {
    now: () => start + (Date.now() - start) * factor,
    sleep: (ms, signal) => systemClock.sleep(ms / factor, signal),
  }
}
