import { randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import pg from 'pg'
import { inject } from 'vitest'
import { createPool, type Pool } from '../../src/index.ts'

declare module 'vitest' {
  interface ProvidedContext {
    postgresUrl: string
  }
}

/** A service's private database as Rockpool provisions it: an owner who made the tables, a runtime role without DDL. */
export interface ServiceDatabase {
  /** What the service gets. */
  url: string
  pool: Pool
  /** As the owner. */
  owner: pg.Pool
  /** Cuts every connection of the service, as an outage does. */
  cut(): Promise<void>
  drop(): Promise<void>
}

/** A fresh one, with the sdk's tables and those of the SQL given. */
export async function serviceDatabase(tables = ''): Promise<ServiceDatabase> {
  const admin = inject('postgresUrl')
  const name = `sdk_${randomBytes(6).toString('hex')}`
  const ours = await readFile(new URL('../../migrations/0001-service.sql', import.meta.url), 'utf8')
  await execute(
    admin,
    `create role ${name}_owner login password 'owner'`,
    `create role ${name}_runtime login password 'runtime'`,
    `create database ${name} owner ${name}_owner`,
  )
  const url = (role: string): string => {
    const address = new URL(admin)
    Object.assign(address, { pathname: `/${name}`, username: `${name}_${role}`, password: role })
    return address.href
  }
  const owner = new pg.Pool({ connectionString: url('owner'), max: 2 })
  owner.on('error', () => {})
  await owner.query(ours)
  await owner.query(tables)
  await owner.query(`
    grant usage on schema rockpool, public to ${name}_runtime;
    grant select, insert, update, delete on all tables in schema rockpool, public to ${name}_runtime;
    grant usage on all sequences in schema rockpool, public to ${name}_runtime`)
  const pool = createPool(url('runtime'), { max: 5 })
  return {
    url: url('runtime'),
    pool,
    owner,
    cut: () =>
      execute(
        admin,
        `select pg_terminate_backend(pid) from pg_stat_activity where usename = '${name}_runtime'`,
      ),
    async drop() {
      await Promise.all([pool.end(), owner.end()])
      await execute(
        admin,
        `drop database ${name} with (force)`,
        `drop role ${name}_runtime`,
        `drop role ${name}_owner`,
      )
    },
  }
}

async function execute(url: string, ...statements: string[]): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    for (const statement of statements) await client.query(statement)
  } finally {
    await client.end()
  }
}
