import { follow } from '../references.ts'
import type { Parameter, Schema, SchemaObject } from '../types.ts'
import type { Comparison } from './types.ts'

/**
 * What each value of a list must be, where one value became a list of such, and one alone is written as before: `?a=1` is
 * a list of one (OpenAPI 3.1, 4.8.12.4: `form` with `explode`). Null: it is not so.
 */
export function itemsOfNewList(
  { before, after }: Comparison,
  one: Parameter,
  other: Parameter,
): Schema | null {
  if (
    ![one, other].every(({ style, explode, mediaType }) => style === 'form' && explode && mediaType === null)
  )
    return null
  const [was, is] = [follow(before, one.schema), follow(after, other.schema)]
  if (typeof was === 'boolean' || typeof is === 'boolean' || !isSingle(was) || is.type !== 'array')
    return null
  const mayBeOne = (is.minItems ?? 0) <= 1 && (is.maxItems ?? 1) >= 1 && is.prefixItems === undefined
  return mayBeOne ? (is.items ?? true) : null
}

function isSingle({ type }: SchemaObject): boolean {
  return type !== undefined && [type].flat().every((each) => each !== 'array' && each !== 'object')
}
