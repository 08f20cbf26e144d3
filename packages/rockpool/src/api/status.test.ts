import { expect, test } from 'vitest'
import { answersFor, isItWorking } from './status.ts'
import { statusLines } from './status-answer.ts'
import type { LatestVerdict } from './status.ts'

const now = Date.UTC(2026, 10, 22, 14, 42)
const passing: LatestVerdict = {
  check: 'a customer can order',
  verdict: 'pass',
  at: now - 38_000,
  every: 60_000,
  obstacle: null,
  optional: false,
}
const other = { ...passing, check: 'a refund arrives', at: now - 2_000 }

test.each<[string, LatestVerdict[], string, RegExp]>([
  ['all pass', [passing, other], 'yes', /^2 of 2 checks pass, the oldest result is 38 s old$/],
  ['one fails', [passing, { ...other, verdict: 'fail' }], 'no', /^1 of 2 checks fail: “a refund arrives”/],
  [
    'one fails and one never ran',
    [
      { ...passing, at: null, verdict: null },
      { ...other, verdict: 'fail' },
    ],
    'no',
    /1 of 2/,
  ],
  [
    'one has not run',
    [passing, { ...other, at: null, verdict: null }],
    'cannot tell',
    /“a refund arrives” has not run yet/,
  ],
  [
    'a result is older than three intervals',
    [{ ...passing, at: now - 181_000 }, other],
    'cannot tell',
    /“a customer can order” is too old/,
  ],
  [
    'a dependency is down',
    [passing, { ...other, verdict: 'uncheckable', obstacle: 'no sandbox' }],
    'cannot tell',
    /no sandbox/,
  ],
  [
    'an optional program is missing',
    [passing, { ...other, verdict: 'uncheckable', obstacle: 'python3 is missing', optional: true }],
    'yes',
    /^1 of 2 checks pass, .*; uncheckable here: “a refund arrives” \(python3 is missing\)$/,
  ],
  [
    'nothing can run',
    [{ ...other, verdict: 'uncheckable', obstacle: 'python3 is missing', optional: true }],
    'cannot tell',
    /no check can run/,
  ],
  ['there are no checks', [], 'cannot tell', /there is no check yet/],
])('is it working, when %s: %3$s', (_, checks, answer, evidence) => {
  const told = isItWorking(checks, now)
  expect(told.answer).toBe(answer)
  expect(told.evidence).toMatch(evidence)
})

test('what nothing measures is said to be not measured', () => {
  expect(answersFor([passing], [], now).map(({ answer }) => answer)).toEqual([
    'yes',
    'not measured yet',
    'not measured yet',
    'not measured yet',
  ])
  expect(statusLines(answersFor([passing], [], now))[0]).toBe(
    'Is it working?             yes               1 of 1 checks pass, the oldest result is 38 s old',
  )
})
