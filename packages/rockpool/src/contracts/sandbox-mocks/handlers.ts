import { handle, problem, Problem } from '../../kernel/index.ts'
import type { Handled } from '../../kernel/index.ts'
import { requireOrganization } from '../../organizations/index.ts'
import type { Organizations } from '../../organizations/index.ts'
import type { Registry } from '../registry/index.ts'
import type { Version } from '../registry/index.ts'
import type { SandboxMocks } from './mocks.ts'
import { listSandboxMocks, mockService, unmockService } from './operations.ts'
import type { VersionRoute } from './types.ts'

export interface SandboxMocksOperationsOptions {
  mocks: SandboxMocks
  registry: Pick<Registry, 'find'>
  organizations: Pick<Organizations, 'get'>
  /** The services behind the gateways, by name. */
  services: () => Promise<readonly { name: string }[]>
  /** What leads to a service, by a contract that was pushed. */
  routesOf: (address: string) => Promise<readonly VersionRoute[]>
  /** Somebody is there to answer. */
  isServed: boolean
  /** Resolves once the gateways know what was committed before the call, or after a bounded while. */
  settled: () => Promise<void>
}

/** What the api part mounts. */
export function sandboxMocksOperations(options: SandboxMocksOperationsOptions): Handled[] {
  const { mocks, registry, organizations, services, routesOf, isServed, settled } = options
  return [
    handle(mockService, async ({ params, body, caller }) => {
      const { slug } = await requireOrganization(organizations, caller, params.sandbox)
      if (!isServed)
        throw problem('not_possible_here', 'this installation runs no mocks: ROCKPOOL_MOCKS_URL is not set')
      requireService(await services(), params.service)
      const found = await versionOf(registry, params.service, body.version)
      const routes = (await mocks.routes(found.address)) ?? (await routesOf(found.address))
      const mock = await mocks.ask({
        organization: slug,
        service: params.service,
        address: found.address,
        version: nameOf(found),
        seed: body.seed,
        askedBy: caller.member ?? caller.run ?? caller.credential,
        routes,
      })
      await settled()
      const operations = routes.map(({ operationId: id, method, path }) => ({ id, method, path }))
      return { ...mock, operations }
    }),

    handle(listSandboxMocks, async ({ params, caller }) => {
      const { slug } = await requireOrganization(organizations, caller, params.sandbox)
      return { items: await mocks.list(slug) }
    }),

    handle(unmockService, async ({ params, caller }) => {
      const { slug } = await requireOrganization(organizations, caller, params.sandbox)
      await mocks.end(slug, params.service)
      await settled()
    }),
  ]
}

function requireService(all: readonly { name: string }[], service: string): void {
  if (all.some(({ name }) => name === service)) return
  const names = all.map(({ name }) => name).join(', ')
  throw problem('not_found', `there is no service “${service}”; there are: ${names}`)
}

/** What is asked for; unless that is said, what runs in production, else the latest. */
async function versionOf(
  registry: Pick<Registry, 'find'>,
  service: string,
  selector: string | undefined,
): Promise<Version> {
  if (selector !== undefined) return registry.find(service, selector)
  return registry.find(service, 'production').catch((error: unknown) => {
    if (error instanceof Problem && error.code === 'not_found') return registry.find(service, 'latest')
    throw error
  })
}

const nameOf = ({ name, branch, address }: Version): string =>
  name ?? (branch === null ? address : `branch:${branch}`)
