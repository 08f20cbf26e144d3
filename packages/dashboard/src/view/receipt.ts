import type { Answer } from '@rockpool/client/control'

export type Receipt = Answer<'GET /sandboxes/{sandbox}/receipt'>

export interface ReceiptRow {
  /** `catalog.items`: the owner, and the table without the schema that everybody has. */
  name: string
  before: number | null
  after: number
}

export interface ReceiptRows {
  /** Tables that had or have rows: those with rows left first, then the largest. */
  rows: ReceiptRow[]
  /** How many more had none, before and after. */
  empty: number
  tables: number
  owners: number
  before: number
  after: number
  /** Tables that nobody looked into. */
  unchecked: string[]
}

/** A receipt's counts in the order in which one wants to read them. Pure. */
export function rowsOf({ services, rockpool }: Pick<Receipt, 'services' | 'rockpool'>): ReceiptRows {
  const owned = [...services, { service: 'rockpool', tables: rockpool, unchecked: [] }]
  const all = owned.flatMap(({ service, tables }) =>
    tables.map(({ table, before, after }) => ({
      name: `${service}.${table.replace(/^public\./, '')}`,
      before,
      after,
    })),
  )
  const rows = all
    .filter(({ before, after }) => (before ?? 0) > 0 || after > 0)
    .toSorted(
      (a, b) => b.after - a.after || (b.before ?? 0) - (a.before ?? 0) || a.name.localeCompare(b.name),
    )
  return {
    rows,
    empty: all.length - rows.length,
    tables: all.length,
    owners: owned.filter(({ tables }) => tables.length > 0).length,
    before: all.reduce((sum, { before }) => sum + (before ?? 0), 0),
    after: all.reduce((sum, { after }) => sum + after, 0),
    unchecked: services.flatMap(({ service, unchecked }) => unchecked.map((table) => `${service}.${table}`)),
  }
}
