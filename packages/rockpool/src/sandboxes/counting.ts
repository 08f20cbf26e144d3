import type { Databases } from '../databases/index.ts'
import { messageOf } from '../kernel/index.ts'
import { ownOwner } from './receipt.ts'
import type { Counted, OwnData, Waiting } from './types.ts'

/** Some could not be counted; the others' counts are worth nothing without them. */
export class NotCounted extends Error {
  override readonly name = 'NotCounted'
  readonly waiting: Waiting[]

  constructor(waiting: Waiting[]) {
    super(waiting.map(({ service, reason }) => `${service}: ${reason}`).join('; '))
    this.waiting = waiting
  }
}

/**
 * Counts an organization's rows in all tables of all services with a database, and in Rockpool's own. A service that was
 * taken out of the configuration is asked nothing any more, but what it left is counted.
 *
 * @throws NotCounted naming every service whose database could not be asked
 */
export async function countEverywhere(
  from: {
    databases: Pick<Databases, 'counts' | 'services'>
    services: readonly string[]
    own: readonly OwnData[]
  },
  organization: string,
): Promise<Counted[]> {
  const waiting: Waiting[] = []
  const services = new Set([...from.services, ...(await from.databases.services())])
  const ofServices = await Promise.all(
    [...services].map(async (service): Promise<Counted[]> => {
      try {
        const counts = await from.databases.counts(service, organization)
        return counts.map(({ table, rows }) => ({ owner: service, table, rows }))
      } catch (error) {
        waiting.push({ service, reason: `its rows cannot be counted: ${messageOf(error)}` })
        return []
      }
    }),
  )
  if (waiting.length > 0) throw new NotCounted(waiting)
  const ofOurs = await Promise.all(from.own.map((own) => own.count(organization)))
  return [...ofServices.flat(), ...ofOurs.flat().map((counted) => ({ owner: ownOwner, ...counted }))]
}
