import type { Database, Queryable, Transaction } from '../kernel/index.ts'
import type { Numbered } from './append-order.ts'
import { keyOf } from './append-order.ts'
import type { OutboxCursor, OutboxRow } from './outbox.ts'

export interface SourceCursor extends OutboxCursor {
  outbox: string
  /** Postgres' time when this was read, as text. */
  at: string
}

/** Makes the sources known, and those that are no longer configured inactive, so that no barrier waits for them. */
export async function registerSources(database: Database, names: readonly string[]): Promise<void> {
  await database.query(
    `with known as (
       insert into events.source (name) select unnest($1::text[]) on conflict (name) do update set active = true
     )
     update events.source set active = false where active and name <> all ($1::text[])`,
    [names],
  )
}

export function readSourceCursor(db: Queryable, source: string): Promise<SourceCursor> {
  return db.one<SourceCursor>(
    `select outbox, xid::text as xid, position, clock_timestamp()::text as at from events.source where name = $1`,
    [source],
  )
}

/** Another outbox stands where this source's was: it is read from its beginning, and its keys count from one. */
export function beginOutbox(database: Database, source: string, outbox: string): Promise<void> {
  return database.transaction(async (tx) => {
    await tx.query('delete from events.key where source = $1', [source])
    await tx.query(`update events.source set outbox = $2, xid = '0', position = 0 where name = $1`, [
      source,
      outbox,
    ])
  })
}

/** The last number in the log of each of these rows' keys, by `keyOf`. */
export async function lastNumbers(
  db: Queryable,
  source: string,
  rows: readonly Numbered[],
): Promise<Map<string, number>> {
  const keys = [
    ...new Map(
      rows.map(({ organization, key }) => [keyOf({ organization, key }), { organization, key }]),
    ).values(),
  ]
  const found = await db.query<Numbered>(
    `select k.organization, k.key, k.number
       from jsonb_to_recordset($2) as w(organization text, key text)
       join events.key k on k.source = $1 and k.organization = w.organization and k.key = w.key`,
    [source, JSON.stringify(keys)],
  )
  return new Map(found.map((row) => [keyOf(row), row.number]))
}

/** Holds the end of the log until the transaction ends: positions become visible in their order. */
export async function holdLog(tx: Transaction): Promise<void> {
  await tx.query(`select pg_advisory_xact_lock(hashtextextended('rockpool.events/log', 0))`)
}

/** Moves the cursor from where it was read; false when another relay has moved it since. */
export async function moveSourceCursor(
  tx: Transaction,
  source: string,
  from: SourceCursor,
  to: OutboxCursor,
): Promise<boolean> {
  const moved = await tx.query(
    `update events.source set xid = $5::xid8, position = $6, error = null, error_since = null
      where name = $1 and outbox = $2 and xid = $3::xid8 and position = $4 returning name`,
    [source, from.outbox, from.xid, from.position, to.xid, to.position],
  )
  return moved.length === 1
}

/** Appends rows in this order, and remembers their keys' numbers; wakes the consumers when `tx` commits. */
export async function appendRows(tx: Transaction, source: string, rows: readonly OutboxRow[]): Promise<void> {
  if (rows.length === 0) return
  const values = JSON.stringify(rows.map(({ data, ...row }, index) => ({ ...row, order: index, text: data })))
  await tx.query(
    `insert into events.log (id, source, type, key, number, organization, environment, actor, run, data, time)
     select r.id, $1, r.type, r.key, r.number, r.organization, r.environment, r.actor, r.run, r.text::jsonb, r.time
       from jsonb_to_recordset($2) as r("order" integer, id uuid, type text, key text, number bigint, organization text,
            environment text, actor text, run text, text text, time timestamptz)
      order by r."order"
     on conflict (id) do nothing`,
    [source, values],
  )
  await tx.query(
    `insert into events.key (source, organization, key, number)
     select $1, r.organization, r.key, max(r.number)
       from jsonb_to_recordset($2) as r(organization text, key text, number bigint) group by 2, 3
     on conflict (source, organization, key) do update set number = greatest(events.key.number, excluded.number)`,
    [source, values],
  )
  await tx.query(`select pg_notify('rockpool_events', 'appended')`)
}

/** Notes that everything committed before `at` is in the log. */
export async function noteCaughtUp(db: Queryable, source: string, at: string): Promise<void> {
  await db.query(
    `update events.source set caught_up_at = greatest(caught_up_at, $2::timestamptz), error = null, error_since = null where name = $1`,
    [source, at],
  )
}

export async function noteSourceError(db: Queryable, source: string, message: string): Promise<void> {
  await db.query(
    `update events.source set error = $2, error_since = coalesce(error_since, now()) where name = $1`,
    [source, message],
  )
}
