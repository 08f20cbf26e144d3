import { isObject } from '../json-object.ts'
import { escapeToken } from '../source/origins.ts'
import type { Contract, Schema } from '../types.ts'
import { intoItem, intoMember } from './schema-places.ts'

/** What members a value has, whatever their values are. */
export interface Shape {
  /** Where objects stand. */
  objects: Set<string>
  /** Where members stand, and whether the contract declares them. */
  members: Map<string, { parent: string; isDeclared: boolean }>
}

/** Of a larger value the rest is not looked at. */
const mostParts = 20_000
const deepest = 64

/** The shape of a value, places as JSON pointers with `*` for any item and for names that are data. Pure. */
export function shapeOf(contract: Contract, schema: Schema, value: unknown): Shape {
  const shape: Shape = { objects: new Set(), members: new Map() }
  let left = mostParts
  const walk = (at: unknown, schemas: readonly Schema[], place: string, depth: number): void => {
    if (--left < 0 || depth > deepest) return
    if (Array.isArray(at)) {
      const { schemas: items } = intoItem(contract, schemas)
      for (const item of at) walk(item, items, `${place}/*`, depth + 1)
    } else if (isObject(at)) {
      shape.objects.add(place)
      for (const [name, inner] of Object.entries(at)) {
        const down = intoMember(contract, schemas, name)
        const where = `${place}/${escapeToken(down.token)}`
        if (down.token !== '*') shape.members.set(where, { parent: place, isDeclared: down.isDeclared })
        walk(inner, down.schemas, where, depth + 1)
      }
    }
  }
  walk(value, [schema], '', 0)
  return shape
}
