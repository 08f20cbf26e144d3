import { randomUUIDv7 } from 'node:crypto'
import type { Transaction } from '@rockpool/sdk'
import type { OrderFilter } from './input.ts'

export type Status = 'placed' | 'paid' | 'payment_failed' | 'cancelled' | 'refunded'

/** `price` (of one) and `amount` (of all) in minor units of `currency`. */
export interface Order {
  id: string
  item: string
  quantity: number
  price: number
  amount: number
  currency: string
  /** Under which address it was placed; null where none was given. */
  email: string | null
  status: Status
  reason: string | null
  placedAt: string
}

export type OrderToPlace = Pick<Order, 'item' | 'quantity' | 'price' | 'currency'> & {
  email?: string | undefined
  idempotencyKey?: string | undefined
}

const columns = 'id, item_id, quantity, price, currency, email, status, reason, placed_at'

/** Undefined if the idempotency key has an order already. */
export async function insertOrder(
  tx: Transaction,
  organization: string,
  { item, quantity, price, currency, email, idempotencyKey }: OrderToPlace,
): Promise<Order | undefined> {
  const { rows } = await tx.query<Row>(
    `insert into orders (organization, id, item_id, quantity, price, currency, status, idempotency_key, email)
     values ($1, $2, $3, $4, $5, $6, 'placed', $7, $8)
     on conflict (organization, idempotency_key) do nothing returning ${columns}`,
    [organization, `order_${randomUUIDv7()}`, item, quantity, price, currency, idempotencyKey, email],
  )
  return rows[0] && toOrder(rows[0])
}

export async function findOrder(
  database: Transaction,
  organization: string,
  id: string,
): Promise<Order | undefined> {
  const { rows } = await database.query<Row>(
    `select ${columns} from orders where organization = $1 and id = $2`,
    [organization, id],
  )
  return rows[0] && toOrder(rows[0])
}

/** Like findOrder, and nobody else changes the order until the transaction ends. */
export async function lockOrder(
  tx: Transaction,
  organization: string,
  id: string,
): Promise<Order | undefined> {
  const { rows } = await tx.query<Row>(
    `select ${columns} from orders where organization = $1 and id = $2 for update`,
    [organization, id],
  )
  return rows[0] && toOrder(rows[0])
}

export async function findByIdempotencyKey(
  database: Transaction,
  organization: string,
  key: string,
): Promise<Order | undefined> {
  const { rows } = await database.query<Row>(
    `select ${columns} from orders where organization = $1 and idempotency_key = $2`,
    [organization, key],
  )
  return rows[0] && toOrder(rows[0])
}

/** The newest first (ids are ordered by time). `next` is the cursor of the page after, null on the last one. */
export async function listOrders(
  database: Transaction,
  organization: string,
  { limit, cursor, email, domain, idempotencyKey }: OrderFilter,
): Promise<{ orders: Order[]; next: string | null }> {
  const { rows } = await database.query<Row>(
    `select ${columns} from orders
     where organization = $1 and ($2::text is null or id < $2)
       and ($3::text is null or email = $3) and ($4::text is null or split_part(email, '@', 2) = $4)
       and ($5::text is null or idempotency_key = $5)
     order by id desc limit $6`,
    [organization, cursor ?? null, email ?? null, domain ?? null, idempotencyKey ?? null, limit + 1],
  )
  const orders = rows.slice(0, limit).map(toOrder)
  return { orders, next: rows.length > limit ? (orders.at(-1)?.id ?? null) : null }
}

export async function setStatus(
  tx: Transaction,
  organization: string,
  id: string,
  status: Status,
  reason: string | null,
): Promise<void> {
  await tx.query('update orders set status = $3, reason = $4 where organization = $1 and id = $2', [
    organization,
    id,
    status,
    reason,
  ])
}

interface Row {
  id: string
  item_id: string
  quantity: number
  price: number
  currency: string
  email: string | null
  status: Status
  reason: string | null
  placed_at: Date
}

function toOrder(row: Row): Order {
  return {
    id: row.id,
    item: row.item_id,
    quantity: row.quantity,
    price: row.price,
    amount: row.price * row.quantity,
    currency: row.currency,
    email: row.email,
    status: row.status,
    reason: row.reason,
    placedAt: row.placed_at.toISOString(),
  }
}
