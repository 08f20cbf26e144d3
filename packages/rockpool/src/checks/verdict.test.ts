import { describe, expect, test } from 'vitest'
import type { Attempt } from './types.ts'
import { exitCode, judge, retriesAfter, verdictOf } from './verdict.ts'

const base: Attempt = {
  number: 1,
  verdict: 'pass',
  startedAt: '2026-01-01T00:00:00.000Z',
  ms: 1,
  organization: null,
  failure: null,
  obstacle: null,
  evidence: { entries: [], left: { entries: 0, console: 0, bodies: 0 } },
}
const failure = {
  kind: 'assertion',
  message: '',
  steps: [],
  place: null,
  frame: [],
  expected: null,
  actual: null,
} as const
const failed: Attempt = { ...base, verdict: 'fail', failure: { ...failure, steps: [], frame: [] } }
const late: Attempt = { ...failed, failure: { ...failed.failure!, kind: 'deadline' } }
const obstructed = (retry: boolean): Attempt => ({
  ...base,
  verdict: 'uncheckable',
  obstacle: { message: '', steps: [], place: null, retry, optional: false },
})
const answered = (status: number | null, error: string | null = null): Attempt => {
  const message = { headers: {}, body: null, cut: null }
  const entry = {
    id: 1,
    parent: null,
    at: 0,
    ms: 1,
    place: null,
    type: 'call',
    service: 's',
    operation: 'o',
    method: 'GET',
    path: '/',
    url: '/',
    problem: null,
    request: message,
    answer: null,
    poll: null,
  } as const
  return { ...failed, evidence: { ...base.evidence, entries: [{ ...entry, status, error }] } }
}

test('an attempt that returned passes, one that was let down fails, one that was hindered says nothing', () => {
  expect(judge({ type: 'returned' })).toBe('pass')
  expect(judge({ type: 'failed', failure: failed.failure! })).toBe('fail')
  expect(judge({ type: 'obstructed', obstacle: obstructed(true).obstacle! })).toBe('uncheckable')
})

test('a run is worth its last attempt; one without any is never a pass', () => {
  expect(verdictOf([failed, base])).toBe('pass')
  expect(verdictOf([base, failed])).toBe('fail')
  expect(verdictOf([])).toBe('uncheckable')
})

describe('another attempt', () => {
  const any = { count: 1, on: 'any' } as const
  const network = { count: 5, on: 'network' } as const

  test('follows a failure as often as is allowed, and never a pass', () => {
    expect(retriesAfter([failed], any)).toBe(true)
    expect(retriesAfter([failed, failed], any)).toBe(false)
    expect(retriesAfter([base], any)).toBe(false)
    expect(retriesAfter([failed], { count: 0, on: 'any' })).toBe(false)
  })

  test('follows for the network only where an answer was missing', () => {
    expect(retriesAfter([failed], network)).toBe(false)
    expect(retriesAfter([answered(200)], network)).toBe(false)
    expect(retriesAfter([answered(404)], network)).toBe(false)
    expect(retriesAfter([answered(502)], network)).toBe(true)
    expect(retriesAfter([answered(null, 'terminated')], network)).toBe(true)
    expect(retriesAfter([late], network)).toBe(true)
  })

  test('follows an obstacle only where that may pass', () => {
    expect(retriesAfter([obstructed(true)], network)).toBe(true)
    expect(retriesAfter([obstructed(false)], any)).toBe(false)
  })
})

test('the exit code is 1 for a failure, 2 where nothing can be said, 0 only when all passed', () => {
  const none = { pass: 0, fail: 0, uncheckable: 0, findings: 0 }
  expect(exitCode({ ...none, pass: 3 })).toBe(0)
  expect(exitCode({ ...none, pass: 3, fail: 1, uncheckable: 1 })).toBe(1)
  expect(exitCode({ ...none, pass: 3, uncheckable: 1 })).toBe(2)
  expect(exitCode({ ...none, pass: 3, findings: 1 })).toBe(2)
  expect(exitCode(none)).toBe(2)
})
