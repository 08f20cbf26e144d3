import type { Identity } from '@rockpool/sdk/wire'
import type { Router } from '../router.ts'
import type { MockRouters } from './routers.ts'
import type { SnapshotMock } from './types.ts'

/*
 * A service is answered for by a mock, in one sandbox that asked for it: its calls go to the role mocks instead.
 */

/** What stands in the access log where the name of a release does. */
export const mockRelease = 'mock'

/** A mock whose version's routes are known. */
export interface RoutedMock {
  mock: SnapshotMock
  router: Router
}

/** All mocks of a directory. Never changed: another one is made when one of them comes or goes. */
export interface Mocks {
  /** By id. */
  readonly entries: ReadonlyMap<string, SnapshotMock>
  /** The routes that lead to them. */
  readonly routers: MockRouters
  /** The one that answers whoever acts; undefined: the service does. Of production there never is one. */
  of(identity: Identity | null, service: string): SnapshotMock | undefined
  /** Some have routes of their own. Where none has, nothing else need be asked. */
  readonly areRouted: boolean
  isRouted(mock: SnapshotMock): boolean
  /** Those of a sandbox that have routes of their own. */
  routedIn(organization: string): readonly RoutedMock[]
  /** Whether a route of one of them, which names no organization, may fit a path that begins so. */
  mayBeUnnamed(segment: string | undefined): boolean
}

const none: readonly RoutedMock[] = []

export function createMocks(all: readonly SnapshotMock[], routers: MockRouters): Mocks {
  const entries = new Map(all.map((mock) => [mock.id, mock]))
  const byPlace = new Map<string, Map<string, SnapshotMock>>()
  const routed = new Map<string, RoutedMock[]>()
  const starts = new Set<string | null>()
  for (const mock of entries.values()) {
    const inOne = byPlace.get(mock.organization) ?? new Map<string, SnapshotMock>()
    byPlace.set(mock.organization, inOne.set(mock.service, mock))
  }
  for (const [organization, inOne] of byPlace)
    for (const mock of inOne.values()) {
      const found = mock.routes === undefined ? undefined : routers.get(mock.routes)
      if (found === undefined || found.entry.service !== mock.service) continue
      routed.set(organization, [...(routed.get(organization) ?? []), { mock, router: found.router }])
      for (const start of found.unnamedStarts) starts.add(start)
    }
  const routedIn = (organization: string) => routed.get(organization) ?? none
  return {
    entries,
    routers,
    of(identity, service) {
      if (identity === null || identity.environment !== 'sandbox') return undefined
      return byPlace.get(identity.organization)?.get(service)
    },
    areRouted: routed.size > 0,
    isRouted: ({ organization, id }) => routedIn(organization).some(({ mock }) => mock.id === id),
    routedIn,
    mayBeUnnamed: (segment = '') => starts.size > 0 && (starts.has(null) || starts.has(segment)),
  }
}
