import type { ServiceUsageRow, Usage, UsageRow } from './types.ts'
import { usageKinds } from './types.ts'

/** Rows of one usage, in memory. */
const mostRows = 500_000

const ranks = new Map(usageKinds.map((kind, index) => [kind, index]))

/** Nothing was seen, and nobody looked. */
export const noUsage: Usage = { rows: [], isCut: false }

/**
 * What two usages come to. Commutative and associative, whatever `most` is, and so is what is kept of more rows than that: those
 * that evidence hangs on come first.
 * @param most rows
 */
export function mergeUsage(a: Usage, b: Usage, most = mostRows): Usage {
  const rows = new Map<string, UsageRow>()
  for (const row of [...a.rows, ...b.rows]) {
    const key = keyOf(row)
    const known = rows.get(key)
    rows.set(key, known === undefined ? row : sumOf(known, row))
  }
  const sorted = [...rows.values()].sort(inOrder)
  return { rows: sorted.slice(0, most), isCut: a.isCut || b.isCut || sorted.length > most }
}

function sumOf(a: UsageRow, b: UsageRow): UsageRow {
  return {
    ...a,
    count: a.count + b.count,
    times: a.times + b.times,
    lastSeen: a.lastSeen > b.lastSeen ? a.lastSeen : b.lastSeen,
  }
}

function keyOf({ operation, direction, place, kind, value, organization, day }: UsageRow): string {
  return JSON.stringify([kind, operation, direction, place, value, organization, day])
}

/** By their keys: what evidence hangs on first, what is sent before what is answered. */
export function inOrder(a: UsageRow, b: UsageRow): number {
  return (
    ranks.get(a.kind)! - ranks.get(b.kind)! ||
    compare(a.direction, b.direction) ||
    compare(a.operation, b.operation) ||
    compare(a.place, b.place) ||
    compare(a.value, b.value) ||
    compare(a.organization, b.organization) ||
    compare(a.day, b.day)
  )
}

/** Nothing comes first. */
function compare(a: string | null, b: string | null): number {
  if (a === b) return 0
  if (a === null || b === null) return a === null ? -1 : 1
  return a < b ? -1 : 1
}

/** As rows of a table, for one service. */
export function rowsOf(service: string, { rows }: Usage): ServiceUsageRow[] {
  return rows.map((row) => ({ service, ...row }))
}

/** Of rows of a table, which may come in any order, and several of one key. */
export function usageOf(rows: readonly ServiceUsageRow[], most = mostRows): Usage {
  const plain = rows.map(({ service: _service, ...row }) => row)
  return mergeUsage({ rows: plain, isCut: false }, noUsage, most)
}
