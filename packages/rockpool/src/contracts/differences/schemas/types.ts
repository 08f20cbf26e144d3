import type { Contract, Schema, SchemaObject } from '../../types.ts'
import type { Details, Policy, Spot } from '../types.ts'

/** Where a pair of schemas stands within what is walked. */
export interface At {
  /** Into the data: `/items/[]/price`; `<Card>` is a branch of a union, `{}` any other member. */
  path: string
  /** Levels below where the walk began. */
  depth: number
  /** It is the body, the parameter or the header itself. */
  isWhole: boolean
  /** Bits: nobody sends it (`readOnly`), nobody answers it (`writeOnly`). */
  access: number
  before: Spot
  after: Spot
}

export const readOnly = 1
export const writeOnly = 2

/** One thing that two schemas differ in, whichever direction they are used in. */
export interface SchemaFact {
  /** Its name in the table (rules/facts.ts). */
  fact: string
  path: string
  isWhole: boolean
  access: number
  details: Details
  before: Spot | null
  after: Spot | null
  /** What it is instead where all is text: forms, parameters, headers. */
  inText?: string
  /** It is told of wholes alone, or of parts. */
  only?: 'whole' | 'part'
}

/** Leads to a pair of schemas with names, which is told for itself. */
export interface Edge {
  node: SchemaNode
  path: string
  isWhole: boolean
  access: number
}

/** Two schemas that were compared, down to those with names. */
export interface SchemaNode {
  /** '' stands in one place. */
  name: string
  facts: SchemaFact[]
  edges: Edge[]
}

export interface Pair {
  before: SchemaObject
  after: SchemaObject
  /** What stood around it allows null. */
  isNullBefore: boolean
  isNullAfter: boolean
  at: At
}

/** A schema with less around it. */
export interface Simple {
  schema: Schema
  /** Null was one of its branches. */
  isNull: boolean
}

/** What all walks of one comparison share. */
export interface Ground {
  before: Contract
  after: Contract
  policy: Policy
  /** What was made of schemas: the same is made once, so that a circle is known again. */
  simple: WeakMap<object, Simple>
  resolved: WeakMap<object, Schema>
  merged: WeakMap<object, SchemaObject | null>
  /** The pair of schemas of these names; null: there are too many. */
  nodeOf(before: string, after: string): SchemaNode | null
}

/** What a comparer of one level gets. */
export interface Walker {
  ground: Ground
  /** Tells what is different at a place. */
  tell(fact: string, at: At, details: Details, more?: Partial<SchemaFact>): void
  /** Has two schemas compared that stand below. */
  visit(before: Schema, after: Schema, at: At): void
}
