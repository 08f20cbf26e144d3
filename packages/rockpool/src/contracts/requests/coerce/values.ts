import { setMember } from '../../json-object.ts'
import type { Json } from '../../types.ts'
import type { Value } from '../types.ts'

export type Members = { [name: string]: Value }

/** An object, not bytes. */
export function isMembers(value: Value): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !Buffer.isBuffer(value)
}

export const isCompound = (value: Value) => Array.isArray(value) || isMembers(value)

/** The same with another value for each member; undefined leaves it out. What changes nothing gives the same object. */
export function mapMembers(
  object: Members,
  change: (value: Value, name: string) => Value | undefined,
): Members {
  const made: Members = {}
  let isSame = true
  for (const name of Object.keys(object)) {
    const value = object[name]!
    const changed = change(value, name)
    if (changed !== value) isSame = false
    if (changed !== undefined) setMember(made, name, changed)
  }
  return isSame ? object : made
}

/** As `mapMembers`. */
export function mapItems(list: Value[], change: (value: Value, index: number) => Value): Value[] {
  const made = list.map(change)
  return made.every((value, index) => value === list[index]) ? list : made
}

/** As a validator sees it: bytes are a text with one letter for each, so that lengths are right. */
export function asJson(value: Value): Json {
  if (Buffer.isBuffer(value)) return value.toString('latin1')
  if (Array.isArray(value)) return mapItems(value, asJson) as Json
  return (isMembers(value) ? mapMembers(value, asJson) : value) as Json
}

/** How many values there are in one, itself included; no further than `most`. */
export function sizeOf(value: Value, most: number): number {
  let size = 1
  if (size >= most) return size
  const inner = Array.isArray(value) ? value : isMembers(value) ? Object.values(value) : []
  for (const one of inner) {
    size += sizeOf(one, most - size)
    if (size >= most) return size
  }
  return size
}
