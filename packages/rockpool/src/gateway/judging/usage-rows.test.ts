import { expect, test } from 'vitest'
import type { UsageRow } from '../../contracts/light.ts'
import { cutRow, observedRow, takeRows, toldOf } from './usage-rows.ts'

const [day, at] = ['2026-11-23', '2026-11-23T12:00:00.000Z']
const row = (more: Partial<UsageRow>): UsageRow => ({ ...cutRow('GET /a', day, at), kind: 'sent', ...more })

test('a row that is too long to be told is told as a cut of its operation', () => {
  const long = row({ place: 'x'.repeat(4_001) })
  expect(toldOf({ rows: [long, row({})], isCut: false })).toEqual([row({}), cutRow('GET /a', day, at)])
  expect(toldOf({ rows: [row({ value: 'x'.repeat(1_001) })], isCut: false })).toEqual([
    cutRow('GET /a', day, at),
  ])
})

test('where rows are missing, each operation is told as cut', () => {
  expect(toldOf({ rows: [row({}), row({ operation: 'GET /b' })], isCut: true })).toHaveLength(4)
})

test('that somebody looked is taken last, and no more is taken than there is room for', () => {
  const rows = [observedRow('GET /a', day, at), row({ place: 'a' }), row({ place: 'b' })]
  const held = [{ side: 'customers', service: 's', usage: { rows, isCut: false } } as const]
  expect(takeRows(held, 2, 1_000_000).map(({ kind }) => kind)).toEqual(['sent', 'sent'])
  expect(takeRows(held, 2, 1_000_000).map(({ kind }) => kind)).toEqual(['observed'])
  const many = Array.from({ length: 10 }, () => row({ place: 'x'.repeat(1_000) }))
  expect(takeRows([{ ...held[0]!, usage: { rows: many, isCut: false } }], 10, 6_000)).toHaveLength(2)
})
