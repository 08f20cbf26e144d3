import { standsWhere } from '../source/origins.ts'
import type { Json, SchemaObject } from '../types.ts'
import { extensionsOf, extensionsOfDescribed } from './extensions.ts'
import { pluralOf } from './plural.ts'
import type { Declared } from './service.ts'

/** What is said of a type, beside its schema. A plural that follows from the name is not said. */
export function declare(
  schema: SchemaObject,
  type: Declared,
  kind: string,
  rest: Readonly<Record<string, Json | undefined>>,
): SchemaObject {
  if (type.description !== null) schema.description = type.description
  if (type.deprecation !== null) schema.deprecated = true
  const plural = type.plural === pluralOf(type.name) ? undefined : type.plural
  Object.assign(schema, extensionsOf({ kind, plural, ...rest }), extensionsOfDescribed(type))
  return standsWhere(schema, type.at)
}
