import type { Rate } from '../limits/bucket.ts'
import { leftAt, shareOf } from '../limits/share.ts'
import type { Copies, RateShare } from '../limits/share.ts'
import type { BucketEntry } from './types.ts'

/** A worker's side of the rates that it shares with the others. */
export interface WorkerShare extends RateShare {
  /** Word of the parent. `answers`: what was told last is counted in it. */
  told(entries: readonly BucketEntry[], answers: boolean): void
}

/** What was taken of one bucket and is not in the parent's word yet. */
interface Taken {
  rate: Rate
  untold: number
  /** On its way: in `took`, and not answered yet. */
  told: number
}

export interface WorkerShareOptions {
  /** Workers that share. */
  workers: number
  /** Tells the parent; answered by `told`. */
  tell: (entries: BucketEntry[]) => void
  /** Calls back soon: in this turn of the loop, or within 20 ms. */
  later?: { soon: (work: () => void) => void; lazily: (work: () => void) => void }
}

const lazyMs = 20
/** What is more waits for the next: one message must not take long to read. */
const mostEntries = 1_000

const timers = {
  soon: (work: () => void) => void setImmediate(work),
  lazily: (work: () => void) => void setTimeout(work, lazyMs).unref(),
}

/**
 * One message is under way at a time. What is taken meanwhile goes with the next, so that a parent that is busy is told less
 * often, and not less.
 */
export function createRateShare({ workers, tell, later = timers }: WorkerShareOptions): WorkerShare {
  const taken = new Map<string, Taken>()
  const untold = new Set<string>()
  let copies: Copies | undefined
  let underWay: string[] | undefined
  let due: 'soon' | 'lazily' | undefined

  function plan(when: 'soon' | 'lazily'): void {
    if (underWay !== undefined || due === 'soon' || due === when) return
    due = when
    later[when](() => {
      if (due === when) flush()
    })
  }

  function flush(): void {
    due = undefined
    if (underWay !== undefined || untold.size === 0) return
    const entries: BucketEntry[] = []
    for (const name of untold) {
      const one = taken.get(name)!
      untold.delete(name)
      entries.push([name, one.untold, one.rate.intervalMs, one.rate.capacity])
      one.told = one.untold
      one.untold = 0
      if (entries.length === mostEntries) break
    }
    underWay = entries.map(([name]) => name)
    tell(entries)
  }

  function answered(): void {
    for (const name of underWay ?? []) {
      const one = taken.get(name)!
      one.told = 0
      if (one.untold === 0) taken.delete(name)
    }
    underWay = undefined
  }

  return {
    allows(name, fullAt, rate, at) {
      const one = taken.get(name)
      const own = one === undefined ? 0 : one.untold + one.told
      return own < shareOf(leftAt(fullAt, rate, at), own, workers)
    },
    took(name, fullAt, rate, at) {
      let one = taken.get(name)
      if (one === undefined) taken.set(name, (one = { rate, untold: 0, told: 0 }))
      const share = shareOf(leftAt(fullAt, rate, at), one.untold + one.told, workers)
      one.rate = rate
      one.untold += 1
      untold.add(name)
      // Half of its share is gone: word should be here before it needs the rest.
      plan((one.untold + one.told) * 2 >= share ? 'soon' : 'lazily')
    },
    attach(given) {
      copies = given
    },
    told(entries, answers) {
      if (answers) answered()
      for (const [name, left, intervalMs, capacity] of entries) {
        const one = taken.get(name)
        const own = one === undefined ? 0 : one.untold + one.told
        copies?.set(name, copies.now() + (capacity - left + own) * intervalMs)
      }
      if (untold.size > 0) plan('soon')
    },
  }
}
