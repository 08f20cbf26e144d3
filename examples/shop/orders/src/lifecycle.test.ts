import { expect, test } from 'vitest'
import { nextStatus } from './lifecycle.ts'
import type { Happening } from './lifecycle.ts'
import type { Status } from './orders.ts'

function after(...happenings: Happening[]): Status {
  let status: Status = 'placed'
  for (const happening of happenings) status = nextStatus({ status }, happening) ?? status
  return status
}

test('an order is placed, paid, cancelled and refunded', () => {
  expect(after('payment_captured')).toBe('paid')
  expect(after('payment_captured', 'cancel')).toBe('cancelled')
  expect(after('payment_captured', 'cancel', 'payment_refunded')).toBe('refunded')
})

test('a payment that crosses the cancellation does not bring the order back to life', () => {
  expect(after('cancel', 'payment_captured')).toBe('cancelled')
  expect(after('cancel', 'payment_captured', 'payment_refunded')).toBe('refunded')
  expect(after('cancel', 'payment_failed')).toBe('cancelled')
})

test('an order whose items are sold out is cancelled, before or after it is paid', () => {
  expect(after('item_sold_out')).toBe('cancelled')
  expect(after('payment_captured', 'item_sold_out', 'payment_refunded')).toBe('refunded')
})

test('nothing more happens to an order whose payment failed', () => {
  for (const happening of ['cancel', 'payment_captured', 'item_sold_out', 'payment_refunded'] as const) {
    expect(after('payment_failed', happening)).toBe('payment_failed')
  }
})
