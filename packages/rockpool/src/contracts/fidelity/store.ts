import type { Queryable } from '../../kernel/index.ts'
import type { SeenFidelity } from './schema.ts'
import type { OperationFidelity } from './types.ts'

/** Runs of one service are written one after the other, whoever ends first. */
export async function lockService(tx: Queryable, service: string): Promise<void> {
  await tx.query(`select pg_advisory_xact_lock(hashtextextended('rockpool.contracts.mock ' || $1, 0))`, [
    service,
  ])
}

/** Makes the rows of a service be these; when an operation was faithful before is kept. */
export async function replaceResults(
  tx: Queryable,
  seen: { service: string; address: string; run: string; at: Date; results: readonly OperationFidelity[] },
): Promise<void> {
  const { service, address, run, at, results } = seen
  await tx.query('delete from contracts.mock_result where service = $1 and operation <> all($2::text[])', [
    service,
    results.map(({ operation }) => operation),
  ])
  await tx.query(
    `insert into contracts.mock_result
       (service, address, run, seen_at, operation, position, method, path, result, reason, findings, faithful_at)
     select $1, $2, $3, $4, operation, position, method, path, result, reason, findings,
            case when result = 'faithful' then $4::timestamptz end
       from json_to_recordset($5::json) as one
            (operation text, position int, method text, path text, result text, reason text, findings jsonb)
     on conflict (service, operation) do update set
       (address, run, seen_at, position, method, path, result, reason, findings, faithful_at) =
       (excluded.address, excluded.run, excluded.seen_at, excluded.position, excluded.method, excluded.path,
        excluded.result, excluded.reason, excluded.findings, coalesce(excluded.faithful_at, mock_result.faithful_at))`,
    [service, address, run, at, JSON.stringify(results.map((one, position) => ({ ...one, position })))],
  )
}

/** In the order of the contract. */
export async function selectResults(db: Queryable, service: string): Promise<SeenFidelity[]> {
  const rows = await db.query<
    Omit<SeenFidelity, 'seenAt' | 'faithfulAt'> & { seenAt: Date; faithfulAt: Date | null }
  >(
    `select operation, method, path, result, reason, findings, address, run, seen_at as "seenAt",
            faithful_at as "faithfulAt"
       from contracts.mock_result where service = $1 order by position, operation`,
    [service],
  )
  return rows.map((row) => ({
    ...row,
    seenAt: row.seenAt.toISOString(),
    faithfulAt: row.faithfulAt?.toISOString() ?? null,
  }))
}
