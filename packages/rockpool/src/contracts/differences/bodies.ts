import { compareContent } from './content.ts'
import type { OperationPair } from './operation-pair.ts'
import type { Comparison } from './types.ts'

/** Compares what an operation is sent: whether it has a body, whether it needs one, and what that may be. */
export function compareBodies(comparison: Comparison, pair: OperationPair): void {
  const { before, after, name, within } = pair
  const [was, is] = [before.body, after.body]
  const place = `${within}request body`
  const add = (rule: string) =>
    comparison.add({
      rule,
      operation: name,
      place,
      before: was === null ? { at: before } : { at: was },
      after: is === null ? { at: after } : { at: is },
    })
  if (pair.caller === 'client') {
    if (was === null && is !== null) return add(`request-body-added-${is.required ? 'required' : 'optional'}`)
    if (was !== null && is === null) return add('request-body-removed')
    if (was?.required === false && is?.required === true) add('request-body-became-required')
    if (was?.required === true && is?.required === false) add('request-body-became-optional')
  }
  compareContent(
    comparison,
    {
      operation: name,
      place,
      direction: pair.caller === 'client' ? 'request' : 'response',
      before: was ?? before,
      after: is ?? after,
    },
    { before: was?.content ?? [], after: is?.content ?? [] },
  )
}
