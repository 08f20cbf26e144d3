import { formatDuration } from '../kernel/index.ts'
import type { BotGrant } from './types.ts'

const hour = 3_600_000

export interface Slice {
  /** When it was given, in milliseconds since 1970. */
  at: number
  writes: number
}

/** What is used or lent of the hour before `now`. Pure. */
export function usedOf(slices: readonly Slice[], now: number): number {
  return slices.filter(({ at }) => at > now - hour).reduce((sum, { writes }) => sum + writes, 0)
}

/** Why another run may not begin: its whole slice has to fit into what is left of the hour. Null: it may. Pure. */
export function spentReason(
  { bot, writes: { perRun, perHour } }: BotGrant,
  slices: readonly Slice[],
  now: number,
): string | null {
  const used = usedOf(slices, now)
  if (used + perRun <= perHour) return null
  const free = slices
    .map(({ at }) => at + hour)
    .toSorted((a, b) => a - b)
    .find((then) => then > now && usedOf(slices, then) + perRun <= perHour)
  const wait = free === undefined ? '' : `; there are as many again in ${formatDuration(free - now)}`
  return `“${bot}” may write ${perHour} times an hour, of which ${used} are used or lent, and a run needs ${perRun}${wait}`
}
