import { isEqual } from '../../json-equal.ts'
import { isObject, member, setMember } from '../../json-object.ts'
import { escapeToken, unescapeToken } from '../../source/origins.ts'
import type { Json } from '../../types.ts'
import type { Addition, AddOperation } from './types.ts'

/** An addition of which all but the last name is there. */
export interface Settled {
  /** JSON pointer of an object or a list that is there. */
  container: string
  /** A name that is not there, or `-`. */
  name: string
  value: Json
}

/**
 * Additions to one document as it is: each in the innermost object that is there, those to one place that is not there joined.
 * Null: something stands in the way of one, or is there already.
 */
export function settle(document: Json, additions: readonly Addition[]): Settled[] | null {
  const settled = new Map<string, Settled>()
  for (const { at, names, value } of additions) {
    const one = settleOne(document, at, names, value)
    if (one === null) return null
    const key =
      one.name === '-' ? JSON.stringify([one.container, '-', one.value]) : `${one.container} ${one.name}`
    const other = settled.get(key)
    settled.set(key, other === undefined ? one : { ...one, value: joined(other.value, one.value) })
  }
  return [...settled.values()]
}

function settleOne(document: Json, at: string, names: readonly string[], value: Json): Settled | null {
  let container = at
  let inner = valueAt(document, at)
  for (const [index, name] of names.entries()) {
    if (typeof inner !== 'object' || inner === null) return null
    const rest = names.slice(index + 1)
    if (Array.isArray(inner)) return name === '-' && rest.length === 0 ? { container, name, value } : null
    const below = member(inner, name)
    if (below === undefined) return { container, name, value: nested(rest, value) }
    container = `${container}/${escapeToken(name)}`
    inner = below
  }
  return null
}

function nested(names: readonly string[], value: Json): Json {
  return names.reduceRight<Json>((inner, name) => {
    if (name === '-') return [inner]
    const outer = {}
    setMember(outer, name, inner)
    return outer
  }, value)
}

/** Where both say something, and it is no object or list, the first one counts. */
function joined(a: Json, b: Json): Json {
  if (Array.isArray(a) && Array.isArray(b))
    return [...a, ...b.filter((item) => !a.some((each) => isEqual(each, item)))]
  if (!isObject(a) || !isObject(b)) return a
  const both = { ...a }
  for (const [name, value] of Object.entries(b)) {
    const own = member(a, name)
    setMember(both, name, own === undefined ? value : joined(own, value))
  }
  return both
}

export function valueAt(document: Json, pointer: string): Json | undefined {
  let at: Json | undefined = document
  for (const token of pointer.split('/').slice(1)) {
    if (typeof at !== 'object' || at === null) return undefined
    at = Array.isArray(at) ? at[Number(token)] : member(at, unescapeToken(token))
  }
  return at
}

/** As a JSON Patch (RFC 6902). */
export function toJsonPatch(settled: readonly Settled[]): AddOperation[] {
  return settled.map(({ container, name, value }) => ({
    op: 'add',
    path: `${container}/${escapeToken(name)}`,
    value,
  }))
}

/** The document after additions that were settled in it. The document stays as it is. */
export function applied(document: Json, settled: readonly Settled[]): Json {
  const after = structuredClone(document)
  for (const { container, name, value } of settled) {
    const at = valueAt(after, container)
    if (Array.isArray(at)) at.push(value)
    else if (isObject(at)) setMember(at, name, value)
  }
  return after
}
