import type { CloudEvent, Rockpool, Transaction } from '@rockpool/sdk'
import { change } from './cancel.ts'
import type { Happening } from './lifecycle.ts'
import { lockOrder } from './orders.ts'

interface OfOrder {
  order: string
  reason?: string
}

/** What payments and catalog made of an order. */
export function consumeOutcomes(rockpool: Rockpool): void {
  rockpool.consume<OfOrder>('payments.payment_captured', (event, tx) => apply(event, tx, 'payment_captured'))
  rockpool.consume<OfOrder>('payments.payment_failed', (event, tx) => apply(event, tx, 'payment_failed'))
  rockpool.consume<OfOrder>('payments.payment_refunded', (event, tx) => apply(event, tx, 'payment_refunded'))
  rockpool.consume<OfOrder>('catalog.item_sold_out', (event, tx) => apply(event, tx, 'item_sold_out'))

  async function apply(
    event: CloudEvent & { data: OfOrder },
    tx: Transaction,
    happening: Happening,
  ): Promise<void> {
    const { organization, data } = event
    const order = await lockOrder(tx, organization, data.order)
    if (!order) return
    const reason = happening === 'item_sold_out' ? 'sold_out' : (data.reason ?? order.reason)
    await change(rockpool, tx, organization, order, happening, reason)
  }
}
