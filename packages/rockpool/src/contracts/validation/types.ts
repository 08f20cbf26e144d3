import type { Json, Origin } from '../types.ts'

/** A rule of a schema that a value breaks. Nothing of the value is in it but names of members: a value may be secret. */
export interface Violation {
  /** JSON pointer (RFC 6901) into the value; of a member that is missing: where it would stand. */
  pointer: string
  /** The schema's keyword, such as `minimum`; `depth` or `effort`: the value is more than is judged. */
  keyword: string
  /** Field and rule in words, such as “/items/0/price: must be at least 0”. */
  message: string
  /** Of the schema that says so; null: it was read nowhere. */
  origin: Origin | null
  /** What the rule compares with, such as `{ minimum: 0 }`. */
  params: Readonly<Record<string, Json>>
}

/** A format that is held to, for texts or for numbers. */
export type FormatRule =
  | { of: 'string'; holds: (value: string) => boolean; says: string }
  | { of: 'number'; holds: (value: number) => boolean; says: string }

/** A format is asserted of one kind of value; what it says completes “must be …”. */
export type FormatRules = Readonly<Record<string, FormatRule | null>>

export interface ValidatorOptions {
  /**
   * OpenAPI 3.0.4, 4.7.24.2: a required property that is `readOnly` is not required in a request, one that is `writeOnly`
   * not in a response. Without a direction each is required. That one is there all the same is no violation: it SHOULD NOT
   * be sent, and the schema itself allows it.
   */
  direction?: 'request' | 'response'
  /** Formats beside the known ones, or instead of them; null: this one passes. */
  formats?: FormatRules
  /**
   * What a `discriminator` beside `oneOf` or `anyOf` does where it names one of the branches.
   * `agrees` (the default): the value must match as without it, and that branch must be among those that match.
   * `decides`: that branch alone is asked. So documents are often meant whose branches cannot be told apart otherwise,
   * though OpenAPI 3.1.1 (4.8.25) says that a discriminator changes no outcome.
   */
  discriminator?: 'agrees' | 'decides'
  /**
   * What it may cost to judge one value, as a share of what it may otherwise (1: up to a second or so). What would cost more is
   * not valid.
   */
  effort?: number
}
