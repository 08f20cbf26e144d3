import { standsWhere } from '../../source/origins.ts'
import { follow, isReference, refusesOnlyBy } from '../../references.ts'
import type { Contract, Schema, SchemaObject } from '../../types.ts'
import type { Simple } from './types.ts'

/** The same, with what is said beside the name: made once for each, so that it is known again. */
export function resolved(contract: Contract, schema: Schema, memo: WeakMap<object, Schema>): Schema {
  if (!isReference(schema)) return schema
  const known = memo.get(schema)
  if (known !== undefined) return known
  const [target, beside] = [follow(contract, schema), besideName(schema)]
  const made =
    beside === null || typeof target !== 'object' ? target : standsWhere({ ...target, ...beside }, target)
  memo.set(schema, made)
  return made
}

/** What is said beside a name: annotations, all of it. Null: nothing. */
export function besideName(schema: SchemaObject): SchemaObject | null {
  const { $ref: _, ...beside } = schema
  return Object.keys(beside).length === 0 ? null : standsWhere(beside, schema)
}

/** The same schema with less around it: `allOf` of one, a union of one and null. What else a name has beside it joins it. */
export function simplify(schema: Schema, memo: WeakMap<object, Simple>): Simple {
  if (typeof schema === 'boolean' || !hasLayers(schema)) return { schema, isNull: false }
  let simple = memo.get(schema)
  if (simple === undefined) memo.set(schema, (simple = simplified(schema)))
  return simple
}

function hasLayers({ $ref, allOf, oneOf, anyOf }: SchemaObject): boolean {
  return $ref !== undefined || allOf !== undefined || oneOf !== undefined || anyOf !== undefined
}

function simplified(schema: SchemaObject): Simple {
  let isNull = false
  let at: Schema = schema
  // Each turn takes one layer off.
  for (let layer = 0; layer < 100 && typeof at === 'object'; layer += 1) {
    const union = unionKeyword(at)
    const branches: Schema[] = union === null ? [] : (at[union] ?? [])
    const others = branches.filter((branch) => !isNullAlone(branch))
    if (union !== null && others.length < branches.length && others.length > 0) {
      isNull = true
      at = standsWhere({ ...at, [union]: others }, schema)
    } else {
      const inner = onlyInner(at)
      if (inner === null) break
      at = inner
    }
  }
  return {
    schema: typeof at === 'object' && at.$ref !== undefined && !isReference(at) ? joined(at) : at,
    isNull,
  }
}

function isNullAlone(schema: Schema): boolean {
  if (typeof schema !== 'object') return false
  const isNull = schema.type === 'null' || (schema.enum?.length === 1 && schema.enum[0] === null)
  return isNull && refusesOnlyBy(schema, 'type', 'enum')
}

/** The keyword that lists branches, where there is one; null: none, or both. */
export function unionKeyword(schema: SchemaObject): 'oneOf' | 'anyOf' | null {
  if (schema.oneOf === undefined) return schema.anyOf === undefined ? null : 'anyOf'
  return schema.anyOf === undefined ? 'oneOf' : null
}

/** Of a schema that is a list of one and nothing else: that one, with the annotations around it. */
function onlyInner(schema: SchemaObject): Schema | null {
  for (const keyword of ['allOf', 'oneOf', 'anyOf'] as const) {
    const list = schema[keyword]
    if (list?.length !== 1 || !refusesOnlyBy(schema, keyword)) continue
    const { [keyword]: _, ...around } = schema
    const [inner = true] = list
    if (typeof inner !== 'object') return Object.keys(around).length === 0 ? inner : null
    return standsWhere({ ...inner, ...around }, inner)
  }
  return null
}

/** A name with more beside it that refuses: both hold. */
function joined(schema: SchemaObject): SchemaObject {
  const { $ref, allOf = [], ...beside } = schema
  return $ref === undefined ? schema : standsWhere({ ...beside, allOf: [{ $ref }, ...allOf] }, schema)
}
