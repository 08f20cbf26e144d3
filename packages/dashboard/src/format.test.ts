import { describe, expect, test } from 'vitest'
import { age, every, many, safeHref, sentence, shortId, timeOfDay, took } from './format.ts'

/** With plain spaces, to be read. */
const plain = (text: string) => text.replaceAll('\u00a0', ' ')
const [s, min, h, d] = [1_000, 60_000, 3_600_000, 86_400_000]

test.each([
  [-5 * s, '0 s'],
  [12.9 * s, '12 s'],
  [3 * min + 40 * s, '3 min 40 s'],
  [5 * min, '5 min'],
  [12 * min + 40 * s, '12 min'],
  [5 * h + 40 * min, '5 h 40 min'],
  [26 * h, '26 h'],
  [3 * d + 7 * h, '3 d'],
])('an age of %d ms is %s: in at most two units, never rounded up', (ms, words) => {
  expect(plain(age(ms))).toBe(words)
})

test('no line ends between a number and its unit', () => {
  expect(age(3 * min + 40 * s)).toBe('3\u00a0min 40\u00a0s')
})

test.each([
  [38.4, '38 ms'],
  [1_420, '1.42 s'],
  [12_980, '12.98 s'],
  [123_000, '2 min 3 s'],
])('%d ms took %s', (ms, words) => {
  expect(plain(took(ms))).toBe(words)
})

test('intervals and counts are words', () => {
  expect([every(min), every(h), plain(every(30 * s))]).toEqual(['every minute', 'every hour', 'every 30 s'])
  expect([many(1, 'check'), many(2_914, 'check')]).toEqual(['1 check', '2,914 checks'])
})

describe('a time of day', () => {
  const now = Date.parse('2026-11-22T14:42:08.500Z')
  test.each([
    ['2026-11-22T14:36:12.900Z', '14:36:12'],
    ['2026-11-21T23:59:59.999Z', '21 November 23:59:59'],
    ['2025-01-02T03:04:05Z', '2 January 2025 03:04:05'],
  ])('%s is %s: with the day, and the year, where they are others than now', (at, words) => {
    expect(timeOfDay(Date.parse(at), now)).toBe(words)
  })
  test('can leave out its seconds', () => {
    expect(timeOfDay(Date.parse('2026-11-22T14:36:12Z'), now, { seconds: false })).toBe('14:36')
  })
})

test('ids shorten in the middle, short ones and names stay', () => {
  expect(shortId('run_01a204d3-8d3b-7ca1-812a-78f2de29127c')).toBe('run_01a204d3…127c')
  expect(shortId('harbor-sb-7h2k')).toBe('harbor-sb-7h2k')
  expect(shortId('installation local')).toBe('installation local')
  expect(shortId('somebody.of.the.company@example.com')).toBe('somebody.of.the.company@example.com')
})

test('what somebody said becomes a sentence, once', () => {
  expect(sentence('control is away')).toBe('Control is away.')
  expect(sentence('Is it?')).toBe('Is it?')
})

test.each(['javascript:alert(1)', ' javascript:alert(1)', 'data:text/html,x', '/path', 'x', ''])(
  '“%s” is no address of a link',
  (text) => expect(safeHref(text)).toBeUndefined(),
)
test('http and https are', () => {
  expect(safeHref('https://rockpool.dev/x')).toBe('https://rockpool.dev/x')
})
