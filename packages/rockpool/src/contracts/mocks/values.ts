import { isObject, setMember } from '../json-object.ts'
import type { Sampler } from '../samples/index.ts'
import { escapeToken } from '../source/origins.ts'
import type { Contract, Example, Json, JsonObject, Schema } from '../types.ts'
import type { Validator } from '../validation/index.ts'
import type { Branches } from './branches.ts'
import { membersOf } from './resources.ts'

export interface Wanted {
  /** What the value is for; the same gives the same. */
  key: string
  examples?: readonly Example[]
  /** Members that it should have, as far as they are allowed. */
  members?: JsonObject
  /** What has to be taken of its unions. */
  branch?: Branches | undefined
}

/** Values for answers, each of which is valid. */
export class Values {
  private readonly contract: Contract
  private readonly sampler: Sampler
  private readonly validator: Validator
  private readonly known = new Map<Schema, Set<string>>()

  constructor(contract: Contract, sampler: Sampler, validator: Validator) {
    this.contract = contract
    this.sampler = sampler
    this.validator = validator
  }

  /** Undefined: nothing is valid. */
  make(schema: Schema, { key, examples = [], members = {}, branch }: Wanted): Json | undefined {
    const wanted = this.allowed(schema, members)
    const overrides: Record<string, Json> = {}
    for (const [name, value] of Object.entries(wanted)) overrides[`/${escapeToken(name)}`] = value
    const direction = 'response' as const
    const taken = branch === undefined ? {} : { branch }
    const sample = this.sampler.sample(schema, { key, direction, examples, overrides, ...taken })
    if (sample.ok) return sample.value
    const plain = this.sampler.sample(schema, { key, direction, examples, ...taken })
    if (!plain.ok) return undefined
    // What is laid over a branch might make another one of it.
    if (branch !== undefined) return plain.value
    return isObject(plain.value) ? this.overlay(schema, plain.value, wanted) : plain.value
  }

  /** Members of `wanted` in the place of those of `value`, as many as leave it valid. */
  overlay(schema: Schema, value: JsonObject, wanted: JsonObject): JsonObject {
    const left = { ...this.allowed(schema, wanted) }
    for (let names = Object.keys(left); names.length > 0; names = Object.keys(left)) {
      const merged = { ...value, ...left }
      const violations = this.validator.validate(schema, merged)
      if (violations.length === 0) return merged
      const blamed = names.filter((name) =>
        violations.some(({ pointer }) => `${pointer}/`.startsWith(`/${escapeToken(name)}/`)),
      )
      // What is wrong with all of them together is nobody's alone: the last one goes.
      for (const name of blamed.length > 0 ? blamed : names.slice(-1)) delete left[name]
    }
    return value
  }

  isValid(schema: Schema, value: unknown): boolean {
    return this.validator.isValid(schema, value)
  }

  /** The members that a schema knows. */
  allowed(schema: Schema, members: JsonObject): JsonObject {
    let known = this.known.get(schema)
    if (known === undefined) this.known.set(schema, (known = membersOf(this.contract, schema)))
    const allowed: JsonObject = {}
    for (const [name, value] of Object.entries(members)) if (known.has(name)) setMember(allowed, name, value)
    return allowed
  }
}
