import type { Queryable } from '../kernel/index.ts'
import type { Ledger } from '../sandboxes/index.ts'
import type { Slice } from './budget.ts'
import { selectSlices } from './store.ts'

const hour = 3_600_000

/** Gateways tell control of a call within a moment, and try again each 5 s: so long after its end a run keeps its slice. */
export const toldWithinMs = 30_000

/**
 * What the bot's runs of the last hour used or were lent. A run that has ended, in order or because it was lost, gives back
 * what the ledger knows nothing of: its credential is dead, and the gateways had time to tell. What one of them tells later
 * counts from then on.
 */
export async function slicesOf(
  from: { db: Queryable; ledger: Pick<Ledger, 'counts'> },
  bot: string,
  now: number,
): Promise<Slice[]> {
  const runs = await selectSlices(from.db, bot, new Date(now - hour))
  const isTold = ({ endedAt }: { endedAt: number | null }) =>
    endedAt !== null && endedAt + toldWithinMs <= now
  const counts = await from.ledger.counts(runs.filter(isTold).map(({ run }) => run))
  return runs.map((one) => ({
    at: one.at,
    writes: isTold(one) ? Math.min(one.slice, counts.get(one.run) ?? 0) : one.slice,
  }))
}
