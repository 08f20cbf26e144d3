import { problem, type Queryable } from '../kernel/index.ts'
import type { Progress } from './next-step.ts'
import type { Counted, Waiting } from './types.ts'

/** A deletion as a keeper holds it. */
export interface Deletion extends Progress {
  sandbox: string
  /** Visits in a row that found it waiting. */
  visits: number
  waiting: Waiting[]
  askedAt: Date | null
  /** Of this pass. */
  refusals: Waiting[]
}

const columns = `sandbox, pass, before, event, own_erased as "ownErased", visits, waiting, asked_at as "askedAt", refusals`

/**
 * Takes up to `most` deletions that are due, for `leaseMs`. What another keeper holds is passed over, unless its lease
 * is over: then that keeper was killed, or is so slow that what it writes is refused.
 */
export async function claimDeletions(
  db: Queryable,
  claim: { keeper: string; now: Date; leaseMs: number; most: number },
): Promise<string[]> {
  const rows = await db.query<{ sandbox: string }>(
    `update sandboxes.deletion set keeper = $1, leased_until = $2
      where sandbox in (
        select sandbox from sandboxes.deletion
         where next_at <= $3 and (leased_until is null or leased_until <= $3)
         order by next_at limit $4 for update skip locked)
      returning sandbox`,
    [claim.keeper, new Date(claim.now.getTime() + claim.leaseMs), claim.now, claim.most],
  )
  return rows.map(({ sandbox }) => sandbox)
}

/** Renews the lease; undefined when it is no longer this keeper's. */
export async function holdDeletion(
  db: Queryable,
  hold: { sandbox: string; keeper: string; until: Date },
): Promise<Deletion | undefined> {
  const [row] = await db.query<Deletion>(
    `update sandboxes.deletion set leased_until = $3 where sandbox = $1 and keeper = $2 returning ${columns}`,
    [hold.sandbox, hold.keeper, hold.until],
  )
  return row
}

/** For those that this keeper works at, so that only a killed keeper's leases end. */
export async function renewLeases(
  db: Queryable,
  renew: { keeper: string; sandboxes: readonly string[]; until: Date },
): Promise<void> {
  if (renew.sandboxes.length === 0) return
  await db.query('update sandboxes.deletion set leased_until = $3 where keeper = $1 and sandbox = any($2)', [
    renew.keeper,
    renew.sandboxes,
    renew.until,
  ])
}

/** In a transaction: nobody else may write this deletion until it ends. `conflict` when it is no longer this keeper's. */
export async function requireHeld(db: Queryable, sandbox: string, keeper: string): Promise<void> {
  const rows = await db.query(
    'select from sandboxes.deletion where sandbox = $1 and keeper = $2 for update',
    [sandbox, keeper],
  )
  if (rows.length === 0) throw problem('conflict', `the deletion of ${sandbox} is another keeper's by now`)
}

export async function setBefore(db: Queryable, sandbox: string, before: readonly Counted[]): Promise<void> {
  await db.query('update sandboxes.deletion set before = $2 where sandbox = $1', [
    sandbox,
    JSON.stringify(before),
  ])
}

export async function setAsked(db: Queryable, sandbox: string, event: string, now: Date): Promise<void> {
  await db.query(
    'update sandboxes.deletion set event = $2, asked_at = $3, pass = pass + 1, visits = 0 where sandbox = $1',
    [sandbox, event, now],
  )
}

export async function setOwnErased(
  db: Queryable,
  sandbox: string,
  refusals: readonly Waiting[],
): Promise<void> {
  await db.query(
    `update sandboxes.deletion set own_erased = true, refusals = $2, waiting = '[]', visits = 0 where sandbox = $1`,
    [sandbox, JSON.stringify(refusals)],
  )
}

export async function setNextPass(db: Queryable, sandbox: string): Promise<void> {
  await db.query('update sandboxes.deletion set event = null, own_erased = false where sandbox = $1', [
    sandbox,
  ])
}

/** Gives it back until then. */
export async function releaseDeletion(
  db: Queryable,
  release: { sandbox: string; keeper: string; nextAt: Date; waiting: readonly Waiting[] },
): Promise<void> {
  await db.query(
    `update sandboxes.deletion set keeper = null, leased_until = null, next_at = $3, waiting = $4,
        visits = case when $4::jsonb = '[]' then 0 else visits + 1 end
      where sandbox = $1 and keeper = $2`,
    [release.sandbox, release.keeper, release.nextAt, JSON.stringify(release.waiting)],
  )
}
