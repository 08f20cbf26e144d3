import { isDeepStrictEqual } from 'node:util'
import { member } from '../json-object.ts'
import type { Extensions } from '../types.ts'
import { brief } from './brief.ts'
import type { OperationPair } from './operation-pair.ts'
import type { Comparison, Details, OperationName } from './types.ts'

/** These have rules of their own. */
const known: ReadonlySet<string> = new Set([
  'x-sunset',
  'x-stability-level',
  'x-rockpool-rate-limit',
  'x-rockpool-latency-ms',
])

interface Annotated {
  extensions: Extensions
}

/** Compares what an operation says of itself by members that begin with `x-`. */
export function compareAnnotations(
  comparison: Comparison,
  { before, after, name, within }: OperationPair,
): void {
  addAnnotations(
    comparison,
    'api-annotation',
    { operation: name, place: `${within}operation` },
    before,
    after,
  )
}

/** @param prefix of the rules: `api-annotation`, `request-parameter-annotation` */
export function addAnnotations(
  comparison: Comparison,
  prefix: string,
  at: { operation: OperationName | null; place: string },
  before: Annotated,
  after: Annotated,
): void {
  const add = (change: string, name: string, details: Details) =>
    comparison.add({
      rule: `${prefix}-${change}`,
      ...at,
      details: { name, ...details },
      before: { at: before, member: name },
      after: { at: after, member: name },
    })
  for (const [name, value] of Object.entries(before.extensions)) {
    if (known.has(name)) continue
    const other = member(after.extensions, name)
    if (other === undefined) add('removed', name, { before: brief(value) })
    else if (!isDeepStrictEqual(value, other))
      add('changed', name, { before: brief(value), after: brief(other) })
  }
  for (const [name, value] of Object.entries(after.extensions))
    if (!known.has(name) && !Object.hasOwn(before.extensions, name))
      add('added', name, { after: brief(value) })
}
