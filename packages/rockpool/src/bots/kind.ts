import { parseDuration, problem } from '../kernel/index.ts'
import type { Clock, Config, Database } from '../kernel/index.ts'
import type { RunKind } from '../checks/index.ts'
import type { Ledger } from '../sandboxes/index.ts'
import { permissionOf } from './budget.ts'
import type { Debts } from './debts.ts'
import { grantOf, missingGrant } from './grants.ts'
import { notStarted } from './scenario.ts'
import { slicesOf } from './slices.ts'
import { deleteSettled, endRun, insertRun, lockBot, selectRun } from './store.ts'
import type { BotOrder } from './types.ts'

const hour = 3_600_000
/** What is given out at once to be put back; the rest is for the next run. */
const mostLeftovers = 50

/**
 * Runs of bots, for control: each works in the production organization of its grant, with a slice of the grant's budget
 * and no sandbox. What it made stays, until its lifecycle or the next run puts it back.
 */
export function createBotRuns(options: {
  database: Database
  ledger: Pick<Ledger, 'counts'>
  debts: Debts
  clock: Clock
  config: Pick<Config, 'bots' | 'grants'>
}): RunKind {
  const { database, ledger, debts, clock, config } = options
  const now = () => new Date(clock.now())

  return {
    notStarted,

    place({ check: bot, parent, ttl }) {
      const { organization } = requireGrant(config, bot)
      if (parent !== null && parent !== organization)
        throw problem('invalid_input', `“${bot}” has its grant for ${organization}, not for ${parent}`)
      return { parent: organization, ttl: Math.min(parseDuration(ttl ?? '5m'), hour) }
    },

    async grant({ run, check: bot, ttl }, issue) {
      const granted = requireGrant(config, bot)
      const { organization, writes, card = null } = granted
      const left = await debts.of(bot)
      const permission = await database.transaction(async (tx) => {
        await lockBot(tx, bot)
        await deleteSettled(tx, bot, new Date(clock.now() - 2 * hour))
        const slices = await slicesOf({ db: tx, ledger }, bot, clock.now())
        const permitted = permissionOf(granted, slices, left.length > 0, clock.now())
        if (permitted.may === 'nothing') throw problem('budget_spent', permitted.reason, { extra: { bot } })
        const isNew = await insertRun(tx, { run, bot, organization, slice: writes.perRun, now: now() })
        if (!isNew) throw problem('conflict', 'a run of a bot has one attempt, and one slice of its grant')
        return permitted
      })
      const credential = await issue({
        organization,
        allows: { organization },
        environment: 'production',
        actor: 'bot',
        endsAt: new Date(clock.now() + ttl),
        grant: { name: bot, writes: writes.perRun, card },
      })
      if (credential === undefined) throw problem('conflict', `the run ${run} has ended`)
      const more: BotOrder = {
        name: bot,
        run,
        domain: config.bots!.domain,
        organization,
        card,
        leftovers: left.slice(0, mostLeftovers),
        debt: left.length,
        putsBackAlone: permission.may === 'putBack' ? permission.reason : null,
      }
      return { organization, createdAt: now().toISOString(), credential, more }
    },

    async ended({ run, verdict }) {
      const known = await selectRun(database, run)
      if (!known || known.isEnded) return
      await endRun(database, { run, now: now(), isSettled: verdict === 'pass' })
    },
  }
}

function requireGrant(config: Pick<Config, 'bots' | 'grants'>, bot: string) {
  const granted = grantOf(config, bot)
  if (granted) return granted
  throw problem('grant_missing', missingGrant(bot, config), { extra: { bot } })
}
