import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createBreaker } from './breaker.ts'
import type { Breaker, Ending } from './breaker.ts'

const fixed = () => createBreaker({ random: () => 0.5 })

/** Calls that end at once. */
function calls(breaker: Breaker, count: number, ending: Ending, caller = 'harbor', now = 0): void {
  for (let call = 0; call < count; call += 1) {
    const era = breaker.begin(now)
    if (ending === 'answered') breaker.answered(era)
    breaker.ended(ending, caller, era, now)
  }
}

function opened(now = 0): Breaker {
  const breaker = fixed()
  calls(breaker, 20, 'unreachable', 'harbor', now)
  expect(breaker.state()).toBe('open')
  return breaker
}

describe('closed', () => {
  test('stays so while fewer than 20 calls ended, or half of them failed', () => {
    const few = fixed()
    calls(few, 19, 'unreachable')
    expect(few.state()).toBe('closed')
    const half = fixed()
    calls(half, 50, 'answered', 'harbor')
    calls(half, 50, 'failed', 'marina')
    expect(half.state()).toBe('closed')
    calls(half, 1, 'failed', 'harbor')
    expect(half.state()).toBe('open')
  })

  test('counts the last ten seconds alone', () => {
    const breaker = fixed()
    calls(breaker, 100, 'answered', 'harbor', 0)
    calls(breaker, 19, 'unreachable', 'harbor', 9_999)
    expect(breaker.state()).toBe('closed')
    calls(breaker, 1, 'unreachable', 'harbor', 12_500)
    expect(breaker.state()).toBe('open')
  })

  test('what a service answers is no failure, nor is a client that goes away', () => {
    const breaker = fixed()
    calls(breaker, 100, 'answered')
    calls(breaker, 1_000, 'untold')
    expect(breaker.state()).toBe('closed')
  })

  test('one caller’s failures alone do not open it for others who are answered', () => {
    const breaker = fixed()
    calls(breaker, 5, 'answered', 'marina')
    calls(breaker, 500, 'failed', 'harbor')
    expect(breaker.state()).toBe('closed')
    calls(breaker, 1, 'failed', 'pier')
    expect(breaker.state()).toBe('open')
  })

  test('where there is one caller alone, its failures are all there is', () => {
    const breaker = fixed()
    calls(breaker, 5, 'answered', 'harbor')
    calls(breaker, 20, 'failed', 'harbor')
    expect(breaker.state()).toBe('open')
  })

  test('that nobody got through is no caller’s doing', () => {
    const breaker = fixed()
    calls(breaker, 5, 'answered', 'marina')
    calls(breaker, 20, 'unreachable', 'harbor')
    expect(breaker.state()).toBe('open')
  })
})

describe('open', () => {
  test('tells how long to wait: 1.5 to 2.5 s, not the same for all', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1, noNaN: true }), (random) => {
        const breaker = createBreaker({ random: () => random })
        calls(breaker, 20, 'unreachable')
        expect(breaker.waitMs(0)).toBeGreaterThanOrEqual(1_500)
        expect(breaker.waitMs(0)).toBeLessThanOrEqual(2_500)
      }),
    )
    expect(opened().waitMs(1_500)).toBe(500)
  })

  test('what was under way when it opened says nothing about what comes after', () => {
    const breaker = fixed()
    const late = Array.from({ length: 50 }, () => breaker.begin(0))
    calls(breaker, 20, 'unreachable')
    for (let probe = 0; probe < 3; probe += 1) calls(breaker, 1, 'answered', 'harbor', 2_000)
    expect(breaker.state()).toBe('closed')
    for (const era of late) breaker.ended('unreachable', 'harbor', era, 2_000)
    expect(breaker.state()).toBe('closed')
  })

  test('a clock that is set back does not keep it open', () => {
    expect(opened(3_600_000).waitMs(0)).toBe(0)
  })
})

describe('half-open', () => {
  test('lets one probe through at a time, and closes after three that were answered', () => {
    const breaker = opened()
    for (let probe = 0; probe < 3; probe += 1) {
      expect([breaker.waitMs(2_000), breaker.state()]).toEqual([0, probe === 0 ? 'open' : 'half-open'])
      const era = breaker.begin(2_000)
      expect(breaker.waitMs(2_000)).toBeGreaterThan(0)
      breaker.answered(era)
    }
    expect(breaker.state()).toBe('closed')
  })

  test('opens again when a probe fails', () => {
    const breaker = opened()
    calls(breaker, 2, 'answered', 'harbor', 2_000)
    calls(breaker, 1, 'failed', 'harbor', 2_000)
    expect([breaker.state(), breaker.waitMs(2_000)]).toEqual(['open', 2_000])
  })

  test('a probe whose client goes away makes place for the next at once', () => {
    const breaker = opened()
    calls(breaker, 1, 'untold', 'harbor', 2_000)
    expect([breaker.state(), breaker.waitMs(2_000)]).toEqual(['half-open', 0])
  })

  test('a probe that tells nothing, because its client sends slowly, holds the others up for two seconds', () => {
    const breaker = opened()
    breaker.begin(2_000)
    expect([breaker.waitMs(2_001), breaker.waitMs(4_000)]).toEqual([1_999, 0])
  })

  test('a probe that streams for hours is answered when its answer begins, and counts once', () => {
    const breaker = opened()
    const era = breaker.begin(2_000)
    breaker.answered(era)
    calls(breaker, 1, 'answered', 'harbor', 2_001)
    breaker.ended('answered', 'harbor', era, 2_002)
    expect(breaker.state()).toBe('half-open')
  })
})

test('whatever happens: it asks for no more than its longest pause, and a sound service is served again', () => {
  const steps = fc.array(
    fc.record({
      gap: fc.integer({ min: 0, max: 3_000 }),
      ending: fc.constantFrom<Ending>('answered', 'failed', 'unreachable', 'untold'),
      caller: fc.constantFrom('harbor', 'marina'),
      count: fc.integer({ min: 1, max: 25 }),
    }),
    { maxLength: 60 },
  )
  fc.assert(
    fc.property(steps, (all) => {
      const breaker = fixed()
      let now = 0
      for (const { gap, ending, caller, count } of all) {
        now += gap
        for (let call = 0; call < count && breaker.waitMs(now) === 0; call += 1)
          calls(breaker, 1, ending, caller, now)
        expect(breaker.waitMs(now)).toBeLessThanOrEqual(2_500)
      }
      now += 2_500
      for (let probe = 0; probe < 3; probe += 1) calls(breaker, 1, 'answered', 'harbor', now)
      expect(breaker.state()).toBe('closed')
    }),
  )
})
