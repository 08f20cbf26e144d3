import { nameOfReference, referenceTo } from '../../references.ts'
import type { Json, Schema, SchemaObject } from '../../types.ts'
import { discriminatorValues } from './names.ts'
import type { Names } from './names.ts'
import type { Branch } from './types.ts'

/** Of more branches it is left to validation that the others do not hold. */
const mostExclusive = 50

/** Branches of `anyOf` or `oneOf`; with the value of the discriminator that leads to each. */
export function branchesOf(schema: SchemaObject, branches: readonly Schema[], names: Names): Branch[] {
  const isExclusive = branches === schema.oneOf && branches.length <= mostExclusive
  return branches.map((branch, index) => {
    const schemas: Schema[] = [branch]
    const labels: string[] = []
    if (typeof branch === 'object') {
      if (branch.$ref !== undefined) labels.push(nameOfReference(branch.$ref))
      if (branch.title !== undefined) labels.push(branch.title)
    }
    const marked = schema.discriminator && markOf(schema, branch, names)
    if (marked !== undefined) {
      schemas.push(marked.schema)
      labels.push(...marked.values)
    }
    const others = isExclusive ? branches.filter((_, other) => other !== index) : []
    return { schemas, denied: others, labels: [...labels, String(index)] }
  })
}

/**
 * A discriminator without a union: the schemas that build on this one are its branches. `around`: names of the schemas
 * that it is part of here, the outermost first; one that builds on it has been chosen already.
 */
export function heirsOf(schema: SchemaObject, around: string[], names: Names): Branch[] | undefined {
  if (schema.oneOf !== undefined || schema.anyOf !== undefined) return undefined
  const own = names.nameOf(schema)
  const mapped = mappedNames(schema)
  const heirs = mapped.length > 0 || own === undefined ? mapped : names.heirs(own)
  const others = around.filter((name) => name !== own)
  const chosen = others.find((name) => heirs.includes(name)) ?? others.at(-1)
  if (chosen !== undefined) return [branchTo(schema, chosen, [])]
  if (heirs.length > 0)
    return heirs.map((name) => branchTo(schema, name, name === own ? [] : [{ $ref: referenceTo(name) }]))
  return own === undefined ? undefined : [branchTo(schema, own, [])]
}

function mappedNames({ discriminator }: SchemaObject): string[] {
  const targets = Object.values(discriminator?.mapping ?? {})
  return [...new Set(targets.map((to) => (to.startsWith('#') ? nameOfReference(to) : to)))]
}

function branchTo(schema: SchemaObject, name: string, schemas: Schema[]): Branch {
  const values = discriminatorValues(schema, name)
  return { schemas: [...schemas, mark(schema, values)], denied: [], labels: [name, ...values] }
}

/** What the discriminator has to say in a branch; undefined: the branch says it itself, or has no name. */
function markOf(
  schema: SchemaObject,
  branch: Schema,
  names: Names,
): { schema: Schema; values: string[] } | undefined {
  const property = schema.discriminator!.propertyName
  const own = valuesOf(branch, property, names, 0)
  if (typeof branch === 'boolean' || branch.$ref === undefined) {
    const values = (own ?? []).filter((value) => typeof value === 'string')
    return values.length === 0 ? undefined : { schema: true, values }
  }
  const values = discriminatorValues(schema, nameOfReference(branch.$ref))
  const shared = own === undefined ? values : values.filter((value) => own.includes(value))
  if (shared.length > 0) return { schema: mark(schema, shared), values: shared }
  return { schema: true, values: own!.filter((value) => typeof value === 'string') }
}

function mark({ discriminator }: SchemaObject, values: string[]): Schema {
  const { propertyName } = discriminator!
  return { properties: { [propertyName]: { enum: values } }, required: [propertyName] }
}

/** The values that a schema allows of a member, where it lists them. */
function valuesOf(schema: Schema, property: string, names: Names, depth: number): Json[] | undefined {
  if (typeof schema === 'boolean' || depth > 10) return undefined
  const own = Object.hasOwn(schema.properties ?? {}, property) ? schema.properties![property]! : true
  if (typeof own === 'object') {
    const named = own.$ref === undefined ? own : names.target(own.$ref)
    if (typeof named === 'object' && named.const !== undefined) return [named.const]
    if (typeof named === 'object' && named.enum !== undefined) return named.enum
  }
  const parts = [...(schema.$ref === undefined ? [] : [names.target(schema.$ref)]), ...(schema.allOf ?? [])]
  for (const part of parts) {
    const values = valuesOf(part, property, names, depth + 1)
    if (values !== undefined) return values
  }
  return undefined
}
