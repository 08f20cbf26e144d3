import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { chmod, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, expect, onTestFinished, test, vi } from 'vitest'
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

test('what a killed first start left behind goes with the next one', async () => {
  const other = await mkdtemp(join(tmpdir(), 'postgres-'))
  onTestFinished(() => rm(other, { recursive: true, force: true }))
  await chmod(other, 0o755)
  await mkdir(join(other, 'data.4711'))
  await writeFile(join(other, 'password.4711'), 'secret')
  const server = await startPostgres({ folder: other, password: 'a-password-of-this-test', log: silentLog })
  await server.stop()
  expect((await readdir(other)).filter((name) => /^(data|password)\./.test(name))).toEqual([])
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

test('a server does not outlive the process that started it, even when that is killed with -9', async () => {
  const kernel = fileURLToPath(new URL('./index.ts', import.meta.url))
  const script = `const { startPostgres, silentLog } = await import(${JSON.stringify(kernel)})
    const server = await startPostgres({ folder: ${JSON.stringify(folder)}, password: 'a-password-of-this-test', log: silentLog })
    console.log(server.pid)`
  const parent = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const pid = Number(
    await new Promise<string>((resolve) =>
      parent.stdout.once('data', (chunk: Buffer) => resolve(chunk.toString())),
    ),
  )
  expect(existsSync(`/proc/${pid}`)).toBe(true)
  parent.kill('SIGKILL')
  await vi.waitFor(() => expect(existsSync(`/proc/${pid}`)).toBe(false), { timeout: 10_000 })
})
