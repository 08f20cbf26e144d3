import type { SandboxMocks } from '../contracts/index.ts'
import { withOptions } from '../deploys/index.ts'
import type { PublishedMocks, SnapshotMockRoutes } from '../gateway/index.ts'
import type { Config } from '../kernel/index.ts'

export interface PublishedMocksOptions {
  mocks: Pick<SandboxMocks, 'list' | 'onChange' | 'routes'>
  services: Readonly<Record<string, Pick<Config['services'][string], 'shapes' | 'limits'>>>
  /** Where mocks are answered; null: nowhere. */
  origin: string | null
}

/**
 * What sandboxes ask for, as gateways get it: with the place where it is answered, and the routes of each version once. These
 * never change while it is mocked, and are read once.
 */
export function publishedMocks({ mocks, services, origin }: PublishedMocksOptions): PublishedMocks {
  let known: ReadonlyMap<string, SnapshotMockRoutes> = new Map()

  async function routesOf(service: string, address: string): Promise<SnapshotMockRoutes | undefined> {
    const name = `${service}@${address}`
    const before = known.get(name)
    if (before !== undefined || !Object.hasOwn(services, service)) return before
    const { shapes, limits } = services[service]!
    const routes = await mocks.routes(address)
    // What the configuration says of an operation counts for the mock's as well; not what its calls are held against.
    return routes && { name, service, routes: routes.map((route) => withOptions(route, { shapes, limits })) }
  }

  return {
    async list() {
      const all = await mocks.list()
      const routes = new Map<string, SnapshotMockRoutes>()
      const told = []
      for (const { id, organization, service, version, address } of all) {
        const own = routes.get(`${service}@${address}`) ?? (await routesOf(service, address))
        if (own !== undefined) routes.set(own.name, own)
        told.push({ id, organization, service, version, origin, ...(own && { routes: own.name }) })
      }
      known = routes
      return { mocks: told, routes: [...routes.values()] }
    },
    onChange: mocks.onChange,
  }
}
