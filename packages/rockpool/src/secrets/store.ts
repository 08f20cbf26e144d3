import type { Queryable } from '../kernel/index.ts'
import type { Secret } from './types.ts'

const iso = (column: string) => `to_char(${column} at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`
const columns = `name, version::int, set_by as "setBy", ${iso('set_at')} as "setAt", taken_by as "takenBy",
  ${iso('taken_at')} as "takenAt"`

export function selectSecrets(db: Queryable): Promise<Secret[]> {
  return db.query<Secret>(`select ${columns} from secrets.secret order by name`)
}

/** Undefined when there is none. Nobody else changes it until the transaction ends. */
export async function selectSealed(
  tx: Queryable,
  name: string,
): Promise<{ secret: Secret; sealed: Buffer } | undefined> {
  await tx.query(`select pg_advisory_xact_lock(hashtext('secrets.' || $1))`, [name])
  const [row] = await tx.query<Secret & { sealed: Buffer }>(
    `select ${columns}, sealed from secrets.secret where name = $1 for update`,
    [name],
  )
  if (!row) return undefined
  const { sealed, ...secret } = row
  return { secret, sealed }
}

export async function upsertSecret(
  db: Queryable,
  input: { name: string; sealed: Buffer; by: string | null; at: Date },
): Promise<Secret> {
  const [secret] = await db.query<Secret>(
    `insert into secrets.secret (name, sealed, set_by, set_at) values ($1, $2, $3, $4)
       on conflict (name) do update set sealed = excluded.sealed, set_by = excluded.set_by, set_at = excluded.set_at,
         version = secret.version + 1
       returning ${columns}`,
    [input.name, input.sealed, input.by, input.at],
  )
  return secret!
}

/** Whether there was one. */
export async function deleteSecret(db: Queryable, name: string): Promise<boolean> {
  const gone = await db.query('delete from secrets.secret where name = $1 returning name', [name])
  return gone.length > 0
}

/** The sealed values of these names; that they were taken is written down with it. */
export function takeSealed(
  db: Queryable,
  names: readonly string[],
  by: string,
  at: Date,
): Promise<{ name: string; sealed: Buffer }[]> {
  return db.query(
    `update secrets.secret set taken_by = $2, taken_at = $3 where name = any($1::text[]) returning name, sealed`,
    [names, by, at],
  )
}
