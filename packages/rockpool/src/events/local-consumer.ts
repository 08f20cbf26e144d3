import { messageOf, Problem } from '../kernel/index.ts'
import type { Database, Transaction } from '../kernel/index.ts'
import { keyOf } from './append-order.ts'
import { ConsumerUnreachable } from './types.ts'
import type { Consumer, LoggedEvent, Result } from './types.ts'

export interface LocalConsumerOptions {
  name: string
  types: readonly string[]
  database: Database
  /** Applies events in order within `tx`. An event may come twice: applying it again must change nothing. */
  apply: (tx: Transaction, events: readonly LoggedEvent[]) => Promise<void>
}

/** A projection in Rockpool's own database. A batch is one transaction; when it fails, each event has its own. */
export function createLocalConsumer({ name, types, database, apply }: LocalConsumerOptions): Consumer {
  const tryAll = (events: readonly LoggedEvent[]) => database.transaction((tx) => apply(tx, events))

  return {
    name,
    types,
    batch: 500,
    async deliver(events) {
      try {
        await tryAll(events)
        return events.map(({ event }): Result => ({ id: event.id, outcome: 'applied' }))
      } catch (error) {
        refuseWhenUnreachable(error)
      }
      const results: Result[] = []
      const failed = new Set<string>()
      for (const one of events) {
        const { id, source, organization, subject } = one.event
        const key = `${source}\n${keyOf({ organization, key: subject })}`
        if (failed.has(key)) {
          results.push({
            id,
            outcome: 'failed',
            error: { code: 'held_behind', message: 'an earlier event of its key failed' },
          })
          continue
        }
        try {
          await tryAll([one])
          results.push({ id, outcome: 'applied' })
        } catch (error) {
          refuseWhenUnreachable(error)
          failed.add(key)
          const code = error instanceof Problem ? error.code : 'failed'
          results.push({ id, outcome: 'failed', error: { code, message: messageOf(error) } })
        }
      }
      return results
    },
  }
}

function refuseWhenUnreachable(error: unknown): void {
  if (error instanceof Problem && error.code === 'database_unreachable')
    throw new ConsumerUnreachable(error.detail)
}
