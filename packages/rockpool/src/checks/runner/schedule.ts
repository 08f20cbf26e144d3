import { createHash } from 'node:crypto'
import { Cron } from 'croner'
import type { Check } from '../types.ts'

type Scheduled = Pick<Check, 'name' | 'every' | 'cron'>

/**
 * When a check is due next after a time (ms since 1970); null: it has no schedule, or never again. Times of `every` are
 * the same for every runner that computes them, and spread by the check's name, so that not all begin at once. Pure.
 */
export function nextSlot({ name, every, cron }: Scheduled, after: number): number | null {
  if (every !== null)
    return (Math.floor((after - phaseOf(name, every)) / every) + 1) * every + phaseOf(name, every)
  if (cron === null) return null
  return new Cron(cron, { paused: true, timezone: 'UTC' }).nextRun(new Date(after))?.getTime() ?? null
}

/**
 * When it was due last, at or before a time: what a runner that starts has to catch up with. A cron is not caught up
 * with: its author meant that very time. Pure.
 */
export function lastSlot(check: Scheduled, now: number): number | null {
  return check.every === null ? null : nextSlot(check, now)! - check.every
}

/** Whether a slot has been overtaken by a later one: it was missed. Pure. */
export function isOvertaken(check: Scheduled, slot: number, now: number): boolean {
  const following = nextSlot(check, slot)
  return following !== null && following <= now
}

function phaseOf(name: string, every: number): number {
  return createHash('sha256').update(name).digest().readUIntBE(0, 6) % every
}
