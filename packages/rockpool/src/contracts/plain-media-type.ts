import { standsWhere } from './source/origins.ts'
import type { MediaType, Schema } from './types.ts'

/** Of a format that says no more of it than name and schema. `source`: where it was read. */
export function plainMediaType(name: string, schema: Schema, source: object): MediaType {
  return standsWhere({ name, schema, itemSchema: null, examples: [], encoding: {}, extensions: {} }, source)
}
