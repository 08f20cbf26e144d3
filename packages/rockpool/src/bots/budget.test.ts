import { expect, test } from 'vitest'
import { permissionOf, usedOf } from './budget.ts'

const grant = { bot: 'order and cancel', writes: { perRun: 10, perHour: 35 } }
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

test('a run begins while its whole slice fits into the hour, less the slice that is for putting back', () => {
  for (const owes of [false, true]) {
    expect(permissionOf(grant, [], owes, now)).toEqual({ may: 'lifecycle' })
    expect(permissionOf(grant, [{ at: now - minute, writes: 15 }], owes, now)).toEqual({ may: 'lifecycle' })
  }
})

const slices = [
  { at: now - 50 * minute, writes: 2 },
  { at: now - 40 * minute, writes: 10 },
  { at: now - minute, writes: 10 },
]

test('else it is told how much is used, and when it may begin again', () => {
  expect(permissionOf(grant, slices, false, now)).toEqual({
    may: 'nothing',
    reason:
      '“order and cancel” may write 35 times an hour, of which 22 are used or lent, the last 10 are for putting back, and a run needs 10; there are as many again in 20 min',
  })
})

test('one that owes puts back with the last slice, and nothing else', () => {
  expect(permissionOf(grant, slices, true, now)).toMatchObject({
    may: 'putBack',
    reason: expect.stringMatching(/in 20 min$/),
  })
})

test('with not even that left it waits until it can put back', () => {
  const spent = [...slices, { at: now - 30 * minute, writes: 10 }]
  expect(permissionOf(grant, spent, true, now)).toMatchObject({
    may: 'nothing',
    reason: expect.stringMatching(/of which 32 are used or lent.* in 20 min$/),
  })
  expect(permissionOf(grant, spent, false, now)).toMatchObject({
    reason: expect.stringMatching(/in 30 min$/),
  })
})
