import type { Pool, Rockpool } from '@rockpool/sdk'

/** What a production organization of the demo sells from its first day, so that there is something to buy. */
const assortment = [
  { number: '1', name: 'Tide clock', price: 4900, stock: 500 },
  { number: '2', name: 'Signal flag', price: 1900, stock: 500 },
  { number: '3', name: 'Brass compass', price: 7500, stock: 500 },
]

/** Puts it on sale where it is not yet: under ids of its own (of time 0), so that no start does it twice. */
export async function openShop(rockpool: Rockpool, database: Pool, organization: string): Promise<void> {
  await rockpool.runAs({ organization, environment: 'production', actor: 'service' }, 'opens the shop', () =>
    database.query(
      `insert into items (organization, id, name, price, currency, stock)
       select $1, 'item_00000000-0000-7000-8000-' || lpad(number, 12, '0'), name, price, 'EUR', stock
         from jsonb_to_recordset($2) as item (number text, name text, price integer, stock integer)
       on conflict do nothing`,
      [organization, JSON.stringify(assortment)],
    ),
  )
}
