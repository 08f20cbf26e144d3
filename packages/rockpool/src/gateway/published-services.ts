import type { Publication } from './publication.ts'
import { createRouter } from './router.ts'
import type { SnapshotService } from './types.ts'

/**
 * Puts services into the publication. Two routes of one method and shape: the one that was there before keeps serving, the
 * newcomer is left out. A service that cannot be understood loses its routes, not its callers' errors.
 */
export function createPublishedServices(
  publication: Publication,
): (services: readonly SnapshotService[]) => void {
  let last: readonly SnapshotService[] = []
  return (services) => {
    // Asked at each change of whatever it is: thousands of routes are not to be read for a key.
    if (services.length === last.length && services.every((service, index) => same(service, last[index]!)))
      return
    const before = (service: SnapshotService) => {
      const published = publication.get('services', service.name)
      return published !== undefined && JSON.stringify(published.routes) === JSON.stringify(service.routes)
    }
    const old = new Set(services.filter(before))
    const ordered = [...old, ...services.filter((service) => !old.has(service))]
    const { findings } = createRouter(ordered)
    const lost = new Set(findings.map(({ path }) => path))
    const served = services.map((service) => ({
      ...service,
      routes: service.routes.filter((_, index) => !lost.has(`services.${service.name}.routes.${index}`)),
    }))
    publication.replace('services', served, findings)
    last = services
  }
}

function same({ routes, ...one }: SnapshotService, { routes: others, ...other }: SnapshotService): boolean {
  return (
    JSON.stringify(one) === JSON.stringify(other) &&
    (routes === others || JSON.stringify(routes) === JSON.stringify(others))
  )
}
