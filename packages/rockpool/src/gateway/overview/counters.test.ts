import fc from 'fast-check'
import { expect, test } from 'vitest'
import { accessRecord, records } from '../../../test/support/traffic.ts'
import { createCounters, durationBounds, overflow } from './counters.ts'
import { factsSchema } from './report.ts'
import type { CounterValues } from './types.ts'

const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0)
const counted = ({ requests }: CounterValues) => sum(requests.map(({ count }) => count))
const refusedOf = (path: string | null) => (path === null ? 'route_unknown' : null)

test('each request counts once, however few cells fit, and no counter ever shrinks', () => {
  fc.assert(
    fc.property(records, fc.integer({ min: 1, max: 40 }), (all, most) => {
      const counters = createCounters({ most })
      let before = new Map<string, number>()
      for (const [index, record] of all.entries()) {
        counters.add({ ...record, refused: refusedOf(record.path) })
        if (index % 20 !== 0 && index + 1 !== all.length) continue
        const values = counters.values()
        expect(counted(values)).toBe(index + 1)
        const now = new Map(values.requests.map(({ count, ...labels }) => [JSON.stringify(labels), count]))
        expect([...before].filter(([series, count]) => !(now.get(series)! >= count))).toEqual([])
        before = now
      }
      const { requests, services, refused } = counters.values()
      // Overflow adds one for each status and sender at most.
      expect(requests.length).toBeLessThanOrEqual(most + 10)
      const left = sum(requests.filter(({ status }) => status === 'none').map(({ count }) => count))
      expect(sum(services.flatMap(({ durations }) => durations))).toBe(all.length - left)
      expect(sum(refused.map(({ count }) => count))).toBe(all.filter(({ path }) => path === null).length)
    }),
    { numRuns: 10 },
  )
})

test('what callers make up makes no series, and what does not fit counts as (other)', () => {
  const counters = createCounters({ most: 3 })
  for (let n = 0; n < 500; n++)
    counters.add(
      accessRecord({ method: `X-${n}`, path: `/p/${n}`, organization: `o-${n}`, service: `s-${n % 9}` }),
    )
  const { requests } = counters.values()
  expect(requests).toHaveLength(4)
  expect(requests.at(-1)).toMatchObject({ service: overflow, environment: null, method: 'other' })
  expect(counted(counters.values())).toBe(500)
})

test('a duration falls into the band that ends with it', () => {
  const counters = createCounters()
  for (const ms of [...durationBounds, 60_001, -5]) counters.add(accessRecord({ ms }))
  const [{ durations, durationMs } = { durations: [], durationMs: 0 }] = counters.values().services
  expect(durations).toEqual([2, ...durationBounds.map(() => 1)])
  expect(durationMs).toBe(sum(durationBounds) + 60_001)
})

test('what the gateway serves itself is not counted', () => {
  const counters = createCounters()
  counters.add(accessRecord({ path: null, service: null, refused: null }))
  expect(counters.values().requests).toEqual([])
})

test('control takes what a gateway at its limits tells', () => {
  const counters = createCounters()
  for (let n = 0; n < 1_300; n++)
    counters.add(accessRecord({ service: `s-${n}`, refused: `code_${n}`, stripped: 1 }))
  const values = counters.values()
  expect(factsSchema.shape.counters.safeParse(values).error).toBeUndefined()
  expect(values.stripped).toBe(1_300)
})
