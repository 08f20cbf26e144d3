import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { until } from '../test/support/client.ts'
import { serviceDatabase, type ServiceDatabase } from '../test/support/database.ts'
import { keptLog, testRockpool } from '../test/support/service.ts'
import { protectPool } from './database.ts'
import { createPool, type Identity } from './index.ts'

const as = (organization: string): Identity => ({
  organization,
  environment: 'production',
  actor: 'customer',
})

let database: ServiceDatabase
beforeAll(async () => {
  database = await serviceDatabase('create table notes (organization text, note text)')
})
afterAll(() => database.drop())

describe('a connection that one request opened', () => {
  const calledBackAs = async (pool: pg.Pool, see: () => string | undefined): Promise<string | undefined> =>
    new Promise((resolve) => pool.query('select 1', () => resolve(see())))

  test('calls another request back as itself', async () => {
    const pool = new pg.Pool({ connectionString: database.url, max: 1 })
    const rockpool = testRockpool({ database: pool })
    const see = () => rockpool.currentIdentity()?.organization
    await rockpool.runAs(as('opener'), () => pool.query('select 1'))
    expect(await rockpool.runAs(as('second'), () => calledBackAs(pool, see))).toBe('second')
    expect(await calledBackAs(pool, see)).toBeUndefined()
    await pool.end()
  })

  test('the control: of a pool that is not protected it calls back as the opener', async () => {
    const pool = new pg.Pool({ connectionString: database.url, max: 1 })
    const rockpool = testRockpool()
    const see = () => rockpool.currentIdentity()?.organization
    await rockpool.runAs(as('opener'), () => pool.query('select 1'))
    expect(await rockpool.runAs(as('second'), () => calledBackAs(pool, see))).not.toBe('second')
    await pool.end()
  })

  test('is heard of once, and a pool is protected once', async () => {
    const pool = new pg.Pool({ connectionString: database.url, max: 1 })
    const log = keptLog()
    protectPool(pool, log)
    protectPool(pool, log)
    expect(pool.listenerCount('error')).toBe(1)
    await pool.end()
  })
})

describe('an outage of the database', () => {
  test('ends no process: neither idle connections nor one in the middle of a transaction', async () => {
    const log = keptLog()
    const pool = createPool(database.url, { max: 3, log })
    const rockpool = testRockpool({ database: pool, log })
    await Promise.all([1, 2, 3].map(() => pool.query('select pg_sleep(0.05)')))
    const cut = rockpool.transaction(async (tx) => {
      await tx.query('select 1')
      await database.cut()
      await until(() => log.lines.length === 3)
      await tx.query('select 1')
    })
    await expect(cut).rejects.toThrow('not queryable')
    expect((await pool.query<{ n: number }>('select 1 as n')).rows).toEqual([{ n: 1 }])
    await pool.end()
  })

  test('is a problem that is worth a retry', async () => {
    const pool = createPool('postgres://nobody:x@127.0.0.1:1/none')
    const rockpool = testRockpool({ database: pool })
    await expect(rockpool.transaction(async () => 1)).rejects.toMatchObject({
      code: 'database_unreachable',
      status: 503,
      retry: true,
    })
    await pool.end()
  })

  test('does not hold up a request that needs no database', async () => {
    const pool = createPool('postgres://nobody:x@127.0.0.1:1/none')
    const rockpool = testRockpool({ database: pool })
    const began = performance.now()
    expect(await rockpool.runAs(as('harbor'), () => 'answered')).toBe('answered')
    expect(performance.now() - began).toBeLessThan(2_000)
    await pool.end()
  })
})

describe('a transaction', () => {
  test('commits when its work is done, and rolls back when it fails', async () => {
    const rockpool = testRockpool({ database: database.pool })
    const write = (note: string) => (tx: { query(text: string, values: unknown[]): Promise<unknown> }) =>
      tx.query('insert into notes values ($1, $2)', ['harbor', note])
    await rockpool.transaction(write('kept'))
    const failing = rockpool.transaction(async (tx) => {
      await write('lost')(tx)
      throw new Error('no')
    })
    await expect(failing).rejects.toThrow('no')
    expect((await database.owner.query('select note from notes')).rows).toEqual([{ note: 'kept' }])
  })

  test('that fails leaves a connection that works', async () => {
    const pool = createPool(database.url, { max: 1 })
    const rockpool = testRockpool({ database: pool })
    await expect(rockpool.transaction((tx) => tx.query('select nonsense'))).rejects.toThrow('nonsense')
    expect(
      await rockpool.transaction(async (tx) => (await tx.query<{ n: number }>('select 1 as n')).rows),
    ).toEqual([{ n: 1 }])
    await pool.end()
  })
})

describe('the functions for Rockpool itself', () => {
  test('pruning takes what the relay is past, and nothing else', async () => {
    const rockpool = testRockpool({ database: database.pool })
    const publish = () =>
      rockpool.runAs(as('harbor'), () =>
        rockpool.transaction((tx) => rockpool.publish(tx, { type: 'noted', key: 'k', data: {} })),
      )
    for (let n = 0; n < 4; n += 1) await publish()
    const { rows } = await database.owner.query<{ xid: string; position: string }>(
      'select xid, position from rockpool.outbox order by xid, position',
    )
    const prune = async (row: { xid: string; position: string }, most = 100) =>
      Number(
        (
          await database.owner.query<{ n: string }>('select rockpool.prune_outbox($1, $2, $3) as n', [
            row.xid,
            row.position,
            most,
          ])
        ).rows[0]!.n,
      )
    // Whatever else runs on this server may hold the horizon back for a moment.
    await until(async () => (await prune(rows[1]!, 1)) === 1)
    await until(async () => (await prune(rows[1]!)) === 1)
    expect(await prune(rows[1]!)).toBe(0)
    const left = await database.owner.query<{ position: string }>(
      'select position from rockpool.outbox order by position',
    )
    expect(left.rows.map(({ position }) => position)).toEqual([rows[2]!.position, rows[3]!.position])
  })

  test('pruning spares what a transaction still open could hide, whatever the cursor says', async () => {
    const open = await database.pool.connect()
    try {
      await open.query('begin')
      await open.query('select pg_current_xact_id()')
      const rockpool = testRockpool({ database: database.pool })
      await rockpool.runAs(as('reef'), () =>
        rockpool.transaction((tx) => rockpool.publish(tx, { type: 'noted', key: 'k', data: {} })),
      )
      const pruned = await database.owner.query<{ n: string }>(
        `select rockpool.prune_outbox(max(xid::text::numeric)::text::xid8, 9000000000000000000) as n from rockpool.outbox where organization = 'reef'`,
      )
      expect(
        (await database.owner.query(`select from rockpool.outbox where organization = 'reef'`)).rowCount,
      ).toBe(1)
      expect(Number(pruned.rows[0]!.n)).toBeGreaterThanOrEqual(0)
    } finally {
      await open.query('rollback')
      open.release()
    }
  })

  test('the service itself may neither prune, nor count, nor change tables', async () => {
    for (const sql of [
      `select rockpool.prune_outbox('1', 1)`,
      `select rockpool.count_rows('harbor')`,
      'create table mine (x int)',
      'drop table rockpool.outbox',
      'alter table rockpool.outbox add x int',
      'truncate rockpool.outbox',
    ])
      await expect(database.pool.query(sql), sql).rejects.toMatchObject({ code: '42501' })
  })
})
