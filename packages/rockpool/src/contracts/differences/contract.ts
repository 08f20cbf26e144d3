import type { Operation } from '../types.ts'
import { addAnnotations, compareAnnotations } from './annotations.ts'
import { compareBodies } from './bodies.ts'
import { compareBudgets, compareSharedBudgets } from './budgets.ts'
import { compareCallbacks, compareWebhooks } from './callbacks.ts'
import { nameOf } from './operation-pair.ts'
import type { OperationPair } from './operation-pair.ts'
import { byText, pairBy, without } from './pairing.ts'
import type { Pairing } from './pairing.ts'
import { compareParameters, newForWholePaths } from './parameters.ts'
import { namesIn, shapeOf } from './paths.ts'
import { compareResponses } from './responses.ts'
import { compareSchemes } from './schemes.ts'
import { compareOperationSecurity, compareSecurity } from './security.ts'
import { compareOperationServers, compareServers } from './servers.ts'
import type { Comparison } from './types.ts'
import { addRemovedOperation, compareLife } from './withdrawal.ts'

/**
 * Compares everything that is said outside schemas; where schemas stand, it has them compared. Operations are matched by
 * method and shape of their path.
 */
export function compareContracts(comparison: Comparison): void {
  const { before, after } = comparison
  const operations = pairOperations(before.operations, after.operations)
  const pairs = operations.pairs.map(([one, other]) => ({
    before: one,
    after: other,
    name: nameOf(one),
    caller: 'client' as const,
    within: '',
  }))

  const shapes = new Set(after.operations.map(({ path }) => shapeOf(path)))
  for (const one of operations.removed) addRemovedOperation(comparison, one, !shapes.has(shapeOf(one.path)))
  for (const one of operations.added)
    comparison.add({ rule: 'endpoint-added', operation: nameOf(one), place: 'operation', after: { at: one } })
  compareMoved(comparison, operations)

  const forWholePaths = newForWholePaths(pairs)
  for (const pair of pairs) {
    compareLife(comparison, pair)
    compareNames(comparison, pair)
    compareParameters(comparison, pair, forWholePaths)
    compareBodies(comparison, pair)
    compareResponses(comparison, pair)
    compareCallbacks(comparison, pair)
    compareOperationSecurity(comparison, pair)
    compareOperationServers(comparison, pair)
    compareBudgets(comparison, pair)
    compareAnnotations(comparison, pair)
  }

  compareSecurity(comparison, pairs)
  compareSchemes(comparison)
  compareServers(comparison, pairs)
  compareSharedBudgets(comparison, pairs)
  addAnnotations(comparison, 'api-annotation', { operation: null, place: 'contract' }, before, after)
  compareWebhooks(comparison)
  compareSchemaNames(comparison)
}

function pairOperations(before: readonly Operation[], after: readonly Operation[]) {
  const byPath = byText(({ path }: Operation) => path)
  return pairBy(
    before.toSorted(byPath),
    after.toSorted(byPath),
    ({ method, path }) => `${method} ${path}`,
    ({ method, path }) => `${method} ${shapeOf(path)}`,
  )
}

/** Of an operation that is found by its id at another path, what that asks for and the old one did not. */
function compareMoved(comparison: Comparison, { removed, added }: Pairing<Operation>): void {
  const moved = pairBy(removed.filter(isNamed), added.filter(isNamed), ({ id, method }) => `${method} ${id}`)
  for (const [one, other] of moved.pairs)
    for (const name of without(namesIn(other.path), namesIn(one.path)))
      comparison.add({
        rule: 'new-request-path-parameter',
        operation: nameOf(one),
        place: `parameter path ${name}`,
        details: { after: other.path },
        before: { at: one },
        after: { at: other },
      })
}

function isNamed(operation: Operation): boolean {
  return operation.isNamed
}

function compareNames(comparison: Comparison, { before, after, name }: OperationPair): void {
  const add = (rule: string, details: { before?: string; after?: string }, word: string) =>
    comparison.add({
      rule,
      operation: name,
      place: 'operation',
      details,
      before: { at: before, member: word },
      after: { at: after, member: word },
    })
  const [was, is] = [before.isNamed ? before.id : null, after.isNamed ? after.id : null]
  if (was !== null && is !== null && was !== is)
    add('api-operation-id-renamed', { before: was, after: is }, 'operationId')
  if (was !== null && is === null) add('api-operation-id-removed', { before: was }, 'operationId')
  if (was === null && is !== null) add('api-operation-id-added', { after: is }, 'operationId')
  for (const tag of without(before.tags, after.tags)) add('api-tag-removed', { before: tag }, 'tags')
  for (const tag of without(after.tags, before.tags)) add('api-tag-added', { after: tag }, 'tags')
}

function compareSchemaNames(comparison: Comparison): void {
  const { before, after } = comparison
  for (const [name, schema] of before.schemas)
    if (!after.schemas.has(name))
      comparison.add({
        rule: 'api-schema-removed',
        operation: null,
        place: `schema ${name}`,
        details: { before: name },
        before: typeof schema === 'object' ? { at: schema } : null,
      })
}
