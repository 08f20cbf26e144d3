import { isObject } from '../../json-object.ts'
import { keysTo, placeOf } from '../../source/origins.ts'
import type { Json, JsonObject } from '../../types.ts'
import type { Fix } from '../types.ts'

type Key = string | number

/** What a fix does to the value of one file, and to which part of it. */
export interface Change {
  file: string
  /** Leads to the object or the list that is changed. */
  keys: Key[]
  fix: Fix
  /** Of an order: the names or indices of its items, in the wanted order. */
  wanted: Key[]
}

/** Where a fix takes hold in the files. Undefined: what it is about stands in several places, or in none. */
export function changeOf(fix: Fix): Change | undefined {
  if (fix.kind !== 'order') {
    const place = placeOf(fix.at)
    const isThere = place !== undefined && place.names?.includes(fix.member)
    return isThere ? { file: place.file.name, keys: keysTo(place), fix, wanted: [] } : undefined
  }
  const places = fix.items.map(placeOf)
  const [first] = places
  const holder = first?.parent
  if (first === undefined || holder === null || holder === undefined) return undefined
  const wanted = places.flatMap((place) => (place?.parent === holder ? [place.key] : []))
  // Of items that stand elsewhere (behind a reference, in a base) the order is not ours to change.
  if (wanted.length !== places.length || new Set(wanted).size !== wanted.length) return undefined
  return { file: first.file.name, keys: keysTo(holder), fix, wanted }
}

/** The value of a file as it is meant to be afterwards; the one given stays as it is. Undefined: it does not fit. */
export function changed(root: Json, { keys, fix, wanted }: Change): Json | undefined {
  const [key, ...rest] = keys
  if (key !== undefined) {
    if (typeof root !== 'object' || root === null || !Object.hasOwn(root, key)) return undefined
    const inner = changed((root as JsonObject)[key]!, { keys: rest, fix, wanted } as Change)
    if (inner === undefined) return undefined
    return Array.isArray(root) ? root.with(Number(key), inner) : replaced(root, String(key), inner)
  }
  if (fix.kind === 'order') return Array.isArray(root) ? ordered(root, wanted.map(Number)) : root
  if (!isObject(root) || !Object.hasOwn(root, fix.member)) return undefined
  if (fix.kind === 'remove')
    return Object.fromEntries(Object.entries(root).filter(([name]) => name !== fix.member))
  const text = root[fix.member]
  return typeof text === 'string' ? replaced(root, fix.member, fix.rewrite(text)) : undefined
}

function replaced(object: JsonObject, name: string, value: Json): JsonObject {
  return Object.fromEntries(Object.entries(object).map(([key, inner]) => [key, key === name ? value : inner]))
}

/** The items that are named take the places that they have among them. */
function ordered(list: readonly Json[], wanted: readonly number[]): Json[] {
  const slots = wanted.toSorted((one, other) => one - other)
  const result = [...list]
  slots.forEach((slot, index) => {
    result[slot] = list[wanted[index]!]!
  })
  return result
}
