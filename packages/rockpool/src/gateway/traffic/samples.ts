import type { AccessRecord } from '../access-log.ts'
import { sideOf } from './side.ts'
import type { Sample, SampleKind } from './types.ts'

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
  seen: number
  records: AccessRecord[]
}

/** `random`: from 0 up to 1. */
export function createSamples(random: () => number = Math.random): Samples {
  let bins = new Map<string, Bin>()

  return {
    add(record) {
      const kind = kindOf(record)
      const name = `${kind} ${sideOf(record)}`
      let bin = bins.get(name)
      if (bin === undefined) bins.set(name, (bin = { kind, seen: 0, records: [] }))
      const limit = limits[kind]
      // Of failed and refused ones the last; of the rest any, each as likely as every other.
      const place =
        kind === 'rest' && bin.seen >= limit ? Math.floor(random() * (bin.seen + 1)) : bin.seen % limit
      bin.seen += 1
      if (place < limit) bin.records[place] = record
    },
    take() {
      const taken = [...bins.values()].flatMap(({ kind, records }) =>
        records.map((record) => ({ ...record, kind })),
      )
      bins = new Map()
      return taken
    },
  }
}

/** Failed: an answer of 500 and more, or one that broke off. Refused: 400 to 499. Pure. */
export function kindOf({ status, aborted }: Pick<AccessRecord, 'status' | 'aborted'>): SampleKind {
  if ((status !== null && status >= 500) || (aborted !== null && aborted !== 'client')) return 'failed'
  return status !== null && status >= 400 ? 'refused' : 'rest'
}
