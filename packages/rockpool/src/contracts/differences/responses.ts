import type { Operation, Response } from '../types.ts'
import { compareContent } from './content.ts'
import { compareHeaders } from './headers.ts'
import { compareLinks } from './links.ts'
import type { OperationPair } from './operation-pair.ts'
import { pairBy } from './pairing.ts'
import type { Comparison } from './types.ts'

/** Compares what an operation answers. */
export function compareResponses(comparison: Comparison, pair: OperationPair): void {
  const { before, after, name, within } = pair
  const responses = pairBy(before.responses, after.responses, ({ status }) => status.toUpperCase())
  if (pair.caller === 'client') {
    for (const one of responses.removed)
      comparison.add({
        rule: `response-${kindOf(one)}-status-removed`,
        operation: name,
        place: `${within}response ${one.status}`,
        details: { before: one.status },
        before: { at: one },
        after: spotOfAll(after),
      })
    for (const one of responses.added)
      comparison.add({
        rule: `response-${kindOf(one)}-status-added`,
        operation: name,
        place: `${within}response ${one.status}`,
        details: { after: one.status },
        before: spotOfAll(before),
        after: { at: one },
      })
  }
  for (const [one, other] of responses.pairs) {
    const place = `${within}response ${one.status}`
    const direction = pair.caller === 'client' ? 'response' : 'request'
    const content = { operation: name, place, direction, before: one, after: other } as const
    compareContent(comparison, content, { before: one.content, after: other.content })
    if (pair.caller === 'service') continue
    compareHeaders(
      comparison,
      { operation: name, place, before: one, after: other },
      one.headers,
      other.headers,
    )
    compareLinks(comparison, { operation: name, place }, one, other)
  }
}

/** RFC 9110 15.3: these say that it was done. */
function kindOf({ status }: Response): 'success' | 'non-success' {
  return status.startsWith('2') ? 'success' : 'non-success'
}

function spotOfAll(operation: Operation) {
  return { at: operation, member: 'responses' }
}
