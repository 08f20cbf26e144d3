import { isObject } from '../../json-object.ts'
import { nameOfReference, referenceTo } from '../../references.ts'
import type { Contract, Schema, SchemaObject } from '../../types.ts'

/** The schemas of a contract by name, and what they say of each other. */
export interface Names {
  target(reference: string): Schema
  /** The name of a schema that has one. */
  nameOf(schema: Schema): string | undefined
  /** Names of the schemas that build on this one: what their `allOf` leads to. */
  heirs(name: string): readonly string[]
}

export function createNames({ schemas }: Pick<Contract, 'schemas'>): Names {
  const names = new Map<Schema, string>()
  for (const [name, schema] of schemas) if (isObject(schema)) names.set(schema, name)
  let heirs: Map<string, string[]> | undefined
  return {
    target: (reference) => schemas.get(nameOfReference(reference)) ?? true,
    nameOf: (schema) => names.get(schema),
    heirs(name) {
      heirs ??= heirsIn(schemas)
      return heirs.get(name) ?? []
    },
  }
}

function heirsIn(schemas: Contract['schemas']): Map<string, string[]> {
  const heirs = new Map<string, string[]>()
  for (const [name, schema] of schemas) {
    if (typeof schema === 'boolean') continue
    for (const part of schema.allOf ?? []) {
      if (typeof part === 'boolean' || part.$ref === undefined) continue
      const base = nameOfReference(part.$ref)
      const known = heirs.get(base)
      if (known === undefined) heirs.set(base, [name])
      else known.push(name)
    }
  }
  return heirs
}

/** The values of a discriminator that lead to a schema: those of the mapping, or else its name (OpenAPI 3.1, 4.8.25). */
export function discriminatorValues(schema: SchemaObject, name: string): string[] {
  const reference = referenceTo(name)
  const mapping = Object.entries(schema.discriminator?.mapping ?? {})
  const values = mapping
    .filter(([, target]) => target === reference || target === name)
    .map(([value]) => value)
  return values.length > 0 ? values : [name]
}
