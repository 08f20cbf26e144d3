import { expect, test } from 'vitest'
import { differenceOf } from './difference.ts'
import type { Found } from './types.ts'

const operation = { method: 'POST', path: '/orders' }
const found: Found = {
  rule: 'request-property-max-decreased',
  operation,
  place: 'request body application/json /price',
  details: { before: { a: 1, b: [{ c: 2, d: 3 }] }, after: 8 },
}

test('a fingerprint is the same for the same details in another order', () => {
  const details = { after: 8, before: { b: [{ d: 3, c: 2 }], a: 1 } }
  expect(differenceOf({ ...found, details }).fingerprint).toBe(differenceOf(found).fingerprint)
})

test.each<[string, Partial<Found>]>([
  ['the rule', { rule: 'request-property-max-increased' }],
  ['the operation', { operation: { ...operation, method: 'PUT' } }],
  ['that it is of no operation', { operation: null }],
  ['the place', { place: 'request body application/json /cost' }],
  ['the order of a list', { details: { before: [1, 2], after: 8 } }],
])('a fingerprint hangs on %s', (_, other) => {
  const list = { before: [2, 1], after: 8 }
  const one = 'details' in other ? { ...found, details: list } : found
  expect(differenceOf({ ...found, ...other }).fingerprint).not.toBe(differenceOf(one).fingerprint)
})

test('of a difference in one operation, that one meets it; what is shared says who does', () => {
  expect(differenceOf(found).uses).toEqual([{ operation, place: found.place }])
  expect(differenceOf({ ...found, operation: null }).uses).toEqual([])
})
