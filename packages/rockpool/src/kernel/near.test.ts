import { expect, test } from 'vitest'
import { near } from './near.ts'

test('names that differ by a slip are offered, the nearest first', () => {
  expect(near('getItm', ['createItem', 'getItem', 'getItems', 'listOrders'])).toBe(
    'did you mean getItem or getItems?',
  )
  expect(near('PLACEORDER', ['placeOrder'])).toBe('did you mean placeOrder?')
})

test('where none is near, all are named, as far as there is room', () => {
  expect(near('refund', ['createItem', 'getItem'])).toBe('there are createItem, getItem')
  expect(near('x', [])).toBe('there are none')
  expect(
    near(
      'nothing',
      Array.from({ length: 30 }, (_, i) => `operation${i}`),
    ),
  ).toMatch(/operation19, …$/)
})
