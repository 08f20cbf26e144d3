import { formatDuration } from '../kernel/index.ts'
import type { BotGrant } from './types.ts'

const hour = 3_600_000

export interface Slice {
  /** When it was given, in milliseconds since 1970. */
  at: number
  writes: number
}

/** What a run may do by the hour's budget. `putBack`: with what earlier runs left, and nothing else. */
export type Permission = { may: 'lifecycle' } | { may: 'putBack' | 'nothing'; reason: string }

/** What is used or lent of the hour before `now`. Pure. */
export function usedOf(slices: readonly Slice[], now: number): number {
  return slices.filter(({ at }) => at > now - hour).reduce((sum, { writes }) => sum + writes, 0)
}

/**
 * A run begins when its whole slice fits into what is left of the hour. The last slice of an hour is for putting back
 * alone: what a run left in production must not wait until there is budget to make more. `owes`: earlier runs left
 * something. Pure.
 */
export function permissionOf(
  grant: Pick<BotGrant, 'bot' | 'writes'>,
  slices: readonly Slice[],
  owes: boolean,
  now: number,
): Permission {
  const { perRun, perHour } = grant.writes
  const fits = (limit: number, then: number) => usedOf(slices, then) + perRun <= limit
  const forLifecycles = perHour - perRun
  if (fits(forLifecycles, now)) return { may: 'lifecycle' }
  const mayPutBack = owes && fits(perHour, now)
  const free = slices
    .map(({ at }) => at + hour)
    .toSorted((a, b) => a - b)
    .find((then) => then > now && fits(owes && !mayPutBack ? perHour : forLifecycles, then))
  const wait = free === undefined ? '' : `; there are as many again in ${formatDuration(free - now)}`
  const reason = `“${grant.bot}” may write ${perHour} times an hour, of which ${usedOf(slices, now)} are used or lent, the last ${perRun} are for putting back, and a run needs ${perRun}${wait}`
  return { may: mayPutBack ? 'putBack' : 'nothing', reason }
}
