/** A foreign key: rows of `from` refer to rows of `to`. */
export interface Reference {
  from: string
  to: string
}

/**
 * The order in which tables are emptied: those that refer to others come first. Tables that refer to each other in a
 * ring come as one group, to be emptied by one statement (Postgres checks foreign keys when a statement has ended).
 *
 * Strongly connected components after Tarjan (SIAM J. Comput. 1, 1972), which finds them in just the reverse order.
 */
export function erasureOrder(tables: readonly string[], references: readonly Reference[]): string[][] {
  const targets = Map.groupBy(references, ({ from }) => from)
  const index = new Map<string, number>()
  const low = new Map<string, number>()
  const stack: string[] = []
  const groups: string[][] = []

  const visit = (table: string): void => {
    index.set(table, index.size)
    low.set(table, index.get(table)!)
    stack.push(table)
    for (const { to } of targets.get(table) ?? []) {
      if (!index.has(to)) {
        visit(to)
        low.set(table, Math.min(low.get(table)!, low.get(to)!))
      } else if (stack.includes(to)) {
        low.set(table, Math.min(low.get(table)!, index.get(to)!))
      }
    }
    if (low.get(table) === index.get(table)) groups.push(stack.splice(stack.indexOf(table)))
  }
  for (const table of new Set([...tables, ...references.flatMap(({ from, to }) => [from, to])]))
    if (!index.has(table)) visit(table)

  const wanted = new Set(tables)
  return groups
    .toReversed()
    .map((group) => group.filter((table) => wanted.has(table)))
    .filter((group) => group.length > 0)
}
