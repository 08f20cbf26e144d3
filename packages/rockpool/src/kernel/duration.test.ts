import { expect, test } from 'vitest'
import { formatDuration, parseDuration } from './duration.ts'

test.each([
  ['500ms', 500],
  ['10s', 10_000],
  ['1.5s', 1_500],
  ['1m', 60_000],
  ['2h', 7_200_000],
  ['7d', 604_800_000],
])('%s is %d ms', (text, ms) => expect(parseDuration(text)).toBe(ms))

test.each(['', '10', 's', '-1s', '10 s', '1e3s', '10sec', `${'9'.repeat(40)}s`])(
  '“%s” is refused with what to write instead',
  (text) =>
    expect(() => parseDuration(text)).toThrow(/is not a duration: write a number and ms, s, m, h or d/),
)

test.each([
  [42, '42 ms'],
  [4_100, '4.1 s'],
  [38_000, '38 s'],
  [180_000, '3 min'],
  [7_200_000, '2 h'],
])('%d ms is written %s', (ms, text) => expect(formatDuration(ms)).toBe(text))
