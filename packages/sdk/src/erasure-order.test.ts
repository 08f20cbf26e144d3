import fc from 'fast-check'
import { expect, test } from 'vitest'
import { erasureOrder } from './erasure-order.ts'

test('what refers comes before what it refers to', () => {
  const order = erasureOrder(
    ['customers', 'lines', 'orders'],
    [
      { from: 'lines', to: 'orders' },
      { from: 'orders', to: 'customers' },
    ],
  )
  expect(order).toEqual([['lines'], ['orders'], ['customers']])
})

test('tables in a ring come together, in front of what they refer to', () => {
  const order = erasureOrder(
    ['a', 'b', 'c', 'd'],
    [
      { from: 'a', to: 'b' },
      { from: 'b', to: 'a' },
      { from: 'b', to: 'd' },
      { from: 'c', to: 'a' },
    ],
  )
  expect(order.map((group) => group.toSorted())).toEqual([['c'], ['a', 'b'], ['d']])
})

test('a table that is not to be emptied still orders those around it', () => {
  const order = erasureOrder(
    ['a', 'z'],
    [
      { from: 'z', to: 'between' },
      { from: 'between', to: 'a' },
    ],
  )
  expect(order).toEqual([['z'], ['a']])
})

test('each table comes once, and none before a table that refers to it from outside its ring', () => {
  const table = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'g')
  const references = fc.array(fc.record({ from: table, to: table }), { maxLength: 14 })
  fc.assert(
    fc.property(fc.uniqueArray(table), references, (tables, given) => {
      const order = erasureOrder(tables, given)
      expect(order.flat().toSorted()).toEqual(tables.toSorted())
      const at = new Map(order.flatMap((group, index) => group.map((name) => [name, index] as const)))
      for (const { from, to } of given)
        if (at.has(from) && at.has(to)) expect(at.get(from)!).toBeLessThanOrEqual(at.get(to)!)
    }),
  )
})
