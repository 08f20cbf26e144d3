import type { Order, Status } from './orders.ts'

/*
 *              payment_captured          cancel, item_sold_out           payment_refunded
 *   placed ───────────────────────► paid ──────────────────► cancelled ─────────────────► refunded
 *      │                                                         ▲
 *      ├──────────────── cancel, item_sold_out ──────────────────┘
 *      └──► payment_failed
 *
 * Events of payments and catalog may cross a cancellation on their way: what no longer applies changes nothing.
 */

export type Happening =
  | 'payment_captured'
  | 'payment_failed'
  | 'payment_refunded'
  | 'item_sold_out'
  | 'cancel'

const transitions: Record<Status, Partial<Record<Happening, Status>>> = {
  placed: {
    payment_captured: 'paid',
    payment_failed: 'payment_failed',
    item_sold_out: 'cancelled',
    cancel: 'cancelled',
  },
  paid: { item_sold_out: 'cancelled', cancel: 'cancelled' },
  payment_failed: {},
  cancelled: { payment_refunded: 'refunded' },
  refunded: {},
}

/** What an order becomes when something happens to it; undefined if nothing. Pure. */
export function nextStatus(order: Pick<Order, 'status'>, happening: Happening): Status | undefined {
  return transitions[order.status][happening]
}
