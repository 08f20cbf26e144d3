import type { Route } from '../route.ts'

/*
 * mock          answers for a service in one sandbox that asked for it, by a stored version of its contract
 * mock's routes what that version has: they count for whoever acts in that sandbox, in the place of the service's own
 *
 *   control ── mocks, and the routes of each version once ──► snapshot ──► whoever acts in the sandbox ──► role mocks
 */

/** A mock of a sandbox, as gateways know it. */
export interface SnapshotMock {
  /** `mck_…`; the first segment of the path at which it answers. */
  id: string
  /** The sandbox that asked for it. */
  organization: string
  service: string
  /** Of the contract that it answers by, for people. */
  version: string
  /** Name of the routes that lead to it; without them the service's own do. */
  routes?: string | undefined
  /** Origin of the role mocks; null: this installation has none, and such calls are refused. */
  origin: string | null
}

/** Routes of a version that mocks answer by: one entry, in however many sandboxes they do. */
export interface SnapshotMockRoutes {
  name: string
  service: string
  /** None has `validation`: a mock judges by itself. */
  routes: readonly Route[]
}
