import type { Json } from '../types.ts'
import { keyOf, quoted } from './names.ts'
import { maxDepth } from './parts.ts'
import { member, nothing, object, record, union, unknown, word } from './type.ts'
import type { Type } from './type.ts'

/** The type that this value alone has. */
export function literal(value: Json, depth = 0): Type {
  if (depth > maxDepth) return unknown
  if (value === null) return nothing
  if (typeof value === 'string') return word(quoted(value))
  // YAML has numbers that no literal says.
  if (typeof value === 'number')
    return word(Number.isFinite(value) ? String(value).replace('e+', 'e') : 'number')
  if (typeof value === 'boolean') return word(String(value))
  if (Array.isArray(value)) {
    const items = value.map((item) => ({ type: literal(item, depth + 1), optional: false }))
    return { kind: 'tuple', items, rest: null }
  }
  const members = Object.entries(value).map(([name, each]) => member(keyOf(name), literal(each, depth + 1)))
  return members.length === 0 ? record(word('never')) : object(members)
}

export function literals(values: readonly Json[]): Type {
  return union(values.map((value) => literal(value)))
}
