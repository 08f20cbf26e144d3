import type { AccessRecord } from '../access-log.ts'
import type { Side } from './types.ts'

const customers: ReadonlySet<string | null> = new Set(['customer', 'anonymous', 'service', null])

/**
 * Whose request it is. Rockpool's own is what runs for it (checks, bots, drills, …) and everything in a sandbox; a
 * customer's is all else, also what was refused before anybody knew who calls: nothing is ever ours by default. Pure.
 */
export function sideOf({ environment, actor }: Pick<AccessRecord, 'environment' | 'actor'>): Side {
  return environment !== 'sandbox' && customers.has(actor) ? 'customers' : 'own'
}
