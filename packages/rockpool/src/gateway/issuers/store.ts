import type { Database } from '../../kernel/index.ts'
import type { IssuerKey } from './types.ts'

/** What is known of one issuer's keys. */
export interface IssuerRow {
  issuer: string
  url: string
  keys: IssuerKey[]
  read_at: Date | null
  tried_at: Date | null
  wanted_at: Date | null
  error: string | null
}

const columns = 'issuer, url, keys, read_at, tried_at, wanted_at, error'

export function selectIssuers(database: Database, issuers: readonly string[]): Promise<IssuerRow[]> {
  return database.query(`select ${columns} from gateway.issuer_keys where issuer = any($1)`, [issuers])
}

/** A row for the issuer; where its keys are elsewhere now, one that begins anew. */
export async function placeIssuer(database: Database, issuer: string, url: string): Promise<void> {
  await database.query(
    `insert into gateway.issuer_keys as i (issuer, url) values ($1, $2)
     on conflict (issuer) do update
       set url = excluded.url, keys = '[]', read_at = null, tried_at = null, wanted_at = null, error = null
       where i.url <> excluded.url`,
    [issuer, url],
  )
}

/** One of several controls gets it: whoever finds it as it was seen. */
export async function claimIssuer(database: Database, seen: IssuerRow, now: Date): Promise<boolean> {
  const rows = await database.query(
    `update gateway.issuer_keys set tried_at = $3, wanted_at = null
      where issuer = $1 and url = $2 and tried_at is not distinct from $4 returning 1`,
    [seen.issuer, seen.url, now, seen.tried_at],
  )
  return rows.length > 0
}

export async function keepKeys(
  database: Database,
  { issuer, url }: IssuerRow,
  keys: readonly IssuerKey[],
  now: Date,
): Promise<void> {
  await database.query(
    `update gateway.issuer_keys set keys = $3, read_at = $4, error = null where issuer = $1 and url = $2`,
    [issuer, url, JSON.stringify(keys), now],
  )
}

/** The last good ones stay. */
export async function keepError(
  database: Database,
  { issuer, url }: IssuerRow,
  error: string,
): Promise<void> {
  await database.query(`update gateway.issuer_keys set error = $3 where issuer = $1 and url = $2`, [
    issuer,
    url,
    error,
  ])
}

export async function wantKeys(database: Database, issuers: readonly string[], now: Date): Promise<void> {
  await database.query(
    'update gateway.issuer_keys set wanted_at = $2 where issuer = any($1) and wanted_at is null',
    [issuers, now],
  )
}
