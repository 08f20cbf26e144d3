import type { Parameter } from '../types.ts'
import { pairBy } from './pairing.ts'
import type { Comparison, OperationName } from './types.ts'

export interface HeaderPlace {
  operation: OperationName
  /** What the headers are of: `response 200`. */
  place: string
  /** Where the whole stands, on both sides. */
  before: object
  after: object
}

/** Compares headers that the service sends, whose names are the same in capitals and in small letters (RFC 9110 5.1). */
export function compareHeaders(
  comparison: Comparison,
  at: HeaderPlace,
  before: readonly Parameter[],
  after: readonly Parameter[],
): void {
  const headers = pairBy(before, after, (one) => `${one.in} ${one.name.toLowerCase()}`)
  for (const one of headers.removed)
    comparison.add({
      rule: one.required ? 'required-response-header-removed' : 'optional-response-header-removed',
      operation: at.operation,
      place: placeOf(at, one),
      details: { before: one.name },
      before: { at: one },
      after: { at: at.after },
    })
  for (const one of headers.added)
    comparison.add({
      rule: 'response-header-added',
      operation: at.operation,
      place: placeOf(at, one),
      details: { after: one.name },
      before: { at: at.before },
      after: { at: one },
    })
  for (const [one, other] of headers.pairs) {
    const place = placeOf(at, one)
    if (one.required !== other.required)
      comparison.add({
        rule: `response-header-became-${other.required ? 'required' : 'optional'}`,
        operation: at.operation,
        place,
        before: { at: one, member: 'required' },
        after: { at: other, member: 'required' },
      })
    if (one.mediaType !== other.mediaType)
      comparison.add({
        rule: 'response-header-media-type-changed',
        operation: at.operation,
        place,
        details: { before: one.mediaType ?? one.style, after: other.mediaType ?? other.style },
        before: { at: one, member: 'content' },
        after: { at: other, member: 'content' },
      })
    comparison.schemas(one.schema, other.schema, {
      kind: 'response header',
      operation: at.operation,
      place,
      mediaType: one.mediaType,
      before: { at: one, member: 'schema' },
      after: { at: other, member: 'schema' },
    })
  }
}

function placeOf({ place }: HeaderPlace, header: Parameter): string {
  return `${place} ${header.in} ${header.name}`
}
