import fc from 'fast-check'
import { expect, test } from 'vitest'
import { records } from '../../../test/support/traffic.ts'
import { createCells, requestsIn } from './cells.ts'
import { createSamples, kindOf } from './samples.ts'
import { sideOf } from './side.ts'
import { seriesOf, summarize, type SummaryRow } from './summary.ts'
import type { Cell } from './types.ts'

test('every request is in exactly one cell, however they are taken out and however few cells fit', () => {
  fc.assert(
    fc.property(
      records,
      fc.integer({ min: 1, max: 30 }),
      fc.integer({ min: 1, max: 5 }),
      (given, most, each) => {
        const cells = createCells(most)
        let taken = 0
        given.forEach((record, index) => {
          cells.add(record)
          if (index % 7 === 6) taken += requestsIn(cells.take(each))
        })
        expect(cells.requests() + taken).toBe(given.length)
        expect(requestsIn(cells.take(Infinity)) + taken).toBe(given.length)
        expect(cells.size()).toBe(0)
      },
    ),
  )
})

test('no two cells of a minute have the same key, whatever methods and statuses are made up', () => {
  fc.assert(
    fc.property(records, (given) => {
      const cells = createCells(1_000)
      for (const record of given) cells.add(record)
      const keys = cells.take(Infinity).map(({ bands: _bands, ...key }) => JSON.stringify(key))
      expect(new Set(keys).size).toBe(keys.length)
    }),
  )
})

test('with too many cells the oldest lose what they were, and keep their count and minute', () => {
  fc.assert(
    fc.property(records, (given) => {
      const cells = createCells(3)
      for (const record of given) cells.add(record)
      const taken = cells.take(Infinity)
      const minutes = new Set(given.map(({ time }) => time.slice(0, 16)))
      expect(taken.filter((cell) => cell.class !== 'dropped').length).toBeLessThanOrEqual(3)
      expect(taken.length).toBeLessThanOrEqual(3 + minutes.size)
      for (const minute of minutes)
        expect(requestsIn(taken.filter((cell) => cell.minute === minute))).toBe(
          given.filter(({ time }) => time.startsWith(minute)).length,
        )
    }),
  )
})

test('all that came from outside is exactly customers’ and Rockpool’s own, in the whole, by actor and in every step', () => {
  fc.assert(
    fc.property(records, fc.integer({ min: 2, max: 200 }), (given, most) => {
      const cells = createCells(most)
      for (const record of given) cells.add(record)
      const rows = cells.take(Infinity).flatMap(rowsOf)
      const { totals, services, actors } = summarize(rows)
      const sum = (counts: number[]) => counts.reduce((a, b) => a + b, 0)
      expect(totals.all.count).toBe(totals.customers.count + totals.own.count)
      expect(totals.all.errors).toBe(totals.customers.errors + totals.own.errors)
      expect(totals.all.count).toBe(sum(actors.map(({ count }) => count)))
      expect(totals.customers.count).toBe(sum(services.map(({ customers }) => customers.count)))
      expect(totals.own.count).toBe(sum(services.map(({ own }) => own.count)))
      expect(totals.all.count + totals.inside.count + totals.dropped).toBe(given.length)
      const series = seriesOf(rows)
      expect(sum(series.map(({ customers, own }) => customers.count + own.count))).toBe(totals.all.count)
      expect(sum(series.map(({ dropped }) => dropped))).toBe(totals.dropped)
    }),
  )
})

test('nothing is Rockpool’s own by default: what nobody knows of is a customer’s', () => {
  expect(sideOf({ environment: null, actor: null })).toBe('customers')
  expect(sideOf({ environment: 'production', actor: 'anonymous' })).toBe('customers')
  expect(sideOf({ environment: 'production', actor: 'bot' })).toBe('own')
  expect(sideOf({ environment: 'sandbox', actor: 'customer' })).toBe('own')
})

test('of failed and refused requests the last are kept, and any of the rest; never more than fit', () => {
  fc.assert(
    fc.property(
      records,
      fc.infiniteStream(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true })),
      (given, numbers) => {
        const samples = createSamples(() => numbers.next().value as number)
        const many = given.flatMap((record, n) =>
          Array.from({ length: 5 }, (_, more) => ({ ...record, request: `req_${n}_${more}` })),
        )
        for (const record of many) samples.add(record)
        const taken = samples.take()
        expect(new Set(taken.map(({ request }) => request)).size).toBe(taken.length)
        for (const side of ['customers', 'own']) {
          const failed = many.filter((record) => kindOf(record) === 'failed' && sideOf(record) === side)
          const kept = taken.filter((sample) => sample.kind === 'failed' && sideOf(sample) === side)
          expect(new Set(kept.map(({ request }) => request))).toEqual(
            new Set(failed.slice(-50).map(({ request }) => request)),
          )
          const rest = many.filter((record) => kindOf(record) === 'rest' && sideOf(record) === side)
          expect(taken.filter((sample) => sample.kind === 'rest' && sideOf(sample) === side)).toHaveLength(
            Math.min(rest.length, 20),
          )
        }
        expect(samples.take()).toEqual([])
      },
    ),
  )
})

const rowsOf = ({ minute, bands, ...key }: Cell): SummaryRow[] =>
  bands.map(([band, count]) => ({ ...key, at: Date.parse(`${minute}Z`), band, count }))
