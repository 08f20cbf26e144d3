/** A process that was ready for this long has earned a new start without a pause. */
const healthyAfterMs = 10_000

/** How many failures in a row this one makes; one after a healthy while is the first again. Pure. */
export function countFailure(before: number, readyForMs: number): number {
  return readyForMs >= healthyAfterMs ? 1 : before + 1
}

/** The pause before the next start, in milliseconds: 200, 400, … at most 10 000. Pure. */
export function restartPause(failures: number): number {
  return Math.min(200 * 2 ** Math.max(failures - 1, 0), 10_000)
}
