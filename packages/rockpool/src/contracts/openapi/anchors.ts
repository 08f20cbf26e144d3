import { isObject } from '../json-object.ts'
import type { Json, JsonObject } from '../types.ts'

/** Schemas that say by which name a `$ref` finds them, by that name (JSON Schema 2020-12 core, 8.2.2). */
export type Anchors = ReadonlyMap<string, readonly JsonObject[]>

export function anchorsIn(file: Json | undefined): Anchors {
  const anchors = new Map<string, JsonObject[]>()
  // An alias of YAML stands in many places, and is one schema.
  const seen = new Set<object>()
  const open: (Json | undefined)[] = [file]
  while (open.length > 0) {
    const at = open.pop()
    if (typeof at !== 'object' || at === null || seen.has(at)) continue
    seen.add(at)
    if (isObject(at))
      for (const name of new Set([at['$anchor'], at['$dynamicAnchor']]))
        if (typeof name === 'string') anchors.set(name, [...(anchors.get(name) ?? []), at])
    for (const inner of Object.values(at)) if (typeof inner === 'object') open.push(inner)
  }
  return anchors
}
