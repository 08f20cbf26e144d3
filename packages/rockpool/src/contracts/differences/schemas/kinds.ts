import { refusesOnlyBy } from '../../references.ts'
import type { Json, SchemaObject, SchemaType } from '../../types.ts'
import { detailOf } from './equal.ts'
import type { Pair, Walker } from './types.ts'

/** Types but null; null: whatever there is. */
export type Kinds = ReadonlySet<SchemaType> | null

/** Keywords that speak of one type alone: a schema with these, and no type, means it. */
const telling: [SchemaType, (keyof SchemaObject)[]][] = [
  [
    'object',
    ['properties', 'additionalProperties', 'required', 'patternProperties', 'minProperties', 'maxProperties'],
  ],
  ['array', ['items', 'prefixItems', 'minItems', 'maxItems', 'uniqueItems', 'contains']],
  ['string', ['pattern', 'minLength', 'maxLength', 'contentMediaType', 'contentEncoding']],
  ['number', ['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'multipleOf']],
]

/** The types of a schema, as it says or means them. */
export function kindsOf(schema: SchemaObject): Kinds {
  const { type } = schema
  if (type !== undefined)
    return new Set((Array.isArray(type) ? type : [type]).filter((each) => each !== 'null'))
  const values = schema.const !== undefined ? [schema.const] : schema.enum
  if (values !== undefined) return new Set(values.filter((value) => value !== null).map(typeOf))
  const told = telling.filter(([, keywords]) => keywords.some((keyword) => schema[keyword] !== undefined))
  return told.length === 1 ? new Set(told.map(([name]) => name)) : null
}

function typeOf(value: Json): SchemaType {
  if (Array.isArray(value)) return 'array'
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number'
  return value === null ? 'null' : (typeof value as 'string' | 'boolean' | 'object')
}

/** It says that null is allowed; a schema of any type says nothing. */
function isNullable({ type, enum: values }: SchemaObject): boolean {
  if (type === undefined) return values?.includes(null) === true
  return type === 'null' || (Array.isArray(type) && type.includes('null'))
}

type Relation = 'same' | 'wider' | 'narrower' | 'other'

/** What `b` is to `a`. */
export function relationOf(a: Kinds, b: Kinds): Relation {
  const [isWithin, isAround] = [holds(b, a), holds(a, b)]
  if (isWithin && isAround) return 'same'
  if (isAround) return 'narrower'
  return isWithin ? 'wider' : 'other'
}

/** Whatever is of `inner` is of `outer`. */
function holds(outer: Kinds, inner: Kinds): boolean {
  if (outer === null) return true
  if (inner === null) return false
  for (const each of inner) if (!outer.has(each) && !(each === 'integer' && outer.has('number'))) return false
  return true
}

/** From narrow to wide (OpenAPI format registry). */
const formatOrders = [
  ['int8', 'int16', 'int32', 'int64', 'bigint'],
  ['float', 'double', 'decimal'],
]

function formatRelation(a: string | undefined, b: string | undefined): Relation {
  if (a === b) return 'same'
  if (a === undefined) return 'narrower'
  if (b === undefined) return 'wider'
  for (const order of formatOrders) {
    const [from, to] = [order.indexOf(a), order.indexOf(b)]
    if (from >= 0 && to >= 0) return from < to ? 'wider' : 'narrower'
  }
  return 'other'
}

export function compareNullability(walker: Walker, { before, after, at, ...pair }: Pair): void {
  const wasNull = pair.isNullBefore || isNullable(before)
  const isNull = pair.isNullAfter || isNullable(after)
  // What may be anything may be null, and says nothing of it.
  if (wasNull === isNull || isAnything(before) || isAnything(after)) return
  walker.tell(isNull ? 'became-nullable' : 'became-not-nullable', at, {})
}

/** No type is said or meant, and no other schema that would have one. */
export function isAnything(schema: SchemaObject): boolean {
  const { allOf, anyOf, oneOf, $ref } = schema
  const isOther = allOf !== undefined || anyOf !== undefined || oneOf !== undefined || $ref !== undefined
  return !isOther && kindsOf(schema) === null
}

/** Compares types and formats. False: the two have nothing in common. */
export function compareTypes(walker: Walker, { before, after, at }: Pair): boolean {
  const [a, b] = [kindsOf(before), kindsOf(after)]
  const ofTypes = relationOf(a, b)
  const relation = ofTypes === 'same' ? formatRelation(before.format, after.format) : ofTypes
  if (relation === 'same') return true
  const details = { before: typeText(a, before.format), after: typeText(b, after.format) }
  const spots = {
    before: { at: before, member: before.type === undefined ? 'format' : 'type' },
    after: { at: after, member: after.type === undefined ? 'format' : 'type' },
  }
  if (relation === 'wider') walker.tell('type-generalized', at, details, spots)
  else if (relation === 'narrower') walker.tell('type-specialized', at, details, spots)
  else {
    const isText = b !== null && b.size === 1 && b.has('string') && after.format === undefined
    walker.tell('type-changed', at, details, {
      ...spots,
      ...(isText && a !== null && !a.has('object') && !a.has('array') && { inText: 'type-compatible' }),
    })
  }
  return ofTypes !== 'other'
}

function typeText(kinds: Kinds, format: string | undefined): string {
  const text = kinds === null ? 'anything' : kinds.size === 0 ? 'null' : [...kinds].toSorted().join(' or ')
  return format === undefined ? text : `${text} (${format})`
}

/** A schema that is nothing but a type, and not of parts: `string`, `integer (int64)`. */
export function scalarOf(schema: SchemaObject): string | null {
  if (!refusesOnlyBy(schema, 'type', 'format')) return null
  const kinds = kindsOf(schema)
  if (kinds === null || kinds.size !== 1 || kinds.has('object') || kinds.has('array')) return null
  return typeText(kinds, schema.format)
}

/** JSON Schema validation 8: what a string holds. */
export function compareContent(walker: Walker, { before, after, at }: Pair): void {
  for (const [keyword, fact] of [
    ['contentMediaType', 'content-media-type-changed'],
    ['contentEncoding', 'content-encoding-changed'],
  ] as const) {
    const [a, b] = [before[keyword], after[keyword]]
    if (a !== b) walker.tell(fact, at, { before: a ?? null, after: b ?? null })
  }
  const [a, b] = [before.contentSchema, after.contentSchema]
  if (a !== undefined && b !== undefined) {
    const spots = {
      before: { at: before, member: 'contentSchema' },
      after: { at: after, member: 'contentSchema' },
    }
    walker.visit(a, b, { ...at, ...spots, path: `${at.path}/<content>`, isWhole: false })
  } else if (a !== undefined) walker.tell('content-schema-removed', at, { before: detailOf(a) })
  else if (b !== undefined) walker.tell('content-schema-added', at, { after: detailOf(b) })
}
