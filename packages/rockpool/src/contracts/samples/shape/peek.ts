import { nameOfReference } from '../../references.ts'
import type { Schema, SchemaObject } from '../../types.ts'
import type { Place } from '../place.ts'
import type { Heights } from './heights.ts'
import type { Names } from './names.ts'
import type { Node, Traits } from './node.ts'

const deepest = 20

/** What can be told of a schema without gathering it. */
export interface Peek {
  traits(node: Node): Traits
  /** Its values have members or items. */
  isComposite(schema: Schema): boolean
  /** Every value of it would hold a value of a schema that is being sampled here already. */
  leadsBack(schema: Schema, place: Place): boolean
}

export function createPeek(names: Names, heights: Heights): Peek {
  const composite = new WeakMap<object, boolean>()
  const isComposite = (schema: Schema): boolean => {
    if (typeof schema === 'boolean') return false
    let known = composite.get(schema)
    if (known === undefined) composite.set(schema, (known = looksComposite(schema, names, 0)))
    return known
  }
  const look = ({ schemas }: Node): Traits => ({
    height: Math.max(0, ...schemas.map((schema) => heights.of(schema))),
    isComposite: schemas.some(isComposite),
    isReadOnly: schemas.some((schema) => hasFlag(schema, 'readOnly', names, 0)),
    isWriteOnly: schemas.some((schema) => hasFlag(schema, 'writeOnly', names, 0)),
  })
  return {
    traits: (node) => (node.traits ??= look(node)),
    isComposite,
    leadsBack: (schema, place) => leadsBack(schema, place, names, 0),
  }
}

function looksComposite(schema: Schema, names: Names, depth: number): boolean {
  if (typeof schema === 'boolean' || depth > deepest) return false
  if (schema.enum !== undefined || schema.const !== undefined) return false
  if (schema.type !== undefined)
    return [schema.type]
      .flat()
      .every((type) => ['object', 'array', 'null'].includes(type) && schema.type !== 'null')
  if (schema.properties !== undefined || schema.items !== undefined || schema.prefixItems !== undefined)
    return true
  const inner = (part: Schema) => looksComposite(part, names, depth + 1)
  if (schema.$ref !== undefined && inner(names.target(schema.$ref))) return true
  if (schema.allOf?.some(inner)) return true
  const branches = schema.anyOf ?? schema.oneOf ?? []
  return (
    branches.length > 0 && branches.every((branch) => inner(branch) || isNull(branch)) && branches.some(inner)
  )
}

function hasFlag(schema: Schema, flag: 'readOnly' | 'writeOnly', names: Names, depth: number): boolean {
  if (typeof schema === 'boolean' || depth > deepest) return false
  if (schema[flag] === true) return true
  const inner = (part: Schema) => hasFlag(part, flag, names, depth + 1)
  if (schema.$ref !== undefined && inner(names.target(schema.$ref))) return true
  return schema.allOf?.some(inner) ?? false
}

function leadsBack(schema: Schema, place: Place, names: Names, depth: number): boolean {
  if (typeof schema === 'boolean' || depth > deepest) return false
  const inner = (part: Schema) => leadsBack(part, place, names, depth + 1)
  if (schema.$ref !== undefined) {
    if (place.isWithin(nameOfReference(schema.$ref))) return true
    if (inner(names.target(schema.$ref))) return true
  }
  if (schema.allOf?.some(inner)) return true
  const branches = (schema.anyOf ?? schema.oneOf ?? []).filter((branch) => !isNull(branch))
  return branches.length > 0 && branches.every(inner)
}

export function isNull(schema: Schema): schema is SchemaObject {
  if (typeof schema === 'boolean') return false
  return (
    schema.type === 'null' ||
    schema.const === null ||
    (schema.enum?.every((value) => value === null) ?? false)
  )
}
