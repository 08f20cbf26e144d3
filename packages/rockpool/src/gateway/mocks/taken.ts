import type { Publication } from '../publication.ts'
import type { SnapshotMock, SnapshotMockRoutes } from './types.ts'

/** Puts mocks and the routes of their versions into the publication. */
export function createTakenMocks(
  publication: Publication,
): (told: { mocks: readonly SnapshotMock[]; routes: readonly SnapshotMockRoutes[] }) => void {
  let last: readonly SnapshotMockRoutes[] = []
  return ({ mocks, routes }) => {
    publication.replace('mocks', mocks)
    // Asked at each change of whatever it is: thousands of routes are not to be written for a comparison.
    if (routes.length === last.length && routes.every((entry, index) => entry === last[index])) return
    publication.replace('mockRoutes', routes)
    last = routes
  }
}
