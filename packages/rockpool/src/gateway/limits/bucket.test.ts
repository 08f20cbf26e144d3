import fc from 'fast-check'
import { expect, test } from 'vitest'
import { fullInMs, rateOf, take, tokensAt, waitMs } from './bucket.ts'

const never = Number.NEGATIVE_INFINITY

const rates = fc.record({
  limit: fc.integer({ min: 1, max: 5_000 }),
  windowMs: fc.integer({ min: 1, max: 120 }).map((seconds) => seconds * 1_000),
  burst: fc.integer({ min: 1, max: 50 }),
})
/** Milliseconds between one call and the next. */
const gaps = fc.array(fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 3_000 })), { maxLength: 120 })

test('whatever comes when: in no stretch of time are more let through than the burst and what came back in it', () => {
  fc.assert(
    fc.property(rates, gaps, (limit, waits) => {
      const rate = rateOf(limit)
      const admitted: number[] = []
      let fullAt = never
      let now = 0
      for (const wait of waits) {
        now += wait
        const free = waitMs(fullAt, rate, now) === 0
        expect(tokensAt(fullAt, rate, now) >= 1).toBe(free)
        if (!free) continue
        fullAt = take(fullAt, rate, now)
        admitted.push(now)
      }
      for (const [from, first] of admitted.entries())
        for (const [to, last] of admitted.entries())
          if (to >= from)
            expect(to - from + 1).toBeLessThanOrEqual(
              rate.capacity + (last - first) / rate.intervalMs + 0.001,
            )
    }),
  )
})

test('who waits for as long as it is told is let through, and not before', () => {
  fc.assert(
    fc.property(rates, fc.integer({ min: 0, max: 100_000 }), (limit, now) => {
      const rate = rateOf(limit)
      let fullAt = never
      for (let token = 0; token < limit.burst; token += 1) fullAt = take(fullAt, rate, now)
      const wait = waitMs(fullAt, rate, now)
      expect(wait).toBeCloseTo(rate.intervalMs, 3)
      expect(waitMs(fullAt, rate, now + wait)).toBe(0)
      expect(waitMs(fullAt, rate, now + wait * 0.99)).toBeGreaterThan(0)
    }),
  )
})

test('a full bucket holds the burst, fills by the limit, and never beyond', () => {
  const rate = rateOf({ limit: 2, windowMs: 1_000, burst: 4 })
  expect(tokensAt(never, rate, 0)).toBe(4)
  const one = take(never, rate, 0)
  expect([0, 499, 500, 90_000].map((now) => tokensAt(one, rate, now))).toEqual([3, 3, 4, 4])
  expect(fullInMs(one, rate, 100)).toBe(400)
})

test('a clock that is set back costs a bucket at most', () => {
  const rate = rateOf({ limit: 1, windowMs: 1_000, burst: 3 })
  const hourLater = take(never, rate, 3_600_000)
  expect(tokensAt(hourLater, rate, 0)).toBe(0)
  expect(waitMs(hourLater, rate, 0)).toBe(1_000)
})
