import { chmod, mkdtemp, readdir, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { openDatabase } from './database.ts'
import { silentLog } from './log.ts'
import { freePort } from './port.ts'
import { startPostgres } from './postgres.ts'

const folder = await mkdtemp(join(tmpdir(), 'postgres-'))
await chmod(folder, 0o755)
afterAll(() => rm(folder, { recursive: true, force: true }))
const start = (port?: number) =>
  startPostgres({ folder, password: 'a-password-of-this-test', log: silentLog, ...(port ? { port } : {}) })

test('what was committed survives kill -9, and a stale predecessor is stopped first', async () => {
  const first = await start()
  const before = openDatabase({ url: first.url, log: silentLog, applicationName: 'test' })
  await before.query('create table kept (id int); insert into kept values (1)')
  await before.close()
  process.kill(first.pid, 'SIGKILL')
  await first.ended

  const second = await start()
  // A start beside a running one, as after the death of its supervisor alone.
  const third = await start()
  await second.ended
  const after = openDatabase({ url: third.url, log: silentLog, applicationName: 'test' })
  expect(await after.query('select id from kept')).toEqual([{ id: 1 }])
  await after.close()
  await third.stop()
  expect(
    (await readdir(folder)).filter((name) => name.startsWith('password') || name.startsWith('data.')),
  ).toEqual([])
})

test('a taken port is not fought over', async () => {
  const { port } = await freePort()
  const taken = createServer().listen(port, '127.0.0.1')
  const server = await start(port)
  expect(server.port).not.toBe(port)
  await server.stop()
  taken.close()
})

test('another secret than the one the cluster was made with is a clear message', async () => {
  await expect(startPostgres({ folder, password: 'another', log: silentLog })).rejects.toThrow(
    /made with another secret: put its file/,
  )
})
