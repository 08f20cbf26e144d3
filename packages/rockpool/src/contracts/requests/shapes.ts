import { nameOfReference } from '../references.ts'
import type { Contract, Json, Schema, SchemaObject } from '../types.ts'

/** What kinds of values a schema speaks of. */
export interface Shape {
  single: boolean
  list: boolean
  object: boolean
  /** The schema and all that it is made of: what `$ref`, `allOf`, `anyOf` and `oneOf` lead to. */
  parts: readonly SchemaObject[]
}

const mostParts = 500

/**
 * Tells what a schema speaks of, so that text can be read as it: `a,b` is a list where a list is meant. It looks for what
 * may be meant, and judges nothing.
 */
export class Shapes {
  private readonly contract: Pick<Contract, 'schemas'>
  private readonly known = new WeakMap<SchemaObject, Shape>()

  constructor(contract: Pick<Contract, 'schemas'>) {
    this.contract = contract
  }

  of(schema: Schema): Shape {
    if (typeof schema === 'boolean') return anything
    let shape = this.known.get(schema)
    if (shape === undefined) {
      shape = shapeOf(this.partsOf(schema))
      this.known.set(schema, shape)
    }
    return shape
  }

  /** What is said of a member; `true`: nothing. */
  member(schema: Schema, name: string): Schema {
    const { parts } = this.of(schema)
    const found = parts.flatMap(({ properties }) =>
      properties !== undefined && Object.hasOwn(properties, name) ? [properties[name]!] : [],
    )
    if (found.length > 0) return oneOf(found)
    return oneOf(parts.flatMap(({ additionalProperties: others }) => (others === undefined ? [] : [others])))
  }

  /** What is said of an item. */
  item(schema: Schema, index: number): Schema {
    const found = this.of(schema).parts.map(({ prefixItems, items }) => prefixItems?.[index] ?? items)
    return oneOf(found.filter((one) => one !== undefined))
  }

  declares(schema: Schema, name: string): boolean {
    return this.of(schema).parts.some(
      ({ properties }) => properties !== undefined && Object.hasOwn(properties, name),
    )
  }

  private partsOf(schema: SchemaObject): SchemaObject[] {
    const parts = new Set<SchemaObject>()
    const open: Schema[] = [schema]
    for (const part of open) {
      if (typeof part === 'boolean' || parts.has(part)) continue
      if (parts.size >= mostParts) break
      parts.add(part)
      if (part.$ref !== undefined) open.push(this.contract.schemas.get(nameOfReference(part.$ref)) ?? true)
      for (const branches of [part.allOf, part.anyOf, part.oneOf])
        for (const branch of branches ?? []) open.push(branch)
    }
    return [...parts]
  }
}

const anything: Shape = { single: true, list: false, object: false, parts: [] }

/** One schema that speaks of all that these do: made, and never asked whether a value holds. */
const made = new WeakMap<SchemaObject, SchemaObject>()
function oneOf(schemas: readonly Schema[]): Schema {
  const [first, ...more] = schemas.filter((schema) => typeof schema === 'object')
  if (first === undefined) return true
  if (more.length === 0) return first
  let all = made.get(first)
  if (all?.anyOf?.length !== more.length + 1 || more.some((one, index) => all?.anyOf?.[index + 1] !== one)) {
    all = { anyOf: [first, ...more] }
    made.set(first, all)
  }
  return all
}

function shapeOf(parts: readonly SchemaObject[]): Shape {
  const shape = { single: false, list: false, object: false, parts }
  for (const part of parts) {
    const types = part.type === undefined ? impliedTypes(part) : [part.type].flat()
    for (const type of types)
      if (type === 'array') shape.list = true
      else if (type === 'object') shape.object = true
      else if (type !== 'null') shape.single = true
  }
  if (!shape.list && !shape.object) shape.single = true
  return shape
}

function impliedTypes(schema: SchemaObject): string[] {
  const types: string[] = []
  if (schema.items !== undefined || schema.prefixItems !== undefined) types.push('array')
  if (schema.properties !== undefined || schema.additionalProperties !== undefined) types.push('object')
  const values = schema.const === undefined ? (schema.enum ?? []) : [schema.const]
  return [...types, ...values.slice(0, 100).map(typeOf)]
}

function typeOf(value: Json): string {
  if (value === null) return 'null'
  return Array.isArray(value) ? 'array' : typeof value
}
