import type { Schema, SchemaObject, SchemaType } from '../../types.ts'
import type { Names } from './names.ts'

const deepest = 300
const mostMeasures = 1_000_000

/** How deep a value has to be at least: 0 without members or items. Infinity: no finite value is allowed. */
export interface Heights {
  of(schema: Schema): number
}

/**
 * The least heights, by iteration from Infinity downwards: what needs only what is known to end, ends itself. What is not
 * required is never looked at.
 */
export function createHeights(names: Names): Heights {
  const settled = new Map<string, number>()
  const known = new WeakMap<object, number>()
  return {
    of(schema) {
      if (typeof schema === 'boolean') return schema ? 0 : Infinity
      let height = known.get(schema)
      if (height === undefined) known.set(schema, (height = settle(schema, settled, names)))
      return height
    },
  }
}

/** Measures a schema, and what it needs by reference, until nothing changes. */
function settle(schema: SchemaObject, settled: Map<string, number>, names: Names): number {
  const open = new Map<string, number>()
  const heightOf: HeightOf = (reference) => {
    const height = settled.get(reference) ?? open.get(reference)
    // Nothing is known of it yet: it joins those that the loop below goes through.
    if (height === undefined) open.set(reference, Infinity)
    return height ?? Infinity
  }
  const improve = (references: Iterable<string>) => {
    let isBetter = false
    for (const reference of references) {
      const height = measure(names.target(reference), heightOf, 0)
      if (height < open.get(reference)!) isBetter = true
      open.set(reference, Math.min(height, open.get(reference)!))
    }
    return isBetter
  }
  measure(schema, heightOf, 0)
  improve(open.keys())
  // What was found last is needed by what was found before.
  for (let measures = 0; measures < mostMeasures && improve([...open.keys()].reverse());)
    measures += open.size
  for (const [reference, height] of open) settled.set(reference, height)
  return measure(schema, heightOf, 0)
}

type HeightOf = (reference: string) => number

function measure(schema: Schema, heightOf: HeightOf, depth: number): number {
  if (typeof schema === 'boolean') return schema ? 0 : Infinity
  if (depth > deepest) return Infinity
  const inner = (part: Schema) => measure(part, heightOf, depth + 1)
  let height = ownHeight(schema, inner)
  if (schema.$ref !== undefined) height = Math.max(height, heightOf(schema.$ref))
  for (const part of schema.allOf ?? []) height = Math.max(height, inner(part))
  for (const branches of [schema.anyOf, schema.oneOf])
    if (branches !== undefined) height = Math.max(height, lowest(branches.map(inner)))
  return height
}

/** What the keywords of objects and lists alone ask for. */
function ownHeight(schema: SchemaObject, inner: (part: Schema) => number): number {
  if (schema.enum !== undefined || schema.const !== undefined) return 0
  const types: readonly SchemaType[] = schema.type === undefined ? likely(schema) : [schema.type].flat()
  return lowest(
    types.map((type) => {
      if (type === 'object') return objectHeight(schema, inner)
      return type === 'array' ? listHeight(schema, inner) : 0
    }),
  )
}

/** Without a type scalars are allowed, too: a conjunct that has one decides. */
function likely(schema: SchemaObject): SchemaType[] {
  return schema.properties === undefined ? ['null'] : ['object']
}

function objectHeight(schema: SchemaObject, inner: (part: Schema) => number): number {
  let height = 0
  for (const name of schema.required ?? []) {
    const { properties = {}, patternProperties, additionalProperties = true } = schema
    if (Object.hasOwn(properties, name)) height = Math.max(height, 1 + inner(properties[name]!))
    else if (patternProperties === undefined) height = Math.max(height, 1 + inner(additionalProperties))
  }
  return height
}

function listHeight(schema: SchemaObject, inner: (part: Schema) => number): number {
  const { prefixItems = [], items = true, contains = true, minContains = 1, minItems = 0 } = schema
  const first = prefixItems.slice(0, minItems)
  const parts = minItems > first.length ? [...first, items] : first
  if (schema.contains !== undefined && minContains > 0) parts.push(contains)
  return parts.reduce<number>((height, part) => Math.max(height, 1 + inner(part)), 0)
}

/** Not `Math.min(...list)`: the list may be longer than a call can take. */
function lowest(heights: number[]): number {
  return heights.reduce((least, height) => Math.min(least, height), Infinity)
}
