import { referenceTo } from '../references.ts'
import { standsWhere } from '../source/origins.ts'
import type { Json, Schema, SchemaObject } from '../types.ts'
import { extensionsOf, extensionsOfDescribed } from './extensions.ts'
import type { Scope } from './scope.ts'
import type { Typed } from './service.ts'
import type { Primitive, TypeExpression } from './type-expression.ts'
import { readValue } from './values.ts'

/** Gives the name of the schema that a type by its name is; undefined: it is a primitive, or nobody knows it. */
export type NameSchema = (name: string, scope: Scope, at: object) => string | undefined

/** Formats are those of OpenAPI's registry; API Builder's decimals are numbers on the wire. */
const primitives: Readonly<Record<Primitive, SchemaObject>> = {
  boolean: { type: 'boolean' },
  'date-iso8601': { type: 'string', format: 'date' },
  'date-time-iso8601': { type: 'string', format: 'date-time' },
  decimal: { type: 'number', format: 'decimal' },
  double: { type: 'number', format: 'double' },
  integer: { type: 'integer', format: 'int32' },
  json: {},
  long: { type: 'integer', format: 'int64' },
  object: { type: 'object' },
  string: { type: 'string' },
  unit: { type: 'null' },
  uuid: { type: 'string', format: 'uuid' },
}

/** A schema that says nothing is `true`. */
export function settle(schema: SchemaObject): Schema {
  return Object.keys(schema).length === 0 ? true : schema
}

export function schemaOfType(type: TypeExpression, scope: Scope, at: object, name: NameSchema): SchemaObject {
  if (type.kind !== 'name') {
    const of = settle(schemaOfType(type.of, scope, at, name))
    const schema: SchemaObject =
      type.kind === 'list' ? { type: 'array', items: of } : { type: 'object', additionalProperties: of }
    return standsWhere(schema, at)
  }
  const found = scope.find(type.name)
  if (found?.kind === 'primitive') return standsWhere({ ...primitives[found.primitive] }, at)
  const named = name(type.name, scope, at)
  return standsWhere(named === undefined ? {} : { $ref: referenceTo(named) }, at)
}

/** With the bounds and the default of a field, a parameter or a header. What cannot be said of its type stands beside it. */
export function schemaOfTyped(typed: Typed, scope: Scope, name: NameSchema): SchemaObject {
  const schema = schemaOfType(typed.type, scope, typed.at, name)
  const [least, most] = boundsOf(schema)
  const rest: Record<string, Json | undefined> = {}
  for (const [keyword, bound, otherwise] of [
    [least, typed.minimum, 'minimum'],
    [most, typed.maximum, 'maximum'],
  ] as const) {
    if (bound === null) continue
    const isCount = keyword !== undefined && keyword !== otherwise
    if (keyword === undefined || (isCount && bound < 0)) rest[otherwise] = bound
    else schema[keyword] = bound
  }
  if (typed.default !== undefined) {
    const value = readValue(typed.type, typed.default, scope)
    if (value.ok) schema.default = value.value
    else rest['default'] = typed.default
  }
  return Object.assign(schema, extensionsOf(rest))
}

type Bound =
  | 'minimum'
  | 'maximum'
  | 'minLength'
  | 'maxLength'
  | 'minItems'
  | 'maxItems'
  | 'minProperties'
  | 'maxProperties'

function boundsOf({ type, format, additionalProperties }: SchemaObject): [Bound?, Bound?] {
  if (type === 'number' || type === 'integer') return ['minimum', 'maximum']
  if (type === 'string') return format === undefined ? ['minLength', 'maxLength'] : []
  if (type === 'array') return ['minItems', 'maxItems']
  return type === 'object' && additionalProperties !== undefined ? ['minProperties', 'maxProperties'] : []
}

/** The schema of a field: with what is said about it. */
export function schemaOfField(
  field: Typed & { annotations?: string[] },
  scope: Scope,
  name: NameSchema,
): Schema {
  const schema = schemaOfTyped(field, scope, name)
  if (field.description !== null) schema.description = field.description
  if (field.deprecation !== null) schema.deprecated = true
  const { value, text } = exampleOf(field, scope)
  if (value !== undefined) schema.examples = [value]
  const rest = extensionsOf({ example: text, annotations: field.annotations })
  return settle(Object.assign(schema, extensionsOfDescribed(field), rest))
}

/** An example as it stands on the wire, or as it is written where it cannot stand there. */
export function exampleOf(typed: Typed, scope: Scope): { value?: Json; text?: string } {
  const { type, example } = typed
  if (example === null) return {}
  const value = readValue(type, example, scope)
  if (value.ok) return { value: value.value }
  // Of a list people write one item.
  const item = type.kind === 'list' ? readValue(type.of, example, scope) : value
  return item.ok ? { value: [item.value] } : { text: example }
}
