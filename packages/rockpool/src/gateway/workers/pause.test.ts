import { expect, test } from 'vitest'
import { countDeath, pauseAfter } from './pause.ts'

test('the first successor comes at once, the next after pauses that grow to five seconds', () => {
  let deaths = 0
  const pauses = Array.from({ length: 10 }, () => pauseAfter((deaths = countDeath(deaths, 50))))
  expect(pauses).toEqual([0, 100, 200, 400, 800, 1_600, 3_200, 5_000, 5_000, 5_000])
})

test('one that lived for a while has earned a successor at once', () => {
  expect(pauseAfter(countDeath(8, 10_000))).toBe(0)
})
