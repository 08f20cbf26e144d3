/** Counts what may come in bursts: more than `most` within `withinMs` is too much. Windows are fixed, not sliding. */
export function createBurst(most: number, withinMs: number): { tooMany(now: number): boolean } {
  let began = -Infinity
  let count = 0
  return {
    tooMany(now) {
      if (now - began > withinMs) {
        began = now
        count = 0
      }
      count += 1
      return count > most
    },
  }
}
