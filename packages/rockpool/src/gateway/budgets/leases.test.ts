import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startOrganizations, type TestOrganizations } from '../../../test/support/organizations.ts'
import { migrate, openDatabase, silentLog, systemClock, type Database } from '../../kernel/index.ts'
import { gatewayMigrations } from '../index.ts'
import { createLeases, type Leases } from './leases.ts'

// Control's side on a real Postgres. Two of it, as there may be: each with connections of its own.

let t: TestOrganizations
let second: Database
let leases: [Leases, Leases]

beforeAll(async () => {
  t = await startOrganizations()
  await migrate(t.database, [gatewayMigrations])
  second = openDatabase({ url: t.url, log: silentLog, applicationName: 'test leases' })
  const { organizations, database } = t
  leases = [
    createLeases({ database, organizations, clock: systemClock }),
    createLeases({ database: second, organizations, clock: systemClock }),
  ]
})
afterAll(async () => {
  await second?.close()
  await t?.close()
})

let runs = 0

/** A run with its credential. */
async function runOf(writes: number, name = 'order', run = `run_${++runs}`): Promise<string> {
  await t.organizations.createCredential(null, {
    kind: 'run',
    allows: { organization: 'harbor' },
    environment: 'production',
    actor: 'bot',
    run,
    grant: { name, writes, card: null },
    endsAt: new Date(Date.now() + 60_000),
  })
  return run
}

const lend = (run: string, want: number, lease: string = randomUUID(), spent: string | null = null) =>
  leases[0].lend({ run, grant: 'order', want, lease, spent })
const takenOf = async (run: string) =>
  (await t.database.one<{ taken: number }>('select taken from gateway.write_budget where run = $1', [run]))
    .taken

test('whoever asks, together they get what the credential says and not one more', async () => {
  const run = await runOf(100)
  const answers = await Promise.all(
    Array.from({ length: 40 }, (_, index) =>
      leases[index % 2]!.lend({ run, grant: 'order', want: 9, lease: randomUUID(), spent: null }),
    ),
  )
  expect(answers.reduce((sum, { granted }) => sum + granted, 0)).toBe(100)
  expect(await takenOf(run)).toBe(100)
  expect(await lend(run, 9)).toEqual({ granted: 0, left: 0, lent: 100 })
})

test('the same lease is given once, however often and wherever it is asked for', async () => {
  const run = await runOf(100)
  const lease = randomUUID()
  const answers = await Promise.all(
    Array.from({ length: 10 }, (_, index) =>
      leases[index % 2]!.lend({ run, grant: 'order', want: 7, lease, spent: null }),
    ),
  )
  expect(new Set(answers.map(({ granted }) => granted))).toEqual(new Set([7]))
  expect(await takenOf(run)).toBe(7)
})

test('what is given back can be lent again; twice, or more than there was, gives nothing more', async () => {
  const run = await runOf(10)
  const lease = randomUUID()
  expect(await lend(run, 5, lease)).toEqual({ granted: 5, left: 5, lent: 0 })
  await Promise.all(leases.map((one) => one.takeBack([{ lease, writes: 3 }])))
  await leases[0].takeBack([{ lease, writes: 5 }])
  expect(await takenOf(run)).toBe(2)
  // It has ended: its id opens nothing any more.
  expect(await lend(run, 5, lease)).toEqual({ granted: 0, left: 8, lent: 0 })
  const other = randomUUID()
  expect((await lend(run, 3, other)).granted).toBe(3)
  await leases[0].takeBack([
    { lease: other, writes: 50 },
    { lease: randomUUID(), writes: 5 },
  ])
  expect(await takenOf(run)).toBe(2)
})

test('a lease that is spent is told with the next one, and counts as lent no more', async () => {
  const run = await runOf(4)
  const [one, two, three] = [randomUUID(), randomUUID(), randomUUID()]
  expect(await lend(run, 1, one)).toEqual({ granted: 1, left: 3, lent: 0 })
  expect(await lend(run, 1, two)).toEqual({ granted: 1, left: 2, lent: 1 })
  expect(await lend(run, 1, three, one)).toEqual({ granted: 1, left: 1, lent: 1 })
  await leases[0].takeBack([{ lease: one, writes: 1 }])
  expect(await takenOf(run)).toBe(3)
})

describe('nothing is lent', () => {
  test('to a run that nobody knows, or for a grant that it does not have', async () => {
    const run = await runOf(10, 'another')
    expect(await lend('run_unknown', 5)).toEqual({ granted: 0, left: 0, lent: 0 })
    expect(await lend(run, 5)).toEqual({ granted: 0, left: 0, lent: 0 })
    expect(
      await t.database.query(`select from gateway.write_budget where run = any($1)`, [[run, 'run_unknown']]),
    ).toEqual([])
  })

  test('to a run that is over', async () => {
    const run = await runOf(10)
    expect((await lend(run, 2)).granted).toBe(2)
    await t.organizations.revokeWhere(null, { run })
    expect((await lend(run, 2)).granted).toBe(0)
  })

  test('to a further credential of the run: it shares the budget of the first', async () => {
    const run = await runOf(2)
    expect([(await lend(run, 1)).granted, (await lend(run, 1)).granted]).toEqual([1, 1])
    await t.organizations.revokeWhere(null, { run })
    await runOf(10, 'order', run)
    expect((await lend(run, 1)).granted).toBe(0)
  })

  test('by the database itself: no row holds more than the grant', async () => {
    const run = await runOf(2)
    await lend(run, 1)
    const tooMuch = t.database.query('update gateway.write_budget set taken = 3 where run = $1', [run])
    await expect(tooMuch).rejects.toThrow(/write_budget_check/)
  })
})

test('budgets of runs that ended a day ago are deleted, with their leases; others stay', async () => {
  const [old, young] = [await runOf(10), await runOf(10)]
  await lend(old, 2)
  await lend(young, 2)
  await t.database.query(
    `update gateway.write_budget set ends_at = now() - interval '25 hours' where run = $1`,
    [old],
  )
  const known = async () =>
    t.database.query<{ run: string; leases: number }>(
      `select b.run, count(l.id)::integer as leases from gateway.write_budget b
         left join gateway.write_lease l using (run, grant_name) where run = any($1) group by b.run`,
      [[old, young]],
    )
  expect(await known()).toHaveLength(2)
  await lend(young, 2)
  expect(await known()).toEqual([{ run: young, leases: 2 }])
  expect(await t.database.query('select from gateway.write_lease where run = $1', [old])).toEqual([])
})
