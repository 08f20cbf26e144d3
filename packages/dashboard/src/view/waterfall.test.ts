import { describe, expect, test } from 'vitest'
import { belowOf, mostTelling, waterfallOf, type Entry, type RunAttempt } from './waterfall.ts'

const place = null
const step = (id: number, parent: number | null, at: number, ms: number | null, failed = false): Entry => ({
  id,
  parent,
  at,
  ms,
  place,
  type: 'step',
  name: `step ${id}`,
  failed,
})
const message = { headers: {}, cut: null }
const call = (id: number, parent: number | null, at: number, ms: number, answers = 0): Entry => ({
  id,
  parent,
  at,
  ms,
  place,
  type: 'call',
  service: 'orders',
  operation: 'getOrder',
  method: 'GET',
  path: '/orders/{id}',
  url: 'http://127.0.0.1/harbor/orders/1',
  status: 200,
  problem: null,
  error: null,
  request: message,
  answer: message,
  poll: answers > 0 ? { predicate: 'x', answers, statuses: { 200: answers }, satisfied: true } : null,
})
const attempt = (entries: Entry[], more: Partial<RunAttempt> = {}): RunAttempt => ({
  number: 1,
  verdict: 'pass',
  startedAt: '2026-11-22T14:41:42Z',
  ms: 1_000,
  organization: 'harbor-sb-1',
  failure: null,
  obstacle: null,
  evidence: { entries, left: { entries: 0, console: 0, bodies: 0 } },
  ...more,
})
const failure = (steps: string[]): RunAttempt['failure'] => ({
  kind: 'assertion',
  message: 'm',
  steps,
  place: null,
  frame: [],
  expected: null,
  actual: null,
})

describe('a waterfall', () => {
  test('has its steps in order, with where they begin and how long they are, in percent', () => {
    const { bars, spanMs } = waterfallOf(attempt([step(1, null, 0, 510), step(3, null, 510, 255)]))
    expect(spanMs).toBe(1_020)
    expect(bars).toMatchObject([
      { id: 1, name: 'step 1', depth: 0, x: 0, w: 50, ms: 510, state: 'pass' },
      { id: 3, x: 50, w: 25 },
    ])
  })

  test('shows steps in steps below them, calls only outside of steps, and nothing that was merely seen', () => {
    const finding = {
      id: 6,
      parent: null,
      at: 0,
      ms: null,
      place,
      type: 'finding',
      kind: 'console',
      text: 't',
      url: 'u',
    } as const
    const { bars } = waterfallOf(
      attempt([step(1, null, 0, 100), step(2, 1, 10, 50), call(3, 2, 10, 5), call(5, null, 200, 5), finding]),
    )
    expect(bars.map(({ id, depth, name }) => [id, depth, name])).toEqual([
      [1, 0, 'step 1'],
      [2, 1, 'step 2'],
      [5, 0, 'GET /orders/{id}'],
    ])
  })

  test('tells the answers of a poll, where it is the only one of its step', () => {
    const entries = [
      step(1, null, 0, 10),
      call(2, 1, 0, 10, 21),
      step(3, null, 0, 1),
      call(4, 3, 0, 1, 2),
      call(5, 3, 0, 1, 2),
    ]
    expect(waterfallOf(attempt(entries)).bars.map(({ polls }) => polls)).toEqual([21, 0])
  })

  test('lets what never ended last until the end', () => {
    expect(waterfallOf(attempt([step(1, null, 500, null, true)])).bars).toMatchObject([
      { ms: null, w: 49, state: 'fail' },
    ])
  })

  test('outside of steps, marks the last thing before the end as what failed', () => {
    const entries = [call(1, null, 0, 5), call(2, null, 10, 5)]
    const { bars } = waterfallOf(attempt(entries, { verdict: 'fail', failure: failure([]) }))
    expect(bars.map(({ state }) => state)).toEqual(['pass', 'fail'])
  })

  test('where nothing could be said nothing failed', () => {
    const { bars } = waterfallOf(attempt([step(1, null, 0, 5, true)], { verdict: 'uncheckable' }))
    expect(bars[0]?.state).toBe('uncheckable')
  })

  test.each([
    [16, ['0', '5', '10', '15 ms']],
    [406, ['0', '100', '200', '300', '400 ms']],
    [2_360, ['0.0', '0.5', '1.0', '1.5', '2.0 s']],
    [12_980, ['0', '2', '4', '6', '8', '10', '12 s']],
    [600_000, ['0', '2', '4', '6', '8', '10 min']],
  ])('of %d ms has a scale of whole steps', (ms, labels) => {
    const { ticks } = waterfallOf(attempt([], { ms }))
    expect(ticks.map(({ label }) => label)).toEqual(labels)
    expect(ticks.every(({ x }) => x >= 0 && x <= 100)).toBe(true)
  })
})

describe('what is shown of it', () => {
  test('is the innermost step that failed, else the first', () => {
    const passing = waterfallOf(attempt([step(1, null, 0, 5), step(2, null, 5, 5)]))
    expect(mostTelling(passing.bars)).toBe(1)
    const failing = [step(1, null, 0, 5), step(2, null, 5, 5, true), step(3, 2, 6, 2, true)]
    expect(mostTelling(waterfallOf(attempt(failing)).bars)).toBe(3)
    expect(mostTelling([])).toBeUndefined()
  })

  test('is the step with everything below it, however deep', () => {
    const entries = [
      step(1, null, 0, 9),
      call(2, 1, 0, 1),
      step(3, 1, 1, 5),
      call(4, 3, 1, 1),
      step(5, null, 9, 1),
    ]
    expect(belowOf(1, entries).map(({ id }) => id)).toEqual([1, 2, 3, 4])
    expect(belowOf(5, entries).map(({ id }) => id)).toEqual([5])
  })
})
