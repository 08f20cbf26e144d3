import type { ShippedRow, Usage, UsageRow, UsageSide } from '../../contracts/light.ts'

/** Rows of one side of one service, and those who wait to be told. */
export interface Held {
  side: UsageSide
  service: string
  usage: Usage
}

/** Of what control has no room for, nobody could tell it. */
const mostPlace = 4_000
const mostValue = 1_000

/** That of an operation, on a day, something was not counted. */
export function cutRow(operation: string, day: string, lastSeen: string): UsageRow {
  const what = { operation, direction: 'request', place: 'operation', kind: 'cut' } as const
  return { ...what, value: null, organization: null, day, count: 1, times: 1, lastSeen }
}

/** That an operation was watched on a day. */
export function observedRow(operation: string, day: string, lastSeen: string): UsageRow {
  return { ...cutRow(operation, day, lastSeen), kind: 'observed' }
}

/** In the place of rows that get lost: that something of these operations was not counted on these days. Pure. */
export function cutsOf(rows: readonly UsageRow[]): UsageRow[] {
  const cuts = rows.map(({ operation, day, lastSeen }) => cutRow(operation, day, lastSeen))
  return [...new Map(cuts.map((row) => [`${row.day} ${row.operation}`, row])).values()]
}

/**
 * What an observer counted, as it is told: those whom nobody named count together, as do those beyond its bounds, and that an
 * operation was watched is told by whoever knows it. Pure; rows of one key may come more than once.
 */
export function toldOf({ rows, isCut }: Usage): UsageRow[] {
  const counted = rows.filter(({ kind }) => kind !== 'observed')
  const fitting = counted.filter(isFitting)
  const lost = isCut ? counted : counted.filter((row) => !isFitting(row))
  return [
    ...fitting.map((row) => (row.organization === '' ? { ...row, organization: null } : row)),
    ...cutsOf(lost),
  ]
}

const isFitting = ({ operation, place, value }: UsageRow) =>
  operation.length <= mostPlace && place.length <= mostPlace && (value ?? '').length <= mostValue

/**
 * Takes so many rows out, those that evidence hangs on last: that somebody looked is told once all is told that was seen.
 * Pure, but for what it takes out.
 */
export function takeRows(held: Iterable<Held>, most: number, mostBytes: number): ShippedRow[] {
  const taken: ShippedRow[] = []
  let bytes = 0
  for (const { side, service, usage } of held)
    while (usage.rows.length > 0 && taken.length < most && bytes < mostBytes) {
      const row = usage.rows.pop()!
      taken.push({ side, service, ...row })
      // A letter is three bytes at most, and two more where JSON escapes it.
      bytes += 3 * (row.place.length + row.operation.length + (row.value ?? '').length) + 500
    }
  return taken
}
