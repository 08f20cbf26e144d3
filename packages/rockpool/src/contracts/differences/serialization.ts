import { follow } from '../references.ts'
import type { Contract, Parameter, Schema } from '../types.ts'
import type { Comparison, Details, OperationName } from './types.ts'

/** Compares how the value of a parameter is written (OpenAPI 3.1, 4.8.12.2 to 4.8.12.4). */
export function compareSerialization(
  comparison: Comparison,
  at: { operation: OperationName; place: string },
  before: Parameter,
  after: Parameter,
): void {
  const add = (change: string, member: string, details: Details = {}) =>
    comparison.add({
      rule: `request-parameter-${change}`,
      ...at,
      details,
      before: { at: before, member },
      after: { at: after, member },
    })
  const [was, is] = [before.mediaType ?? before.style, after.mediaType ?? after.style]
  if (before.mediaType !== null || after.mediaType !== null) {
    if (was !== is) add('media-type-changed', 'content', { before: was, after: is })
    return
  }
  const hasParts =
    mayHaveParts(comparison.before, before.schema) || mayHaveParts(comparison.after, after.schema)
  if (was !== is && (hasParts || isMarked(before) || isMarked(after)))
    add('style-changed', 'style', { before: was, after: is })
  else if (before.explode !== after.explode && hasParts)
    add('explode-changed', 'explode', { before: before.explode, after: after.explode })
  if (before.allowEmptyValue !== after.allowEmptyValue)
    add(`empty-value-${after.allowEmptyValue ? 'allowed' : 'forbidden'}`, 'allowEmptyValue')
  if (before.allowReserved !== after.allowReserved)
    add(`reserved-characters-${after.allowReserved ? 'allowed' : 'forbidden'}`, 'allowReserved')
}

/** Of these styles, even a single value bears a mark. */
function isMarked({ style }: Parameter): boolean {
  return style === 'label' || style === 'matrix'
}

/** A value that is no list and no object is written the same in all other styles. */
function mayHaveParts(contract: Contract, schema: Schema): boolean {
  const followed = follow(contract, schema)
  if (typeof followed === 'boolean' || followed.type === undefined) return true
  return [followed.type].flat().some((type) => type === 'array' || type === 'object')
}
