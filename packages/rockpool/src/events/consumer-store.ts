import type { Database, Queryable, Transaction } from '../kernel/index.ts'
import { logColumns, toCloudEvent } from './cloud-event.ts'
import type { LogRow } from './cloud-event.ts'
import type { LoggedEvent } from './types.ts'

/** An event in the log with its source, which the wire writes another way. */
export interface Given extends LoggedEvent {
  source: string
}

export interface HeldGiven extends Given {
  attempts: number
}

/** How an event becomes held: `pause` in milliseconds until its next attempt, null when it waits behind another. */
export interface Hold {
  position: number
  attempts: number
  pause: number | null
  error: { code: string; message: string } | null
  dead: boolean
}

const given = (row: LogRow): Given => ({
  position: row.position,
  source: row.source,
  event: toCloudEvent(row),
})

/** Types as the queries take them: whole names, and beginnings of names. */
export function typeFilter(types: readonly string[]): { names: string[]; beginnings: string[] } {
  const open = types.filter((type) => type.endsWith('*'))
  return {
    names: types.filter((type) => !type.endsWith('*')),
    beginnings: open.map((type) => type.slice(0, -1)),
  }
}

export const ofTypes = (names: string, beginnings: string) =>
  `(l.type = any (${names}::text[]) or exists (select from unnest(${beginnings}::text[]) b where starts_with(l.type, b)))`

/** Makes the consumers known; with `only`, others become inactive: nobody waits for them. */
export async function registerConsumers(
  db: Queryable,
  consumers: readonly { name: string; types: readonly string[] }[],
  only: boolean,
): Promise<void> {
  for (const { name, types } of consumers) {
    await db.query(
      `insert into events.consumer (name, position, types) values ($1, (select coalesce(max(position), 0) from events.log), $2)
       on conflict (name) do update set types = excluded.types, active = true`,
      [name, types],
    )
  }
  if (!only) return
  await db.query('update events.consumer set active = false where active and name <> all ($1)', [
    consumers.map(({ name }) => name),
  ])
}

/**
 * Events of these types after the consumer's cursor, and how far the log was looked through for them. What a long log
 * has between two events of a type is passed over in stretches.
 */
export async function readLog(
  db: Queryable,
  consumer: string,
  types: readonly string[],
  limit: number,
): Promise<{ from: number; events: Given[]; through: number; more: boolean }> {
  const { names, beginnings } = typeFilter(types)
  const { from, end, head } = await db.one<{ from: number; end: number; head: number }>(
    `select c.position as "from", h.head, least(h.head, c.position + 10000) as end
       from events.consumer c, (select coalesce(max(position), 0) as head from events.log) h where c.name = $1`,
    [consumer],
  )
  if (end <= from) return { from, events: [], through: from, more: false }
  const rows = await db.query<LogRow>(
    `select ${logColumns} from events.log l
      where l.position > $1 and l.position <= $2 and ${ofTypes('$3', '$4')} order by l.position limit $5`,
    [from, end, names, beginnings, limit],
  )
  const full = rows.length === limit
  const through = full ? rows.at(-1)!.position : end
  return { from, events: rows.map(given), through, more: through < head }
}

/** Which of these events have an earlier one of their key held, as `heldKey`. */
export async function blockedKeys(
  db: Queryable,
  consumer: string,
  events: readonly Given[],
): Promise<Set<string>> {
  if (events.length === 0) return new Set()
  const rows = await db.query<{ source: string; organization: string; key: string }>(
    `select distinct h.source, h.organization, h.key from events.held h
      where h.consumer = $1 and h.dead_at is null and h.organization = any ($2)`,
    [consumer, [...new Set(events.map(({ event }) => event.organization))]],
  )
  return new Set(rows.map((row) => `${row.source}\n${row.organization}\n${row.key}`))
}

export const heldKey = ({ source, event }: Given) => `${source}\n${event.organization}\n${event.subject}`

/** Moves the cursor from where it was read; false when another relay has moved it since. */
export async function moveCursor(
  tx: Transaction,
  consumer: string,
  from: number,
  to: number,
): Promise<boolean> {
  const moved = await tx.query(
    `update events.consumer set position = $3, error = null, error_since = null
      where name = $1 and position = $2 returning name`,
    [consumer, from, to],
  )
  return moved.length === 1
}

/**
 * Holds events that are still in the log. An organization that is erased at this moment takes its events along: the row
 * lock waits for the erasure, and then finds nothing.
 */
export async function hold(tx: Transaction, consumer: string, holds: readonly Hold[]): Promise<void> {
  if (holds.length === 0) return
  await tx.query(
    `insert into events.held (consumer, position, source, organization, key, attempts, next_at, error, dead_at)
     select $1, l.position, l.source, l.organization, l.key, r.attempts, now() + r.pause * interval '1 millisecond', r.error,
            case when r.dead then now() end
       from jsonb_to_recordset($2) as r(position bigint, attempts integer, pause double precision, error jsonb, dead boolean)
       join events.log l on l.position = r.position
        for key share of l
     on conflict (consumer, position) do update
        set attempts = excluded.attempts, next_at = excluded.next_at, error = excluded.error, dead_at = excluded.dead_at`,
    [consumer, JSON.stringify(holds)],
  )
}

export async function release(tx: Queryable, consumer: string, positions: readonly number[]): Promise<void> {
  if (positions.length === 0) return
  await tx.query('delete from events.held where consumer = $1 and position = any ($2)', [consumer, positions])
}

/** The held events of all keys whose first one is due, in order. */
export async function readDue(db: Queryable, consumer: string, limit: number): Promise<HeldGiven[]> {
  const rows = await db.query<LogRow & { attempts: number }>(
    `with first as (
       select distinct on (source, organization, key) source, organization, key, next_at
         from events.held where consumer = $1 and dead_at is null
        order by source, organization, key, position
     )
     select ${logColumns}, h.attempts
       from first f
       join events.held h on h.consumer = $1 and h.dead_at is null
        and (h.source, h.organization, h.key) = (f.source, f.organization, f.key)
       join events.log l on l.position = h.position
      where f.next_at is null or f.next_at <= now()
      order by h.position limit $2`,
    [consumer, limit],
  )
  return rows.map((row) => ({ ...given(row), attempts: row.attempts }))
}

/** Milliseconds until the next held event is due; null when none is held. */
export async function nextDue(db: Queryable, consumer: string): Promise<number | null> {
  const row = await db.one<{ ms: number | null }>(
    `select extract(epoch from min(coalesce(next_at, now())) - now())::float8 * 1000 as ms
       from (select distinct on (source, organization, key) next_at from events.held
              where consumer = $1 and dead_at is null order by source, organization, key, position) first`,
    [consumer],
  )
  return row.ms
}

export async function noteConsumerError(
  database: Database,
  consumer: string,
  message: string | null,
): Promise<void> {
  await database.query(
    `update events.consumer set error = $2, error_since = case when $2::text is null then null else coalesce(error_since, now()) end
      where name = $1 and error is distinct from $2`,
    [consumer, message],
  )
}
