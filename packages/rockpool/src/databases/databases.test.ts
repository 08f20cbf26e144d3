import { randomBytes } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { freshDatabase } from '../../test/support/database.ts'
import { secretFrom, silentLog } from '../kernel/index.ts'
import { createDatabases } from './index.ts'
import type { Databases } from './index.ts'
import { urlFor } from './names.ts'

const prefix = `t${randomBytes(3).toString('hex')}_`
const secret = secretFrom(randomBytes(32))
const orders = `${prefix}svc_orders`
const ownerUrl = (adminUrl: string, database: string) =>
  urlFor(adminUrl, {
    role: `${database}_owner`,
    password: secret.derive(`database/${database}_owner`),
    database,
  })

let admin: Awaited<ReturnType<typeof freshDatabase>>
let folder: string
let databases: Databases

async function run<Row extends pg.QueryResultRow>(
  url: string,
  sql: string,
  values: unknown[] = [],
): Promise<Row[]> {
  const client = new pg.Client({ connectionString: url })
  client.on('error', () => {})
  await client.connect()
  try {
    return (await client.query<Row>(sql, values)).rows
  } finally {
    await client.end()
  }
}

/** The SQLSTATE that a statement fails with; undefined if it does not. */
async function refusal(url: string, sql: string): Promise<string | undefined> {
  return run(url, sql).then(
    () => undefined,
    (error: { code?: string; message: string }) => error.code ?? error.message,
  )
}

const at = (url: string, database: string) => {
  const target = new URL(url)
  target.pathname = `/${database}`
  return target.href
}

/** Exposures among the databases of this file: others on the test run's server are as open as their makers left them. */
async function exposures() {
  const own = new Set([admin.name, 'postgres', 'template1'])
  return (await databases.exposures()).filter(
    ({ database }) => database.startsWith(prefix) || own.has(database),
  )
}

beforeAll(async () => {
  admin = await freshDatabase()
  folder = await mkdtemp(join(tmpdir(), 'rockpool-migrations-'))
  await writeFile(
    join(folder, '0001-orders.sql'),
    'create table orders (organization text not null, id text, primary key (organization, id)); create schema archive; create table archive.old (id serial primary key, organization text);',
  )
  databases = createDatabases({ adminUrl: admin.url, secret, log: silentLog, prefix })
  await Promise.all([
    databases.provision('orders', { migrations: folder }),
    databases.provision('delivery-notes'),
    databases.provision('catalog'),
    databases.provision('payments'),
    databases.provision('returns'),
  ])
})

afterAll(async () => {
  await databases.close()
  for (const service of ['orders', 'delivery_notes', 'catalog', 'payments', 'returns', 'twice']) {
    await run(admin.url, `drop database if exists ${prefix}svc_${service} with (force)`)
    for (const role of ['owner', 'runtime'])
      await run(admin.url, `drop role if exists ${prefix}svc_${service}_${role}`)
  }
  for (const role of ['relay', 'counter'])
    await run(admin.url, `drop role if exists ${prefix}rockpool_${role}`)
  await admin.drop()
  await rm(folder, { recursive: true, force: true })
})

describe('a service and its own database', () => {
  test('the runtime role reads and writes rows of every table the migrations made, in any schema', async () => {
    const url = databases.runtimeUrl('orders')
    await run(url, `insert into orders values ('harbor', 'o1')`)
    await run(url, `insert into archive.old (organization) values ('harbor')`)
    await run(url, `update orders set id = 'o2'`)
    expect(await run(url, 'select organization, id from orders')).toEqual([
      { organization: 'harbor', id: 'o2' },
    ])
    await run(url, 'delete from orders')
  })

  test('the runtime role can change no structure', async () => {
    const url = databases.runtimeUrl('orders')
    for (const sql of [
      'create table public.mine (id int)',
      'create temporary table mine (id int)',
      'create schema mine',
      'alter table orders add column more text',
      'drop table orders',
      'truncate orders',
      'create index on orders (id)',
      `create function f() returns int language sql as 'select 1'`,
      `create role mine`,
      `create database mine`,
    ]) {
      expect([sql, await refusal(url, sql)]).toEqual([sql, '42501'])
    }
  })

  test('the runtime role publishes, and can neither count nor prune nor read the migrations ledger', async () => {
    const url = databases.runtimeUrl('orders')
    await run(
      url,
      `select rockpool.publish(gen_random_uuid(), 'harbor', 'production', 'customer', null, 'orders.placed', 'o1', '{}')`,
    )
    for (const sql of [
      `select * from rockpool.count_rows('harbor')`,
      `select rockpool.prune_outbox('1000000', 1)`,
      'select * from public.rockpool_migrations',
      'select * from pg_authid',
      `select pg_read_file('PG_VERSION')`,
    ]) {
      expect([sql, await refusal(url, sql)]).toEqual([sql, '42501'])
    }
  })

  test('the runtime role has limits on connections and on time', async () => {
    const settings = await run(
      databases.runtimeUrl('orders'),
      `select current_setting('statement_timeout') as statement, current_setting('idle_in_transaction_session_timeout') as idle,
              (select rolconnlimit from pg_roles where rolname = current_user) as connections`,
    )
    expect(settings).toEqual([{ statement: '30s', idle: '15s', connections: 20 }])
  })
})

describe('nobody else', () => {
  test('no credentials of a service open another service’s database, or Rockpool’s, or a standard one', async () => {
    const others = ['catalog', 'payments', 'delivery_notes'].map((name) => `${prefix}svc_${name}`)
    for (const url of [databases.runtimeUrl('orders'), ownerUrl(admin.url, orders)]) {
      for (const database of [...others, admin.name, 'postgres', 'template1']) {
        expect([database, await refusal(at(url, database), 'select 1')]).toEqual([database, '42501'])
      }
      expect(await refusal(url, 'select 1')).toBeUndefined()
    }
    expect(await exposures()).toEqual([])
  })

  test('a database that is opened to everybody is reported', async () => {
    await run(admin.url, `grant connect on database ${prefix}svc_catalog to public`)
    expect(await exposures()).toContainEqual({ role: `${orders}_runtime`, database: `${prefix}svc_catalog` })
    await databases.provision('catalog')
    expect(await exposures()).toEqual([])
  })

  test('a wrong password is refused: the roles of services do not share one', async () => {
    const url = new URL(databases.runtimeUrl('orders'))
    url.password = secret.derive(`database/${prefix}svc_catalog_runtime`)
    expect(await refusal(url.href, 'select 1')).toBe('28P01')
  })

  test('the relay reads the outbox, prunes it, and can do nothing else', async () => {
    const url = databases.relayUrl('orders')
    const [row] = await run<{ xid: string; position: string }>(
      url,
      'select xid, position from rockpool.outbox order by 1, 2 limit 1',
    )
    expect(row).toBeDefined()
    for (const sql of [
      'select * from public.orders',
      'select * from rockpool.inbox',
      'select * from rockpool.event_key',
      'delete from rockpool.outbox',
      `update rockpool.outbox set type = 'x'`,
      `select rockpool.publish(gen_random_uuid(), 'harbor', 'production', 'customer', null, 'orders.placed', 'o1', '{}')`,
      `select * from rockpool.count_rows('harbor')`,
      'create table public.mine (id int)',
      'create temporary table mine (id int)',
    ]) {
      expect([sql, await refusal(url, sql)]).toEqual([sql, '42501'])
    }
    await expect
      .poll(() => run(url, 'select rockpool.prune_outbox($1, $2)', [row!.xid, row!.position]), {
        timeout: 10_000,
      })
      .toEqual([{ prune_outbox: '1' }])
  })

  test('the counter counts, and reads no row itself', async () => {
    const url = new URL(databases.relayUrl('orders'))
    url.username = `${prefix}rockpool_counter`
    url.password = secret.derive(`database/${prefix}rockpool_counter`)
    for (const sql of [
      'select * from public.orders',
      'select * from rockpool.outbox',
      `select rockpool.prune_outbox('1000000', 1)`,
      `select rockpool.publish(gen_random_uuid(), 'harbor', 'production', 'customer', null, 'orders.placed', 'o1', '{}')`,
      'create table public.mine (id int)',
    ]) {
      expect([sql, await refusal(url.href, sql)]).toEqual([sql, '42501'])
    }
    expect(await refusal(url.href, `select * from rockpool.count_rows('harbor')`)).toBeUndefined()
  })
})

describe('counts', () => {
  test('each table is counted for the one organization; a table without its column is listed as unchecked', async () => {
    await run(
      databases.runtimeUrl('orders'),
      `insert into orders values ('reef', 'a'), ('reef', 'b'), ('harbor', 'c')`,
    )
    await run(ownerUrl(admin.url, orders), 'create table rates (currency text)')
    const counts = await databases.counts('orders', 'reef')
    expect(counts).toContainEqual({ table: 'public.orders', rows: 2 })
    expect(counts).toContainEqual({ table: 'public.rates', rows: null })
    expect(counts).toContainEqual({ table: 'archive.old', rows: 0 })
    expect(counts.map(({ table }) => table)).not.toContain('public.rockpool_migrations')
  })
})

describe('provisioning again', () => {
  test('two processes that start at once both succeed, and their URLs work', async () => {
    const other = createDatabases({ adminUrl: admin.url, secret, log: silentLog, prefix })
    try {
      const starts = [databases, other, databases, other].map((one) =>
        one.provision('twice', { migrations: folder }),
      )
      for (const { runtimeUrl } of await Promise.all(starts)) {
        expect(await refusal(runtimeUrl, 'select * from orders')).toBeUndefined()
      }
    } finally {
      await other.close()
    }
  })

  test('a role whose password was changed is put right', async () => {
    await run(admin.url, `alter role ${orders}_runtime password 'other'`)
    expect(await refusal(databases.runtimeUrl('orders'), 'select 1')).toBe('28P01')
    await databases.provision('orders', { migrations: folder })
    expect(await refusal(databases.runtimeUrl('orders'), 'select 1')).toBeUndefined()
  })

  test('an applied migration that changed is refused, with its name', async () => {
    const changed = await mkdtemp(join(tmpdir(), 'rockpool-migrations-'))
    await writeFile(join(changed, '0001-orders.sql'), 'create table orders (id text)')
    await expect(databases.provision('orders', { migrations: changed })).rejects.toMatchObject({
      code: 'conflict',
      findings: [{ path: expect.stringMatching(/^\/.+\/0001-orders\.sql$/) }],
    })
    await rm(changed, { recursive: true })
  })

  test('a role of the same name that holds more power than it may is refused', async () => {
    await run(admin.url, `alter role ${prefix}svc_returns_runtime createdb`)
    await expect(databases.provision('returns')).rejects.toMatchObject({ code: 'conflict' })
    await run(admin.url, `alter role ${prefix}svc_returns_runtime nocreatedb`)
    await run(admin.url, `grant ${orders}_owner to ${prefix}svc_returns_runtime`)
    await expect(databases.provision('returns')).rejects.toThrow(`${orders}_owner`)
    await run(admin.url, `revoke ${orders}_owner from ${prefix}svc_returns_runtime`)
    await databases.provision('returns')
  })
})

describe('an admin who is no superuser', () => {
  const ownPrefix = `u${randomBytes(3).toString('hex')}_`
  const adminRole = `${ownPrefix}admin`

  test('provisions with CREATEDB and CREATEROLE, and cannot read the services’ rows afterwards', async () => {
    await run(admin.url, `create role ${adminRole} login createdb createrole password 'limited'`)
    const limitedUrl = urlFor(admin.url, {
      role: adminRole,
      password: 'limited',
      database: `${ownPrefix}home`,
    })
    await run(admin.url, `create database ${ownPrefix}home owner ${adminRole}`)
    const limited = createDatabases({ adminUrl: limitedUrl, secret, log: silentLog, prefix: ownPrefix })
    try {
      const { runtimeUrl } = await limited.provision('orders', { migrations: folder })
      await limited.provision('orders', { migrations: folder })
      await run(runtimeUrl, `insert into orders values ('harbor', 'o1')`)
      expect(await limited.counts('orders', 'harbor')).toContainEqual({ table: 'public.orders', rows: 1 })
      expect(await refusal(at(limitedUrl, `${ownPrefix}svc_orders`), 'select 1')).toBe('42501')
      expect(await refusal(at(runtimeUrl, `${ownPrefix}home`), 'select 1')).toBe('42501')
      const ownUrl = await limited.prepareOwn()
      await limited.prepareOwn()
      await run(ownUrl, 'create schema checks')
      expect(await refusal(at(limitedUrl, `${ownPrefix}rockpool`), 'select 1')).toBe('42501')
      expect(await refusal(at(runtimeUrl, `${ownPrefix}rockpool`), 'select 1')).toBe('42501')
      expect(await refusal(at(ownUrl, `${ownPrefix}svc_orders`), 'select 1')).toBe('42501')
    } finally {
      await limited.close()
      await run(admin.url, `drop database if exists ${ownPrefix}svc_orders with (force)`)
      await run(admin.url, `drop database if exists ${ownPrefix}rockpool with (force)`)
      for (const role of [
        'rockpool_state',
        'svc_orders_owner',
        'svc_orders_runtime',
        'rockpool_relay',
        'rockpool_counter',
      ]) {
        await run(admin.url, `drop role if exists ${ownPrefix}${role}`)
      }
      await run(admin.url, `drop database ${ownPrefix}home with (force)`)
      await run(admin.url, `drop role ${adminRole}`)
    }
  })

  test('who may not create databases and roles is told the statement that helps', async () => {
    const role = `${ownPrefix}nobody`
    await run(admin.url, `create role ${role} login password 'none'`)
    await run(admin.url, `grant connect on database ${admin.name} to ${role}`)
    const url = urlFor(admin.url, { role, password: 'none', database: admin.name })
    const powerless = createDatabases({ adminUrl: url, secret, log: silentLog, prefix: ownPrefix })
    await expect(powerless.provision('orders')).rejects.toThrow(`ALTER ROLE "${role}" CREATEDB CREATEROLE`)
    await powerless.close()
    await run(admin.url, `revoke connect on database ${admin.name} from ${role}`)
    await run(admin.url, `drop role ${role}`)
  })
})
