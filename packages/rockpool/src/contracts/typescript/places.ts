import type { Schema } from '../types.ts'

/** Where a schema stands. */
export interface Place {
  /** The named schema that is being written; null: it stands in an operation. */
  within: string | null
  /** What is between that and this: composition alone, a list, or a member. */
  through: 'composition' | 'list' | 'member'
  via: 'all' | 'union'
  /** Schemas of its circle that are written out around it. */
  around: readonly string[]
  /** It is written out as a base: which of its heirs a value is, is said elsewhere. */
  asBase: boolean
  /** What a value is held to besides. */
  beside: readonly Schema[]
  /** It stands elsewhere, too. */
  isRepeated: boolean
  depth: number
}

/** Where a definition begins. */
export const top = {
  through: 'composition',
  via: 'all',
  around: [],
  asBase: false,
  beside: [],
  isRepeated: false,
  depth: 0,
} as const satisfies Omit<Place, 'within'>

export function inMember(place: Place): Place {
  return { ...place, through: 'member', beside: [] }
}

export function inList(place: Place): Place {
  return { ...place, through: place.through === 'member' ? 'member' : 'list', beside: [] }
}
