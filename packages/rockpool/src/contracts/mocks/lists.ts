import { isObject, setMember } from '../json-object.ts'
import { follow } from '../references.ts'
import type { Contract, Json, JsonObject, Schema, SchemaObject } from '../types.ts'
import { Refused } from './refused.ts'
import type { Values, Wanted } from './values.ts'

/** Items of a list that is sent whole; more are streamed, where there is a stream. */
const mostInOne = 1_000

/** A list, or the object around one. Undefined: it cannot be so short, or so long. */
export function listOf(
  contract: Contract,
  values: Values,
  schema: Schema,
  key: string,
  items: readonly Json[],
): Json | undefined {
  if (values.isValid(schema, items)) return [...items]
  const around = values.make(schema, { key })
  return isObject(around) ? (filled(contract, values, schema, around, items) ?? around) : around
}

/** A list with so many items that are made, or the object around one. */
export function madeList(
  contract: Contract,
  values: Values,
  schema: Schema,
  key: string,
  count: number,
): Json | Refused {
  if (count > mostInOne)
    return new Refused(`items=${count}: a body that is no stream has ${mostInOne} at most`)
  const around = values.make(schema, { key })
  const member = isObject(around) ? memberWithList(contract, schema, around) : undefined
  const list = member === undefined ? follow(contract, schema) : listIn(contract, schema, member)
  if (typeof list !== 'object' || !isList(list))
    return new Refused(`items=${count}: what is answered is no list`)
  const items = Array.from({ length: count }, (_, index) => makeItem(values, list, index, { key }))
  const isWhole = items.every((item) => item !== undefined)
  const made = !isWhole
    ? undefined
    : member === undefined
      ? items
      : filled(contract, values, schema, around as JsonObject, items)
  const isValid = made !== undefined && values.isValid(schema, made)
  return isValid ? made : new Refused(`items=${count}: the contract allows no list of so many here`)
}

/** The item of a number; the same whatever the list's length. Undefined: nothing is valid. */
export function makeItem(
  values: Values,
  { items = true, prefixItems = [] }: SchemaObject,
  index: number,
  wanted: Wanted,
): Json | undefined {
  return values.make(prefixItems[index] ?? items, { ...wanted, key: `${wanted.key} item ${index}` })
}

export function isList(schema: SchemaObject): boolean {
  return [schema.type].flat().includes('array') || (schema.type === undefined && schema.items !== undefined)
}

function filled(
  contract: Contract,
  values: Values,
  schema: Schema,
  around: JsonObject,
  items: readonly Json[],
): JsonObject | undefined {
  const name = memberWithList(contract, schema, around)
  if (name === undefined) return undefined
  const object: JsonObject = { ...around }
  setMember(object, name, [...items])
  if ('has_more' in around) object['has_more'] = false
  return values.isValid(schema, object) ? object : undefined
}

/** The one member of it that is a list of objects. */
function memberWithList(contract: Contract, schema: Schema, value: JsonObject): string | undefined {
  const lists = Object.keys(value).filter((name) => listIn(contract, schema, name) !== undefined)
  return lists.length === 1 ? lists[0] : lists.find((name) => ['data', 'items', 'results'].includes(name))
}

function listIn(contract: Contract, schema: Schema, name: string): SchemaObject | undefined {
  const object = follow(contract, schema)
  const properties = typeof object === 'object' ? (object.properties ?? {}) : {}
  const property = Object.hasOwn(properties, name) ? follow(contract, properties[name]!) : true
  return typeof property === 'object' && property.type === 'array' ? property : undefined
}
