import { findResources } from '../mocks/resources.ts'
import type { Resource, ResourceUse } from '../mocks/resources.ts'
import type { Contract, Operation } from '../types.ts'

/** One operation to be tried, with what it needs of those before it. */
export interface PlannedStep {
  operation: Operation
  /** What it does with a resource; null: it is about none. */
  use: ResourceUse | null
  /** It makes the item that the others need: its id is in the answer, or in the path. */
  makes: 'by answer' | 'by path' | null
  /** Path parameters that are ids of items, each with its resource. */
  ids: ReadonlyMap<string, Resource>
}

/**
 * All operations in an order in which each finds what it needs: what is made first is read, listed, changed, replaced and
 * at last deleted; what stands below something is made after it, and deleted before. Pure.
 */
export function planSteps(contract: Contract): PlannedStep[] {
  const uses = findResources(contract)
  const resources = new Map<string, Resource>()
  const created = new Set<Resource>()
  for (const { resource, action } of uses.values()) {
    resources.set(shapeOf(`${resource.path}/{}`), resource)
    if (action === 'create') created.add(resource)
  }
  const steps = contract.operations.map((operation): PlannedStep => {
    const use = uses.get(operation) ?? null
    const makes =
      use?.action === 'create'
        ? ('by answer' as const)
        : use?.action === 'replace' && !created.has(use.resource)
          ? ('by path' as const)
          : null
    return { operation, use, makes, ids: idsIn(operation.path, resources) }
  })
  const place = (step: PlannedStep) => ({
    step,
    rank: rankOf(step),
    depth: step.operation.path.split('/').length,
  })
  return steps
    .map(place)
    .toSorted(
      (one, other) =>
        one.rank - other.rank || (one.rank === last ? other.depth - one.depth : one.depth - other.depth),
    )
    .map(({ step }) => step)
}

/** Names of parameters tell nothing: `/pets/{id}` and `/pets/{pet}` are one. */
const shapeOf = (path: string) => path.replaceAll(/\{[^{}]*\}/g, '{}')

function idsIn(path: string, resources: ReadonlyMap<string, Resource>): Map<string, Resource> {
  const ids = new Map<string, Resource>()
  for (const match of path.matchAll(/\{([^{}]+)\}/g)) {
    const resource = resources.get(shapeOf(path.slice(0, match.index + match[0].length)))
    if (resource !== undefined) ids.set(match[1]!, resource)
  }
  return ids
}

const last = 8
const ranks: Readonly<Record<string, number>> = {
  create: 0,
  read: 2,
  list: 3,
  update: 5,
  replace: 6,
  delete: last,
}

function rankOf({ operation: { method }, use, makes, ids }: PlannedStep): number {
  if (makes !== null) return 0
  if (use !== null) return ranks[use.action]!
  if (method === 'DELETE') return last
  if (['GET', 'HEAD', 'OPTIONS', 'QUERY'].includes(method)) return 4
  // What needs nothing may be needed; what is done with an item, such as to cancel it, may change it for good.
  return ids.size === 0 ? 1 : 7
}
