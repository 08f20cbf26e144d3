import type { SchemaType } from '../types.ts'

/* Types of schemas, and what is written for them. */

export const types: ReadonlySet<string> = new Set([
  'null',
  'boolean',
  'object',
  'array',
  'number',
  'integer',
  'string',
])

interface Meant {
  type: SchemaType
  format?: string
}

/** Types of other languages, in small letters, of each of which one thing alone can be meant. */
export const typesElsewhere: ReadonlyMap<string, Meant> = new Map<string, Meant>([
  ...[...types].map((type) => [type, { type: type as SchemaType }] as const),
  ['str', { type: 'string' }],
  ['text', { type: 'string' }],
  ['uuid', { type: 'string', format: 'uuid' }],
  ['date', { type: 'string', format: 'date' }],
  ['datetime', { type: 'string', format: 'date-time' }],
  ['date-time', { type: 'string', format: 'date-time' }],
  ['int', { type: 'integer' }],
  ['int32', { type: 'integer', format: 'int32' }],
  ['int64', { type: 'integer', format: 'int64' }],
  ['long', { type: 'integer', format: 'int64' }],
  ['float', { type: 'number', format: 'float' }],
  ['double', { type: 'number', format: 'double' }],
  ['bool', { type: 'boolean' }],
])

export const shown = (type: unknown): string => (JSON.stringify(type) ?? '').slice(0, 100)

export function fateOf(meant: Meant | undefined): string {
  if (meant === undefined) return 'left out'
  return `taken for ${meant.type}${meant.format === undefined ? '' : ` of the format ${meant.format}`}`
}
