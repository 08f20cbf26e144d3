import type { Activity } from './activity.ts'
import { inTransaction, rethrow } from './database.ts'
import { messageOf, problem, type Finding } from './errors.ts'
import { erasureOrder, type Reference } from './erasure-order.ts'
import type { Log, PoolLike, Queryable, Transaction } from './types.ts'

export interface ErasureOptions {
  database: PoolLike | undefined
  activity: Activity
  log: Log
  /** How long work in flight is waited for, in milliseconds; 10 s by default. */
  deadlineMs?: number
}

/** Deletion of all that a service holds of an organization. */
export interface Erasure {
  /** @throws Problem `organization_busy`, `erasure_incomplete`, `database_unreachable` */
  erase(slug: string): Promise<void>
  /** Whether the organization was erased here, by any process of this service. */
  isErased(slug: string): Promise<boolean>
}

interface Table {
  name: string
  erasable: boolean
  plain: boolean
}

/*
 *   mark erased ─► wait for work in flight ─► one transaction: lock out other processes, delete table by table ─► done
 *        │
 *        └── from here on new work for the organization is refused, in every process of the service
 *
 * Each step may be repeated: a delivery that is sent again finds the mark and deletes what is left, if anything.
 */
export function createErasure({ database, activity, log, deadlineMs = 10_000 }: ErasureOptions): Erasure {
  const running = new Map<string, Promise<void>>()
  const seen = new Set<string>()

  const eraseOnce = async (slug: string, pool: PoolLike): Promise<void> => {
    await pool
      .query('insert into rockpool.erased (slug) values ($1) on conflict (slug) do nothing', [slug])
      .catch(rethrow)
    activity.forbid(slug)
    seen.delete(slug)
    if (!(await activity.idle(slug, deadlineMs)))
      log.warn(
        { organization: slug },
        `work for it is still in flight after ${deadlineMs / 1000} s; it is erased all the same`,
      )
    const deleted = await inTransaction(pool, undefined, async (tx) => {
      await lockOut(tx, slug, deadlineMs)
      return await deleteRows(tx, slug)
    })
    log.info({ organization: slug, deleted }, 'organization erased')
  }

  return {
    erase(slug) {
      const known = running.get(slug)
      if (known || !database) return known ?? Promise.resolve()
      const run = eraseOnce(slug, database).finally(() => running.delete(slug))
      running.set(slug, run)
      return run
    },
    async isErased(slug) {
      if (activity.isForbidden(slug)) return true
      if (seen.has(slug) || !database) return false
      // Once per organization and process: what another process erases later is refused at its transactions.
      const erased = await readMark(database, slug).catch(() => undefined)
      if (erased === false) remember(seen, slug)
      if (erased) activity.forbid(slug)
      return erased ?? false
    },
  }
}

const rememberAtMost = 10_000

function remember(seen: Set<string>, slug: string): void {
  if (seen.size >= rememberAtMost) seen.clear()
  seen.add(slug)
}

async function readMark(database: PoolLike, slug: string): Promise<boolean | undefined> {
  // A service must answer without its database what it can, so this waits for it only shortly.
  const late = new Promise<undefined>((resolve) => setTimeout(() => resolve(undefined), 250).unref())
  const found = database.query('select 1 from rockpool.erased where slug = $1', [slug])
  const answer = await Promise.race([found, late])
  if (!answer) found.catch(() => {})
  return answer && answer.rows.length > 0
}

/**
 * Wait for the transactions that hold the organization. By trying, not by queueing: a queued exclusive lock would
 * make a holder's second connection (which records its effects) wait for the first for ever.
 */
async function lockOut(tx: Transaction, slug: string, deadlineMs: number): Promise<void> {
  const deadline = performance.now() + deadlineMs
  for (;;) {
    const { rows } = await tx
      .query<{ held: boolean }>(
        `select pg_try_advisory_xact_lock(hashtextextended('rockpool.organization/' || $1, 0)) as held`,
        [slug],
      )
      .catch(rethrow)
    if (rows[0]?.held) return
    if (performance.now() > deadline)
      throw problem('organization_busy', `a transaction still holds ${slug} after ${deadlineMs / 1000} s`)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

async function deleteRows(tx: Transaction, slug: string): Promise<Record<string, number>> {
  await tx
    .query(`select set_config('statement_timeout', '60s', true), set_config('row_security', 'off', true)`)
    .catch(rethrow)
  const tables = await readTables(tx)
  requireErasable(tables)
  const references = await tx.query<Reference>(referencesSql).catch(rethrow)
  const byName = new Map(tables.map((table) => [table.name, table]))
  const deleted: Record<string, number> = {}
  for (const group of erasureOrder([...byName.keys()], references.rows)) {
    const statement = deleteStatement(group.map((name) => byName.get(name)!))
    const { rows } = await tx.query<Record<string, string>>(statement, [slug]).catch((error: unknown) => {
      throw problem('erasure_incomplete', `${group.join(', ')}: ${messageOf(error)}`, { cause: error })
    })
    group.forEach((name, index) => {
      const count = Number(rows[0]?.[`n${index}`])
      if (count > 0) deleted[name] = count
    })
  }
  return deleted
}

/** One statement for a group: `with d0 as (delete … returning 1), d1 as (…) select (select count(*) from d0) as n0, …`. */
function deleteStatement(group: readonly Table[]): string {
  const parts = group.map(({ name, plain }, index) => {
    const column = plain ? 'organization' : 'organization::text'
    return `d${index} as (delete from ${name} where ${column} = $1 returning 1)`
  })
  const counts = group.map((_, index) => `(select count(*) from d${index}) as n${index}`)
  return `with ${parts.join(', ')} select ${counts.join(', ')}`
}

async function readTables(database: Queryable): Promise<Table[]> {
  const { rows } = await database.query(tablesSql).catch(rethrow)
  return rows as Table[]
}

function requireErasable(tables: readonly Table[]): void {
  const findings = tables
    .filter(({ erasable }) => !erasable)
    .map(({ name }): Finding => ({ path: name, message: 'the runtime role may not delete from it' }))
  if (findings.length === 0) return
  const list = findings.map(({ path }) => path).join(', ')
  throw problem(
    'erasure_incomplete',
    `tables with a column organization that the runtime role may not delete from: ${list}`,
    { findings },
  )
}

// Tables with a column `organization`; a partition is reached through its parent.
const tablesSql = `
  select format('%I.%I', n.nspname, c.relname) as name,
         has_table_privilege(c.oid, 'delete') and has_table_privilege(c.oid, 'select') as erasable,
         a.atttypid in ('text'::regtype, 'varchar'::regtype) as plain
    from pg_catalog.pg_class c
    join pg_catalog.pg_namespace n on n.oid = c.relnamespace
    join pg_catalog.pg_attribute a on a.attrelid = c.oid and a.attname = 'organization' and not a.attisdropped
   where c.relkind in ('r', 'p') and not c.relispartition and c.relpersistence <> 't'
     and n.nspname not in ('pg_catalog', 'information_schema')
   order by 1`

const referencesSql = `
  select format('%I.%I', fn.nspname, f.relname) as "from", format('%I.%I', tn.nspname, t.relname) as "to"
    from pg_catalog.pg_constraint k
    join pg_catalog.pg_class f on f.oid = k.conrelid
    join pg_catalog.pg_namespace fn on fn.oid = f.relnamespace
    join pg_catalog.pg_class t on t.oid = k.confrelid
    join pg_catalog.pg_namespace tn on tn.oid = t.relnamespace
   where k.contype = 'f'
   order by 1, 2`
