import type { Clock, Database } from '../../kernel/index.ts'
import type { Organizations } from '../../organizations/index.ts'
import { lentOf } from './lending.ts'
import {
  closeLease,
  deleteBudgets,
  endLease,
  insertLease,
  lockBudget,
  selectLease,
  sumLent,
} from './store.ts'
import type { GivenBack, LeaseAnswer, LeaseRequest } from './types.ts'

/** Control's side: lends what runs may write to the gateways, and never more in total than a run's credential says. */
export interface Leases {
  /** Nothing for a run that has ended, that was revoked, or that has no such grant. */
  lend(request: LeaseRequest): Promise<LeaseAnswer>
  /** What is given back counts once for each lease; leases that are not known are passed over. */
  takeBack(leases: readonly GivenBack[]): Promise<void>
}

export interface LeasesOptions {
  database: Database
  organizations: Pick<Organizations, 'listCredentials'>
  clock: Clock
}

/** Clocks may differ, and a gateway that comes back late may still ask. */
const keptMs = 24 * 60 * 60_000
const nothing: LeaseAnswer = { granted: 0, left: 0, lent: 0 }

export function createLeases({ database, organizations, clock }: LeasesOptions): Leases {
  return {
    lend: (request) =>
      database.transaction(async (tx) => {
        const { lease, run, grant: name, want, spent } = request
        // Read in this transaction, and from Postgres: a run that was revoked before it began gets nothing.
        const { items } = await organizations.listCredentials({ run, kind: 'run', limit: 100 }, tx)
        const usable = items.flatMap(({ grant, endsAt }) =>
          grant?.name === name ? [{ writes: grant.writes, endsAt: Date.parse(endsAt!) }] : [],
        )
        if (usable.length === 0) return nothing
        const writes = Math.min(...usable.map((one) => one.writes))
        const endsAt = new Date(Math.max(...usable.map((one) => one.endsAt)))
        const budget = { run, grant: name }
        const locked = await lockBudget(tx, { ...budget, writes, endsAt })
        if (spent !== null) await closeLease(tx, budget, spent, 0)
        const lent = await sumLent(tx, budget, lease)
        const all = Math.min(writes, locked.writes)
        const left = Math.max(0, all - locked.taken)
        const given = await selectLease(tx, budget, lease)
        if (given !== undefined) return { granted: given, left, lent }
        const granted = lentOf({ writes: all, taken: locked.taken, want })
        if (granted > 0) await insertLease(tx, budget, { lease, writes: granted })
        await deleteBudgets(tx, new Date(clock.now() - keptMs))
        return { granted, left: left - granted, lent }
      }),

    async takeBack(leases) {
      for (const { lease, writes } of leases) await endLease(database, lease, writes)
    },
  }
}
