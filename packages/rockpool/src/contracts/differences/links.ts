import { isDeepStrictEqual } from 'node:util'
import { member } from '../json-object.ts'
import type { Json, Response } from '../types.ts'
import type { Comparison, Details, OperationName } from './types.ts'
import { brief } from './brief.ts'

/** Compares links, by which one operation's answer leads to another (OpenAPI 3.1, 4.8.20). */
export function compareLinks(
  comparison: Comparison,
  at: { operation: OperationName; place: string },
  before: Response,
  after: Response,
): void {
  const add = (rule: string, name: string, details: Details) =>
    comparison.add({
      rule,
      operation: at.operation,
      place: `${at.place} link ${name}`,
      details,
      before: { at: before.links, member: name },
      after: { at: after.links, member: name },
    })
  for (const [name, link] of Object.entries(before.links)) {
    const other = member(after.links, name)
    if (other === undefined) add('response-link-removed', name, { before: name })
    else if (!isDeepStrictEqual(leading(link), leading(other)))
      add('response-link-changed', name, { name, before: brief(leading(link)), after: brief(leading(other)) })
  }
  for (const name of Object.keys(after.links))
    if (!Object.hasOwn(before.links, name)) add('response-link-added', name, { after: name })
}

/** A link without the words about it. */
function leading(link: Json): Json {
  if (typeof link !== 'object' || link === null || Array.isArray(link)) return link
  const { description: _, ...rest } = link
  return rest
}
