import { handle } from '../../kernel/index.ts'
import type { Clock, Database, Handled } from '../../kernel/index.ts'
import { getMockFidelity } from './operations.ts'
import type { MockFidelity } from './schema.ts'
import { lockService, replaceResults, selectResults } from './store.ts'
import type { OperationFidelity } from './types.ts'

/** How faithful mocks are, as runs saw it. */
export interface MockFidelities {
  /** What a run saw of all operations of a service takes the place of what was known of it; all of it or nothing. */
  publish(seen: {
    service: string
    /** Of the contract. */
    address: string
    run: string
    results: readonly OperationFidelity[]
  }): Promise<void>
  of(service: string): Promise<MockFidelity>
}

export function createMockFidelities({
  database,
  clock,
}: {
  database: Database
  clock: Clock
}): MockFidelities {
  return {
    publish: (seen) =>
      database.transaction(async (tx) => {
        await lockService(tx, seen.service)
        await replaceResults(tx, { ...seen, at: new Date(clock.now()) })
      }),
    async of(service) {
      const items = await selectResults(database, service)
      const count = (wanted: string) => items.filter(({ result }) => result === wanted).length
      const lastSeen =
        items
          .map(({ seenAt }) => seenAt)
          .toSorted()
          .at(-1) ?? null
      return {
        service,
        operations: items.length,
        faithful: count('faithful'),
        differs: count('differs'),
        lastSeen,
        items,
      }
    },
  }
}

/** What the api part mounts. */
export function mockFidelityOperations({
  fidelities,
}: {
  fidelities: Pick<MockFidelities, 'of'>
}): Handled[] {
  return [handle(getMockFidelity, ({ params }) => fidelities.of(params.service))]
}
