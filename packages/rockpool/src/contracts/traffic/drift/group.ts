import type { DriftFinding } from './types.ts'
import type { UsageRow } from '../types.ts'

const mostOperations = 10

type Counts = Pick<
  DriftFinding,
  'operations' | 'directions' | 'times' | 'calls' | 'organizations' | 'since' | 'lastSeen'
>

/** How often, by whom and since when: of rows of one thing, of which there is one at least. */
export function countsOf(rows: readonly UsageRow[]): Counts {
  const days = rows.map(({ day }) => day).toSorted()
  const organizations = new Set(rows.flatMap(({ organization }) => organization ?? []))
  return {
    operations: [...new Set(rows.map(({ operation }) => operation))].toSorted().slice(0, mostOperations),
    directions: [...new Set(rows.map(({ direction }) => direction))].toSorted(),
    times: rows.reduce((sum, { times }) => sum + times, 0),
    calls: rows.reduce((sum, { count }) => sum + count, 0),
    organizations: organizations.size,
    since: days[0]!,
    lastSeen: days.at(-1)!,
  }
}

/** Rows of the same thing: a schema with a name is the same one in all operations. */
export function byThing(rows: readonly UsageRow[]): UsageRow[][] {
  const groups = Map.groupBy(rows, ({ operation, place, value, kind }) =>
    JSON.stringify([
      place.startsWith('schema ') ? '' : operation,
      place,
      kind === 'undeclared' ? null : value,
    ]),
  )
  return [...groups.values()]
}

/** `is sent and answered` */
export function passiveOf(rows: readonly UsageRow[]): string {
  const [request, response] = (['request', 'response'] as const).map((each) =>
    rows.some(({ direction }) => direction === each),
  )
  return request === response ? 'sent and answered' : request === true ? 'sent' : 'answered'
}
