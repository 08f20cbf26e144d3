import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { until } from '../test/support/client.ts'
import { serviceDatabase, type ServiceDatabase } from '../test/support/database.ts'
import { cloudEvent, deliver, delivered, organizationDeleting } from '../test/support/events.ts'
import { gateway, keptLog, testRockpool } from '../test/support/service.ts'
import type { Identity, Rockpool } from './index.ts'

// Foreign keys in a line, in a ring, to oneself, with every action, in another schema, over partitions; a column
// of another type; a table without the column that goes by its parent.
const tables = `
  create table customers (id int, organization text not null, best_order int, primary key (organization, id));
  create table orders (
    id int, organization text not null, customer int not null, again int, primary key (organization, id),
    foreign key (organization, customer) references customers on delete restrict,
    foreign key (organization, again) references orders
  );
  alter table customers add foreign key (organization, best_order) references orders (organization, id);
  create table "Order Lines" (
    organization varchar(100) not null, "order" int not null, n int not null, primary key (organization, "order", n),
    foreign key (organization, "order") references orders
  );
  create table line_notes (
    owner text, "order" int, n int, note text,
    foreign key (owner, "order", n) references "Order Lines" (organization, "order", n) on delete cascade
  );
  create schema reports;
  create table reports.daily (organization text, day date) partition by list (day);
  create table reports.daily_rest partition of reports.daily default;
  create domain slug as text;
  create table tags (organization slug, tag text);
  create table prices (item text, price int);
`

let database: ServiceDatabase
let rockpool: Rockpool
const log = keptLog()
beforeAll(async () => {
  database = await serviceDatabase(tables)
  const { user } = (await database.owner.query<{ user: string }>('select current_user as user')).rows[0]!
  const runtime = user.replace(/_owner$/, '_runtime')
  await database.owner.query(
    `grant usage on schema reports to ${runtime}; grant select, insert, delete on all tables in schema reports to ${runtime}`,
  )
})
beforeEach(async () => {
  await database.owner.query(
    'truncate customers, orders, "Order Lines", line_notes, reports.daily, tags, prices, rockpool.outbox, rockpool.event_key, rockpool.inbox, rockpool.erased cascade',
  )
  rockpool = testRockpool({ database: database.pool, log })
  log.lines.length = 0
})
afterAll(() => database.drop())

async function fill(organization: string): Promise<void> {
  await database.owner.query('insert into customers select n, $1, null from generate_series(1, 5) n', [
    organization,
  ])
  await database.owner.query(
    'insert into orders select n, $1, 1 + n % 5, nullif(n - 1, 0) from generate_series(1, 20) n',
    [organization],
  )
  await database.owner.query('update customers set best_order = id where organization = $1', [organization])
  await database.owner.query('insert into "Order Lines" select $1, n, 1 from generate_series(1, 20) n', [
    organization,
  ])
  await database.owner.query(`insert into line_notes select $1, n, 1, 'x' from generate_series(1, 20) n`, [
    organization,
  ])
  await database.owner.query(`insert into reports.daily values ($1, '2026-11-22')`, [organization])
  await database.owner.query(`insert into tags values ($1, 'new')`, [organization])
  await rockpool.runAs(pool(organization), () =>
    rockpool.transaction((tx) => rockpool.publish(tx, { type: 'order_placed', key: 'o', data: {} })),
  )
  await database.owner.query(
    'insert into rockpool.inbox (event, organization, type) values (gen_random_uuid(), $1, $2)',
    [organization, 'x.y'],
  )
}

const counted = async (slug: string): Promise<Record<string, number | null>> => {
  const { rows } = await database.owner.query<{ table_name: string; rows: string | null }>(
    'select * from rockpool.count_rows($1)',
    [slug],
  )
  return Object.fromEntries(
    rows.map(({ table_name, rows: n }) => [table_name, n === null ? null : Number(n)]),
  )
}

/** Every row of an organization's, as text. */
async function everything(slug: string): Promise<string> {
  const all = []
  for (const name of [
    'customers',
    'orders',
    '"Order Lines"',
    'reports.daily',
    'tags',
    'rockpool.outbox',
    'rockpool.event_key',
    'rockpool.inbox',
  ])
    all.push(
      ...(
        await database.owner.query(
          `select '${name}' as name, t::text from ${name} t where organization = $1 order by 2`,
          [slug],
        )
      ).rows,
    )
  all.push(
    ...(await database.owner.query('select t::text from line_notes t where owner = $1 order by 1', [slug]))
      .rows,
  )
  return JSON.stringify(all)
}

const pool = (organization: string): Identity => ({ organization, environment: 'sandbox', actor: 'check' })
const erase = async (slug: string) => (await deliver(rockpool, delivered(organizationDeleting(slug))))[0]!

test('erasing an organization leaves none of its rows, and the other organization as it was', async () => {
  await fill('pool-1')
  await fill('harbor')
  const before = await everything('harbor')
  expect(await counted('pool-1')).toEqual({
    'public.customers': 5,
    'public.orders': 20,
    'public."Order Lines"': 20,
    'public.line_notes': null,
    'reports.daily': 1,
    'public.tags': 1,
    'public.prices': null,
    'rockpool.outbox': 1,
    'rockpool.event_key': 1,
    'rockpool.inbox': 1,
  })

  expect(await erase('pool-1')).toMatchObject({ outcome: 'applied' })
  expect(Object.values(await counted('pool-1')).filter((n) => n !== 0 && n !== null)).toEqual([])
  expect((await database.owner.query(`select from line_notes where owner = 'pool-1'`)).rowCount).toBe(0)
  expect(await everything('harbor')).toBe(before)
})

test('erasing may be repeated, by many at once', async () => {
  await fill('pool-1')
  const results = await Promise.all(Array.from({ length: 5 }, () => erase('pool-1')))
  expect(new Set(results.map(({ outcome }) => outcome))).toEqual(new Set(['applied']))
  expect((await erase('pool-1')).outcome).toBe('applied')
  expect((await erase('never-seen')).outcome).toBe('applied')
})

test('work in flight is waited for', async () => {
  let finish = (): void => {}
  const work = rockpool.runAs(pool('pool-1'), async () => {
    await new Promise<void>((resolve) => (finish = resolve))
    await database.owner.query(`insert into tags values ('pool-1', 'late')`)
  })
  let erased = false
  const erasing = erase('pool-1').then((result) => ((erased = true), result))
  await until(async () => (await database.owner.query('select from rockpool.erased')).rowCount === 1)
  // Many times as long as an erasure takes that does not wait.
  for (let n = 0; n < 100; n += 1) await database.owner.query('select pg_sleep(0.002)')
  expect(erased).toBe(false)
  finish()
  await work
  expect((await erasing).outcome).toBe('applied')
  expect((await counted('pool-1'))['public.tags']).toBe(0)
})

test('a transaction of another process of the service is waited for', async () => {
  const other = await database.pool.connect()
  await other.query('begin')
  await other.query(`select rockpool.hold_organization('pool-1')`)
  await other.query(`insert into tags values ('pool-1', 'late')`)
  const erasing = erase('pool-1')
  await until(async () => (await database.owner.query('select from rockpool.erased')).rowCount === 1)
  await other.query('commit')
  other.release()
  expect((await erasing).outcome).toBe('applied')
  expect((await counted('pool-1'))['public.tags']).toBe(0)
})

describe('later work is refused', () => {
  const refused = { code: 'organization_deleted', status: 410 }

  test('in the process that erased it, without another look at the database', async () => {
    expect(await rockpool.runAs(pool('pool-1'), () => 'alive')).toBe('alive')
    await erase('pool-1')
    await expect(rockpool.runAs(pool('pool-1'), () => 1)).rejects.toMatchObject(refused)
  })

  test('in a process that starts afterwards: background work and requests', async () => {
    await erase('pool-1')
    const others = testRockpool({ database: database.pool })
    await expect(others.runAs(pool('pool-1'), () => 1)).rejects.toMatchObject(refused)
    const admission = await testRockpool({ database: database.pool }).inbound.admit(
      {
        method: 'GET',
        path: '/pool-1/items',
        header: (name) => (name === 'rockpool-identity' ? gateway.sign({ ...pool('pool-1') }) : undefined),
        body: () => Promise.resolve(undefined),
      },
      {},
    )
    expect(admission).toMatchObject({ answer: { status: 410 } })
  })

  test('in a process that saw it alive, at its next transaction or event', async () => {
    const others = testRockpool({ database: database.pool })
    const late = async (work: () => Promise<unknown>, organization: string) => {
      const attempt = others.runAs(pool(organization), async () => {
        await erase(organization)
        await work()
      })
      await expect(attempt).rejects.toMatchObject(refused)
    }
    await late(
      () => others.transaction((tx) => tx.query(`insert into tags values ('pool-1', 'late')`)),
      'pool-1',
    )
    await late(() => others.publish(database.pool, { type: 'order_placed', key: 'o', data: {} }), 'pool-2')
    expect((await counted('pool-1'))['public.tags']).toBe(0)
    expect((await counted('pool-2'))['rockpool.outbox']).toBe(0)
  })
})

test('a late event for it is ignored, and leaves no row', async () => {
  rockpool.consume('orders.order_placed', async (event, tx) => {
    await tx.query('insert into tags values ($1, $2)', [event.organization, 'late'])
  })
  await erase('pool-1')
  const event = cloudEvent({ organization: 'pool-1', environment: 'sandbox', actor: 'check' })
  expect((await deliver(rockpool, delivered(event)))[0]!.outcome).toBe('ignored')
  expect(Object.values(await counted('pool-1')).filter(Boolean)).toEqual([])
})

test('the event must be about the organization of its identity', async () => {
  await fill('harbor')
  const event = { ...organizationDeleting('pool-1'), subject: 'harbor' }
  expect((await deliver(rockpool, delivered(event)))[0]).toMatchObject({
    outcome: 'failed',
    error: { code: 'identity_forged' },
  })
  expect((await counted('harbor'))['public.orders']).toBe(20)
})

test('a row that refers to it and cannot be found fails the whole, with the table named, and nothing half done', async () => {
  await fill('pool-1')
  await database.owner.query('create table hidden (o text, id int, foreign key (o, id) references customers)')
  try {
    await database.owner.query(`insert into hidden values ('pool-1', 1)`)
    expect(await erase('pool-1')).toMatchObject({
      outcome: 'failed',
      error: { code: 'erasure_incomplete', message: expect.stringContaining('hidden') as string },
    })
    expect((await counted('pool-1'))['public."Order Lines"']).toBe(20)
  } finally {
    await database.owner.query('drop table hidden')
  }
  expect((await erase('pool-1')).outcome).toBe('applied')
})

test('a table that the service may not delete from is named', async () => {
  await database.owner.query('create table ledger (organization text)')
  try {
    expect(await erase('pool-1')).toMatchObject({
      outcome: 'failed',
      error: { code: 'erasure_incomplete', message: expect.stringContaining('public.ledger') as string },
    })
  } finally {
    await database.owner.query('drop table ledger')
  }
})

test('row security hides nothing from erasure and count: they fail instead', async () => {
  await database.owner.query(`
    alter table tags enable row level security;
    alter table tags force row level security;
    create policy none on tags using (false)`)
  try {
    expect(await erase('pool-1')).toMatchObject({ outcome: 'failed', error: { code: 'erasure_incomplete' } })
    await expect(counted('pool-1')).rejects.toThrow('row-level security')
  } finally {
    await database.owner.query(
      'drop policy none on tags; alter table tags no force row level security; alter table tags disable row level security',
    )
  }
})
