/** A worker that lived for so long has earned a successor at once. */
const healthyAfterMs = 10_000

/** How many in a row came to an untimely end, with this one. Pure. */
export function countDeath(before: number, livedMs: number): number {
  return livedMs >= healthyAfterMs ? 1 : before + 1
}

/** Milliseconds before the next start: none after the first, then 100, 200, … at most 5,000. Pure. */
export function pauseAfter(deaths: number): number {
  return deaths <= 1 ? 0 : Math.min(100 * 2 ** (deaths - 2), 5_000)
}
