import type { Rockpool, Transaction } from '@rockpool/sdk'
import { nextStatus } from './lifecycle.ts'
import type { Happening } from './lifecycle.ts'
import { lockOrder, setStatus } from './orders.ts'
import type { Order } from './orders.ts'
import { Problem } from './problem.ts'
import type { Reserved } from './reserved.ts'

/** Cancels an order; undefined if there is none. Once cancelled, it stays so: to cancel again changes nothing. */
export async function cancelOrder(
  rockpool: Rockpool,
  reserved: Reserved,
  id: string,
): Promise<Order | undefined> {
  const { organization, actor } = rockpool.identity()
  return rockpool.transaction(async (tx) => {
    const order = await lockOrder(tx, organization, id)
    if (order && actor === 'bot' && !isOfBots(reserved, order))
      throw new Problem(403, 'order_not_yours', 'A bot cancels orders of bots, and no customer’s.')
    if (!order || order.status === 'cancelled' || order.status === 'refunded') return order
    const changed = await change(rockpool, tx, organization, order, 'cancel', 'customer')
    if (!changed)
      throw new Problem(409, 'order_not_cancellable', 'Its payment failed: there is nothing to cancel.')
    return changed
  })
}

function isOfBots({ domain }: Reserved, { email }: Order): boolean {
  return domain !== null && (email?.endsWith(`@${domain}`) ?? false)
}

/**
 * Does to an order what happened to it; undefined if it no longer applies. An order that ends gives its items back:
 * the catalog and payments hear of it.
 */
export async function change(
  rockpool: Rockpool,
  tx: Transaction,
  organization: string,
  order: Order,
  happening: Happening,
  reason: string | null,
): Promise<Order | undefined> {
  const status = nextStatus(order, happening)
  if (!status) return undefined
  await setStatus(tx, organization, order.id, status, reason)
  if (status === 'cancelled' || status === 'payment_failed') {
    await rockpool.publish(tx, {
      type: 'order_cancelled',
      key: order.id,
      data: { order: order.id, reason },
    })
  }
  return { ...order, status, reason }
}
