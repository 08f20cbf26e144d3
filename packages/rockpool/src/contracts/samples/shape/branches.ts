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
  if (chosen !== undefined) return [branchTo(schema, chosen, [], names)]
  if (heirs.length > 0)
    return heirs.map((name) =>
      branchTo(schema, name, name === own ? [] : [{ $ref: referenceTo(name) }], names),
    )
  return own === undefined ? undefined : [branchTo(schema, own, [], names)]
}

function mappedNames({ discriminator }: SchemaObject): string[] {
  const targets = Object.values(discriminator?.mapping ?? {})
  return [...new Set(targets.map((to) => (to.startsWith('#') ? nameOfReference(to) : to)))]
}

function branchTo(schema: SchemaObject, name: string, schemas: Schema[], names: Names): Branch {
  const values = discriminatorValues(schema, name)
  const holder = { allOf: [schema, { $ref: referenceTo(name) }] }
  const marked = mark(schema, holder, values, names)
  return { schemas: [...schemas, marked], denied: [], labels: [name, ...values] }
}

/** What the discriminator has to say in a branch; undefined: the branch says it itself, or has no name. */
function markOf(
  schema: SchemaObject,
  branch: Schema,
  names: Names,
): { schema: Schema; values: string[] } | undefined {
  const property = schema.discriminator!.propertyName
  const own = saidOf(branch, property, names, valuesListed)
  if (typeof branch === 'boolean' || branch.$ref === undefined) {
    const values = (own ?? []).filter((value) => typeof value === 'string')
    return values.length === 0 ? undefined : { schema: true, values }
  }
  const values = discriminatorValues(schema, nameOfReference(branch.$ref))
  const shared = own === undefined ? values : values.filter((value) => own.includes(value))
  if (shared.length > 0) return { schema: mark(schema, branch, shared, names), values: shared }
  return { schema: true, values: own!.filter((value) => typeof value === 'string') }
}

/** @param holder what says of which type the discriminator is */
function mark({ discriminator }: SchemaObject, holder: Schema, values: string[], names: Names): Schema {
  const { propertyName } = discriminator!
  const types = saidOf(holder, propertyName, names, ({ type }) => type)
  const isText = types === undefined || [types].flat().includes('string')
  // A mapping names numbers and flags by their texts (OpenAPI 3.1, 4.8.25.4).
  const listed: Json[] = isText ? values : values.map((value) => scalarOf(value))
  return { properties: { [propertyName]: { enum: listed } }, required: [propertyName] }
}

function scalarOf(text: string): Json {
  const word = text.toLowerCase()
  if (word === 'true' || word === 'false') return word === 'true'
  const number = text.trim() === '' ? Number.NaN : Number(text)
  return Number.isFinite(number) ? number : text
}

const valuesListed = ({ const: only, enum: values }: SchemaObject): Json[] | undefined =>
  only === undefined ? values : [only]

/** What a schema says of a member, where it says it. */
function saidOf<T>(
  schema: Schema,
  property: string,
  names: Names,
  read: (declared: SchemaObject) => T | undefined,
  depth = 0,
): T | undefined {
  if (typeof schema === 'boolean' || depth > 10) return undefined
  const own = Object.hasOwn(schema.properties ?? {}, property) ? schema.properties![property]! : true
  if (typeof own === 'object') {
    const named = own.$ref === undefined ? own : names.target(own.$ref)
    const said = typeof named === 'object' ? read(named) : undefined
    if (said !== undefined) return said
  }
  const parts = [...(schema.$ref === undefined ? [] : [names.target(schema.$ref)]), ...(schema.allOf ?? [])]
  for (const part of parts) {
    const said = saidOf(part, property, names, read, depth + 1)
    if (said !== undefined) return said
  }
  return undefined
}
