import { follow, nameOfReference, referenceTo } from '../references.ts'
import type { Contract, Discriminator, Schema, SchemaObject } from '../types.ts'
import { inherits, declarationsOf } from './declarations.ts'
import { partsOf } from './parts.ts'

/** Of a schema that more than so many build upon, no values are listed. */
const maxHeirs = 200

/** Of each schema, by its name: what a member says in it, so that a union of it and others is told apart. */
export type Tags = ReadonlyMap<string, ReadonlyMap<string, readonly string[]>>

/**
 * What discriminators say of schemas (OpenAPI 3.1, 4.8.25): of the branches of a union, and of those that build upon a
 * schema with a discriminator. What has heirs stands for them, too. A name that no mapping mentions is a value itself.
 */
export function tagsIn(contract: Contract, roots: readonly Schema[]): Tags {
  const tags = new Map<string, Map<string, Set<string>>>()
  const add = (name: string, property: string, values: readonly string[]) => {
    const properties = tags.get(name) ?? new Map<string, Set<string>>()
    tags.set(name, properties.set(property, new Set([...(properties.get(property) ?? []), ...values])))
  }
  const heirs = heirsIn(contract.schemas)
  for (const { schema, name } of withDiscriminator(contract, roots)) {
    const { discriminator } = schema
    const branches = [...(schema.oneOf ?? []), ...(schema.anyOf ?? [])]
    for (const branch of branches) {
      const target = targetOf(branch)
      if (target !== null) add(target, discriminator.propertyName, valuesFor(discriminator, target))
    }
    if (branches.length > 0 || name === null) continue
    for (const heir of descendants(heirs, name, Infinity)) {
      const kin = [heir, ...descendants(heirs, heir, maxHeirs)]
      if (kin.length > maxHeirs) continue
      add(
        heir,
        discriminator.propertyName,
        kin.flatMap((each) => valuesFor(discriminator, each)),
      )
    }
  }
  return new Map(
    [...tags].map(([name, properties]) => [
      name,
      new Map(
        [...properties].flatMap(([property, values]) => {
          const possible = possibleValues(contract, name, property, [...values])
          return possible === null ? [] : [[property, possible] as const]
        }),
      ),
    ]),
  )
}

/** Values by which a discriminator means the schema of this name. */
export function valuesFor(discriminator: Discriminator, name: string): string[] {
  const reference = referenceTo(name)
  const values = Object.entries(discriminator.mapping ?? {}).filter(([, target]) => target === reference)
  return values.length === 0 ? [name] : values.map(([value]) => value)
}

export function targetOf(branch: Schema): string | null {
  return typeof branch === 'object' && branch.$ref !== undefined ? nameOfReference(branch.$ref) : null
}

/** Those of the values that the schema itself allows. Null: it knows other ones, or tells its own branches apart. */
function possibleValues(
  contract: Contract,
  name: string,
  property: string,
  values: string[],
): string[] | null {
  const schema = follow(contract, contract.schemas.get(name) ?? true)
  if (typeof schema === 'boolean') return null
  if (!inherits(contract.schemas, schema, property)) {
    const isObject = schema.type === undefined || [schema.type].flat().includes('object')
    const isToldByBranches = declarationsOf(contract.schemas, schema, property).length > 0
    return isObject && !isToldByBranches && schema.oneOf === undefined && schema.anyOf === undefined
      ? values
      : null
  }
  let possible = values
  for (const declared of declarationsOf(contract.schemas, schema, property)) {
    const one = follow(contract, declared)
    if (typeof one === 'boolean') continue
    const allowed = one.const === undefined ? one.enum : [one.const]
    const isText = one.type === undefined || [one.type].flat().includes('string')
    possible = isText ? possible.filter((value) => allowed === undefined || allowed.includes(value)) : []
  }
  return possible.length === 0 ? null : possible
}

interface Discriminating {
  schema: SchemaObject & { discriminator: Discriminator }
  /** Null: it has none, it stands in another one. */
  name: string | null
}

function withDiscriminator(contract: Contract, roots: readonly Schema[]): Discriminating[] {
  const names = new Map([...contract.schemas].map(([name, schema]) => [schema, name]))
  const found: Discriminating[] = []
  const seen = new Set<Schema>()
  const queue = [...contract.schemas.values(), ...roots].toReversed()
  for (let at = queue.pop(); at !== undefined; at = queue.pop()) {
    if (typeof at === 'boolean' || seen.has(at)) continue
    seen.add(at)
    const { discriminator } = at
    if (discriminator !== undefined)
      found.push({ schema: { ...at, discriminator }, name: names.get(at) ?? null })
    for (const [, part] of partsOf(at)) queue.push(part)
  }
  return found
}

/** Who builds upon whom, by `allOf`. */
function heirsIn(schemas: ReadonlyMap<string, Schema>): Map<string, string[]> {
  const heirs = new Map<string, string[]>()
  for (const [name, schema] of schemas) {
    const queue: Schema[] = typeof schema === 'object' ? [...(schema.allOf ?? [])] : []
    for (let at = queue.pop(); at !== undefined; at = queue.pop()) {
      if (typeof at === 'boolean') continue
      const base = targetOf(at)
      if (base !== null) {
        const known = heirs.get(base) ?? []
        known.push(name)
        heirs.set(base, known)
      }
      for (const each of at.allOf ?? []) queue.push(each)
    }
  }
  return heirs
}

/** At most so many of them. */
function descendants(heirs: ReadonlyMap<string, readonly string[]>, name: string, most: number): string[] {
  const found = new Set([name])
  // A set is gone through as it grows.
  for (const at of found) {
    if (found.size > most) break
    for (const heir of heirs.get(at) ?? []) found.add(heir)
  }
  found.delete(name)
  return [...found]
}
