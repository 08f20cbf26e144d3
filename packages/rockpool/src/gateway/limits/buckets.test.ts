import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createBuckets } from './buckets.ts'
import type { Buckets } from './buckets.ts'

/** As others know the bucket that is found. */
function nameOf(buckets: Buckets, limit: string, who: string, now: number): string {
  const bucket = buckets.find(limit, who, now)
  return `${bucket.limit} ${bucket.who}`
}

test('however many come, no more are kept than there is room for; who comes too late shares one', () => {
  const buckets = createBuckets({ most: 100 })
  for (let who = 0; who < 100_000; who += 1)
    buckets.set(nameOf(buckets, 'all', `198.51.100.${who}`, who), who + 1_000_000_000)
  expect(buckets.size()).toBe(101)
  expect(nameOf(buckets, 'all', 'somebody', 0)).toBe(nameOf(buckets, 'all', 'somebody else', 0))
  expect(nameOf(buckets, 'all', '198.51.100.7', 0)).toBe('all 198.51.100.7')
  expect(nameOf(buckets, 'other', 'somebody', 0)).not.toBe(nameOf(buckets, 'all', 'somebody', 0))
})

test('buckets that are full again are forgotten when room is wanted', () => {
  const buckets = createBuckets({ most: 50_000 })
  for (let now = 0; now < 200_000; now += 1)
    buckets.set(nameOf(buckets, 'all', `key_${now}`, now), now + 1_000)
  // What came within the last second is not full yet; and nobody asks for room oftener than once a second.
  expect(buckets.size()).toBeLessThan(4_096)
})

test('asking keeps nothing', () => {
  const buckets = createBuckets({ most: 10 })
  for (let who = 0; who < 100; who += 1) buckets.get(nameOf(buckets, 'all', `key_${who}`, 0))
  expect(buckets.size()).toBe(0)
})

/** One table by both names, as plain as can be. */
function createTable(most: number) {
  const table = new Map<string, number>()
  let due = Math.min(most, 1_024)
  let sweptAt = Number.NEGATIVE_INFINITY
  return {
    nameOf(limit: string, who: string, now: number): string {
      const name = `${limit} ${who}`
      if (table.has(name)) return name
      if (table.size >= due && Math.abs(now - sweptAt) >= 1_000) {
        sweptAt = now
        for (const [other, fullAt] of table) if (fullAt <= now) table.delete(other)
        due = Math.min(most, Math.max(1_024, table.size * 2))
      }
      return table.size < most ? name : `${limit} `
    },
    get: (name: string) => table.get(name) ?? Number.NEGATIVE_INFINITY,
    set: (name: string, fullAt: number) => void table.set(name, fullAt),
    size: () => table.size,
  }
}

test('the bucket that is found is the one that a table by both names has, whatever was forgotten meanwhile', () => {
  const step = fc.record({
    limit: fc.constantFrom('all', 'other', 'third'),
    who: fc.constantFrom('', 'a', 'b', 'c', 'd d', 'e', 'f', 'g'),
    wait: fc.constantFrom(0, 1, 700, 2_000),
    lasts: fc.constantFrom(1, 500, 5_000),
    does: fc.constantFrom('asks', 'takes', 'takes', 'hears'),
  })
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), fc.integer({ min: 1, max: 6 }), (steps, most) => {
      const buckets = createBuckets({ most })
      const table = createTable(most)
      let now = 0
      for (const { limit, who, wait, lasts, does } of steps) {
        now += wait
        const name = table.nameOf(limit, who, now)
        const found = buckets.find(limit, who, now)
        expect(nameOf(buckets, limit, who, now)).toBe(name)
        expect(found.fullAt).toBe(table.get(name))
        if (does === 'hears') buckets.set(name, now + lasts)
        if (does === 'takes') buckets.keep(found).fullAt = now + lasts
        if (does !== 'asks') table.set(name, now + lasts)
        expect(buckets.get(name)).toBe(table.get(name))
        expect(buckets.size()).toBe(table.size())
      }
    }),
    { numRuns: 1000 },
  )
})

test('of two that found a bucket before it was kept, both count in it', () => {
  const buckets = createBuckets({ most: 10 })
  const [one, other] = [buckets.find('all', 'key_1', 0), buckets.find('all', 'key_1', 0)]
  buckets.keep(one).fullAt = 5
  expect(buckets.keep(other).fullAt).toBe(5)
  expect(buckets.size()).toBe(1)
})

test('what was forgotten between finding and keeping is kept again', () => {
  const buckets = createBuckets({ most: 1 })
  const found = buckets.keep(buckets.find('all', 'key_1', 0))
  buckets.find('all', 'key_2', 2_000)
  expect(buckets.size()).toBe(0)
  buckets.keep(found).fullAt = 5_000
  expect(buckets.get('all key_1')).toBe(5_000)
})
