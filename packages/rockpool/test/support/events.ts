import { randomBytes, randomUUID } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readIdentity } from '@rockpool/sdk/wire'
import type { EventBatch, EventResult, PublicKey } from '@rockpool/sdk/wire'
import pg from 'pg'
import { createDatabases } from '../../src/databases/index.ts'
import type { Databases } from '../../src/databases/index.ts'
import { createEvents, eventsMigrations } from '../../src/events/index.ts'
import type { Events } from '../../src/events/index.ts'
import { migrate, openDatabase, secretFrom, silentLog, systemClock } from '../../src/kernel/index.ts'
import type { Database } from '../../src/kernel/index.ts'
import { createOrganizations, organizationsMigrations } from '../../src/organizations/index.ts'
import type { Organizations } from '../../src/organizations/index.ts'

/** Two services with databases of their own, and Rockpool's with its log, on a real PostgreSQL. */
export interface EventsWorld {
  database: Database
  events: Events
  organizations: Organizations
  databases: Databases
  /** Each service's own pool, as its runtime role. */
  pools: Record<string, pg.Pool>
  close(): Promise<void>
}

const applied = `create table applied (
  place bigint generated always as identity primary key, organization text not null, event uuid not null, type text not null,
  key text not null, number bigint not null, data jsonb);`

/** `adminUrl`: a database of the test's own. Roles are named apart from those of other tests on the same server. */
export async function eventsWorld(adminUrl: string, services = ['orders', 'payments']): Promise<EventsWorld> {
  const prefix = `e${randomBytes(3).toString('hex')}_`
  const folder = await mkdtemp(join(tmpdir(), 'rockpool-events-'))
  await writeFile(join(folder, '0001-applied.sql'), applied)
  const database = openDatabase({ url: adminUrl, log: silentLog, applicationName: 'events test', max: 10 })
  await migrate(database, [organizationsMigrations, eventsMigrations])
  const databases = createDatabases({ adminUrl, secret: secretFrom(randomBytes(32)), log: silentLog, prefix })
  await Promise.all(services.map((service) => databases.provision(service, { migrations: folder })))
  await rm(folder, { recursive: true })
  const pools = Object.fromEntries(
    services.map((service) => {
      const pool = new pg.Pool({ connectionString: databases.runtimeUrl(service), max: 18 })
      pool.on('error', () => {})
      return [service, pool]
    }),
  )
  const organizations = createOrganizations({ database, clock: systemClock, log: silentLog })
  return {
    database,
    events: createEvents({ database, clock: systemClock }),
    organizations,
    databases,
    pools,
    async close() {
      await Promise.all(Object.values(pools).map((pool) => pool.end()))
      await databases.close()
      for (const service of services) {
        await database.query(`drop database if exists ${prefix}svc_${service} with (force)`)
        for (const role of ['owner', 'runtime'])
          await database.query(`drop role ${prefix}svc_${service}_${role}`)
      }
      for (const role of ['relay', 'counter']) await database.query(`drop role ${prefix}rockpool_${role}`)
      await database.close()
    },
  }
}

export interface Publication {
  organization?: string
  type?: string
  key?: string
  data?: unknown
}

/** Publishes in the caller's transaction, as the SDK does; returns the event's id. */
export async function publish(client: pg.Pool | pg.PoolClient, event: Publication = {}): Promise<string> {
  const { organization = 'harbor', type = 'orders.order_placed', key = 'o1', data = {} } = event
  const id = randomUUID()
  const environment = organization.startsWith('sandbox') ? 'sandbox' : 'production'
  await client.query(`select rockpool.publish($1, $2, $3, 'customer', null, $4, $5, $6)`, [
    id,
    organization,
    environment,
    type,
    key,
    JSON.stringify(data),
  ])
  return id
}

export interface ConsumerService {
  url: string
  requests: number
  close(): Promise<void>
}

/**
 * A service that consumes: verifies the identity of each event, and applies it with an inbox row in one transaction.
 * Written without the sdk, as one in another language would be.
 */
export async function consumerService(
  name: string,
  pool: pg.Pool,
  options: {
    keys: () => Promise<PublicKey[]>
    port?: number
    /** Called before an event is applied; what it throws makes the event fail. */
    before?: (event: { type: string; data: unknown }) => void | Promise<void>
    /** Without it, an event that comes twice is applied twice. */
    inbox?: boolean
    /** So many requests are worked off, and then get no answer. */
    loseAnswers?: number
  },
): Promise<ConsumerService> {
  const applyOne = async ({ event, identity }: EventBatch['events'][number]): Promise<EventResult> => {
    const keys = await options.keys()
    const reading = readIdentity(identity, {
      audience: name,
      trust: ['relay'],
      key: (kid) => keys.find((key) => key.kid === kid),
      now: Date.now(),
    })
    if (!reading.ok)
      return { id: event.id, outcome: 'failed', error: { code: reading.code, message: reading.detail } }
    if (reading.claims.event !== event.id) throw new Error('the identity is of another event')
    try {
      const applied = await inTransaction(pool, async (client) => {
        if (options.inbox !== false) {
          const { rowCount } = await client.query(
            'insert into rockpool.inbox (event, organization, type) values ($1, $2, $3) on conflict do nothing',
            [event.id, event.organization, event.type],
          )
          if (rowCount !== 1) return false
        }
        await options.before?.(event)
        await client.query(
          'insert into applied (organization, event, type, key, number, data) values ($1, $2, $3, $4, $5, $6)',
          [
            event.organization,
            event.id,
            event.type,
            event.subject,
            event.sequence,
            JSON.stringify(event.data),
          ],
        )
        return true
      })
      return { id: event.id, outcome: applied ? 'applied' : 'duplicate' }
    } catch (error) {
      const { code = '', message } = error as { code?: string; message: string }
      const lost = /^(ECONN|57P|08)/.test(code) || message.startsWith('Connection terminated')
      return {
        id: event.id,
        outcome: 'failed',
        error: { code: lost ? 'database_unreachable' : 'consumer_failed', message },
      }
    }
  }
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    if (request.url !== '/.rockpool/events') return void response.end('{}')
    service.requests++
    const batch = JSON.parse(Buffer.concat(chunks).toString()) as EventBatch
    const results: EventResult[] = []
    const failed = new Set<string>()
    for (const delivery of batch.events) {
      const key = `${delivery.event.organization} ${delivery.event.subject}`
      const result: EventResult = failed.has(key)
        ? { id: delivery.event.id, outcome: 'failed', error: { code: 'held_behind', message: 'behind' } }
        : await applyOne(delivery)
      if (result.outcome === 'failed') failed.add(key)
      results.push(result)
    }
    if (service.requests <= (options.loseAnswers ?? 0)) return void response.destroy()
    response.setHeader('content-type', 'application/json')
    response.end(JSON.stringify({ results }))
  })
  await new Promise<void>((resolve) => server.listen(options.port ?? 0, '127.0.0.1', resolve))
  const service: ConsumerService = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests: 0,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
  return service
}

async function inTransaction<T>(pool: pg.Pool, work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect()
  const onLost = () => {}
  client.on('error', onLost)
  try {
    await client.query('begin')
    const result = await work(client)
    await client.query('commit')
    return result
  } catch (error) {
    await client.query('rollback').catch(() => {})
    throw error
  } finally {
    client.off('error', onLost)
    client.release()
  }
}

/** The numbers of each key in the order in which they stand. */
export function numbersByKey(
  rows: readonly { organization: string; key: string; number: number | string }[],
): Map<string, number[]> {
  const byKey = new Map<string, number[]>()
  for (const { organization, key, number } of rows) {
    const name = `${organization}/${key}`
    byKey.set(name, [...(byKey.get(name) ?? []), Number(number)])
  }
  return byKey
}
