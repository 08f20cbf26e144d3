import { openDatabase } from '../kernel/index.ts'
import type { Database, Log } from '../kernel/index.ts'
import type { TableCount } from './types.ts'

/** Counts rows in the services' databases by the one function that the counter role may call there. */
export function createCounters(urlOf: (service: string) => string, log: Log) {
  const open = new Map<string, Database>()
  return {
    async counts(service: string, organization: string): Promise<TableCount[]> {
      let counter = open.get(service)
      if (!counter) {
        const options = { applicationName: 'rockpool counter', max: 2, statementTimeout: 60_000 }
        counter = openDatabase({ url: urlOf(service), log, ...options })
        open.set(service, counter)
      }
      return counter.query<TableCount>(
        'select table_name as "table", rows from rockpool.count_rows($1) order by 1',
        [organization],
      )
    },
    async close(): Promise<void> {
      await Promise.all([...open.values()].map((counter) => counter.close()))
    },
  }
}
