import { expect, test } from 'vitest'
import { createBuckets } from './buckets.ts'

test('however many come, no more are kept than there is room for; who comes too late shares one', () => {
  const buckets = createBuckets({ most: 100 })
  for (let who = 0; who < 100_000; who += 1)
    buckets.set(buckets.nameOf('all', `198.51.100.${who}`, who), who + 1_000_000_000)
  expect(buckets.size()).toBe(101)
  expect(buckets.nameOf('all', 'somebody', 0)).toBe(buckets.nameOf('all', 'somebody else', 0))
  expect(buckets.nameOf('all', '198.51.100.7', 0)).toBe('all 198.51.100.7')
  expect(buckets.nameOf('other', 'somebody', 0)).not.toBe(buckets.nameOf('all', 'somebody', 0))
})

test('buckets that are full again are forgotten when room is wanted', () => {
  const buckets = createBuckets({ most: 50_000 })
  for (let now = 0; now < 200_000; now += 1)
    buckets.set(buckets.nameOf('all', `key_${now}`, now), now + 1_000)
  // What came within the last second is not full yet; and nobody asks for room oftener than once a second.
  expect(buckets.size()).toBeLessThan(4_096)
})

test('asking keeps nothing', () => {
  const buckets = createBuckets({ most: 10 })
  for (let who = 0; who < 100; who += 1) buckets.get(buckets.nameOf('all', `key_${who}`, 0))
  expect(buckets.size()).toBe(0)
})
