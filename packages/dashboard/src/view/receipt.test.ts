import { expect, test } from 'vitest'
import { rowsOf } from './receipt.ts'

const table = (name: string, before: number | null, after: number) => ({ table: name, before, after })

test('what is left comes first, then the most; tables that were empty are counted only', () => {
  const rows = rowsOf({
    services: [
      {
        service: 'catalog',
        tables: [table('public.items', 12, 0), table('rockpool.inbox', 0, 0)],
        unchecked: [],
      },
      {
        service: 'orders',
        tables: [table('public.gift_notes', 3, 3), table('notes.late', null, 1)],
        unchecked: ['public.rates'],
      },
    ],
    rockpool: [table('events.log', 6, 0), table('events.held', 0, 0)],
  })
  expect(rows.rows.map(({ name, after }) => [name, after])).toEqual([
    ['orders.gift_notes', 3],
    ['orders.notes.late', 1],
    ['catalog.items', 0],
    ['rockpool.events.log', 0],
  ])
  expect(rows).toMatchObject({
    empty: 2,
    tables: 6,
    owners: 3,
    before: 21,
    after: 4,
    unchecked: ['orders.public.rates'],
  })
})
