import { describe, expect, test } from 'vitest'
import type { SnapshotRelease } from '../types.ts'
import { releaseOf } from './choose.ts'

const release = (name: string, weight: number, drain: string | null = null): SnapshotRelease => ({
  name,
  url: `http://127.0.0.1:${7000 + name.charCodeAt(name.length - 1)}`,
  weight,
  drain,
})
const organizations = Array.from({ length: 10_000 }, (_, n) => `org-${n}`)
const choices = (weights: Record<string, number>, name = 'catalog') => {
  const releases = Object.entries(weights).map(([of, weight]) => release(of, weight))
  return organizations.map((organization) => releaseOf({ name, releases }, organization)?.name)
}
const count = (names: readonly unknown[], name: string) => names.filter((one) => one === name).length

describe('the share of a release', () => {
  test.each([
    [{ v1: 90, v2: 10 }],
    [{ v1: 99, v2: 1 }],
    [{ v1: 1, v2: 1, v3: 1 }],
    [{ v1: 500, v2: 300, v3: 200 }],
    [{ v1: 1000, v2: 10 }],
  ])('is its weight over the sum of all: %j', (weights) => {
    const names = choices(weights)
    const sum = Object.values<number>(weights).reduce((total, weight) => total + weight, 0)
    for (const [name, weight] of Object.entries<number>(weights)) {
      const expected = (organizations.length * weight) / sum
      // Four standard deviations of a draw: what is even stays within.
      const spread = 4 * Math.sqrt(expected * (1 - weight / sum))
      expect(Math.abs(count(names, name) - expected), name).toBeLessThan(spread)
    }
  })

  test('is the same at every gateway and every time, in whatever order they are told', () => {
    const there = choices({ v1: 60, v2: 40 })
    expect(choices({ v1: 60, v2: 40 })).toEqual(there)
    expect(choices({ v2: 40, v1: 60 })).toEqual(there)
    expect(choices({ v1: 600, v2: 400 })).toEqual(there)
  })

  test('moves only as many organizations as it grows by, and none back', () => {
    const steps = [0, 1, 10, 25, 50, 90, 100].map((weight) => choices({ v1: 100 - weight, v2: weight }))
    for (let step = 1; step < steps.length; step += 1)
      for (const [index, name] of steps[step]!.entries())
        if (steps[step - 1]![index] === 'v2') expect(name).toBe('v2')
    expect(count(steps[1]!, 'v2')).toBeGreaterThan(50)
    expect(count(steps.at(-1)!, 'v2')).toBe(organizations.length)
  })

  test('grows out of all others, and moves nobody among them', () => {
    const before = choices({ v1: 50, v2: 50, v3: 0 })
    const after = choices({ v1: 50, v2: 50, v3: 25 })
    for (const [index, name] of after.entries()) if (name !== before[index]) expect(name).toBe('v3')
    expect(count(after, 'v3')).toBeGreaterThan(1_500)
  })

  test('is of other organizations in each service, so that a few do not get all that is new', () => {
    const one = choices({ v1: 50, v2: 50 }, 'catalog')
    const other = choices({ v1: 50, v2: 50 }, 'orders')
    const same = one.filter((name, index) => name === other[index]).length
    expect(same).toBeGreaterThan(4_500)
    expect(same).toBeLessThan(5_500)
  })

  test('is nothing without a weight, or while it drains; and with none at all the service itself is left', () => {
    expect(new Set(choices({ v1: 0, v2: 1 }))).toEqual(new Set(['v2']))
    const drains = { name: 'catalog', releases: [release('v1', 100, 'drn_1'), release('v2', 1)] }
    expect(releaseOf(drains, 'harbor')?.name).toBe('v2')
    expect(releaseOf({ name: 'catalog', releases: [release('v1', 0)] }, 'harbor')).toBeNull()
    expect(releaseOf({ name: 'catalog', releases: [] }, null)).toBeNull()
  })

  test('of calls without an organization: all of them, for the one with the greatest weight', () => {
    const of = (v1: number, v2: number) =>
      releaseOf({ name: 'catalog', releases: [release('v1', v1), release('v2', v2)] }, null)?.name
    expect([of(90, 10), of(50, 50), of(49, 51), of(0, 1)]).toEqual(['v1', 'v1', 'v2', 'v2'])
  })
})
