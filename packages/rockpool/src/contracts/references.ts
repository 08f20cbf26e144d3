import { escapeToken, unescapeToken } from './source/origins.ts'
import type { Contract, Schema, SchemaObject } from './types.ts'

const prefix = '#/components/schemas/'

/** What a `$ref` to a schema of this name says. */
export function referenceTo(name: string): string {
  return prefix + escapeToken(name)
}

/** The name of the schema that a `$ref` of a model leads to. */
export function nameOfReference(reference: string): string {
  return unescapeToken(reference.slice(prefix.length))
}

/** The schema that a `$ref` of this contract leads to; what is no reference is itself. Follows chains of them. */
export function follow(contract: Pick<Contract, 'schemas'>, schema: Schema): Schema {
  let at = schema
  // A reader lets no circle of references alone into a model.
  while (typeof at === 'object' && at.$ref !== undefined && isReferenceAlone(at))
    at = contract.schemas.get(nameOfReference(at.$ref)) ?? true
  return at
}

/** Nothing stands beside the `$ref` that could refuse a value. */
export function isReferenceAlone(schema: SchemaObject): boolean {
  for (const keyword in schema)
    if (keyword !== '$ref' && !annotations.has(keyword) && !keyword.startsWith('x-')) return false
  return true
}

const annotations: ReadonlySet<string> = new Set([
  'title',
  'description',
  'default',
  'examples',
  'deprecated',
  'readOnly',
  'writeOnly',
  '$comment',
  'externalDocs',
])
