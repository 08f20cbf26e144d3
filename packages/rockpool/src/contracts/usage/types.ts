import type { ServiceUsageRow } from '../traffic/index.ts'

/*
 * The vocabulary: side, shipment.
 *
 *     gateway: observers ──every minute──► shipment ──► contracts.usage ──► whom does a difference meet? what is drift?
 */

export const usageSides = [
  /** Organizations in production. */
  'customers',
  /** What runs for Rockpool (checks, bots, …), and everything in sandboxes, which count as the organization they belong to. */
  'own',
  /** Services that call on, whoever they do it for: here the organization is the name of the calling service. */
  'services',
] as const

export type UsageSide = (typeof usageSides)[number]

export interface ShippedRow extends ServiceUsageRow {
  side: UsageSide
}

/** What a gateway tells at once; the same one may come again, and counts once. */
export interface UsageShipment {
  /** UUID of one life of one gateway process. */
  source: string
  /** 1, 2, 3, … within the source. */
  number: number
  rows: ShippedRow[]
}
