import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Database } from './database.ts'
import { problem } from './problem.ts'

export interface MigrationSet {
  /** The schema that the files' tables live in; it is created, and is first in the search path while they run. */
  schema: string
  /** The folder of `0001-….sql`, `0002-….sql`, … */
  folder: string | URL
}

/**
 * For triggers of a part's tables: tells the topic that is their argument, so that pages read anew what they show. Within
 * a transaction Postgres tells each topic once, and at its commit.
 */
const changedFunction = `create or replace function public.rockpool_changed() returns trigger language plpgsql as $$
  begin
    perform pg_notify('rockpool_changes', tg_argv[0]);
    return null;
  end $$`

interface Applied {
  name: string
  hash: string
}

/**
 * Brings each schema up to date: numbered SQL files, each in a transaction, recorded with its hash. One advisory lock
 * makes processes that start at once wait for each other. A file that changed after it ran is refused: write a new one.
 */
export async function migrate(database: Database, sets: readonly MigrationSet[]): Promise<void> {
  await database.transaction(async (tx) => {
    await tx.query(`select pg_advisory_xact_lock(hashtextextended('rockpool.migrate', 0))`)
    await tx.query(`create table if not exists public.rockpool_migrations (
      schema text not null, name text not null, hash text not null, applied_at timestamptz not null default now(),
      primary key (schema, name))`)
    await tx.query(changedFunction)
  })
  for (const set of sets) await migrateSet(database, set)
}

async function migrateSet(database: Database, set: MigrationSet): Promise<void> {
  const files = await readMigrations(set.folder)
  await database.transaction(async (tx) => {
    await tx.query(`select pg_advisory_xact_lock(hashtextextended('rockpool.migrate', 0))`)
    const applied = await tx.query<Applied>(
      'select name, hash from public.rockpool_migrations where schema = $1',
      [set.schema],
    )
    await tx.query(`create schema if not exists "${set.schema}"`)
    await tx.query(`set local search_path to "${set.schema}", public`)
    for (const file of pendingMigrations(files, applied, set.folder)) {
      await tx.query(file.sql).catch((error: Error) => {
        throw problem('internal', `migration ${set.schema}/${file.name} failed: ${error.message}`, {
          cause: error,
        })
      })
      await tx.query('insert into public.rockpool_migrations (schema, name, hash) values ($1, $2, $3)', [
        set.schema,
        file.name,
        file.hash,
      ])
    }
  })
}

export interface MigrationFile {
  name: string
  sql: string
  hash: string
}

/** The numbered files of a folder in order; `invalid_input` names files that are not numbered or share a number. */
export async function readMigrations(folder: string | URL): Promise<MigrationFile[]> {
  const path = typeof folder === 'string' ? folder : fileURLToPath(folder)
  const names = (await readdir(path)).filter((name) => name.endsWith('.sql')).sort()
  const numbers = new Set<string>()
  const findings = names.flatMap((name) => {
    const number = /^(\d{4})-[a-z0-9-]+\.sql$/.exec(name)?.[1]
    if (!number) return [{ path: name, message: 'name it 0001-what-it-does.sql', file: join(path, name) }]
    if (numbers.has(number))
      return [{ path: name, message: `the number ${number} is used twice`, file: join(path, name) }]
    numbers.add(number)
    return []
  })
  if (findings.length > 0)
    throw problem('invalid_input', `migrations in ${path} cannot be ordered`, { findings })
  return Promise.all(
    names.map(async (name) => {
      const sql = await readFile(join(path, name), 'utf8')
      return { name, sql, hash: createHash('sha256').update(sql).digest('hex') }
    }),
  )
}

const pathOf = (folder: string | URL) => (folder instanceof URL ? fileURLToPath(folder) : folder)

/** Pure: what is still to be applied; a changed or a missing applied file is refused. */
export function pendingMigrations(
  files: readonly MigrationFile[],
  applied: readonly Applied[],
  folder: string | URL,
): MigrationFile[] {
  const findings = applied.flatMap(({ name, hash }) => {
    const file = files.find((candidate) => candidate.name === name)
    if (!file)
      return [
        {
          path: join(pathOf(folder), name),
          message: 'it was applied here, but the file is gone (is this an older release?)',
        },
      ]
    if (file.hash !== hash)
      return [
        {
          path: join(pathOf(folder), name),
          message: 'it changed after it was applied: put the file back, and write a new one',
        },
      ]
    return []
  })
  if (findings.length > 0) throw problem('conflict', 'the database and the migrations disagree', { findings })
  return files.filter((file) => !applied.some(({ name }) => name === file.name))
}
