import { messageOf, openDatabase } from '../kernel/index.ts'
import type { Database, Log, Queryable, Transaction } from '../kernel/index.ts'
import type { ServiceNames, SharedNames } from './names.ts'
import { quote } from './roles.ts'

/** Takes CONNECT on a database from PUBLIC; where the admin may not, it says so and goes on (`exposures` has the proof). */
export async function closeToPublic(admin: Queryable, database: string, log: Log): Promise<void> {
  const open = () =>
    admin.query(
      `select from pg_database d, aclexplode(coalesce(d.datacl, acldefault('d', d.datdba))) privilege
        where d.datname = $1 and privilege.grantee = 0`,
      [database],
    )
  if ((await open()).length === 0) return
  try {
    await admin.query(`revoke all on database ${quote(database)} from public`)
  } catch (error) {
    // Another installation on this server may do the same at this moment.
    log.debug({ database, error: messageOf(error) }, 'a database could not be closed to PUBLIC at once')
  }
  if ((await open()).length > 0) {
    log.warn(
      { database },
      `every role of this server may connect to the database ${database}: its owner must run “REVOKE ALL ON DATABASE ${quote(database)} FROM PUBLIC”`,
    )
  }
}

/** Rockpool's own database: only its owner may close it, and an admin who is no superuser is not its owner any more. */
export async function closeOwn(url: string, database: string, log: Log): Promise<void> {
  const own = openDatabase({ url, log, applicationName: 'rockpool databases own', max: 1 })
  try {
    await closeToPublic(own, database, log)
  } finally {
    await own.close()
  }
}

/** Run by the owner before any migration, so that whatever they create is born with the right privileges. */
export async function beforeMigrations(
  owner: Database,
  names: ServiceNames,
  shared: SharedNames,
): Promise<void> {
  const runtime = quote(names.runtime)
  const database = quote(names.database)
  await alone(owner, [
    `revoke all on database ${database} from public`,
    `grant connect on database ${database} to ${runtime}, ${quote(shared.relay)}, ${quote(shared.counter)}`,
    'revoke all on schema public from public',
    `grant usage on schema public to ${runtime}`,
    `alter default privileges grant usage on schemas to ${runtime}`,
    `alter default privileges grant select, insert, update, delete on tables to ${runtime}`,
    `alter default privileges grant usage, select on sequences to ${runtime}`,
    'alter default privileges revoke execute on functions from public',
    `alter default privileges grant execute on functions to ${runtime}`,
  ])
}

/** Run by the owner after all migrations: what the shared roles may do, and what even the runtime role may not. */
export async function afterMigrations(
  owner: Database,
  names: ServiceNames,
  shared: SharedNames,
): Promise<void> {
  const [runtime, relay, counter] = [quote(names.runtime), quote(shared.relay), quote(shared.counter)]
  const prune = 'rockpool.prune_outbox(xid8, bigint, integer)'
  const count = 'rockpool.count_rows(text)'
  await alone(owner, [
    `grant usage on schema rockpool to ${relay}, ${counter}`,
    `grant select on rockpool.outbox to ${relay}`,
    `revoke all on function ${prune}, ${count} from public, ${runtime}`,
    `grant execute on function ${prune} to ${relay}`,
    `grant execute on function ${count} to ${counter}`,
    `revoke all on public.rockpool_migrations from ${runtime}`,
  ])
}

/** Grants rewrite catalog rows, and two at once fail with “tuple concurrently updated”: one process at a time. */
async function alone(owner: Database, statements: readonly string[]): Promise<void> {
  await owner.transaction(async (tx: Transaction) => {
    await tx.query(`select pg_advisory_xact_lock(hashtextextended('rockpool.privileges', 0))`)
    for (const statement of statements) await tx.query(statement)
  })
}
