import type { Database, Queryable, Transaction } from '../../kernel/index.ts'

export interface BudgetName {
  run: string
  grant: string
}

/** Makes the budget's row where there is none, and locks it until the transaction ends. */
export function lockBudget(
  tx: Transaction,
  { run, grant, writes, endsAt }: BudgetName & { writes: number; endsAt: Date },
): Promise<{ writes: number; taken: number }> {
  return tx.one(
    `insert into gateway.write_budget as b (run, grant_name, writes, ends_at) values ($1, $2, $3, $4)
       on conflict (run, grant_name) do update set ends_at = greatest(b.ends_at, excluded.ends_at)
       returning writes, taken`,
    [run, grant, writes, endsAt],
  )
}

/** Of a lease that was given: what the gateway has of it; undefined: it was never given. */
export async function selectLease(
  tx: Transaction,
  { run, grant }: BudgetName,
  lease: string,
): Promise<number | undefined> {
  const [row] = await tx.query<{ held: number }>(
    `select case when given_back is null then writes else 0 end as held
       from gateway.write_lease where id = $1 and run = $2 and grant_name = $3`,
    [lease, run, grant],
  )
  return row?.held
}

export async function insertLease(
  tx: Transaction,
  { run, grant }: BudgetName,
  { lease, writes }: { lease: string; writes: number },
): Promise<void> {
  await tx.query('insert into gateway.write_lease (id, run, grant_name, writes) values ($1, $2, $3, $4)', [
    lease,
    run,
    grant,
    writes,
  ])
  await tx.query('update gateway.write_budget set taken = taken + $3 where run = $1 and grant_name = $2', [
    run,
    grant,
    writes,
  ])
}

/** Writes of the budget's leases that have not ended, but for this one. */
export async function sumLent(tx: Transaction, { run, grant }: BudgetName, but: string): Promise<number> {
  const { lent } = await tx.one<{ lent: number }>(
    `select coalesce(sum(writes), 0)::integer as lent from gateway.write_lease
       where run = $1 and grant_name = $2 and given_back is null and id <> $3`,
    [run, grant, but],
  )
  return lent
}

/** Locks the budget's row as whoever lends does, first of all, so that nobody waits for each other. */
export async function endLease(database: Database, lease: string, writes: number): Promise<void> {
  await database.transaction(async (tx) => {
    const [budget] = await tx.query<BudgetName>(
      `select b.run, b.grant_name as "grant" from gateway.write_budget b
         join gateway.write_lease l on l.run = b.run and l.grant_name = b.grant_name
         where l.id = $1 for update of b`,
      [lease],
    )
    if (budget !== undefined) await closeLease(tx, budget, lease, writes)
  })
}

/** Within the budget's lock. Of a lease that has ended nothing comes back again. */
export async function closeLease(
  tx: Transaction,
  { run, grant }: BudgetName,
  lease: string,
  writes: number,
): Promise<void> {
  await tx.query(
    `with ended as (
       update gateway.write_lease set given_back = least($4, writes)
         where id = $3 and run = $1 and grant_name = $2 and given_back is null returning given_back)
     update gateway.write_budget set taken = taken - ended.given_back from ended
       where run = $1 and grant_name = $2`,
    [run, grant, lease, writes],
  )
}

/** Some of those whose runs are long over, with their leases; those that somebody works on are left for the next time. */
export async function deleteBudgets(db: Queryable, endedBefore: Date): Promise<void> {
  await db.query(
    `delete from gateway.write_budget where (run, grant_name) in (
       select run, grant_name from gateway.write_budget where ends_at < $1 limit 100 for update skip locked)`,
    [endedBefore],
  )
}
