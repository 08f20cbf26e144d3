import type { Events } from '../events/index.ts'
import { problem, toPage } from '../kernel/index.ts'
import type { Database, Transaction } from '../kernel/index.ts'
import { effectsConsumer } from './consumer.ts'
import { countRecords, deleteRecords, holdRecords, selectRecords } from './store.ts'
import type { EffectPage, EffectRecord } from './types.ts'

/*
 *   service: effect('bank.charge') ──► its outbox ──► relay ──► log ──► consumer `effects` ──► effects.record ──► list
 */

export interface Effects {
  /** Records as they are known now, the oldest first. `cursor` is the `next` of the page before; `limit` at most 200. */
  list(filter: {
    organization: string
    name?: string | undefined
    cursor?: string | undefined
    limit?: number
  }): Promise<EffectPage>
  /**
   * Waits until all that services committed before this call is known; then a list as above is complete.
   * @throws Problem `deadline_exceeded` with what it waits for
   */
  settled(organization: string): Promise<void>
  /** All records of the name, once all are known; at most 1000. */
  of(organization: string, name: string): Promise<EffectRecord[]>
  count(organization: string): Promise<{ table: string; rows: number }[]>
  /** Deletes the records of an organization that is being deleted; none is written for it any more. */
  erase(tx: Transaction, organization: string): Promise<{ table: string; rows: number }[]>
}

export interface EffectsOptions {
  database: Database
  events: Pick<Events, 'barrier'>
  /** Milliseconds that a list waits at most to be complete; default 5 s. */
  deadline?: number
}

const table = 'effects.record'

export function createEffects({ database, events, deadline = 5_000 }: EffectsOptions): Effects {
  const settled = (organization: string) => events.barrier(effectsConsumer, { deadline, organization })

  return {
    async list({ organization, name, cursor, limit = 50 }) {
      const after = readCursor(cursor)
      const rows = await selectRecords(database, { organization, name, after, limit: limit + 1 })
      const page = toPage(rows, limit, ({ position }) => String(position))
      return { items: page.items.map(({ record }) => record), next: page.next }
    },
    settled,
    async of(organization, name) {
      await settled(organization)
      return (await selectRecords(database, { organization, name, limit: 1_000 })).map(({ record }) => record)
    },
    count: async (organization) => [{ table, rows: await countRecords(database, organization) }],
    async erase(tx, organization) {
      await holdRecords(tx, 'alone')
      return [{ table, rows: await deleteRecords(tx, organization) }]
    },
  }
}

function readCursor(cursor: string | undefined): number {
  if (cursor === undefined) return 0
  if (/^\d{1,15}$/.test(cursor)) return Number(cursor)
  throw problem('invalid_input', 'the cursor is not one of this list', {
    findings: [{ path: 'cursor', message: 'give the `next` of the page before' }],
  })
}
