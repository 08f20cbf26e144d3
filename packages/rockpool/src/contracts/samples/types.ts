import type { Example, Json, Schema } from '../types.ts'

/** What says whether a value is what a schema allows. */
export interface SampleValidator {
  /** Nothing: the value is valid. */
  validate(schema: Schema, value: unknown): { pointer: string; keyword: string }[]
  isValid(schema: Schema, value: unknown): boolean
}

export interface SamplerOptions {
  /** Another seed, other values. Without one: ''. */
  seed?: string
  validator: SampleValidator
}

export interface SampleOptions {
  /** What the sample is for, such as organization and operation: the same key gives the same values. */
  key: string
  /** Read-only members are left out of requests, write-only ones out of responses. */
  direction: 'request' | 'response'
  /** The first that is valid is taken. */
  examples?: readonly Example[]
  /** Values that must stand at these places, by JSON pointer. */
  overrides?: Record<string, Json>
  /**
   * By JSON pointer: which branch of a union is taken there. A branch is told by the name of its schema, its title, the
   * value of its discriminator, or its number from 0. A list: of the unions that are met there one after another.
   */
  branch?: Readonly<Record<string, string | readonly string[]>>
}

/**
 * `example`: one of the examples, with what was set. `schema`: made from the schema, and valid at once. `repaired`: made
 * from the schema, and mended until it was valid. A value that is not valid is never given.
 */
export type Sample =
  | { ok: true; value: Json; from: 'example' | 'schema' | 'repaired' }
  | { ok: false; reason: string }

/** A place in the values of a schema where one of several branches is taken. */
export interface Union {
  /** JSON pointer; of the items of a list that of the first one. */
  pointer: string
  /** What has to be taken further out, as `branch` of `SampleOptions` has it. */
  within: Readonly<Record<string, readonly string[]>>
  branches: UnionBranch[]
}

export interface UnionBranch {
  /** The first of its labels that is its own alone. */
  name: string
  /** Name of its schema, its title, values of its discriminator, its number. */
  labels: readonly string[]
  /** What has to be taken at the place of the union. */
  path: readonly string[]
}

export interface Sampler {
  sample(schema: Schema, options: SampleOptions): Sample
  /** Where values of a schema may have branches: the outer ones first, found as they are asked for. */
  unions(schema: Schema, direction: SampleOptions['direction']): Iterable<Union>
}
