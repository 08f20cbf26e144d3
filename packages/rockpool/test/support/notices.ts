import { createNoticeSender } from '../../src/contracts/index.ts'
import type { Notice } from '../../src/contracts/index.ts'
import { silentLog } from '../../src/kernel/index.ts'
import type { Keeper } from '../../src/kernel/index.ts'
import { eventually } from './eventually.ts'
import { startRegistry, thingsContract } from './registry.ts'
import type { TestRegistry } from './registry.ts'

/** A registry whose notices are sent, and senders of it. */
export interface Notices extends TestRegistry {
  /** A sender, which is stopped at the end. */
  sender(options?: Partial<Parameters<typeof createNoticeSender>[0]>): Keeper
  /** Watches `things`; gives the secret back. */
  watch(by: string, to: string | null): Promise<string | null>
  /** Pushes a version that takes something away: every watcher has one more notice. */
  change(): Promise<void>
  /** The newest notice of a watcher, once it is so. */
  notice(by: string, what: string, isSo: (notice: Notice) => boolean): Promise<Notice>
  /** Moves the time, and lets senders see it. */
  later(ms: number): Promise<void>
}

/** @param origins where watchers may be told */
export async function startNotices(origins: readonly string[]): Promise<Notices> {
  const t = await startRegistry(undefined, origins)
  const { registry, database, clock, endpoints } = t
  const senders: Keeper[] = []
  let major = 0
  const push = async () => {
    major += 1
    const bundle = thingsContract(`${major}.0.0`, [`k${major}`])
    await registry.push({ service: 'things', bundle, name: null, branch: null, note: null, by: 'mem_1' })
  }
  await push()
  return {
    ...t,
    sender(options) {
      const sender = createNoticeSender({ database, endpoints, clock, log: silentLog, ...options })
      senders.push(sender)
      return sender
    },
    async watch(by, to) {
      const { secret } = await registry.watch({ service: 'things', by, consumer: null, to })
      return secret
    },
    change: push,
    notice: (by, what, isSo) =>
      eventually(
        what,
        async () => {
          const [newest] = (await registry.notices({ by, limit: 1 })).items
          return newest !== undefined && isSo(newest) ? newest : undefined
        },
        30_000,
      ),
    async later(ms) {
      await clock.advance(ms)
      await database.query(`select pg_notify('rockpool_contract_deliveries', '')`)
    },
    async close() {
      await Promise.all(senders.map((sender) => sender.stop()))
      await t.close()
    },
  }
}
