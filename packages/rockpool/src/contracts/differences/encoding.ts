import { isDeepStrictEqual } from 'node:util'
import { isObject, member } from '../json-object.ts'
import { follow } from '../references.ts'
import type { Contract, JsonObject, MediaType } from '../types.ts'
import { brief } from './brief.ts'
import type { Comparison, OperationName } from './types.ts'

/** Compares how the fields that a form has on both sides are written (OpenAPI 3.1, 4.8.15). */
export function compareEncoding(
  comparison: Comparison,
  at: { operation: OperationName; place: string },
  before: MediaType,
  after: MediaType,
): void {
  for (const name of new Set([...Object.keys(before.encoding), ...Object.keys(after.encoding)])) {
    if (!hasField(comparison.before, before, name) || !hasField(comparison.after, after, name)) continue
    const [was, is] = [encodingOf(before, name), encodingOf(after, name)]
    if (isDeepStrictEqual(was, is)) continue
    comparison.add({
      rule: 'request-body-encoding-changed',
      operation: at.operation,
      place: `${at.place} ${before.name} field ${name}`,
      details: { name, before: brief(was), after: brief(is) },
      before: { at: before.encoding, member: name },
      after: { at: after.encoding, member: name },
    })
  }
}

function hasField(contract: Contract, { schema }: MediaType, name: string): boolean {
  const followed = follow(contract, schema)
  return typeof followed === 'object' && Object.hasOwn(followed.properties ?? {}, name)
}

/** With the defaults written out, as far as they do not hang on the field's schema. */
function encodingOf({ encoding }: MediaType, name: string): JsonObject {
  const said = member(encoding, name)
  const given = isObject(said) ? said : {}
  const style = member(given, 'style') ?? 'form'
  return { allowReserved: false, explode: style === 'form', ...given, style }
}
