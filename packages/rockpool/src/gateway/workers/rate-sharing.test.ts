import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { rateOf, take, waitMs } from '../limits/bucket.ts'
import { createRateKeeper } from './rate-keeper.ts'
import { createRateShare } from './rate-share.ts'
import type { BucketEntry } from './types.ts'

interface Setting {
  workers: number
  limit: number
  burst: number
  /** Milliseconds that a message takes. */
  latency: () => number
}

/** Workers, their parent and what travels between them, in a time of their own; one bucket. */
function simulate({ workers, limit, burst, latency }: Setting) {
  const rate = rateOf({ limit, windowMs: 1_000, burst })
  const keeper = createRateKeeper()
  const waiting: { at: number; work: () => void }[] = []
  let now = 0
  const schedule = (at: number, work: () => void) => {
    const index = waiting.findLastIndex((other) => other.at <= at)
    waiting.splice(index + 1, 0, { at, work })
  }
  /** Messages of one channel keep their order. */
  const channel = () => {
    let last = 0
    return (work: () => void) => schedule((last = Math.max(last, now + latency())), work)
  }

  const all = Array.from({ length: workers }, () => {
    const up = channel()
    const down = channel()
    let fullAt = Number.NEGATIVE_INFINITY
    const share = createRateShare({
      workers,
      tell: (entries) => up(() => parent(worker, entries)),
      later: {
        soon: (work) => schedule(now, work),
        lazily: (work) => schedule(now + 20, work),
      },
    })
    share.attach({ now: () => now, set: (_, to) => (fullAt = to) })
    const worker = {
      down,
      share,
      call(): boolean {
        if (waitMs(fullAt, rate, now) > 0 || !share.allows('k', fullAt, rate, now)) return false
        share.took('k', fullAt, rate, now)
        fullAt = take(fullAt, rate, now)
        return true
      },
    }
    return worker
  })

  function parent(from: (typeof all)[number], entries: BucketEntry[]): void {
    const { answer, others } = keeper.took(entries, now)
    from.down(() => from.share.told(answer, true))
    for (const other of all)
      if (other !== from && others.length > 0) other.down(() => other.share.told(others, false))
  }

  function until(at: number): void {
    while (waiting.length > 0 && waiting[0]!.at <= at) {
      const { at: due, work } = waiting.shift()!
      now = due
      work()
    }
    now = at
  }

  const admitted: number[] = []
  return {
    admitted,
    call(worker: number, at: number): boolean {
      until(at)
      const goesOn = all[worker]!.call()
      if (goesOn) admitted.push(at)
      return goesOn
    },
  }
}

/** The most that went on within `ms`. */
function most(times: readonly number[], ms: number): number {
  let from = 0
  let found = 0
  for (const [to, time] of times.entries()) {
    while (time - times[from]! >= ms) from += 1
    found = Math.max(found, to - from + 1)
  }
  return found
}

const within = (from: number, to: number) => {
  let state = 1
  return () => {
    state = (state * 48_271) % 2_147_483_647
    return from + (state % 1_000) * ((to - from) / 1_000)
  }
}

describe('a client with all its calls on one worker', () => {
  test.each([
    [2, 100, 100],
    [8, 100, 100],
    [4, 1_000, 50],
    [4, 5, 5],
    [2, 3, 1],
  ])('of %d gets nearly all of %d a second, burst %d', (workers, limit, burst) => {
    const { call, admitted } = simulate({ workers, limit, burst, latency: within(0.1, 1) })
    for (let at = 0; at < 5_000; at += 0.5) call(0, at)
    expect(admitted.length).toBeGreaterThanOrEqual((limit * 5 + burst) * 0.95 - 1)
    expect(admitted.length).toBeLessThanOrEqual(limit * 5 + burst)
  })
})

describe('clients at all workers at once', () => {
  test.each([
    [2, 100, 100],
    [8, 100, 100],
    [4, 1_000, 50],
    [4, 5_000, 5_000],
    [4, 60, 3],
    [2, 3, 1],
  ])('of %d have %d a second and a burst of %d together', (workers, limit, burst) => {
    const { call, admitted } = simulate({ workers, limit, burst, latency: within(0.1, 3) })
    for (let at = 0; at < 5_000; at += 0.5)
      for (let worker = 0; worker < workers; worker += 1) call(worker, at)
    const bound = Math.max((limit + burst) * 1.1, limit + burst + workers - 1)
    expect(most(admitted, 1_000)).toBeLessThanOrEqual(bound)
    expect(admitted.length).toBeLessThanOrEqual(limit * 5 + burst + workers - 1)
    expect(admitted.length).toBeGreaterThanOrEqual((limit * 5 + burst) * 0.95 - 1)
  })
})

test('whatever comes when and where: in no second do more go on than the limit and the burst, a tenth or one for each other worker added', () => {
  const calls = fc.array(fc.record({ worker: fc.nat(7), gap: fc.constantFrom(0, 0, 0, 0.2, 1, 5, 40) }), {
    minLength: 50,
    maxLength: 800,
  })
  const setting = fc.record({
    workers: fc.integer({ min: 2, max: 8 }),
    limit: fc.integer({ min: 1, max: 400 }),
    burst: fc.integer({ min: 1, max: 200 }),
    slowest: fc.constantFrom(0, 1, 5),
  })
  fc.assert(
    fc.property(setting, calls, ({ workers, limit, burst, slowest }, list) => {
      const { call, admitted } = simulate({ workers, limit, burst, latency: within(0, slowest) })
      let at = 0
      for (const { worker, gap } of list) call(worker % workers, (at += gap))
      const bound = Math.max((limit + burst) * 1.1, limit + burst + workers - 1)
      expect(most(admitted, 1_000)).toBeLessThanOrEqual(bound)
    }),
    { numRuns: 60 },
  )
})

describe('the parent', () => {
  const entry = (name: string, tokens: number): BucketEntry => [name, tokens, 10, 100]

  test('tells the others when an eighth is gone, or little is left', () => {
    const keeper = createRateKeeper()
    const told = [5, 5, 5, 60, 1, 1].map((tokens) => {
      const { answer, others } = keeper.took([entry('k', tokens)], 0)
      return [answer[0]![1], others.length]
    })
    expect(told).toEqual([
      [95, 0],
      [90, 0],
      [85, 1],
      [25, 1],
      [24, 1],
      [23, 1],
    ])
  })

  test('tells a worker that begins what is not full', () => {
    const keeper = createRateKeeper()
    keeper.took([entry('a', 1), entry('b', 50)], 0)
    expect(keeper.all(5).map(([name, left]) => [name, left])).toEqual([
      ['a', 99.5],
      ['b', 50.5],
    ])
    expect(keeper.all(100).map(([name]) => name)).toEqual(['b'])
  })

  test('keeps no more than there is room for, and forgets what is full', () => {
    const keeper = createRateKeeper({ most: 100 })
    for (let who = 0; who < 10_000; who += 1) keeper.took([entry(`k${who}`, 1)], who)
    expect(keeper.size()).toBeLessThanOrEqual(100)
    keeper.took([entry('late', 1)], 20_000)
    expect(keeper.size()).toBe(1)
  })

  test('a clock that is set back makes nobody wait for long', () => {
    const keeper = createRateKeeper()
    keeper.took([entry('k', 1)], 3_600_000)
    const { answer } = keeper.took([entry('k', 1)], 0)
    expect(answer[0]![1]).toBeGreaterThanOrEqual(-164)
  })
})
