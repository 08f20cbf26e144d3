import type { CheckState, Runs } from '../checks/index.ts'
import { problem } from '../kernel/index.ts'
import type { Clock, Config, Database } from '../kernel/index.ts'
import type { Ledger } from '../sandboxes/index.ts'
import { usedOf } from './budget.ts'
import type { Debts } from './debts.ts'
import { cardHint, grantOf } from './grants.ts'
import type { BotState } from './operations.ts'
import { slicesOf } from './slices.ts'

/** The bots as they are now. */
export interface Bots {
  /** By name; `organization`: those alone that have a grant for it. */
  list(organization?: string): Promise<BotState[]>
  /** `not_found` when there is none. */
  get(name: string, organization?: string): Promise<BotState>
}

export function createBots(options: {
  database: Database
  runs: Pick<Runs, 'checks' | 'list'>
  debts: Debts
  ledger: Pick<Ledger, 'counts'>
  clock: Clock
  config: Pick<Config, 'bots' | 'grants'>
}): Bots {
  const { database, runs, debts, ledger, clock, config } = options

  async function stateOf(bot: CheckState, debt: number): Promise<BotState> {
    const { name, file, line, every, running, latest } = bot
    const granted = grantOf(config, name)
    const slices = await slicesOf({ db: database, ledger }, name, clock.now())
    const { items } = await runs.list({ kind: 'bot', check: name, verdict: 'pass', limit: 1 })
    const [complete] = items
    return {
      name,
      file,
      line,
      every: every!,
      running,
      organization: granted?.organization ?? null,
      grant: granted
        ? {
            writes: { ...granted.writes, used: usedOf(slices, clock.now()) },
            card: granted.card ? cardHint(granted.card) : null,
            why: granted.why,
          }
        : null,
      debt,
      lastComplete: complete ? { run: complete.id, at: complete.endedAt!, ms: complete.ms } : null,
      latest: latest && {
        run: latest.run,
        verdict: latest.verdict,
        at: latest.at,
        message: latest.verdict === 'pass' ? null : latest.message,
      },
      runs: bot.runs,
    }
  }

  async function list(organization?: string, name?: string): Promise<BotState[]> {
    const known = (await runs.checks('bot'))
      .filter((bot) => name === undefined || bot.name === name)
      .filter((bot) => organization === undefined || grantOf(config, bot.name)?.organization === organization)
    const counts = await debts.counts(known.map((bot) => bot.name))
    return Promise.all(known.map((bot) => stateOf(bot, counts.get(bot.name) ?? 0)))
  }

  return {
    list: (organization) => list(organization),
    async get(name, organization) {
      const [found] = await list(organization, name)
      if (found) return found
      throw problem('not_found', `there is no bot “${name.slice(0, 80)}”`)
    },
  }
}
