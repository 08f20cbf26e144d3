import { reachedBy } from '../checks/index.ts'
import type { Runs } from '../checks/index.ts'
import { handle } from '../kernel/index.ts'
import type { Handled } from '../kernel/index.ts'
import type { Ledger } from '../sandboxes/index.ts'
import type { Bots } from './bots.ts'
import type { Debts } from './debts.ts'
import { getBot, listBots, listRunLedger, putBack } from './operations.ts'

/** What the api part mounts. */
export function botsOperations(options: {
  bots: Bots
  debts: Debts
  runs: Pick<Runs, 'get'>
  ledger: Pick<Ledger, 'of'>
}): Handled[] {
  const { bots, debts, runs, ledger } = options
  return [
    handle(listBots, async ({ caller }) => ({ items: await bots.list(caller.organization ?? undefined) })),

    handle(getBot, ({ params, caller }) => bots.get(params.bot, caller.organization ?? undefined)),

    handle(listRunLedger, async ({ params: { run }, caller }) => {
      reachedBy(caller, run, await runs.get(run))
      return { items: await ledger.of(run) }
    }),

    handle(putBack, ({ params }) => debts.putBack(params.run, params.entry)),
  ]
}
