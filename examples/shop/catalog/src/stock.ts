import type { Transaction } from '@rockpool/sdk'

export interface Wanted {
  order: string
  item: string
  quantity: number
}

/** `sold_out`: the stock did not suffice, and nothing was taken. `restored`: what was taken is back in stock. */
export type ReservationState = 'taken' | 'sold_out' | 'restored'

/** What one order did to the stock. Changed in the transaction that changes the stock: the two never disagree. */
export interface Reservation extends Wanted {
  state: ReservationState
}

export async function findReservation(
  database: Transaction,
  organization: string,
  order: string,
): Promise<Reservation | undefined> {
  const { rows } = await database.query<Reservation>(
    `select order_id as "order", item_id as item, quantity, state from reservations
     where organization = $1 and order_id = $2`,
    [organization, order],
  )
  return rows[0]
}

/** Takes an order's items from the stock; false if it does not suffice. Call it in a transaction. */
export async function takeStock(tx: Transaction, organization: string, wanted: Wanted): Promise<boolean> {
  const { order, item, quantity } = wanted
  const taken = await tx.query(
    'update items set stock = stock - $3 where organization = $1 and id = $2 and stock >= $3',
    [organization, item, quantity],
  )
  const state = taken.rowCount === 1 ? 'taken' : 'sold_out'
  await tx.query(
    'insert into reservations (organization, order_id, item_id, quantity, state) values ($1, $2, $3, $4, $5)',
    [organization, order, item, quantity, state],
  )
  return state === 'taken'
}

/** Gives back what an order took: once, and only what it really took. */
export async function restoreStock(tx: Transaction, organization: string, order: string): Promise<void> {
  await tx.query(
    `with restored as (
       update reservations set state = 'restored'
       where organization = $1 and order_id = $2 and state = 'taken' returning item_id, quantity
     )
     update items set stock = stock + restored.quantity from restored
     where items.organization = $1 and items.id = restored.item_id`,
    [organization, order],
  )
}
