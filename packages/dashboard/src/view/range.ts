/*
 * The time that a page is about. In the URL it is absolute; without one it is the last hour, and goes on.
 */

export interface Range {
  /** ISO 8601. */
  from: string
  to: string
  /** It ends now, and moves on with it. */
  isLive: boolean
  /** It lies behind: what is in it does not change any more. */
  isOver: boolean
}

const minuteMs = 60_000
const hourMs = 60 * minuteMs
/** As long as traffic is kept. */
const longestMs = 7 * 24 * hourMs

/** Lengths that are offered, by their names. */
export const lengths = [
  { name: '6 h', ms: 6 * hourMs },
  { name: '24 h', ms: 24 * hourMs },
  { name: '7 d', ms: longestMs },
] as const

/** The range that a query names; the last hour when it names none, or none that makes sense. Pure. */
export function rangeOf(search: URLSearchParams, now: number): Range {
  const [from, to] = [Date.parse(search.get('from') ?? ''), Date.parse(search.get('to') ?? '')]
  if (from < to && to - from <= longestMs) return { ...rangeFrom(from, to), isLive: false, isOver: to < now }
  // Whole minutes, so that an answer serves a minute long.
  const end = Math.floor(now / minuteMs) * minuteMs + minuteMs
  return { ...rangeFrom(end - hourMs, end), isLive: true, isOver: false }
}

export const rangeFrom = (from: number, to: number) => ({
  from: new Date(from).toISOString(),
  to: new Date(to).toISOString(),
})

/** The same length, earlier or later by itself; null where that is still to come. Pure. */
export function moved({ from, to }: Range, by: 1 | -1, now: number): { from: string; to: string } | null {
  const length = Date.parse(to) - Date.parse(from)
  const start = Date.parse(from) + by * length
  return start >= now ? null : rangeFrom(start, start + length)
}

/** So long, up to now. Pure. */
export function upToNow(ms: number, now: number): { from: string; to: string } {
  const end = Math.floor(now / minuteMs) * minuteMs
  return rangeFrom(end - ms, end)
}
