/** Writes of one lease at most: so many are lost with a gateway that dies. */
export const mostOfLease = 50

/** Leases that are given back by one request. */
export const mostGivenBack = 100

/** How many writes a gateway asks for at once: a quarter of all, so that a small budget is not lost with one gateway. Pure. */
export function wantOf(writes: number): number {
  return Math.min(mostOfLease, Math.max(1, Math.ceil(writes / 4)))
}

/** How many writes control lends: never more than half of what is left, so that other gateways get some too. Pure. */
export function lentOf({ writes, taken, want }: { writes: number; taken: number; want: number }): number {
  return Math.min(want, mostOfLease, Math.ceil(Math.max(0, writes - taken) / 2))
}
