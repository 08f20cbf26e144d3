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
  while (isReference(at)) at = contract.schemas.get(nameOfReference(at.$ref)) ?? true
  return at
}

/** It is the schema of a name, with nothing beside the `$ref` that refuses a value. */
export function isReference(schema: Schema): schema is SchemaObject & { $ref: string } {
  return typeof schema === 'object' && schema.$ref !== undefined && refusesOnlyBy(schema, '$ref')
}

/** No keyword of it but these refuses a value. */
export function refusesOnlyBy(schema: SchemaObject, ...keywords: string[]): boolean {
  for (const keyword in schema) if (!isAnnotation(keyword) && !keywords.includes(keyword)) return false
  return true
}

/** Says something about a schema, and refuses no value. */
export function isAnnotation(keyword: string): boolean {
  return annotations.has(keyword) || keyword.startsWith('x-')
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
  'xml',
])
