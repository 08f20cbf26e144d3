import type { Directory } from '../snapshot.ts'
import type { Holds } from './types.ts'

/** How much a directory holds. Pure. */
export function holdsOf(directory: Directory | undefined): Holds {
  if (directory === undefined) return { organizations: 0, credentials: 0, services: 0, routes: 0 }
  const { organizations, credentials, services } = directory
  let routes = 0
  for (const service of services.values()) routes += service.routes.length
  return { organizations: organizations.size, credentials: credentials.size, services: services.size, routes }
}
