import type { Identity } from '@rockpool/sdk/wire'
import { z } from 'zod'

/*
 * A service is answered for by a mock, in one sandbox that asked for it: its calls go to the role mocks instead.
 */

/** As gateways know it. */
export interface SnapshotMock {
  /** `mck_…`; the first segment of the path at which it answers. */
  id: string
  /** The sandbox that asked for it. */
  organization: string
  service: string
  /** Of the contract that it answers by, for people. */
  version: string
  /** Origin of the role mocks; null: this installation has none, and such calls are refused. */
  origin: string | null
}

/** What stands in the access log where the name of a release does. */
export const mockRelease = 'mock'

const word = z.string().min(1).max(200)

export const snapshotMock = z.object({
  id: z.string().regex(/^mck_[\w-]{1,80}$/, 'must be the id of a mock'),
  organization: z.string().regex(/^[a-z0-9][a-z0-9-]{0,99}$/, 'must be a slug'),
  service: word,
  version: word,
  origin: z
    .url({ protocol: /^https?$/ })
    .max(500)
    .refine((url) => URL.parse(url)?.origin === url, 'must be an origin')
    .nullable(),
})

/** All mocks of a directory. Never changed: another one is made when one of them comes or goes. */
export interface Mocks {
  /** By id. */
  readonly entries: ReadonlyMap<string, SnapshotMock>
  /** The one that answers whoever acts; undefined: the service does. Of production there never is one. */
  of(identity: Identity | null, service: string): SnapshotMock | undefined
}

export function createMocks(all: readonly SnapshotMock[]): Mocks {
  const entries = new Map(all.map((mock) => [mock.id, mock]))
  const byPlace = new Map<string, Map<string, SnapshotMock>>()
  for (const mock of entries.values()) {
    const inOne = byPlace.get(mock.organization) ?? new Map<string, SnapshotMock>()
    byPlace.set(mock.organization, inOne.set(mock.service, mock))
  }
  return {
    entries,
    of(identity, service) {
      if (identity === null || identity.environment !== 'sandbox') return undefined
      return byPlace.get(identity.organization)?.get(service)
    },
  }
}
