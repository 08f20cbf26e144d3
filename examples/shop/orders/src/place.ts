import type { Pool, Rockpool } from '@rockpool/sdk'
import { getItem, tokenizeCard } from './clients.ts'
import { isCardToken } from './input.ts'
import type { NewOrder } from './input.ts'
import { findByIdempotencyKey, insertOrder } from './orders.ts'
import type { Order } from './orders.ts'
import { Problem } from './problem.ts'
import { checkCard, checkEmail } from './reserved.ts'
import type { Reserved } from './reserved.ts'

/**
 * Places an order at the price that the catalog shows now. The order and the news of it are one transaction: payments
 * and catalog hear of every order that exists, and of no other.
 */
export async function placeOrder(
  rockpool: Rockpool,
  database: Pool,
  reserved: Reserved,
  input: NewOrder,
  idempotencyKey?: string,
): Promise<Order> {
  const identity = rockpool.identity()
  checkEmail(reserved, identity, input.email)
  checkCard(reserved, identity, input.card)
  const { organization } = identity
  const earlier = idempotencyKey && (await findByIdempotencyKey(database, organization, idempotencyKey))
  if (earlier) return sameOrder(earlier, input)

  const item = await getItem(rockpool, input.item)
  if (item.stock < input.quantity) {
    throw new Problem(409, 'out_of_stock', `Of ${item.id} only ${item.stock} are left.`)
  }
  const card = isCardToken(input.card) ? input.card : await tokenizeCard(rockpool, input.card)

  return rockpool.transaction(async (tx) => {
    const { quantity } = input
    const { id, price, currency } = item
    const email = input.email?.text
    const order = await insertOrder(tx, organization, {
      item: id,
      quantity,
      price,
      currency,
      email,
      idempotencyKey,
    })
    if (!order) return sameOrder(await findByIdempotencyKey(tx, organization, idempotencyKey ?? ''), input)
    await rockpool.publish(tx, {
      type: 'order_placed',
      key: order.id,
      data: { order: order.id, item: id, quantity, amount: order.amount, currency, card },
    })
    return order
  })
}

function sameOrder(order: Order | undefined, input: NewOrder): Order {
  const same = order?.email === (input.email?.text ?? null)
  if (same && order.item === input.item && order.quantity === input.quantity) return order
  throw new Problem(422, 'idempotency_key_reused', 'This Idempotency-Key stands for another order.')
}
