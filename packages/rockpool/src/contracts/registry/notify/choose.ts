import type { Due } from './store.ts'

/** How many deliveries one control has under way. */
export interface SendBounds {
  all: number
  /** Of one origin: what stands behind it may be one slow machine. */
  ofOrigin: number
}

/** Those that may begin beside what is in hand: within the bounds, the longest due first. Pure. */
export function choose(due: readonly Due[], inHand: readonly Due[], bounds: SendBounds): Due[] {
  const counts = new Map<string, number>()
  const add = ({ origin }: Due) => counts.set(origin, (counts.get(origin) ?? 0) + 1)
  for (const one of inHand) add(one)
  const busy = new Set(inHand.map(({ watcher }) => watcher))
  const chosen: Due[] = []
  for (const one of due) {
    if (inHand.length + chosen.length >= bounds.all) break
    if (busy.has(one.watcher) || (counts.get(one.origin) ?? 0) >= bounds.ofOrigin) continue
    chosen.push(one)
    add(one)
  }
  return chosen
}
