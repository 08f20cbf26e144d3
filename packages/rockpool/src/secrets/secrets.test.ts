import { expect, onTestFinished, test } from 'vitest'
import { freshDatabase } from '../../test/support/database.ts'
import { createSimulatedClock, migrate, openDatabase, secretFrom, silentLog } from '../kernel/index.ts'
import type { Database } from '../kernel/index.ts'
import { createCipher } from './cipher.ts'
import { createSecrets, secretsMigrations, secretsOperations } from './index.ts'
import { secretName, secretValue } from './operations.ts'

const key = (byte: number) => secretFrom(Buffer.alloc(32, byte))

async function open(): Promise<Database> {
  const fresh = await freshDatabase()
  const database = openDatabase({ url: fresh.url, log: silentLog, applicationName: 'test' })
  onTestFinished(async () => {
    await database.close()
    await fresh.drop()
  })
  await migrate(database, [secretsMigrations])
  return database
}

const storeIn = (database: Database, secret = key(1)) =>
  createSecrets({ database, secret, clock: createSimulatedClock(0), installation: 'local' })

test('a value is encrypted: the database holds nothing that opens it', async () => {
  const database = await open()
  await storeIn(database).set('THINGS_TOKEN', 'tok_zephyr_quartz', 'crd_1')
  const rows = await database.query<{ row: string }>(
    `select row_to_json(s)::text || encode(sealed, 'escape') as row from secrets.secret s`,
  )
  expect(rows).toHaveLength(1)
  expect(rows[0]!.row).not.toMatch(/zephyr|quartz/)
})

test('a run takes values by name, and is told how to set what is missing', async () => {
  const secrets = storeIn(await open())
  await secrets.set('THINGS_TOKEN', 'tok_1', null)
  await secrets.set('OTHER', 'other value', null)
  expect(await secrets.take('run_1', ['THINGS_TOKEN', 'MISSING'])).toEqual({
    values: { THINGS_TOKEN: 'tok_1' },
    missing: {
      MISSING: 'the secret MISSING is not set: “rockpool secret set MISSING --installation local” sets it',
    },
  })
  expect(await secrets.list()).toMatchObject([
    { name: 'OTHER', takenBy: null },
    { name: 'THINGS_TOKEN', takenBy: 'run_1', takenAt: '1970-01-01T00:00:00.000Z' },
  ])
})

test('set again, the new value counts and the old one is gone', async () => {
  const database = await open()
  const secrets = storeIn(database)
  await secrets.set('THINGS_TOKEN', 'the old one', 'crd_1')
  expect(await secrets.set('THINGS_TOKEN', 'the new one', 'crd_2')).toMatchObject({
    version: 2,
    setBy: 'crd_2',
  })
  expect((await secrets.take('run_1', ['THINGS_TOKEN'])).values).toEqual({ THINGS_TOKEN: 'the new one' })
  expect(await database.query('select 1 from secrets.secret')).toHaveLength(1)
  await secrets.remove('THINGS_TOKEN')
  await expect(secrets.remove('THINGS_TOKEN')).rejects.toMatchObject({ code: 'not_found' })
})

test('where nothing may be replaced, the same value is no change, and another one a conflict', async () => {
  const secrets = storeIn(await open())
  expect(await secrets.set('THINGS_TOKEN', 'tok_1', 'crd_1', false)).toMatchObject({ version: 1 })
  expect(await secrets.set('THINGS_TOKEN', 'tok_1', 'crd_2', false)).toMatchObject({
    version: 1,
    setBy: 'crd_1',
  })
  await expect(secrets.set('THINGS_TOKEN', 'tok_2', null, false)).rejects.toMatchObject({ code: 'conflict' })
  expect((await secrets.take('run_1', ['THINGS_TOKEN'])).values).toEqual({ THINGS_TOKEN: 'tok_1' })
})

test('a value that was moved under another name, changed, or sealed under another key does not open', async () => {
  const database = await open()
  const secrets = storeIn(database)
  await secrets.set('LOW', 'the low value', null)
  await secrets.set('HIGH', 'the high value', null)
  await database.query(
    `update secrets.secret set sealed = (select sealed from secrets.secret where name = 'HIGH') where name = 'LOW'`,
  )
  expect((await secrets.take('run_1', ['LOW'])).missing['LOW']).toMatch(/another installation’s secret/)
  expect((await storeIn(database, key(2)).take('run_1', ['HIGH'])).values).toEqual({})

  const cipher = createCipher(key(1))
  const sealed = cipher.seal('A', 'the value')
  expect(cipher.open('A', sealed)).toBe('the value')
  for (const [index] of sealed.entries()) {
    const changed = Buffer.from(sealed)
    changed[index]! ^= 1
    expect(cipher.open('A', changed)).toBeUndefined()
  }
  expect(cipher.open('A', sealed.subarray(0, 20))).toBeUndefined()
  expect(cipher.seal('A', 'the value').equals(sealed)).toBe(false)
})

test('names are capitals, values are text of 4 characters to 64 KB', () => {
  const accepts = (schema: typeof secretValue, value: string) => schema.safeParse(value).success
  expect(['A', 'THINGS_TOKEN', 'KEY2'].every((name) => accepts(secretName, name))).toBe(true)
  const wrong = ['', 'a', 'Key', '2KEY', 'A-B', 'A B', '__proto__', `A${'A'.repeat(100)}`, 'A\n']
  expect(wrong.filter((name) => accepts(secretName, name))).toEqual([])
  expect(accepts(secretValue, 'x'.repeat(64 * 1024))).toBe(true)
  expect(
    ['abc', '    ', 'x'.repeat(64 * 1024 + 1), 'é'.repeat(33_000), 'ab\0cd'].filter((value) =>
      accepts(secretValue, value),
    ),
  ).toEqual([])
})

test('only the scope admin sets and removes, and no operation answers with a value', async () => {
  const secrets = storeIn(await open())
  await secrets.set('THINGS_TOKEN', 'tok_zephyr', null)
  const operations = secretsOperations({ secrets })
  expect(
    operations.map(({ operation }) => [operation.id, operation.scope, operation.organizationBound]),
  ).toEqual([
    ['secrets.list', 'read', undefined],
    ['secrets.set', 'admin', undefined],
    ['secrets.remove', 'admin', undefined],
  ])
  const [list, set] = operations
  const caller = { member: 'mem_1', credential: 'crd_1' }
  const answers = [
    await list!.handler({ caller } as never),
    await set!.handler({
      caller,
      params: { secret: 'THINGS_TOKEN' },
      body: { value: 'tok_zephyr' },
    } as never),
  ]
  expect(JSON.stringify(answers)).toContain('THINGS_TOKEN')
  expect(JSON.stringify(answers)).not.toContain('zephyr')
})
