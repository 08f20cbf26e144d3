import type { Clock, Database } from '../kernel/index.ts'
import { problem } from '../kernel/index.ts'
import type { Ledger, LedgerEntry } from '../sandboxes/index.ts'
import { isCreated } from './debt.ts'
import { insertPutBack, selectPutBack, selectRun, selectUnsettled, settleRuns } from './store.ts'

/** What ended runs of bots made in production, and nobody put back: the gateways' ledger less what is told here. */
export interface Debts {
  /** The oldest first. */
  of(bot: string): Promise<LedgerEntry[]>
  /** How many things each bot has left. */
  counts(bots: readonly string[]): Promise<Map<string, number>>
  /** A run put back what an earlier run of the same bot made. Again is no error. */
  putBack(byRun: string, entry: string): Promise<void>
}

/** An answer may be told late by a gateway that was away: so long a run is looked at again, though it seems to have left nothing. */
const lateMs = 86_400_000

export function createDebts(options: {
  database: Database
  ledger: Pick<Ledger, 'createdBy'>
  clock: Clock
}): Debts {
  const { database, ledger, clock } = options

  async function left(bots: readonly string[]): Promise<{ bot: string; entry: LedgerEntry }[]> {
    const runs = await selectUnsettled(database, bots)
    if (runs.length === 0) return []
    const ids = runs.map(({ run }) => run)
    const { entries, isCut } = await ledger.createdBy(ids, await selectPutBack(database, ids))
    const now = clock.now()
    const botOf = new Map(runs.map(({ run, bot }) => [run, bot]))
    const things = entries
      .filter((entry) => isCreated(entry, now))
      .map((entry) => ({ bot: botOf.get(entry.run!)!, entry }))
    // A run whose entries were cut off has not settled: what it owes is seen once the newer is put back.
    if (isCut) return things
    const owing = new Set(things.map(({ entry }) => entry.run))
    const done = runs.filter(({ run, endedAt }) => !owing.has(run) && now - endedAt.getTime() > lateMs)
    const ended = done.map(({ run }) => run)
    await settleRuns(database, ended, new Date(now))
    return things
  }

  return {
    of: async (bot) => (await left([bot])).map(({ entry }) => entry),
    async counts(bots) {
      const counts = new Map(bots.map((bot) => [bot, 0]))
      for (const { bot } of await left(bots)) counts.set(bot, counts.get(bot)! + 1)
      return counts
    },
    async putBack(byRun, entry) {
      const by = await selectRun(database, byRun)
      if (!by || by.isEnded) throw problem('conflict', `no bot’s run ${byRun.slice(0, 80)} is under way`)
      const thing = (await left([by.bot])).find(({ entry: { id } }) => id === entry)
      // Put back already, by this run or by another: that is what was asked for.
      if (!thing) return
      await insertPutBack(database, { entry, run: thing.entry.run!, byRun, now: new Date(clock.now()) })
    },
  }
}
