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
  examples?: Example[]
  /** Values that must stand at these places, by JSON pointer. */
  overrides?: Record<string, Json>
  /**
   * By JSON pointer: which branch of a union is taken there. A branch is told by the name of its schema, its title, the
   * value of its discriminator, or its number from 0.
   */
  branch?: Record<string, string>
}

/**
 * `example`: one of the examples, with what was set. `schema`: made from the schema, and valid at once. `repaired`: made
 * from the schema, and mended until it was valid. A value that is not valid is never given.
 */
export type Sample =
  | { ok: true; value: Json; from: 'example' | 'schema' | 'repaired' }
  | { ok: false; reason: string }

export interface Sampler {
  sample(schema: Schema, options: SampleOptions): Sample
}
