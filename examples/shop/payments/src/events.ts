import type { Rockpool } from '@rockpool/sdk'
import type { Bank } from './bank.ts'
import { cardFor } from './cards.ts'
import { findPayment, insertPayment, markRefunded, paymentIdOf } from './payments.ts'

interface OrderPlaced {
  order: string
  amount: number
  currency: string
  /** A token of ours. */
  card: string
}

interface OrderCancelled {
  order: string
}

/**
 * Charges what is ordered and refunds what is cancelled. The bank is asked inside the transaction: if it does not
 * answer, nothing is stored and the event comes again; if this process dies after it answered, the event comes again
 * too, and the bank recognises the payment by its key.
 */
export function consumeOrders(rockpool: Rockpool, bank: Bank, botCard: string | null): void {
  rockpool.consume<OrderPlaced>('orders.order_placed', async ({ organization, data }, tx) => {
    const { order, amount, currency } = data
    const id = paymentIdOf(order)
    const card = await cardFor(tx, rockpool.identity(), data.card, botCard)
    const usable = typeof card === 'object'
    const outcome = usable
      ? await bank.charge({ payment: id, card: card.token, last4: card.last4, amount, currency })
      : { refused: card }

    const payment = { id, order, amount, currency, card: { last4: usable ? card.last4 : null } }
    if ('refused' in outcome) {
      const reason = outcome.refused
      await insertPayment(tx, organization, { ...payment, status: 'failed', reason }, null)
      await rockpool.publish(tx, {
        type: 'payment_failed',
        key: order,
        data: { payment: id, order, reason },
      })
    } else {
      const captured = { ...payment, status: 'captured', reason: null } as const
      await insertPayment(tx, organization, captured, outcome.charge)
      await rockpool.publish(tx, {
        type: 'payment_captured',
        key: order,
        data: { payment: id, order, amount, currency },
      })
    }
  })

  rockpool.consume<OrderCancelled>('orders.order_cancelled', async ({ organization, data }, tx) => {
    const found = await findPayment(tx, organization, paymentIdOf(data.order))
    if (!found?.bankCharge || found.payment.status !== 'captured') return
    const { id, order, amount, currency } = found.payment
    await bank.refund({ payment: id, charge: found.bankCharge, amount, currency })
    await markRefunded(tx, organization, id)
    await rockpool.publish(tx, {
      type: 'payment_refunded',
      key: order,
      data: { payment: id, order, amount, currency },
    })
  })
}
