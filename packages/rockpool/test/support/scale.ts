import { createHash, randomBytes } from 'node:crypto'
import type { Route, Snapshot, SnapshotService } from '../../src/gateway/index.ts'
import { credential, organization, service, snapshotOf, type TestCredential } from './gateway-entries.ts'

// A large installation: many organizations with many keys, many services with many routes; and calls of it whose answers
// can be told apart.

export interface Size {
  keys: number
  services: number
  routesPerService: number
}

/** What the issue of scale is held against: 100,000 keys, 20,000 routes. */
export const large: Size = { keys: 100_000, services: 200, routesPerService: 100 }

export interface Scale {
  snapshot: Snapshot
  /** Some of the keys, whose texts are known. */
  known: TestCredential[]
}

const organizations = 1_000
const knownKeys = 500

export const slugOf = (index: number) => `org-${index % organizations}`
export const nameOf = (index: number) => `svc-${index}`

/** Half of them lead to one thing of many, half to a literal that the others' parameter would take too. */
export function routesFor(service: number, count: number): Route[] {
  return Array.from({ length: count }, (_, index) => {
    const path = `/{organization}/s${service}/r${index >> 1}/${index % 2 === 0 ? '{id}' : 'new'}`
    return { method: 'GET', path, operationId: `get${index}`, anonymous: false }
  })
}

/** `urlOf`: where the service of that number runs. */
export function makeScale(size: Size, urlOf: (service: number) => string): Scale {
  const known = Array.from({ length: knownKeys }, (_, index) =>
    credential('live', { allows: { organization: slugOf(index) } }),
  )
  const pattern = known[0]!
  const others = Array.from({ length: size.keys - knownKeys }, (_, index) => ({
    ...pattern,
    id: `key_${index}`,
    sha256: createHash('sha256').update(`key ${index}`).digest('hex'),
    allows: { organization: slugOf(index) },
  }))
  const snapshot = snapshotOf({
    organizations: Array.from({ length: organizations }, (_, index) => organization(slugOf(index))),
    credentials: [...known, ...others],
    services: Array.from({ length: size.services }, (_, index) => serviceOf(index, size, urlOf(index))),
  })
  return { snapshot, known }
}

export function serviceOf(index: number, { routesPerService }: Size, url: string): SnapshotService {
  return service(nameOf(index), { url, routes: routesFor(index, routesPerService), concurrency: 10_000 })
}

/** One call, and what has to come of it. */
export interface Planned {
  key: TestCredential
  organization: string
  service: number
  path: string
  /** The template that it leads to. */
  template: string
}

export function plan({ known }: Scale, size: Size, random: () => number): Planned {
  const pick = (most: number) => Math.floor(random() * most)
  const index = pick(known.length)
  const service = pick(size.services)
  const route = pick(size.routesPerService)
  const { path: template } = routesFor(service, route + 1)[route]!
  const path = template
    .replace('{organization}', slugOf(index))
    .replace('{id}', randomBytes(4).toString('hex'))
  return { key: known[index]!, organization: slugOf(index), service, path, template }
}
