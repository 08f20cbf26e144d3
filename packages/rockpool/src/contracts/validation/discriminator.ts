import { isObject, member } from '../json-object.ts'
import { nameOfReference } from '../references.ts'
import type { Contract, Schema, SchemaObject } from '../types.ts'

/** How a `discriminator` tells which branch a value is meant for. */
export interface Tag {
  property: string
  /** Values that name a branch, for messages. */
  names: string[]
  /** Index of the branch that a value names; undefined: it names none. */
  branchOf(value: unknown): number | undefined
}

/**
 * OpenAPI 3.1.1, 4.8.25: a value names a branch by the mapping, or by the name of the branch's schema. Null: there is no
 * discriminator, or no branch that has a name.
 */
export function tagOf(
  schema: SchemaObject,
  branches: readonly Schema[],
  contract: Pick<Contract, 'schemas'>,
): Tag | null {
  if (schema.discriminator === undefined) return null
  const { propertyName: property, mapping = {} } = schema.discriminator
  const branchesByName = new Map<string, number>()
  for (const [index, branch] of branches.entries())
    if (typeof branch === 'object' && branch.$ref !== undefined)
      branchesByName.set(nameOfReference(branch.$ref), index)
  const byValue = new Map<string, number>()
  for (const [value, reference] of Object.entries(mapping)) {
    // What is no reference may be a name by itself.
    const name = contract.schemas.has(reference) ? reference : nameOfReference(reference)
    const index = branchesByName.get(name)
    if (index !== undefined) byValue.set(value, index)
  }
  const mapped = new Set(byValue.values())
  for (const [name, index] of branchesByName)
    if (!Object.hasOwn(mapping, name) && !mapped.has(index)) byValue.set(name, index)
  if (byValue.size === 0) return null
  return {
    property,
    names: [...byValue.keys()],
    branchOf(value) {
      const found = isObject(value) ? member(value, property) : undefined
      return typeof found === 'string' ? byValue.get(found) : undefined
    },
  }
}
