import { isReference } from '../references.ts'
import type { Json, Schema } from '../types.ts'
import { softDepth } from './budget.ts'
import type { Place } from './place.ts'
import { isValid } from './run.ts'
import type { Run } from './run.ts'
import type { Node } from './shape/node.ts'

/** Examples that schemas give of their own values, and defaults, as far as they are valid here. */
export function examplesOf(run: Run, node: Node, place: Place): readonly Json[] {
  node.examples ??= node.schemas
    .flatMap((schema) => writtenIn(run, schema, 0))
    .filter((value) => isValid(run, node, value))
  const isFree = run.overrides === null && run.pins === null && place.depth <= softDepth
  // What is set, or asked for, within an object would be lost.
  return isFree ? node.examples : node.examples.filter((value) => typeof value !== 'object')
}

function writtenIn(run: Run, schema: Schema, depth: number): Json[] {
  if (typeof schema === 'boolean' || depth > 5) return []
  const { examples, default: usual } = schema
  const own = Array.isArray(examples) ? [...examples] : []
  if (usual !== undefined && usual !== null && typeof usual !== 'object') own.push(usual)
  return isReference(schema) ? [...own, ...writtenIn(run, run.names.target(schema.$ref), depth + 1)] : own
}
