import { nameOfReference } from '../references.ts'
import type { Schema, SchemaObject } from '../types.ts'
import { maxDepth } from './parts.ts'

/** Schemas that one question goes through; more of them know nothing of it. */
const maxVisits = 200

type Schemas = ReadonlyMap<string, Schema>
type Question = (schema: Schema) => boolean

/** What a member may be, by every schema that a value is also held to; none: nothing declares it. */
export function declarationsOf(schemas: Schemas, schema: Schema, name: string): Schema[] {
  const found: Schema[] = []
  const seen = new Set<Schema>()
  const queue: Schema[] = [schema]
  for (let at = queue.pop(); at !== undefined && seen.size < maxVisits; at = queue.pop()) {
    if (typeof at === 'boolean' || seen.has(at)) continue
    seen.add(at)
    if (declares(at, name)) found.push(at.properties![name]!)
    for (const parts of [at.anyOf, at.oneOf, at.allOf])
      for (const part of (parts ?? []).slice(0, maxVisits).toReversed()) queue.push(part)
    if (at.$ref !== undefined) queue.push(targetIn(schemas, at.$ref))
  }
  return found
}

/** A schema declares a member itself, or by what it inherits; not by a branch that it may be. */
export function inherits(schemas: Schemas, schema: Schema, name: string): boolean {
  return inheritance(schemas, name)(schema)
}

/** A value of this schema has that member, whichever branch it is of, and the schema declares it as well. */
export function ensures(schemas: Schemas, schema: Schema, name: string): boolean {
  const isInherited = inheritance(schemas, name)
  const isEnsured = question(
    (at, again) =>
      (at.required?.includes(name) === true && isInherited(at)) ||
      at.allOf?.some(again) === true ||
      [at.oneOf, at.anyOf].some((of) => of !== undefined && of.length > 0 && of.every(again)) ||
      (at.$ref !== undefined && again(targetIn(schemas, at.$ref))),
  )
  return isEnsured(schema)
}

function inheritance(schemas: Schemas, name: string): Question {
  return question(
    (at, again) =>
      declares(at, name) ||
      at.allOf?.some(again) === true ||
      (at.$ref !== undefined && again(targetIn(schemas, at.$ref))),
  )
}

/** Asks a schema, which may ask others; each answers once, and what is being asked already says no. */
function question(answer: (at: SchemaObject, again: Question) => boolean): Question {
  const known = new Map<Schema, boolean>()
  const ask = (at: Schema, depth: number): boolean => {
    if (typeof at === 'boolean' || depth > maxDepth) return false
    const before = known.get(at)
    if (before !== undefined || known.size > maxVisits) return before ?? false
    known.set(at, false)
    const is = answer(at, (part) => ask(part, depth + 1))
    known.set(at, is)
    return is
  }
  return (schema) => ask(schema, 0)
}

function declares({ properties }: SchemaObject, name: string): boolean {
  return properties !== undefined && Object.hasOwn(properties, name)
}

function targetIn(schemas: Schemas, reference: string): Schema {
  return schemas.get(nameOfReference(reference)) ?? true
}
