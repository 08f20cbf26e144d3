import type { Operation } from '../types.ts'
import { compareAnnotations } from './annotations.ts'
import { compareBodies } from './bodies.ts'
import { nameOf } from './operation-pair.ts'
import type { OperationPair } from './operation-pair.ts'
import { pairBy } from './pairing.ts'
import { compareParameters } from './parameters.ts'
import { compareResponses } from './responses.ts'
import type { Comparison } from './types.ts'
import { compareLife } from './withdrawal.ts'

/** Compares what a service sends of itself, by name and method. */
export function compareWebhooks(comparison: Comparison): void {
  const { before, after } = comparison
  const webhooks = pairBy(before.webhooks, after.webhooks, ({ method, path }) => `${method} ${path}`)
  for (const one of webhooks.removed)
    comparison.add({ rule: 'webhook-removed', operation: nameOf(one), place: 'webhook', before: { at: one } })
  for (const one of webhooks.added)
    comparison.add({ rule: 'webhook-added', operation: nameOf(one), place: 'webhook', after: { at: one } })
  for (const [one, other] of webhooks.pairs)
    compareSent(comparison, {
      before: one,
      after: other,
      name: nameOf(one),
      caller: 'service',
      within: 'webhook ',
    })
}

/** A callback's operation, and the name under which it stands. */
interface Sent {
  title: string
  operation: Operation
}

/** Compares what a service sends in answer to a call, by name, address and method. */
export function compareCallbacks(comparison: Comparison, pair: OperationPair): void {
  const { before, after, name } = pair
  const callbacks = pairBy(sentBy(before), sentBy(after), ({ title }) => title)
  for (const { title, operation } of callbacks.removed)
    comparison.add({
      rule: 'callback-removed',
      operation: name,
      place: `callback ${title}`,
      details: { before: title },
      before: { at: operation },
      after: { at: after },
    })
  for (const { title, operation } of callbacks.added)
    comparison.add({
      rule: 'callback-added',
      operation: name,
      place: `callback ${title}`,
      details: { after: title },
      before: { at: before },
      after: { at: operation },
    })
  for (const [one, other] of callbacks.pairs)
    compareSent(comparison, {
      before: one.operation,
      after: other.operation,
      name,
      caller: 'service',
      within: `callback ${one.title} `,
    })
}

function sentBy({ callbacks }: Operation): Sent[] {
  return callbacks.flatMap(({ name, operations }) =>
    operations.map((operation) => ({ title: `${name} ${operation.method} ${operation.path}`, operation })),
  )
}

function compareSent(comparison: Comparison, pair: OperationPair): void {
  compareLife(comparison, pair)
  compareParameters(comparison, pair, new Set())
  compareBodies(comparison, pair)
  compareResponses(comparison, pair)
  compareAnnotations(comparison, pair)
}
