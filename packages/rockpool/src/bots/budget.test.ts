import { expect, test } from 'vitest'
import { spentReason, usedOf } from './budget.ts'

const grant = {
  bot: 'order and cancel',
  organization: 'harbor',
  writes: { perRun: 10, perHour: 25 },
  why: 'to know',
}
const minute = 60_000
const now = 100 * minute

test('slices of the last hour count, older ones do not', () => {
  expect(usedOf([{ at: now - 61 * minute, writes: 10 }], now)).toBe(0)
  expect(
    usedOf(
      [
        { at: now - 59 * minute, writes: 10 },
        { at: now, writes: 2 },
      ],
      now,
    ),
  ).toBe(12)
})

test('a run begins while its whole slice fits into the hour', () => {
  expect(spentReason(grant, [], now)).toBeNull()
  expect(spentReason(grant, [{ at: now - minute, writes: 15 }], now)).toBeNull()
})

test('else it is told how much is used, and when it may begin again', () => {
  const slices = [
    { at: now - 50 * minute, writes: 2 },
    { at: now - 40 * minute, writes: 10 },
    { at: now - minute, writes: 10 },
  ]
  expect(spentReason(grant, slices, now)).toBe(
    '“order and cancel” may write 25 times an hour, of which 22 are used or lent, and a run needs 10; there are as many again in 20 min',
  )
})
