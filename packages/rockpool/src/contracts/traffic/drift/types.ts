import type { Origin } from '../../types.ts'
import type { Addition, AddOperation } from '../patch/types.ts'
import type { UsageDirection } from '../types.ts'

export const driftKinds = [
  'undocumented field',
  'undocumented value',
  'undocumented status',
  'undocumented media type',
  /** Declared, watched, and met by no call. */
  'never seen',
] as const

export type DriftKind = (typeof driftKinds)[number]

/** What would mend a document. */
export interface ProposedPatch {
  file: string
  /** JSON Patch (RFC 6902) of the document in that file. */
  operations: AddOperation[]
  /** Unified diff of its text, in which all that stands there stays; null: the text has no place where it could be put. */
  diff: string | null
}

/** Something in which traffic and contract are not one. */
export interface DriftFinding {
  kind: DriftKind
  level: 'warning' | 'info'
  /** In words, in one line. */
  message: string
  /** As differences name it: `schema Pet /born`. */
  place: string
  /** Of those in which it was met: `GET /pets/{}`, at most ten. */
  operations: string[]
  directions: UsageDirection[]
  /** Of what the contract says there; null: it says nothing. */
  origin: Origin | null
  /** How often; 0 of what was never seen. */
  times: number
  calls: number
  /** Organizations that were told apart. */
  organizations: number
  /** The first day on which it was seen; of what was never seen, on which it was watched. */
  since: string
  lastSeen: string | null
  /** Null: nothing is proposed, as there is nothing to add, or no word for it in the document's format. */
  patch: ProposedPatch | null
}

/** A finding that is not yet told, and what a document must get so that it is gone; null: nothing is proposed. */
export interface Draft {
  finding: Omit<DriftFinding, 'patch'>
  additions: Addition[] | null
}
