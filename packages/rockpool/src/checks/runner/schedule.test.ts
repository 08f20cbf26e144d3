import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isOvertaken, lastSlot, nextSlot } from './schedule.ts'

const minute = 60_000

test('the times of every are evenly spaced, and the same whoever computes them and when', () => {
  fc.assert(
    fc.property(
      fc.string(),
      fc.integer({ min: 1_000, max: 86_400_000 }),
      fc.integer({ min: 0, max: 2e12 }),
      (name, every, now) => {
        const check = { name, every, cron: null }
        const next = nextSlot(check, now)!
        expect(next).toBeGreaterThan(now)
        expect(next - now).toBeLessThanOrEqual(every)
        expect(nextSlot(check, next)).toBe(next + every)
        expect(lastSlot(check, now)).toBe(next - every)
        expect(lastSlot(check, next)).toBe(next)
      },
    ),
  )
})

test('checks with the same interval do not all begin at once', () => {
  const seconds = Array.from(
    { length: 60 },
    (_, i) => nextSlot({ name: `check ${i}`, every: minute, cron: null }, 0)! % minute,
  )
  expect(new Set(seconds.map((ms) => Math.floor(ms / 10_000))).size).toBe(6)
})

test('a cron comes at its times in UTC, is not caught up with, and daylight saving does not move it', () => {
  const check = { name: 'daily', every: null, cron: '30 2 * * *' }
  const days = [Date.UTC(2026, 2, 28, 12), Date.UTC(2026, 9, 24, 12)]
  for (const day of days) {
    const first = nextSlot(check, day)!
    expect(new Date(first).toISOString()).toMatch(/T02:30:00/)
    expect(nextSlot(check, first)! - first).toBe(24 * 60 * minute)
  }
  expect(lastSlot(check, days[0]!)).toBeNull()
})

test('a time is overtaken once the following one has come', () => {
  const check = { name: 'x', every: minute, cron: null }
  const slot = nextSlot(check, 0)!
  expect(isOvertaken(check, slot, slot + minute - 1)).toBe(false)
  expect(isOvertaken(check, slot, slot + minute)).toBe(true)
})

test('a check without a schedule is never due', () => {
  expect(nextSlot({ name: 'x', every: null, cron: null }, 0)).toBeNull()
})
