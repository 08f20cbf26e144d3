import type { Entry, Failure } from './types.ts'

/** Names of the steps that an entry stands in, outermost first; with its own where it is a step. Pure. */
export function stepsOf(entry: Entry | undefined, entries: readonly Entry[]): string[] {
  const names: string[] = []
  let at = entry
  while (at && names.length < 50) {
    if (at.type === 'step') names.unshift(at.name)
    const { parent } = at
    at = parent === null ? undefined : entries.find(({ id }) => id === parent)
  }
  return names
}

/** What an attempt was doing when it was cut off: the last entry that never came to its end. Pure. */
export function underWay(entries: readonly Entry[]): Pick<Failure, 'steps' | 'place'> {
  const open = entries.findLast((entry) => entry.ms === null)
  return { steps: stepsOf(open, entries), place: open?.place ?? null }
}
