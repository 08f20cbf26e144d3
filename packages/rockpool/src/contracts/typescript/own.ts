import type { Schema, SchemaObject, SchemaType } from '../types.ts'
import { literals } from './literals.ts'
import { list, never, nothing, union, word } from './type.ts'
import type { TupleItem, Type } from './type.ts'

const objectKeywords = [
  'properties',
  'patternProperties',
  'additionalProperties',
  'unevaluatedProperties',
  'propertyNames',
] as const
const arrayKeywords = ['items', 'prefixItems', 'unevaluatedItems'] as const

/** Objects of whatever members: in a composition it says nothing that the other parts do not say. */
export function isBareObject(schema: SchemaObject): boolean {
  const types = typesOf(schema).filter((type) => type !== 'null')
  return types.length === 1 && types[0] === 'object' && !hasAny(schema, objectKeywords) && !isListed(schema)
}

export function isNullable(schema: SchemaObject): boolean {
  return schema.type !== undefined && typesOf(schema).includes('null')
}

/**
 * What a schema says by its type and its values, composition and references aside. Null: nothing. Without a `type`,
 * keywords of objects and of lists mean these, as everybody means them.
 * @param object makes the type of its objects, where it allows them
 * @param of makes the type of a nested schema
 * @param isCircular items may lead back to the list
 */
export function ownType(
  schema: SchemaObject,
  object: () => Type,
  of: (schema: Schema) => Type,
  isCircular: boolean,
): Type | null {
  // That null is allowed is often said of the type alone.
  const orNull = isNullable(schema) ? [nothing] : []
  if (schema.const !== undefined) return literals([schema.const])
  if (schema.enum !== undefined) return union([literals(schema.enum), ...orNull])
  const types = typesOf(schema)
  if (types.length === 0) return schema.type === undefined ? null : never
  return union(
    types.map((type) => {
      if (type === 'object') return object()
      return type === 'array' ? arrayType(schema, of, isCircular) : word(type === 'integer' ? 'number' : type)
    }),
  )
}

/** JSON Schema 10.3.1: lists, and tuples, which may be shorter unless `minItems` says otherwise. */
function arrayType(schema: SchemaObject, of: (schema: Schema) => Type, isCircular: boolean): Type {
  const { prefixItems = [], minItems = 0, maxItems = Infinity } = schema
  const others = schema.items ?? schema.unevaluatedItems ?? true
  const isClosed = others === false || maxItems <= prefixItems.length
  if (prefixItems.length === 0) return isClosed ? { kind: 'tuple', items: [], rest: null } : list(of(others))
  const items = prefixItems
    .slice(0, maxItems)
    .map((item, index): TupleItem => ({ type: of(item), optional: index >= minItems }))
  const rest = isClosed ? null : of(others)
  // What may be missing is looked at too early to lead back to the list: then it is one of any length.
  if (isCircular && (rest !== null || items.some(({ optional }) => optional)))
    return list(union([...items.map(({ type }) => type), rest ?? never]))
  return { kind: 'tuple', items, rest }
}

function typesOf(schema: SchemaObject): SchemaType[] {
  if (schema.type !== undefined) return [schema.type].flat()
  const types: SchemaType[] = []
  if (hasAny(schema, objectKeywords)) types.push('object')
  if (hasAny(schema, arrayKeywords)) types.push('array')
  return types
}

function isListed(schema: SchemaObject): boolean {
  return schema.const !== undefined || schema.enum !== undefined
}

function hasAny(schema: SchemaObject, keywords: readonly (keyof SchemaObject)[]): boolean {
  return keywords.some((keyword) => schema[keyword] !== undefined)
}
