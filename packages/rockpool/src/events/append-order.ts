/*
 * Rows come in the order (xid, position). That is not the order of a key's events:
 *
 *   T1 begins (xid 10) ────────────────────────── publishes K number 2 ── commits
 *   T2 begins (xid 11) ── publishes K number 1 ── commits
 *
 * T1's row is read first, and T2's may even be out of the read for now (above the snapshot's horizon, or cut off by the
 * limit). But number 1 was committed before number 2 could be drawn: whoever sees 2 sees 1, so it is fetched by its
 * number and taken early. When the cursor comes to it later, its number is known and it is passed over.
 */

export interface Numbered {
  organization: string
  key: string
  number: number
}

/** Numbers `from`…`through` of one key, both included. */
export interface MissingNumbers {
  organization: string
  key: string
  from: number
  through: number
}

export const keyOf = ({ organization, key }: { organization: string; key: string }) =>
  `${organization}\n${key}`

/**
 * The numbers to fetch before these rows can be appended.
 * @param last the last number in the log by `keyOf`; absent: none
 */
export function missingNumbers(
  rows: readonly Numbered[],
  last: ReadonlyMap<string, number>,
): MissingNumbers[] {
  const numbers = new Map<string, { row: Numbered; seen: Set<number>; highest: number }>()
  for (const row of rows) {
    const entry = numbers.get(keyOf(row)) ?? { row, seen: new Set(), highest: 0 }
    entry.seen.add(row.number)
    entry.highest = Math.max(entry.highest, row.number)
    numbers.set(keyOf(row), entry)
  }
  return [...numbers].flatMap(([name, { row, seen, highest }]) => {
    const known = last.get(name) ?? 0
    const fresh = [...seen].filter((number) => number > known)
    if (fresh.length === 0 || fresh.length === highest - known) return []
    return [{ organization: row.organization, key: row.key, from: known + 1, through: highest - 1 }]
  })
}

/**
 * The rows to append, in an order in which every key's numbers rise; rows that the log has already are left out.
 * Where a number is in no row it is passed over: its row exists no more.
 */
export function inKeyOrder<Row extends Numbered>(
  rows: readonly Row[],
  fetched: readonly Row[],
  last: ReadonlyMap<string, number>,
): Row[] {
  const perKey = new Map<string, Map<number, Row>>()
  for (const row of [...rows, ...fetched]) {
    if (row.number <= (last.get(keyOf(row)) ?? 0)) continue
    const known = perKey.get(keyOf(row)) ?? new Map<number, Row>()
    known.set(row.number, row)
    perKey.set(keyOf(row), known)
  }
  return rows.flatMap((row) => {
    const known = perKey.get(keyOf(row))
    if (!known) return []
    const next = [...known.values()]
      .filter(({ number }) => number <= row.number)
      .toSorted((a, b) => a.number - b.number)
    for (const { number } of next) known.delete(number)
    return next
  })
}
