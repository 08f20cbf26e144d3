import { randomUUIDv7 } from 'node:crypto'
import type { Transaction } from '@rockpool/sdk'

/** `price` in minor units of `currency`. */
export interface Item {
  id: string
  name: string
  price: number
  currency: string
  stock: number
  createdAt: string
}

export type NewItem = Pick<Item, 'name' | 'price' | 'currency' | 'stock'>
export type ItemChanges = Partial<Pick<Item, 'name' | 'price' | 'stock'>>

const columns = 'id, name, price, currency, stock, created_at'

export async function insertItem(tx: Transaction, organization: string, item: NewItem): Promise<Item> {
  const { rows } = await tx.query<Row>(
    `insert into items (organization, id, name, price, currency, stock)
     values ($1, $2, $3, $4, $5, $6) returning ${columns}`,
    [organization, `item_${randomUUIDv7()}`, item.name, item.price, item.currency, item.stock],
  )
  return toItem(rows[0]!)
}

export async function findItem(
  database: Transaction,
  organization: string,
  id: string,
): Promise<Item | undefined> {
  const { rows } = await database.query<Row>(
    `select ${columns} from items where organization = $1 and id = $2`,
    [organization, id],
  )
  return rows[0] && toItem(rows[0])
}

/** The newest first (ids are ordered by time). `next` is the cursor of the page after, null on the last one. */
export async function listItems(
  database: Transaction,
  organization: string,
  { limit, cursor }: { limit: number; cursor?: string | undefined },
): Promise<{ items: Item[]; next: string | null }> {
  const { rows } = await database.query<Row>(
    `select ${columns} from items
     where organization = $1 and ($2::text is null or id < $2)
     order by id desc limit $3`,
    [organization, cursor ?? null, limit + 1],
  )
  const items = rows.slice(0, limit).map(toItem)
  return { items, next: rows.length > limit ? (items.at(-1)?.id ?? null) : null }
}

export async function updateItem(
  tx: Transaction,
  organization: string,
  id: string,
  { name, price, stock }: ItemChanges,
): Promise<Item | undefined> {
  const { rows } = await tx.query<Row>(
    `update items set name = coalesce($3, name), price = coalesce($4, price), stock = coalesce($5, stock)
     where organization = $1 and id = $2 returning ${columns}`,
    [organization, id, name, price, stock],
  )
  return rows[0] && toItem(rows[0])
}

type Row = Omit<Item, 'createdAt'> & { created_at: Date }

function toItem(row: Row): Item {
  return {
    id: row.id,
    name: row.name,
    price: row.price,
    currency: row.currency,
    stock: row.stock,
    createdAt: row.created_at.toISOString(),
  }
}
