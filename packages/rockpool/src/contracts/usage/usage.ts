import { createKeeper } from '../../kernel/index.ts'
import type { Clock, Database, Keeper, Log, Queryable, Transaction } from '../../kernel/index.ts'
import type { Weighable, Weights } from '../differences/index.ts'
import { daysBefore, operationKey, weigh } from '../traffic/index.ts'
import type { Usage } from '../traffic/index.ts'
import {
  addUsage,
  countUsage,
  deleteUsage,
  deleteUsageBefore,
  holdUsage,
  isNewShipment,
  selectUsage,
} from './store.ts'
import type { UsageFilter } from './store.ts'
import type { UsageShipment, UsageSide } from './types.ts'

/** What gateways saw of contracts, as control keeps it. */
export interface UsageBook {
  /** Takes what a gateway tells; the same shipment may come again. Of organizations that are gone nothing is kept. */
  keep(shipment: UsageShipment): Promise<void>
  /** Whom differences meet, of the organizations in production, by their fingerprints; nothing where nobody looked. */
  weights(service: string, differences: readonly Weighable[]): Promise<Weights>
  /** Whether calls of another service meet one of them; null: it is not known. */
  isMetBy(service: string, differences: readonly Weighable[], consumer: string): Promise<boolean | null>
  /** All that was seen of a service, by whomever; calls of services count once, as those whom they were done for. */
  all(service: string): Promise<Usage>
  /** Takes away what is older than it is asked for. */
  forget(): Promise<void>
  count(organization: string): Promise<{ table: string; rows: number }[]>
  /** Deletes what an organization did that is being deleted; nothing is written of it any more. */
  erase(tx: Transaction, organization: string): Promise<{ table: string; rows: number }[]>
}

export interface UsageBookOptions {
  database: Database
  /** Which of these organizations are there, and are not being deleted. */
  living: (tx: Queryable, organizations: readonly string[]) => Promise<ReadonlySet<string>>
  clock: Clock
}

/** Days before today that are weighed. */
const days = 90
/** And a bit: a day begins elsewhere when it is over here. */
const keptDays = days + 2
/** Rows that one answer is made of: of what is beyond, it says that it knows nothing. */
const mostRows = 200_000
const table = 'contracts.usage'

export function createUsageBook({ database, living, clock }: UsageBookOptions): UsageBook {
  const today = () => new Date(clock.now()).toISOString().slice(0, 10)
  const within = (to: string) => ({ from: daysBefore(to, days), to })

  async function weighed(
    service: string,
    differences: readonly Weighable[],
    filter: Pick<UsageFilter, 'sides' | 'organization'>,
  ): Promise<Weights> {
    const to = today()
    const uses = differences.flatMap((difference) => difference.uses)
    const operations = [...new Set(uses.map(({ operation }) => operationKey(operation)))]
    const asked = { service, operations, isOfRequests: true, ...within(to), ...filter }
    const usage = await selectUsage(database, asked, mostRows)
    // Where nobody ever looked there is nothing to be said, not even that it is unknown.
    if (usage.rows.length === 0) return new Map()
    return weigh(differences, usage, { today: to, days })
  }

  return {
    keep: (shipment) =>
      database.transaction(async (tx) => {
        await holdUsage(tx)
        if (!(await isNewShipment(tx, shipment, new Date(clock.now())))) return
        const named = shipment.rows.flatMap(({ side, organization }) =>
          side === 'services' || organization === null ? [] : [organization],
        )
        const alive = await living(tx, [...new Set(named)])
        const isOfSomebody = ({ side, organization }: (typeof shipment.rows)[number]) =>
          side === 'services' || organization === null || alive.has(organization)
        await addUsage(tx, shipment.rows.filter(isOfSomebody))
      }),

    weights: (service, differences) => weighed(service, differences, { sides: ['customers'] }),

    async isMetBy(service, differences, consumer) {
      const weights = await weighed(service, differences, { sides: ['services'], organization: consumer })
      const found = differences.map(({ fingerprint }) => weights.get(fingerprint) ?? 'unknown')
      if (found.some((weight) => typeof weight === 'object' && weight.names.includes(consumer))) return true
      return found.every((weight) => typeof weight === 'string' && weight !== 'unknown') ? false : null
    },

    all: (service) => {
      const sides: UsageSide[] = ['customers', 'own']
      return selectUsage(database, { service, sides, ...within(today()) }, mostRows)
    },

    forget: () =>
      database.transaction(async (tx) => {
        await holdUsage(tx)
        await deleteUsageBefore(tx, daysBefore(today(), keptDays))
      }),

    count: async (organization) => [{ table, rows: await countUsage(database, organization) }],

    async erase(tx, organization) {
      await holdUsage(tx)
      return [{ table, rows: await deleteUsage(tx, organization) }]
    },
  }
}

/** Forgets what is too old, while control runs; several at once do no harm. */
export function createUsageKeeper(options: {
  usage: Pick<UsageBook, 'forget'>
  clock: Clock
  log: Log
}): Keeper {
  const { usage, clock, log } = options
  return createKeeper({
    work: () => usage.forget(),
    failed: 'old counts of contracts could not be taken away',
    intervalMs: 60 * 60 * 1000,
    clock,
    log,
  })
}
