import { createRouter, loadRoutes, parametersOf } from '../../gateway/index.ts'
import { isRemote } from '../../kernel/index.ts'
import type { Config } from '../../kernel/index.ts'
import type { ShownCall } from './call.ts'

/** The operation of a contract that a call is one of. */
export interface KnownOperation {
  service: string
  operation: string
  /** Path parameters as the call has them, without the organization, which a check fills in. */
  path: Record<string, string>
  /** A write there is real: the gateway refuses a check's. */
  isProduction: boolean
}

/** Finds the operation of a call: by a service's own place, or by the gateway's. Undefined: no contract knows it. */
export async function openMatcher(
  config: Config,
  gateways: readonly string[],
): Promise<(call: ShownCall) => KnownOperation | undefined> {
  const services = await Promise.all(
    Object.entries(config.services).map(async ([name, service]) => {
      const reading = await loadRoutes(service.contract, { foreign: isRemote(service) })
      const routes = reading.ok ? reading.operations.map(({ route }) => route) : []
      const places = [...gateways, ...(isRemote(service) ? [service.url] : [])]
      return {
        name,
        places,
        isProduction: isRemote(service) && service.production,
        router: createRouter([{ name, routes }]).router,
      }
    }),
  )
  return ({ method, url }) => {
    for (const { name, places, isProduction, router } of services) {
      for (const place of places) {
        const rest = restOf(url, place)
        const routing = rest === undefined ? undefined : router.find(method, rest)
        if (routing?.kind !== 'match' || routing.match.route.method !== method) continue
        const { organization: _, ...path } = parametersOf(routing.match)
        return { service: name, operation: routing.match.route.operationId, path, isProduction }
      }
    }
    return undefined
  }
}

/** Decoded segments of the path below the place; undefined: it is not below it. */
function restOf(url: URL, place: string): string[] | undefined {
  const base = new URL(place)
  const prefix = base.pathname.replace(/\/+$/, '')
  if (url.origin !== base.origin || !(url.pathname === prefix || url.pathname.startsWith(`${prefix}/`)))
    return undefined
  const path = url.pathname.slice(prefix.length)
  try {
    return path === '' || path === '/' ? [] : path.slice(1).split('/').map(decodeURIComponent)
  } catch {
    return undefined
  }
}
