import { randomBytes } from 'node:crypto'
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { silentLog, startPostgres } from '../../src/kernel/index.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** A URL of a superuser of a real PostgreSQL that lives as long as the test run; make a database of your own in it. */
    postgresUrl: string
  }
}

/** vitest's globalSetup: one embedded PostgreSQL for all test files of a run. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), 'rockpool-test-'))
  await chmod(folder, 0o755)
  const server = await startPostgres({ folder, password: randomBytes(16).toString('hex'), log: silentLog })
  project.provide('postgresUrl', server.url)
  return async () => {
    await server.stop()
    await rm(folder, { recursive: true, force: true })
  }
}
