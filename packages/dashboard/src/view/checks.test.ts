import { expect, test } from 'vitest'
import { lifeOf } from './life.ts'
import {
  shortFile,
  stateOf,
  tallyOf,
  tallyRuns,
  tallyWords,
  withoutAge,
  worstFirst,
  type CheckItem,
} from './checks.ts'

type Latest = NonNullable<CheckItem['latest']>
const check = (name: string, verdict?: Latest['verdict'], since = '2026-11-22T14:00:00.000Z'): CheckItem => ({
  name,
  file: '/work/checks/a.check.ts',
  line: 1,
  every: 60_000,
  cron: null,
  timeout: 1_000,
  tags: [],
  running: false,
  latest: verdict
    ? { run: 'run_1', verdict, at: since, ms: 1, attempts: 1, message: null, optional: false, why: [], since }
    : null,
  runs: [],
})

test('the worst stand first, then what changed last, passes by their names', () => {
  const sorted = worstFirst([
    check('b passes', 'pass', '2026-11-22T15:00:00.000Z'),
    check('a passes', 'pass'),
    check('is new'),
    check('failed long ago', 'fail', '2026-11-22T13:00:00.000Z'),
    check('cannot say', 'uncheckable'),
    check('failed just now', 'fail'),
  ])
  expect(sorted.map(({ name }) => name)).toEqual([
    'failed just now',
    'failed long ago',
    'cannot say',
    'is new',
    'a passes',
    'b passes',
  ])
})

test('a check that has never run is no pass', () => {
  expect(stateOf(check('new'))).toBe('not run')
})

test.each([
  [{ pass: 39, fail: 1, uncheckable: 1, 'not run': 0 }, '39 of 41 checks pass, 1 fails, 1 cannot be checked'],
  [{ pass: 1, fail: 2, uncheckable: 0, 'not run': 0 }, '1 of 3 checks passes, 2 fail'],
  [{ pass: 0, fail: 0, uncheckable: 0, 'not run': 1 }, '0 of 1 check pass, 1 has not run yet'],
])('%o is told as “%s”', (tally, words) => {
  expect(tallyWords(tally)).toBe(words)
})

test('the tally counts every check once', () => {
  expect(tallyOf([check('a', 'pass'), check('b', 'pass'), check('c', 'fail'), check('d')])).toEqual({
    pass: 2,
    fail: 1,
    uncheckable: 0,
    'not run': 1,
  })
})

test('runs are counted in words', () => {
  const at = '2026-11-22T14:00:00.000Z'
  expect(
    tallyRuns([
      { verdict: 'pass', at },
      { verdict: 'fail', at },
      { verdict: 'pass', at },
    ]),
  ).toBe('2 passed, 1 failed.')
  expect(tallyRuns([])).toBe('It has not run yet.')
})

test('an age inside of the evidence gives way to the one beside it', () => {
  expect(withoutAge('7 of 7 checks pass, the oldest result is 46 s old')).toBe('7 of 7 checks pass')
  expect(withoutAge('7 of 8 checks pass, the oldest result is 2 min old; uncheckable here: “x” (y)')).toBe(
    '7 of 8 checks pass; uncheckable here: “x” (y)',
  )
  expect(withoutAge('the bot “order” completed its lifecycle 12 s ago, in 3.1 s')).toBe(
    'the bot “order” completed its lifecycle, in 3.1 s',
  )
})

test('a proof is due at a tenth of its life and over when there is none left', () => {
  expect(lifeOf(0, 100)).toEqual({ left: 100, state: 'fresh' })
  expect(lifeOf(89, 100)).toEqual({ left: 11, state: 'fresh' })
  expect(lifeOf(90, 100)).toEqual({ left: 10, state: 'old' })
  expect(lifeOf(100, 100)).toEqual({ left: 0, state: 'over' })
  expect(lifeOf(5_000, 100)).toEqual({ left: 0, state: 'over' })
  expect(lifeOf(1, 0)).toEqual({ left: 0, state: 'over' })
})

test('a file is named by its last two parts', () => {
  expect(shortFile('/home/x/shop/checks/refund.check.ts')).toBe('checks/refund.check.ts')
})
