import { nameOfReference } from '../references.ts'
import type { Schema } from '../types.ts'

/**
 * How a schema holds another one: `all`: a value fits both; `union`: it fits this one or another one; `list`: its items do;
 * `member`: its members do.
 */
export type Hold = 'all' | 'union' | 'list' | 'member'

/** Nested schemas, of which types are made; deeper ones are `unknown`. */
export const maxDepth = 48

/** The schemas that a schema is written with, references aside. */
export function partsOf(schema: Schema): [Hold, Schema][] {
  if (typeof schema === 'boolean') return []
  const parts: [Hold, Schema][] = []
  const add = (hold: Hold, schemas: readonly (Schema | undefined)[]) => {
    for (const each of schemas) if (each !== undefined) parts.push([hold, each])
  }
  add('all', schema.allOf ?? [])
  add('union', [...(schema.anyOf ?? []), ...(schema.oneOf ?? []), schema.if, schema.then, schema.else])
  add('list', [...(schema.prefixItems ?? []), schema.items, schema.unevaluatedItems])
  add('member', Object.values(schema.properties ?? {}))
  add('member', Object.values(schema.patternProperties ?? {}))
  add('member', [schema.additionalProperties, schema.unevaluatedProperties])
  return parts
}

/** Names that a schema refers to without a member in between, and by what; `list` where a list is, `union` where a union is. */
export function heldBy(schema: Schema): Map<string, Set<Hold>> {
  const held = new Map<string, Set<Hold>>()
  const seen = new Map<Hold, Set<Schema>>()
  const walk = (at: Schema, by: Hold, depth: number) => {
    const before = seen.get(by) ?? new Set()
    if (typeof at === 'boolean' || depth > maxDepth || before.has(at)) return
    seen.set(by, before.add(at))
    if (at.$ref !== undefined) {
      const name = nameOfReference(at.$ref)
      held.set(name, (held.get(name) ?? new Set()).add(by))
    }
    for (const [hold, part] of partsOf(at)) if (hold !== 'member') walk(part, wider(by, hold), depth + 1)
  }
  walk(schema, 'all', 0)
  return held
}

const order: readonly Hold[] = ['all', 'union', 'list', 'member']

function wider(one: Hold, other: Hold): Hold {
  return order.indexOf(one) > order.indexOf(other) ? one : other
}
