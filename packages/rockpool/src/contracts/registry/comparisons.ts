import type { Database } from '../../kernel/index.ts'
import type { Comparison } from './comparison.ts'
import type { Judge } from './judge.ts'
import { selectBundle } from './store.ts'

/** Comparisons of what never changes: whoever goes through the differences of two versions has them compared once. */
export interface Comparisons {
  /** Of the contracts at two addresses; the one that is asked for last may be given up last. @param today `2026-11-23` */
  of(before: string, after: string, today: string): Promise<Comparison>
}

const none: Comparison = {
  differences: [],
  operations: [],
  aspects: { breaks: 0, code: 0, meaning: 0 },
  before: new Map(),
  after: new Map(),
}

/**
 * @param options `most`: comparisons that are kept, and differences in all of them: Stripe's of 2017 and 2022 have 4,200, of
 * 3 KB each
 */
export function createComparisons({
  database,
  judge,
  most = { comparisons: 16, differences: 20_000 },
}: {
  database: Database
  judge: Judge
  most?: { comparisons: number; differences: number }
}): Comparisons {
  /** The one that was asked for last stands last. */
  const kept = new Map<string, { comparison: Promise<Comparison>; differences: number }>()

  const make = async (before: string, after: string, today: string): Promise<Comparison> => {
    const [old, young] = [await selectBundle(database, before), await selectBundle(database, after)]
    return judge.within(young, (judgement) => judgement.comparisonWith(old, today))
  }

  const giveUpOldest = () => {
    const size = () => [...kept.values()].reduce((sum, { differences }) => sum + differences, 0)
    while (kept.size > 1 && (kept.size > most.comparisons || size() > most.differences))
      kept.delete(kept.keys().next().value!)
  }

  return {
    async of(before, after, today) {
      if (before === after) return none
      const key = `${before} ${after} ${today}`
      const entry = kept.get(key) ?? { comparison: make(before, after, today), differences: 0 }
      kept.delete(key)
      kept.set(key, entry)
      try {
        const comparison = await entry.comparison
        entry.differences = comparison.differences.length
        giveUpOldest()
        return comparison
      } catch (error) {
        if (kept.get(key) === entry) kept.delete(key)
        throw error
      }
    },
  }
}
