import type { CloudEvent, EffectRecorded } from '@rockpool/sdk/wire'
import type { Queryable, Transaction } from '../kernel/index.ts'
import type { EffectRecord } from './types.ts'

interface RecordRow extends Omit<EffectRecord, 'at' | 'endedAt'> {
  position: number
  at: Date
  ended_at: Date | null
}

/** Writes what an event says of an effect. A record that has ended stays as it is, however often its events come. */
export async function writeRecord(
  tx: Transaction,
  position: number,
  event: CloudEvent,
  recorded: EffectRecorded,
): Promise<void> {
  const ended = recorded.outcome === 'started' ? null : event.time
  await tx.query(
    `insert into effects.record as r
            (id, position, organization, environment, actor, run, service, name, outcome, arguments, error, at, ended_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
     on conflict (id) do update set outcome = excluded.outcome, error = excluded.error, ended_at = excluded.ended_at
      where r.outcome = 'started' and r.organization = excluded.organization and r.service = excluded.service`,
    [
      recorded.effect,
      position,
      event.organization,
      event.environment,
      event.actor,
      event.run ?? null,
      event.source.replace('/services/', ''),
      recorded.name,
      recorded.outcome,
      JSON.stringify(recorded.arguments ?? null),
      recorded.error ?? null,
      event.time,
      ended,
    ],
  )
}

/** A record with its place in lists. */
export interface Placed {
  position: number
  record: EffectRecord
}

export async function selectRecords(
  db: Queryable,
  filter: { organization: string; name?: string | undefined; after?: number; limit: number },
): Promise<Placed[]> {
  const rows = await db.query<RecordRow>(
    `select id, position, organization, environment, actor, run, service, name, outcome, arguments, error, at, ended_at
       from effects.record
      where organization = $1 and ($2::text is null or name = $2) and position > $3
      order by position limit $4`,
    [filter.organization, filter.name ?? null, filter.after ?? 0, filter.limit],
  )
  return rows.map(({ position, at, ended_at, ...row }) => ({
    position,
    record: { ...row, at: at.toISOString(), endedAt: ended_at?.toISOString() ?? null },
  }))
}

/**
 * Held shared by whoever writes records, and alone by whoever erases: an erasure waits for what is being written, and what
 * is written after it knows that the organization is gone.
 */
export async function holdRecords(tx: Transaction, how: 'shared' | 'alone'): Promise<void> {
  const lock = how === 'shared' ? 'pg_advisory_xact_lock_shared' : 'pg_advisory_xact_lock'
  await tx.query(`select ${lock}(hashtextextended('rockpool.effects/record', 0))`)
}

export async function countRecords(db: Queryable, organization: string): Promise<number> {
  const { rows } = await db.one<{ rows: number }>(
    'select count(*) as rows from effects.record where organization = $1',
    [organization],
  )
  return rows
}

export async function deleteRecords(tx: Transaction, organization: string): Promise<number> {
  const deleted = await tx.query('delete from effects.record where organization = $1 returning 1', [
    organization,
  ])
  return deleted.length
}
