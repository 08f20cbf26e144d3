import type { Origin } from '../../types.ts'
import type { SourceDocument } from '../patch/documents.ts'
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
  /** Null: nothing is proposed. */
  patch: ProposedPatch | null
  /** Why nothing is proposed for what was seen, in a sentence; null: something is, or nothing was seen. */
  unpatched: string | null
}

/** Nothing can be proposed, and why: the rest of a sentence without its end. */
export interface Unpatched {
  reason: string
}

/** What a document of API Builder would get: an item of a list, in which each has a name of its own. */
export interface Entry {
  document: SourceDocument
  /** JSON pointer of the model, the operation or the enum. */
  at: string
  list: 'fields' | 'parameters' | 'values'
  /** On the wire. */
  name: string
  /** As API Builder writes it; null: it is a value of an enum. */
  type: string | null
  /** Names that its list has, those that come from templates among them. */
  names: readonly string[]
  /** What the values of its enum are on the wire. */
  values: readonly string[]
}

/** A finding that is not yet told, and what a document must get so that it is gone; null: there is nothing to mend. */
export interface Draft {
  finding: Omit<DriftFinding, 'patch' | 'unpatched'>
  mending: Addition[] | Entry | Unpatched | null
}
