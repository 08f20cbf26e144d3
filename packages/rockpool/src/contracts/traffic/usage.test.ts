import fc from 'fast-check'
import { expect, test } from 'vitest'
import { mergeUsage, noUsage, rowsOf, usageOf } from './index.ts'
import type { Usage } from './index.ts'
import { usageKinds } from './types.ts'
import { inOrder } from './usage.ts'

const rows = fc
  .array(
    fc.record({
      operation: fc.constantFrom('GET /a', 'POST /a'),
      direction: fc.constantFrom('request' as const, 'response' as const),
      place: fc.constantFrom('operation', 'schema Pet', 'schema Pet /name'),
      kind: fc.constantFrom(...usageKinds),
      value: fc.constantFrom(null, '"a"', 'a'),
      organization: fc.constantFrom(null, 'acme', 'beta'),
      day: fc.constantFrom('2026-11-22', '2026-11-23'),
      count: fc.nat(9),
      times: fc.nat(99),
      lastSeen: fc.constantFrom('2026-11-22T01:00:00Z', '2026-11-23T01:00:00Z'),
    }),
    { maxLength: 12 },
  )
  .map((all): Usage => mergeUsage({ rows: all, isCut: false }, noUsage))

test('merging is commutative and associative, however few rows are kept, and nothing merges to nothing', () => {
  fc.assert(
    fc.property(rows, rows, rows, fc.integer({ min: 1, max: 30 }), (a, b, c, most) => {
      const merge = (one: Usage, other: Usage) => mergeUsage(one, other, most)
      expect(merge(a, b)).toEqual(merge(b, a))
      expect(merge(merge(a, b), c)).toEqual(merge(a, merge(b, c)))
      expect(merge(a, b).rows.length).toBeLessThanOrEqual(most)
      expect(mergeUsage(a, noUsage)).toEqual(a)
    }),
    { numRuns: 500 },
  )
})

test('merging adds what was counted, once for each key', () => {
  fc.assert(
    fc.property(rows, rows, (a, b) => {
      const merged = mergeUsage(a, b)
      const times = (usage: Usage) => usage.rows.reduce((sum, row) => sum + row.times, 0)
      expect(times(merged)).toBe(times(a) + times(b))
      expect(merged.rows.every((row, index, all) => index === 0 || inOrder(all[index - 1]!, row) < 0)).toBe(
        true,
      )
      expect(merged.isCut).toBe(false)
    }),
  )
})

test('beyond the bound it says that something is missing', () => {
  const [one, other] = ['GET /a', 'GET /b'].map((operation): Usage => ({
    rows: [
      {
        operation,
        direction: 'request',
        place: 'operation',
        kind: 'call',
        value: null,
        organization: 'acme',
        day: '2026-11-22',
        count: 1,
        times: 1,
        lastSeen: '2026-11-22T01:00:00Z',
      },
    ],
    isCut: false,
  }))
  expect(mergeUsage(one!, other!, 1)).toEqual({ rows: one!.rows, isCut: true })
})

test('rows of a table, in any order, are the same usage again', () => {
  fc.assert(
    fc.property(rows, (usage) => {
      expect(usageOf(rowsOf('pets', usage).toReversed())).toEqual(usage)
      expect(mergeUsage(JSON.parse(JSON.stringify(usage)) as Usage, noUsage)).toEqual(usage)
    }),
  )
})
