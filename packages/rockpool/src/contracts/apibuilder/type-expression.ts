/** What a type is said to be: `user`, `[user]`, `map[user]`, `map[[user]]`. */
export type TypeExpression =
  | { kind: 'name'; name: string }
  | { kind: 'list'; of: TypeExpression }
  | { kind: 'map'; of: TypeExpression }

export type Primitive =
  | 'boolean'
  | 'date-iso8601'
  | 'date-time-iso8601'
  | 'decimal'
  | 'double'
  | 'integer'
  | 'json'
  | 'long'
  | 'object'
  | 'string'
  | 'unit'
  | 'uuid'

const primitives: ReadonlySet<string> = new Set<Primitive>([
  'boolean',
  'date-iso8601',
  'date-time-iso8601',
  'decimal',
  'double',
  'integer',
  'json',
  'long',
  'object',
  'string',
  'unit',
  'uuid',
])

export const unit: TypeExpression = { kind: 'name', name: 'unit' }
export const text: TypeExpression = { kind: 'name', name: 'string' }

const maxNesting = 16

/** Reads a type as it is written; undefined: it is none. Primitives may be written in capitals. */
export function readTypeExpression(written: string, nesting = 0): TypeExpression | undefined {
  const value = written.trim()
  if (value === '' || nesting > maxNesting) return undefined
  if (value === 'map') return { kind: 'map', of: text }
  const container = /^(map)?\[(.*)\]$/s.exec(value)
  if (container !== null) {
    const of = readTypeExpression(container[2]!, nesting + 1)
    return of && { kind: container[1] === undefined ? 'list' : 'map', of }
  }
  const lower = value.toLowerCase()
  return { kind: 'name', name: primitives.has(lower) ? lower : value }
}

/** A type as it would be written. */
export function writeType(type: TypeExpression): string {
  if (type.kind === 'name') return type.name
  return `${type.kind === 'map' ? 'map' : ''}[${writeType(type.of)}]`
}

/** The name in a type, whatever is around it. */
export function nameInType(type: TypeExpression): string {
  let at = type
  while (at.kind !== 'name') at = at.of
  return at.name
}

/** The same type with another name in it. */
export function renameType(type: TypeExpression, rename: (name: string) => string): TypeExpression {
  return type.kind === 'name'
    ? { kind: 'name', name: rename(type.name) }
    : { kind: type.kind, of: renameType(type.of, rename) }
}

export function asPrimitive(name: string): Primitive | undefined {
  return primitives.has(name) ? (name as Primitive) : undefined
}
