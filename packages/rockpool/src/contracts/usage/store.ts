import { createHash } from 'node:crypto'
import type { Queryable, Transaction } from '../../kernel/index.ts'
import { usageKinds } from '../traffic/index.ts'
import type { ServiceUsageRow, Usage } from '../traffic/index.ts'
import type { ShippedRow, UsageShipment, UsageSide } from './types.ts'

/**
 * One after the other, until the transaction ends: whoever erases an organization knows that nobody writes of it meanwhile
 * who saw it alive.
 */
export async function holdUsage(tx: Transaction): Promise<void> {
  await tx.query(`select pg_advisory_xact_lock(hashtextextended('rockpool.contracts usage', 0))`)
}

/** Whether it is new: one that came before changes nothing. */
export async function isNewShipment(
  tx: Transaction,
  { source, number }: UsageShipment,
  at: Date,
): Promise<boolean> {
  const came = await tx.query(
    `insert into contracts.usage_source as s (source, number, at) values ($1, $2, $3)
     on conflict (source) do update set number = excluded.number, at = excluded.at where s.number < excluded.number
     returning 1`,
    [source, number, at],
  )
  return came.length > 0
}

/** On top of what is there already. */
export async function addUsage(tx: Transaction, rows: readonly ShippedRow[]): Promise<void> {
  if (rows.length === 0) return
  const list = <T>(of: (row: ShippedRow) => T) => rows.map(of)
  await tx.query(
    `insert into contracts.usage as u
       (key, service, day, side, operation, direction, place, kind, value, organization, count, times, last_seen)
     select key, service, day, min(side), min(operation), min(direction), min(place), min(kind), min(value), min(organization),
            sum(count), sum(times), max(last_seen)
       from unnest($1::bytea[], $2::text[], $3::date[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[],
              $10::text[], $11::bigint[], $12::bigint[], $13::timestamptz[])
         as r (key, service, day, side, operation, direction, place, kind, value, organization, count, times, last_seen)
      group by key, service, day
     on conflict (service, day, key) do update set count = u.count + excluded.count, times = u.times + excluded.times,
       last_seen = greatest(u.last_seen, excluded.last_seen)`,
    [
      list(keyOf),
      list(({ service }) => service),
      list(({ day }) => day),
      list(({ side }) => side),
      list(({ operation }) => operation),
      list(({ direction }) => direction),
      list(({ place }) => place),
      list(({ kind }) => kind),
      list(({ value }) => value),
      list(({ organization }) => organization),
      list(({ count }) => count),
      list(({ times }) => times),
      list(({ lastSeen }) => lastSeen),
    ],
  )
}

function keyOf({ side, operation, direction, place, kind, value, organization }: ShippedRow): Buffer {
  const parts = [side, operation, direction, place, kind, value, organization]
  return createHash('sha256').update(JSON.stringify(parts)).digest()
}

export interface UsageFilter {
  service: string
  sides: readonly UsageSide[]
  /** Days, both included. */
  from: string
  to: string
  /** Keys of operations; without it, all. */
  operations?: readonly string[]
  /** And what is of nobody. */
  organization?: string
  isOfRequests?: boolean
}

/** What evidence hangs on comes first where there is more than `most`. */
export async function selectUsage(db: Queryable, filter: UsageFilter, most: number): Promise<Usage> {
  const rows = await db.query<ServiceUsageRow & { lastSeen: Date }>(
    `select service, to_char(day, 'YYYY-MM-DD') as day, operation, direction, place, kind, value, organization,
            sum(count)::float8 as count, sum(times)::float8 as times, max(last_seen) as "lastSeen"
       from contracts.usage
      where service = $1 and day between $2 and $3 and side = any($4) and ($5::text[] is null or operation = any($5))
        and ($6::text is null or organization is null or organization = $6) and (not $7 or direction = 'request')
      group by service, day, operation, direction, place, kind, value, organization
      order by array_position($8::text[], kind), direction, operation, place, value, organization, day
      limit $9`,
    [
      filter.service,
      filter.from,
      filter.to,
      filter.sides,
      filter.operations ?? null,
      filter.organization ?? null,
      filter.isOfRequests ?? false,
      usageKinds,
      most + 1,
    ],
  )
  const kept = rows.slice(0, most).map(({ service: _service, lastSeen, ...row }) => ({
    ...row,
    lastSeen: lastSeen.toISOString(),
  }))
  return { rows: kept, isCut: rows.length > most }
}

export async function deleteUsageBefore(tx: Transaction, day: string): Promise<void> {
  await tx.query('delete from contracts.usage where day < $1', [day])
  await tx.query('delete from contracts.usage_source where at < $1', [day])
}

const ofOrganization = `organization = $1 and side <> 'services'`

export async function countUsage(db: Queryable, organization: string): Promise<number> {
  const { rows } = await db.one<{ rows: number }>(
    `select count(*)::integer as rows from contracts.usage where ${ofOrganization}`,
    [organization],
  )
  return rows
}

export async function deleteUsage(tx: Transaction, organization: string): Promise<number> {
  const gone = await tx.query(`delete from contracts.usage where ${ofOrganization} returning 1`, [
    organization,
  ])
  return gone.length
}
