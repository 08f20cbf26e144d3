import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { connect, createServer } from 'node:net'
import type { AddressInfo, Socket } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { temporaryFolder } from '../../test/support/folder.ts'
import { freshDatabase } from '../../test/support/database.ts'
import { openDatabase } from './database.ts'
import type { Database } from './database.ts'
import { silentLog } from './log.ts'
import { migrate } from './migrate.ts'

let database: Database
let fresh: Awaited<ReturnType<typeof freshDatabase>>

beforeAll(async () => {
  fresh = await freshDatabase()
  database = openDatabase({ url: fresh.url, log: silentLog, applicationName: 'test' })
})
afterAll(async () => {
  await database.close()
  await fresh.drop()
})

test('a transaction whose work rejects leaves nothing', async () => {
  await database.query('create table note (text text)')
  await expect(
    database.transaction(async (tx) => {
      await tx.query(`insert into note values ('lost')`)
      throw new Error('no')
    }),
  ).rejects.toThrow('no')
  await database.transaction((tx) => tx.query(`insert into note values ('kept')`))
  expect(await database.query('select text from note')).toEqual([{ text: 'kept' }])
})

test('a transaction that swallowed an error of a statement does not pass for committed', async () => {
  await database.query('create table half (text text unique)')
  const attempt = database.transaction(async (tx) => {
    await tx.query(`insert into half values ('lost')`)
    await tx.query(`insert into half values ('lost')`).catch(() => {})
  })
  await expect(attempt).rejects.toThrow(/rolled back/)
  expect(await database.query('select text from half')).toEqual([])
})

test('a text that Postgres cannot hold is the fault of the input', async () => {
  const invalid = { code: 'invalid_input', status: 422 }
  await expect(database.query('select $1::text', ['a\0b'])).rejects.toMatchObject(invalid)
  await expect(
    database.query(String.raw`select '"\u0000"'::jsonb ->> 0, $1::jsonb ->> 'a'`, [
      String.raw`{"a":"\u0000"}`,
    ]),
  ).rejects.toMatchObject(invalid)
})

test('bigint columns are numbers', async () => {
  expect(await database.one('select 7::bigint as position')).toEqual({ position: 7 })
})

test('LISTEN comes back by itself after its connection is lost, and says that messages may be missing', async () => {
  const messages: string[] = []
  const reconnected = vi.fn<() => void>()
  const listener = await database.listen('greeting', (payload) => messages.push(payload), reconnected)
  await database.query(
    `select pg_terminate_backend(pid) from pg_stat_activity where application_name like '%listen greeting%'`,
  )
  await vi.waitFor(() => expect(reconnected).toHaveBeenCalled(), { timeout: 5_000 })
  await database.query(`select pg_notify('greeting', 'hello')`)
  await vi.waitFor(() => expect(messages).toEqual(['hello']), { timeout: 5_000 })
  await listener.close()
})

test('connections that Postgres ends are a problem worth a retry, and the next query works', async () => {
  const sleeping = database.query('select pg_sleep(30)')
  const outcome = expect(sleeping).rejects.toMatchObject({ code: 'database_unreachable', retry: true })
  await vi.waitFor(
    async () => {
      const ended = await database.query(
        `select pg_terminate_backend(pid) from pg_stat_activity where query = 'select pg_sleep(30)' and pid <> pg_backend_pid()`,
      )
      expect(ended).toHaveLength(1)
    },
    { timeout: 5_000 },
  )
  await outcome
  expect(await database.query('select 1 as one')).toEqual([{ one: 1 }])
})

test('a query to a host that died settles, though no answer and no end of the connection ever comes', async () => {
  const { hostname, port } = new URL(fresh.url)
  const sockets: Socket[] = []
  const way = createServer((near) => {
    const far = connect(Number(port), hostname)
    sockets.push(
      near.on('error', () => {}),
      far.on('error', () => {}),
    )
    near.pipe(far).pipe(near)
  }).listen(0, '127.0.0.1')
  await once(way, 'listening')
  const url = new URL(fresh.url)
  url.host = `127.0.0.1:${(way.address() as AddressInfo).port}`
  const far = openDatabase({ url: url.href, log: silentLog, applicationName: 'far', statementTimeout: 100 })
  expect(await far.query('select 1 as one')).toEqual([{ one: 1 }])
  for (const socket of sockets) socket.unpipe().pause()
  await expect(far.query('select 1')).rejects.toMatchObject({ code: 'database_unreachable', retry: true })
  await far.close()
  for (const socket of sockets) socket.destroy()
  way.close()
}, 20_000)

test('nobody there is database_unreachable', async () => {
  const nobody = openDatabase({
    url: 'postgres://rockpool:x@127.0.0.1:1/rockpool',
    log: silentLog,
    applicationName: 'test',
  })
  await expect(nobody.query('select 1')).rejects.toMatchObject({ code: 'database_unreachable' })
  expect(await nobody.reachable()).toBe(false)
  await nobody.close()
})

test('sixteen processes that migrate at once apply each file once', async () => {
  const folder = await temporaryFolder('migrations')
  await writeFile(join(folder, '0001-first.sql'), 'create table thing (id int); insert into thing values (1)')
  await writeFile(join(folder, '0002-second.sql'), 'insert into thing values (2)')
  const databases = Array.from({ length: 16 }, () =>
    openDatabase({ url: fresh.url, log: silentLog, applicationName: 'test', max: 2 }),
  )
  await Promise.all(databases.map((each) => migrate(each, [{ schema: 'things', folder }])))
  await Promise.all(databases.map((each) => each.close()))
  expect(await database.query('select id from things.thing order by id')).toEqual([{ id: 1 }, { id: 2 }])
})

test('a migration that changed after it ran is refused, and one that fails leaves nothing of itself', async () => {
  const folder = await temporaryFolder('migrations')
  await writeFile(join(folder, '0001-first.sql'), 'create table a (id int)')
  await migrate(database, [{ schema: 'changed', folder }])
  await writeFile(join(folder, '0001-first.sql'), 'create table b (id int)')
  await expect(migrate(database, [{ schema: 'changed', folder }])).rejects.toMatchObject({
    code: 'conflict',
    findings: [{ path: join(folder, '0001-first.sql') }],
  })
  await writeFile(join(folder, '0001-first.sql'), 'create table a (id int)')
  await writeFile(join(folder, '0002-half.sql'), 'create table half (id int); select 1/0')
  await expect(migrate(database, [{ schema: 'changed', folder }])).rejects.toThrow(
    /0002-half\.sql failed: division by zero/,
  )
  expect(await database.one(`select to_regclass('changed.half') is null as absent`)).toEqual({ absent: true })
})
