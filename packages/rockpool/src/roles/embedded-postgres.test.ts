import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test, vi } from 'vitest'
import { silentLog } from '../kernel/index.ts'
import type { Log } from '../kernel/index.ts'
import { keepEmbeddedPostgres } from './embedded-postgres.ts'

test(
  'a stop while a Postgres that ended unasked is being started again leaves none',
  { timeout: 40_000 },
  async () => {
    const folder = await mkdtemp(join(tmpdir(), 'rockpool-kept-'))
    onTestFinished(() => rm(folder, { recursive: true, force: true }))
    await chmod(folder, 0o755)
    const noticed = Promise.withResolvers<void>()
    const log = Object.assign(Object.create(silentLog) as Log, { error: () => noticed.resolve() })
    const kept = await keepEmbeddedPostgres({ folder, password: 'of-this-test', log })
    const pidFile = join(folder, 'postgres/data/postmaster.pid')
    process.kill(Number((await readFile(pidFile, 'utf8')).split('\n')[0]), 'SIGKILL')
    await noticed.promise
    let stopped = false
    void kept.close().then(() => (stopped = true))
    await vi.waitFor(() => expect(stopped).toBe(true), { timeout: 10_000 })
    await expect(readFile(pidFile, 'utf8')).rejects.toThrow('ENOENT')
  },
)
