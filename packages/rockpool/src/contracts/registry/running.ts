import { problem } from '../../kernel/index.ts'
import type { Clock, Database, Queryable, Transaction } from '../../kernel/index.ts'
import type { RunningContract } from './bases.ts'
import { findAddress, lockService, selectNamed } from './store.ts'

/** What leads to a service now: its own address, and its releases. */
export interface Seen {
  service: string
  /** Address of the contract that the service itself is configured with; null: it is not known. */
  own: string | null
  releases: readonly { name: string; weight: number }[]
}

/** What runs in production, as those tell who know. */
export interface Running {
  /**
   * A contract runs as a release of its service (null: at the service's own address) since a moment, in place of what ran
   * there. Told again it changes nothing. `not_found` where it was never pushed for this service.
   */
  runs(told: {
    service: string
    address: string
    release: string | null
    at: Date
    by: string
  }): Promise<void>
  /**
   * What runs of a service is what is seen: releases that have a weight and a name of this registry, and the service's own
   * contract, unless they take all its calls.
   */
  see(seen: Seen, by: string): Promise<void>
}

export function createRunning({ database, clock }: { database: Database; clock: Clock }): Running {
  return {
    runs: ({ service, address, release, at, by }) =>
      database.transaction(async (tx) => {
        await lockService(tx, service)
        if ((await findAddress(tx, service, address)) === undefined)
          throw problem('not_found', `${service} has no contract ${address}`)
        const others = (await selectRunning(tx, service)).filter((each) => each.release !== release)
        await setRunning(tx, service, [...others, { address, release }], { at, by })
      }),

    see: (seen, by) =>
      database.transaction(async (tx) => {
        await lockService(tx, seen.service)
        const pushes = await selectNamed(tx, seen.service)
        const named = new Map(pushes.flatMap(({ name, address }) => (name === null ? [] : [[name, address]])))
        await setRunning(tx, seen.service, runningOf(seen, named), { at: new Date(clock.now()), by })
      }),
  }
}

/** Of what is seen, what runs. Pure. @param named addresses by the names of pushes */
export function runningOf(
  { own, releases }: Pick<Seen, 'own' | 'releases'>,
  named: ReadonlyMap<string, string>,
): RunningContract[] {
  const weighed = releases.filter(({ weight }) => weight > 0)
  const known = weighed.flatMap(({ name }): RunningContract[] => {
    const address = named.get(name) ?? named.get(name.replace(/^v(?=\d)/, ''))
    return address === undefined ? [] : [{ address, release: name }]
  })
  // Of a release that nobody pushed, the service's own contract is the best that is known.
  const isOwn = weighed.length === 0 || known.length < weighed.length
  return isOwn && own !== null ? [{ address: own, release: null }, ...known] : known
}

export async function selectRunning(db: Queryable, service: string): Promise<RunningContract[]> {
  return db.query<RunningContract>(
    'select address, release from contracts.running where service = $1 and until is null order by since, id',
    [service],
  )
}

/** Ends what runs no longer, and begins what does now; what goes on stays as it is. */
async function setRunning(
  tx: Transaction,
  service: string,
  now: readonly RunningContract[],
  { at, by }: { at: Date; by: string },
): Promise<void> {
  const [addresses, releases] = [now.map(({ address }) => address), now.map(({ release }) => release)]
  await tx.query(
    `update contracts.running r set until = greatest(r.since, $4)
      where service = $1 and until is null and not exists (
        select from unnest($2::text[], $3::text[]) as now (address, release)
         where now.address = r.address and now.release is not distinct from r.release)`,
    [service, addresses, releases, at],
  )
  await tx.query(
    `insert into contracts.running (service, address, release, since, told_by)
     select $1, now.address, now.release, $4, $5 from unnest($2::text[], $3::text[]) as now (address, release)
     on conflict (service, release) where until is null do nothing`,
    [service, addresses, releases, at, by],
  )
}
