import type { Json, Schema, SchemaObject, SchemaType } from '../../types.ts'
import type { Impossible } from '../impossible.ts'

/** A schema that has to hold, as far as its own keywords go. Those that hold because of it stand next, up to `end`. */
export interface Conjunct {
  schema: SchemaObject
  end: number
}

/** What holds of a value when certain branches have been taken. */
export interface Gathered {
  conjuncts: Conjunct[]
  /** Names of the schemas among them. */
  names: string[]
  /** What the branches that were taken are called. */
  labels: string[]
  deniedValues: Json[]
  deniedTypes: Set<SchemaType>
  deniedMembers: Set<string>
  /** What holds of members besides. */
  members: Map<string, Schema[]>
  /** Members that are required besides. */
  required: Set<string>
}

/** What was gathered, summed up. */
export interface Shape extends Gathered {
  kind: 'shape'
  /** The likely ones first; never none. */
  types: SchemaType[]
  /** They are said, not only likely. */
  isTyped: boolean
  /** Only these, by `enum` and `const`; null: any. */
  values: Json[] | null
  /** Canonical texts of values that it is not. */
  denied: ReadonlySet<string>
  /** What the makers of each type made of it, once they were asked. */
  rules: Map<string, unknown>
}

/** A place where a schema leaves a choice. */
export interface ChoicePoint {
  kind: 'choice'
  keyword: 'anyOf' | 'oneOf' | 'if' | 'dependentSchemas' | 'discriminator'
  branches: Branch[]
  /** Where each branch leads to, as that becomes known. */
  next: (Step | undefined)[]
  /** Numbers of the branches that do not contradict at once what holds already, once that is known. */
  open: readonly number[] | undefined
}

export interface Branch {
  /** These hold then. */
  schemas: Schema[]
  /** These do not. */
  denied: Schema[]
  /** What a caller can call it by. */
  labels: string[]
}

/** Either all is known, or a branch has to be taken first, or what has to hold contradicts itself. */
export type Step = Shape | ChoicePoint | Impossible
