import type { Findings } from '../findings.ts'
import { isObject, member, setMember } from '../json-object.ts'
import { standsWhere, textAt } from '../source/origins.ts'
import type { Extensions, Json, JsonObject } from '../types.ts'
import type { Budget } from './budget.ts'
import type { Documents } from './documents.ts'
import type { SchemaReader } from './schemas.ts'
import type { Dialect } from './version.ts'

/** What the readers of a document's parts share. */
export interface Context {
  dialect: Dialect
  root: JsonObject
  documents: Documents
  schemas: SchemaReader
  findings: Findings
  budget: Budget
  /** See `ReadOptions`. */
  foreign: boolean
}

/** The members that begin with `x-`, but for those that are read as something else. */
export function extensionsOf(object: JsonObject, ...read: readonly string[]): Extensions {
  const extensions: Extensions = {}
  for (const name of Object.keys(object))
    if (name.startsWith('x-') && !read.includes(name)) setMember(extensions, name, object[name]!)
  return extensions
}

/** A text; null where there is none. Of a number or a boolean, as YAML makes them of unquoted texts, what was written. */
export function textOf(object: JsonObject, name: string, findings: Findings): string | null {
  const value = member(object, name)
  if (value === undefined || value === null) return null
  if (typeof value === 'string') return value
  const isScalar = typeof value !== 'object'
  findings.warning(object, `“${name}” must be a text${isScalar ? ': put it in quotes' : ''}`, name)
  return isScalar ? textAt(object, name, value) : null
}

export function flagOf(object: JsonObject, name: string, findings: Findings, otherwise = false): boolean {
  const value = member(object, name)
  if (value === undefined) return otherwise
  if (typeof value === 'boolean') return value
  findings.warning(object, `“${name}” must be true or false`, name)
  return value === 'true' ? true : otherwise
}

/** An object; null where there is none. */
export function objectOf(object: JsonObject, name: string, findings: Findings): JsonObject | null {
  const value = member(object, name)
  if (value === undefined) return null
  if (isObject(value)) return value
  findings.warning(object, `“${name}” must be an object`, name)
  return null
}

export function listOf(object: JsonObject, name: string, findings: Findings): Json[] {
  const value = member(object, name)
  if (value === undefined) return []
  if (Array.isArray(value)) return value
  findings.warning(object, `“${name}” must be a list`, name)
  return []
}

/** A list of texts; what is none is left out. */
export function textsOf(object: JsonObject, name: string, findings: Findings): string[] {
  const list = listOf(object, name, findings)
  return list.filter((item, index): item is string => {
    if (typeof item !== 'string') findings.warning(list, 'must be a text', index)
    return typeof item === 'string'
  })
}

/** An object without the members that are named, or that begin with `x-`. */
export function withoutMembers(object: JsonObject, names: ReadonlySet<string>): JsonObject {
  const left: JsonObject = {}
  for (const name of Object.keys(object))
    if (!names.has(name) && !name.startsWith('x-')) setMember(left, name, object[name]!)
  return standsWhere(left, object)
}
