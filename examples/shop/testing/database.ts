import { randomBytes } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { createPool } from '@rockpool/sdk'
import { inject } from 'vitest'
import { createCable } from './cable.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** A superuser's URL of the PostgreSQL of this test run. */
    postgresUrl: string
  }
}

export interface ServiceDatabase {
  url: string
  /** Does the work while the database cannot be reached. */
  outage(work: () => Promise<void>): Promise<void>
  drop(): Promise<void>
}

/**
 * A database of its own for one test file, with Rockpool's tables and those of the service, as `rockpool up` makes it.
 */
export async function createServiceDatabase(migrations: URL): Promise<ServiceDatabase> {
  const admin = inject('postgresUrl')
  const name = `shop_test_${randomBytes(6).toString('hex')}`
  await run(admin, `create database ${name}`)
  const url = new URL(admin)
  url.pathname = `/${name}`
  await run(
    url.href,
    ...sqlIn(new URL(import.meta.resolve('@rockpool/sdk/migrations/0001-service.sql'))),
    ...sqlIn(migrations),
  )
  const cable = await createCable(url.hostname, Number(url.port))
  url.hostname = '127.0.0.1'
  url.port = String(cable.port)
  return {
    url: url.href,
    async outage(work) {
      await cable.cut()
      try {
        await work()
      } finally {
        await cable.mend()
      }
    },
    async drop() {
      await cable.cut()
      await run(admin, `drop database ${name} with (force)`)
    },
  }
}

/** The SQL of a file, or of all files in a folder, in the order of their names. */
function sqlIn(place: URL): string[] {
  if (place.pathname.endsWith('.sql')) return [readFileSync(place, 'utf8')]
  return readdirSync(fileURLToPath(place))
    .sort()
    .map((name) => readFileSync(new URL(name, place), 'utf8'))
}

async function run(url: string, ...statements: string[]): Promise<void> {
  const pool = createPool(url, { max: 1 })
  try {
    for (const statement of statements) await pool.query(statement)
  } finally {
    await pool.end()
  }
}
