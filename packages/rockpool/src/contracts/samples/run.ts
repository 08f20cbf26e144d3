import type { Json, Schema } from '../types.ts'
import type { Budget } from './budget.ts'
import type { Overrides } from './overrides.ts'
import type { Heights } from './shape/heights.ts'
import type { Names } from './shape/names.ts'
import type { Node } from './shape/node.ts'
import type { Peek } from './shape/peek.ts'
import type { SampleValidator } from './types.ts'

/** What is known of a contract, kept from one sample to the next. */
export interface Ground {
  names: Names
  heights: Heights
  peek: Peek
  validator: SampleValidator
  node(schema: Schema): Node
  /** As a pattern of a schema. */
  matches(pattern: string, text: string): boolean
}

/** One attempt at a sample. */
export interface Run extends Ground {
  direction: 'request' | 'response'
  /** How often each part is tried. */
  tries: number
  /** Each value is validated where it is made, and made again until it is valid. */
  isCareful: boolean
  /** Members that do not go in this direction are made all the same, where they are required. */
  keepsHidden: boolean
  /** Such a member was left out. */
  hasHidden: boolean
  overrides: Overrides | null
  /** Branches that are asked for, by JSON pointer; several are taken in this order. */
  pins: ReadonlyMap<string, readonly string[]> | null
  /** Those of them that have been taken. */
  pinsMet: Set<string>
  budget: Budget
}

export function isValid(run: Ground, node: Node, value: Json): boolean {
  return node.schemas.every((schema) => run.validator.isValid(schema, value))
}
