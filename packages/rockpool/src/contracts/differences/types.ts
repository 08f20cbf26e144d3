import type { Contract, Json, Origin, Schema } from '../types.ts'

/*
 * The vocabulary: rule, difference, place, policy.
 *
 *     contract ─┐                                    ┌─► found (rule, place, details) ─► difference, with its fingerprint
 *               ├─► operations, parameters, … ───────┤
 *     contract ─┘        └─► schemas: facts ─► table ┘
 *
 * A fact is free of direction (`max-decreased`); the table says which rule it is at its place (`request-property-max-decreased`).
 */

/** Whose bytes these are: what a service is sent, or what it sends. A webhook's request is what it sends. */
export type Direction = 'request' | 'response'

export interface Answers {
  /** Calls that were good before are refused, or answers come that were not promised before. */
  wire: 'breaks' | 'may break' | 'keeps'
  /** Code that calls what was generated of the contract no longer compiles. */
  source: 'breaks' | 'keeps'
  /** The same bytes say something else than before. */
  meaning: 'changes' | 'keeps'
}

export interface Rule extends Answers {
  id: string
  /** Null: it is about neither. */
  direction: Direction | null
  /** For people; `{name}` stands for the detail of this name. */
  sentence: string
  /** How to have it without breaking anybody. Null: there is nothing to break, or no way. */
  advice: string | null
}

/** What stands on both sides, mostly `before` and `after`; a rule's sentence says which. */
export type Details = Record<string, Json>

/** A webhook's path is its name. */
export interface OperationName {
  method: string
  /** As the version before has it. */
  path: string
}

/** An operation that meets what is different, and where in it the shared schema stands. */
export interface Use {
  operation: OperationName
  /** A place as in `Difference`. */
  place: string
}

export interface Difference extends Answers {
  rule: string
  /** Null: it is in what operations share (a schema with a name), or in none. */
  operation: OperationName | null
  /** Stable, and for people: `request body application/json /items/price`, `schema Order /price`. */
  place: string
  details: Details
  /** Where the version before says it. Null: it says nothing of it. */
  before: Origin | null
  after: Origin | null
  /** Every operation that meets it, in the contract's order; of a difference in one operation, that one. */
  uses: Use[]
  /** SHA-256 (hexadecimal) of rule, operation, place and details: not of wording, lines or order. */
  fingerprint: string
}

/** What of a difference says whom it meets. */
export type Weighable = Pick<Difference, 'fingerprint' | 'rule' | 'place' | 'details'> & {
  uses: readonly Pick<Use, 'operation'>[]
}

/** What somebody did whom a difference concerns. */
export const deeds = [
  'called this operation',
  'sent this field',
  'did not send this field',
  'sent this value',
  'sent this kind',
  'sent a body',
  'sent no body',
  'sent members that are not told',
] as const
export type Deed = (typeof deeds)[number]

/** Who meets a difference, as traffic of `days` days says. */
export interface Met {
  deed: Deed
  /** How many different ones; at least so many, where `isMore`. */
  organizations: number
  /** There were more of them than were told apart. */
  isMore: boolean
  calls: number
  /** Days, as `2026-11-23`. */
  firstSeen: string
  lastSeen: string
  /** Of at most ten: those with the most calls first. */
  names: string[]
  days: number
  today: string
}

/** Whom a difference meets; `unknown`: there is no evidence, or not for long enough. */
export type MetBy = Met | `nobody in ${number} days` | 'unknown'

/** By the fingerprint of a difference. */
export type Weights = ReadonlyMap<string, MetBy>

/** How differences are told. */
export interface Told {
  /** So many, the worst of them; all without it. */
  most?: number
  /** Whom they meet, where it is known. */
  traffic?: Weights | undefined
}

/** Something of a model, or one of its members: where it was read is looked up when it is told. */
export interface Spot {
  at: object
  member?: string | number
}

export interface Found {
  rule: string
  operation: OperationName | null
  place: string
  details?: Details
  before?: Spot | null
  after?: Spot | null
  /** When it is not `operation` alone. */
  uses?: Use[]
}

export type SchemaPlaceKind =
  | 'request body'
  | 'parameter'
  | 'header parameter'
  | 'response body'
  | 'response header'

/** Where two schemas stand. */
export interface SchemaPlace {
  kind: SchemaPlaceKind
  operation: OperationName
  /** Such as `request body application/json`, `parameter query limit`, `response 200 header X-Rate`. */
  place: string
  /** A media type in which everything is text has no types of its own; null: none (parameters, headers). */
  mediaType: string | null
  /** Where the schemas stand, for those that are `true` or `false`: mostly `{ at: mediaType, member: 'schema' }`. */
  before: Spot
  after: Spot
}

/** What a house asks of whoever withdraws something. */
export interface Policy {
  /** `2026-11-23`: sunsets are held against it. Null: against nothing. */
  today: string | null
  /** Days between a deprecation and its sunset. 0: it may be deprecated without a sunset. */
  noticeDays: { stable: number; beta: number }
}

/** What a comparer gets. */
export interface Comparison {
  before: Contract
  after: Contract
  policy: Policy
  add(found: Found): void
  /** Compares two schemas; what is different in those with a name is told once, whatever leads there. */
  schemas(before: Schema, after: Schema, at: SchemaPlace): void
}
