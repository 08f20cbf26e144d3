import type { Rockpool } from '@rockpool/sdk'
import { restoreStock, takeStock } from './stock.ts'

interface OrderPlaced {
  order: string
  item: string
  quantity: number
}

interface OrderCancelled {
  order: string
}

/** The stock follows the orders. What is done with `tx` counts exactly once, however often an event is delivered. */
export function consumeOrders(rockpool: Rockpool): void {
  rockpool.consume<OrderPlaced>('orders.order_placed', async ({ organization, data }, tx) => {
    const taken = await takeStock(tx, organization, data)
    if (!taken) {
      await rockpool.publish(tx, {
        type: 'item_sold_out',
        key: data.order,
        data: { order: data.order, item: data.item },
      })
    }
  })

  rockpool.consume<OrderCancelled>('orders.order_cancelled', async ({ organization, data }, tx) => {
    await restoreStock(tx, organization, data.order)
  })
}
