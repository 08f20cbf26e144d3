import type { Json, SchemaObject } from '../../types.ts'
import type { Value } from '../types.ts'

const numberForm = /^[+-]?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?$/

/** Undefined: the text is no number, or none that can be held. */
export function toNumber(text: string): number | undefined {
  if (!numberForm.test(text)) return undefined
  const number = Number(text)
  // `-0` is 0.
  return Number.isFinite(number) ? number + 0 : undefined
}

/** Undefined: the text is no whole number, or none that can be held exactly. */
export function toInteger(text: string): number | undefined {
  const number = toNumber(text)
  return Number.isSafeInteger(number) ? number : undefined
}

/** A number in form, whether it can be held or not. */
export const isNumeric = (text: string) => numberForm.test(text)

const words: ReadonlyMap<string, boolean> = new Map([
  ...['t', 'true', 'y', 'yes', 'on', '1'].map((word) => [word, true] as const),
  ...['f', 'false', 'n', 'no', 'off', '0'].map((word) => [word, false] as const),
])

/** In any letter case. */
export function toBoolean(value: Value): boolean | undefined {
  if (typeof value === 'boolean') return value
  if (typeof value === 'string') return value.length > 5 ? undefined : words.get(value.toLowerCase())
  return value === 1 ? true : value === 0 ? false : undefined
}

/** A value of an `enum` as the contract writes it, where only letter case, or being text, sets it apart. */
export function toEnumValue(schema: SchemaObject, value: Value): Value {
  const allowed = schema.const === undefined ? schema.enum : [schema.const]
  if (allowed === undefined || typeof value !== 'string') return value
  let known = spellings.get(schema)
  if (known === undefined) {
    known = spellingsOf(allowed)
    spellings.set(schema, known)
  }
  return known.exact.get(value) ?? known.folded.get(value.toLowerCase()) ?? value
}

interface Spellings {
  exact: ReadonlyMap<string, Json>
  folded: ReadonlyMap<string, Json>
}
const spellings = new WeakMap<SchemaObject, Spellings>()

function spellingsOf(allowed: readonly Json[]): Spellings {
  const exact = new Map<string, Json>()
  const folded = new Map<string, Json>()
  const texts = allowed.filter((one) => typeof one === 'string')
  for (const text of texts) {
    exact.set(text, text)
    if (!folded.has(text.toLowerCase())) folded.set(text.toLowerCase(), text)
  }
  for (const one of allowed)
    if (typeof one === 'number' || typeof one === 'boolean')
      if (!folded.has(String(one))) folded.set(String(one), one)
  return { exact, folded }
}
