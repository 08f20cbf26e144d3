import { expect, test } from 'vitest'
import { isItWorkingRightNow } from './right-now.ts'
import type { LatestLifecycle } from './right-now.ts'

const now = Date.UTC(2026, 10, 22, 14, 42)
const minute = 60_000
const seconds = (count: number) => now - count * 1_000

const working: LatestLifecycle = {
  bot: 'order and cancel',
  every: minute,
  isGranted: true,
  complete: { at: seconds(24), ms: 3_200 },
  latest: { verdict: 'pass', at: seconds(24), message: null },
}
const other: LatestLifecycle = { ...working, bot: 'ask for help', complete: { at: seconds(100), ms: null } }

test.each<[string, LatestLifecycle[], string, string]>([
  ['no bot', [], 'not measured yet', 'no bot uses production yet'],
  [
    'a lifecycle that was complete lately',
    [working],
    'yes',
    'the bot “order and cancel” completed its lifecycle 24 s ago, in 3.2 s',
  ],
  [
    'several: the oldest counts',
    [working, other],
    'yes',
    'the bot “ask for help” completed its lifecycle 100 s ago; 1 more since',
  ],
  [
    'exactly three intervals',
    [{ ...working, complete: { at: seconds(180), ms: null } }],
    'yes',
    'the bot “order and cancel” completed its lifecycle 3 min ago',
  ],
  [
    'more than three intervals',
    [{ ...working, complete: { at: seconds(181), ms: null } }],
    'cannot tell',
    'the last complete lifecycle of the bot “order and cancel” is too old: 3 min ago',
  ],
  [
    'too old, because it could not run',
    [
      {
        ...working,
        complete: { at: seconds(600), ms: null },
        latest: { verdict: 'uncheckable', at: seconds(10), message: 'the budget is spent' },
      },
    ],
    'cannot tell',
    'the last complete lifecycle of the bot “order and cancel” is too old: 10 min ago (the budget is spent)',
  ],
  [
    'one that could not run just now, and was complete lately',
    [{ ...working, latest: { verdict: 'uncheckable', at: seconds(10), message: 'the runner was lost' } }],
    'yes',
    'the bot “order and cancel” completed its lifecycle 24 s ago, in 3.2 s',
  ],
  [
    'the last one failed',
    [other, { ...working, latest: { verdict: 'fail', at: seconds(2), message: 'expected 409 to be 201' } }],
    'no',
    'the bot “order and cancel” failed 2.0 s ago: expected 409 to be 201, its last complete lifecycle was 24 s ago',
  ],
  [
    'the only one failed, without a word',
    [{ ...working, complete: null, latest: { verdict: 'fail', at: seconds(2), message: null } }],
    'no',
    'the bot “order and cancel” failed 2.0 s ago, it never completed a lifecycle',
  ],
  [
    'none is complete yet',
    [{ ...working, complete: null, latest: null }],
    'cannot tell',
    'the bot “order and cancel” has not completed a lifecycle yet',
  ],
  [
    'no grant, whatever was before',
    [{ ...working, isGranted: false }],
    'cannot tell',
    'the bot “order and cancel” has no grant, so it does not use production',
  ],
])('right now, in production: %s', (_, bots, answer, evidence) => {
  expect(isItWorkingRightNow(bots, now)).toMatchObject({ answer, evidence })
})

test('its age is that of the oldest complete lifecycle, whatever the answer', () => {
  const provenAt = new Date(seconds(100)).toISOString()
  expect(isItWorkingRightNow([working, other], now).provenAt).toBe(provenAt)
  const failed = { ...working, latest: { verdict: 'fail', at: now, message: null } } as const
  expect(isItWorkingRightNow([failed, other], now).provenAt).toBe(provenAt)
  expect(isItWorkingRightNow([{ ...working, complete: null }], now).provenAt).toBeNull()
})
