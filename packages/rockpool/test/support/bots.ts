import { randomUUID } from 'node:crypto'
import {
  botsMigrations,
  botsOperations,
  createBotKind,
  createBotRuns,
  createBots,
  createDebts,
} from '../../src/bots/index.ts'
import type { Bots, Debts } from '../../src/bots/index.ts'
import { createRuns } from '../../src/checks/index.ts'
import type { RunControl, Runs, ScenarioKind } from '../../src/checks/index.ts'
import { migrate } from '../../src/kernel/index.ts'
import type { Caller, Clock, GrantConfig } from '../../src/kernel/index.ts'
import type { LedgerEntry } from '../../src/sandboxes/index.ts'
import { directControl, runsWorld } from './checks.ts'
import type { RunsWorld } from './checks.ts'

export interface BotsWorld extends RunsWorld {
  runs: Runs
  bots: Bots
  debts: Debts
  control: RunControl
  kind: ScenarioKind
  /** As the configuration has them; may be changed between runs. */
  grants: GrantConfig[]
  /** As a gateway tells it. */
  wrote(run: string, changes?: Partial<LedgerEntry>): Promise<LedgerEntry>
}

export const domain = 'bots.harbor.example'

/** Runs of bots on a real PostgreSQL, in the production organization `harbor`; the gateway's URL is the one given. */
export async function botsWorld(gateway: string, clock: Clock): Promise<BotsWorld> {
  const world = await runsWorld(gateway)
  const { database, sandboxes, runsOptions } = world
  await migrate(database, [botsMigrations])
  const { ledger } = sandboxes
  const grants: GrantConfig[] = []
  const config = { bots: { domain, files: ['*.bot.ts'] }, grants }
  const debts = createDebts({ database, ledger, clock })
  const kinds = { bot: createBotRuns({ database, ledger, debts, clock, config }) }
  const runs = createRuns({ ...runsOptions, clock, kinds })
  const bots = createBots({ database, runs, debts, ledger, clock, config })
  const operations = botsOperations({ bots, debts, runs, ledger })
  const caller: Caller = {
    kind: 'control',
    credential: 'runner',
    organization: null,
    member: null,
    scopes: ['read', 'write', 'admin'],
  }
  const kind = createBotKind(async (operation, input) => {
    const { handler } = operations.find((handled) => handled.operation.id === operation.id)!
    return (await handler({ ...(input as object), caller } as never)) as never
  })
  return {
    ...world,
    runs,
    bots,
    debts,
    kind,
    grants,
    control: directControl(runs),
    async wrote(run, changes = {}) {
      const entry: LedgerEntry = {
        id: randomUUID(),
        run,
        organization: 'harbor',
        service: 'orders',
        method: 'POST',
        path: '/harbor/orders',
        idempotencyKey: null,
        at: new Date(clock.now()).toISOString(),
        status: 201,
        location: null,
        resource: 'order_7',
        outcome: 'done',
        ...changes,
      }
      await ledger.append([entry])
      return entry
    },
  }
}
