import type { Queryable } from '../kernel/index.ts'
import { ofTypes } from './consumer-store.ts'
import type { ConsumerState, DeliveryState, EventRows, HeldEvent, SourceState } from './types.ts'

/**
 * Tables of this part with a column `organization`, in the order of erasing: the log before what is held, because
 * whoever holds an event locks its row in the log. Its deletion waits for them, and what they held is seen after it.
 */
const tables = ['events.outbox', 'events.outbox_key', 'events.log', 'events.held', 'events.key'] as const

export async function countRows(db: Queryable, organization: string): Promise<EventRows[]> {
  const counts: EventRows[] = []
  for (const table of tables) {
    const { rows } = await db.one<{ rows: number }>(
      `select count(*) as rows from ${table} where organization = $1`,
      [organization],
    )
    counts.push({ table, rows })
  }
  return counts
}

export async function deleteRows(db: Queryable, organization: string): Promise<EventRows[]> {
  const deleted: EventRows[] = []
  for (const table of tables) {
    const { rows } = await db.one<{ rows: number }>(
      `with gone as (delete from ${table} where organization = $1 returning 1) select count(*) as rows from gone`,
      [organization],
    )
    deleted.push({ table, rows })
  }
  return deleted
}

export async function readHead(db: Queryable): Promise<number> {
  const { head } = await db.one<{ head: number }>('select coalesce(max(position), 0) as head from events.log')
  return head
}

interface HeldRow extends Omit<HeldEvent, 'nextAt' | 'deadAt'> {
  next_at: Date | null
  dead_at: Date | null
}

export async function readHeld(
  db: Queryable,
  { organization, consumer, limit = 50 }: { organization?: string; consumer?: string; limit?: number },
): Promise<HeldEvent[]> {
  const rows = await db.query<HeldRow>(
    `select h.consumer, h.position, l.id, l.type, h.source, h.organization, h.key, h.attempts, h.error, h.next_at, h.dead_at
       from events.held h join events.log l on l.position = h.position
      where ($1::text is null or h.organization = $1) and ($2::text is null or h.consumer = $2)
      order by h.position limit $3`,
    [organization ?? null, consumer ?? null, Math.min(limit, 200)],
  )
  return rows.map(({ next_at, dead_at, ...held }) => ({
    ...held,
    nextAt: dead_at ? null : (next_at?.toISOString() ?? null),
    deadAt: dead_at?.toISOString() ?? null,
  }))
}

interface Trouble {
  error: string | null
  error_since: Date | null
}

const trouble = ({ error, error_since }: Trouble) =>
  error === null ? null : { message: error, since: error_since!.toISOString() }

export async function readConsumers(db: Queryable): Promise<ConsumerState[]> {
  const rows = await db.query<Omit<ConsumerState, 'error'> & Trouble>(
    `select c.name, c.types, c.position, c.error, c.error_since,
            (select count(*) from events.log l where l.position > c.position and ${ofTypes('t.names', 't.beginnings')}) as behind,
            (select count(*) from events.held h where h.consumer = c.name and h.dead_at is null) as held,
            (select count(*) from events.held h where h.consumer = c.name and h.dead_at is not null) as dead
       from events.consumer c cross join lateral (
            select array(select n from unnest(c.types) n where n not like '%*') as names,
                   array(select rtrim(n, '*') from unnest(c.types) n where n like '%*') as beginnings) t
      where c.active order by c.name`,
  )
  return rows.map(({ error, error_since, ...state }) => ({
    ...state,
    error: trouble({ error, error_since }),
  }))
}

export async function readSources(db: Queryable): Promise<SourceState[]> {
  const rows = await db.query<{ name: string; caught_up_at: Date | null } & Trouble>(
    'select name, caught_up_at, error, error_since from events.source where active order by name',
  )
  return rows.map((row) => ({
    name: row.name,
    caughtUpAt: row.caught_up_at?.toISOString() ?? null,
    error: trouble(row),
  }))
}

/** What every active consumer of the event's type made of it; undefined while it is not in the log. */
export async function readDelivery(db: Queryable, id: string): Promise<DeliveryState[] | undefined> {
  const [found] = await db.query<{ position: number }>('select position from events.log where id = $1', [id])
  if (!found) return undefined
  return db.query<DeliveryState>(
    `select c.name as consumer, h.error,
            case when h.dead_at is not null then 'dead' when h.position is not null then 'held'
                 when c.position >= l.position then 'passed' else 'waiting' end as state
       from events.log l cross join events.consumer c
       left join events.held h on h.consumer = c.name and h.position = l.position
      where l.position = $1 and c.active
        and exists (select from unnest(c.types) n where n = l.type or (n like '%*' and starts_with(l.type, rtrim(n, '*'))))
      order by 1`,
    [found.position],
  )
}

/** Sources not read to their end since `at`, the end of the log, and where the consumer is. */
export async function barrierState(db: Queryable, consumer: string, at: string) {
  // One statement, one snapshot: the end of the log is at least what the sources that are not behind were read to.
  const [state] = await db.query<{
    position: number
    error: string | null
    head: number
    behind: { name: string; error: string | null }[]
  }>(
    `select c.position, c.error, (select coalesce(max(position), 0) from events.log) as head,
            coalesce((select jsonb_agg(jsonb_build_object('name', s.name, 'error', s.error) order by s.name) from events.source s
                       where s.active and (s.caught_up_at is null or s.caught_up_at < $2::timestamptz)), '[]') as behind
       from events.consumer c where c.name = $1`,
    [consumer, at],
  )
  return state
}
