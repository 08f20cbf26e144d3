import { describe, expect, test } from 'vitest'
import { isIdempotent, isSafe, pauseBefore, readRetryAfter } from './retry.ts'
import type { Attempt, Outcome } from './retry.ts'

const rules = { attempts: 4, totalMs: 10_000, baseMs: 100, capMs: 300 }
const attempt = (over: Partial<Attempt> & { outcome: Outcome }): Attempt => ({
  count: 1,
  elapsedMs: 0,
  isRepeatable: true,
  isReplayable: true,
  ...over,
})
const answer = (status: number, retryAfterMs: number | null = null): Outcome => ({
  kind: 'answer',
  status,
  retryAfterMs,
})
const none: Outcome = { kind: 'none' }

describe('what is tried again', () => {
  test.each<[string, Outcome, boolean, boolean]>([
    ['no answer', none, true, false],
    ['502', answer(502), true, false],
    ['504', answer(504), true, false],
    ['429 with Retry-After', answer(429, 0), true, true],
    ['503 with Retry-After', answer(503, 0), true, true],
    ['429 without it', answer(429), true, false],
    ['503 without it', answer(503), true, false],
    ['500', answer(500), false, false],
    ['501 with Retry-After', answer(501, 0), false, false],
    ['404', answer(404), false, false],
    ['200', answer(200), false, false],
  ])('%s', (_, outcome, repeatable, other) => {
    expect(pauseBefore(attempt({ outcome }), rules, 0) !== null).toBe(repeatable)
    expect(pauseBefore(attempt({ outcome, isRepeatable: false }), rules, 0) !== null).toBe(other)
    expect(pauseBefore(attempt({ outcome, isReplayable: false }), rules, 0)).toBeNull()
  })

  test('methods are safe and idempotent as RFC 9110 says', () => {
    const all = ['GET', 'HEAD', 'OPTIONS', 'TRACE', 'QUERY', 'PUT', 'DELETE', 'POST', 'PATCH']
    expect(all.filter(isSafe)).toEqual(['GET', 'HEAD', 'OPTIONS', 'TRACE', 'QUERY'])
    expect(all.filter(isIdempotent)).toEqual(['GET', 'HEAD', 'OPTIONS', 'TRACE', 'QUERY', 'PUT', 'DELETE'])
  })
})

describe('how long is waited', () => {
  test('any time up to a pause that doubles and is capped', () => {
    const pauses = [1, 2, 3].map((count) => pauseBefore(attempt({ count, outcome: none }), rules, 1))
    expect(pauses).toEqual([100, 200, 300])
    expect(pauseBefore(attempt({ outcome: none }), rules, 0)).toBe(0)
    expect(pauseBefore(attempt({ count: 2, outcome: none }), rules, 0.25)).toBe(50)
  })

  test('as long as the service asks, and a little more', () => {
    expect(pauseBefore(attempt({ outcome: answer(503, 2_000) }), rules, 0.5)).toBe(2_050)
  })

  test('not at all when the attempts are used up, or the time would be', () => {
    expect(pauseBefore(attempt({ count: 4, outcome: none }), rules, 0)).toBeNull()
    expect(pauseBefore(attempt({ elapsedMs: 9_950, outcome: none }), rules, 1)).toBeNull()
    expect(pauseBefore(attempt({ outcome: answer(429, 10_000) }), rules, 0)).toBeNull()
    expect(pauseBefore(attempt({ elapsedMs: 9_950, outcome: none }), rules, 0.1)).toBe(10)
  })
})

test('Retry-After is seconds or a date, and nothing else', () => {
  const now = Date.parse('2026-11-23T10:00:00Z')
  expect(readRetryAfter('3', now)).toBe(3_000)
  expect(readRetryAfter('Mon, 23 Nov 2026 10:00:05 GMT', now)).toBe(5_000)
  expect(readRetryAfter('Mon, 23 Nov 2026 09:00:00 GMT', now)).toBe(0)
  for (const value of [null, '', 'soon', '-1', '1.5', '1e3', '99999999999'])
    expect(readRetryAfter(value, now)).toBeNull()
})
