import type { AccessRecord } from '../access-log.ts'
import { sideOf } from './side.ts'
import type { Sample, SampleKind, Side } from './types.ts'

/** Requests that are kept whole until they are shipped: bounded, and customers' are not pushed out by Rockpool's own. */
export interface Samples {
  add(record: AccessRecord): void
  /** Takes all out. */
  take(): Sample[]
}

/** Of each side, between two shipments. */
const limits: Readonly<Record<SampleKind, number>> = { failed: 50, refused: 30, rest: 20 }

interface Bin {
  kind: SampleKind
  side: Side
  seen: number
  records: AccessRecord[]
}

/** `random`: from 0 up to 1. */
export function createSamples(random: () => number = Math.random): Samples {
  // In the order of their first request; at most one of each kind and side.
  let bins: Bin[] = []

  function find(kind: SampleKind, side: Side): Bin | undefined {
    for (const bin of bins) if (bin.kind === kind && bin.side === side) return bin
    return undefined
  }

  return {
    add(record) {
      const kind = kindOf(record)
      const side = sideOf(record)
      let bin = find(kind, side)
      if (bin === undefined) bins.push((bin = { kind, side, seen: 0, records: [] }))
      const limit = limits[kind]
      // Of failed and refused ones the last; of the rest any, each as likely as every other.
      const place =
        kind === 'rest' && bin.seen >= limit ? Math.floor(random() * (bin.seen + 1)) : bin.seen % limit
      bin.seen += 1
      if (place < limit) bin.records[place] = record
    },
    take() {
      const taken = bins.flatMap(({ kind, records }) => records.map((record) => ({ ...record, kind })))
      bins = []
      return taken
    },
  }
}

/** Failed: an answer of 500 and more, or one that broke off. Refused: 400 to 499. Pure. */
export function kindOf({ status, aborted }: Pick<AccessRecord, 'status' | 'aborted'>): SampleKind {
  if ((status !== null && status >= 500) || (aborted !== null && aborted !== 'client')) return 'failed'
  return status !== null && status >= 400 ? 'refused' : 'rest'
}
