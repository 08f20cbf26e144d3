import type { Contract } from '../contracts/index.ts'
import {
  createRouter,
  defaultConcurrency,
  loadRoutes,
  type PlacedService,
  type Route,
} from '../gateway/index.ts'
import {
  callLimitFindings,
  callLimitsOf,
  parseDuration,
  problem,
  shapeFindings,
  shapesOf,
  validationFindings,
  validationOf,
} from '../kernel/index.ts'
import type {
  Finding,
  Listener,
  RateLimitConfig,
  RemoteServiceConfig,
  ServiceConfig,
  StartedServiceConfig,
} from '../kernel/index.ts'
import type { Deploys } from './deploys.ts'
import { holdContracts } from './held-contracts.ts'
import type { HeldContracts } from './held-contracts.ts'

/** What ought to be mended in the contract of a service, which is served all the same; it is called where there is any. */
export type TellWarnings = (service: string, contract: string, warnings: readonly Finding[]) => void

/** The services as the gateways get them: where they are, how they are, and what leads to them. */
export interface ServiceDirectory {
  list(): Promise<PlacedService[]>
  /** The contracts that calls are held against, as texts, by their addresses. */
  contracts: { text(address: string): string | undefined }
  onChange(listener: () => void): Promise<Listener>
}

/**
 * Reads the contracts of all configured services, once.
 *
 * @throws Problem `config_invalid` with all findings of all contracts
 */
export async function openServiceDirectory(options: {
  deploys: Deploys
  services: Readonly<
    Record<
      string,
      | (Pick<StartedServiceConfig, 'contract' | 'deadline'> &
          Partial<Pick<StartedServiceConfig, 'concurrency' | 'shapes' | 'cors' | 'limits' | 'validation'>>)
      | RemoteServiceConfig
    >
  >
  /** Whose operations must be in the contracts. */
  rateLimits?: readonly RateLimitConfig[]
  tellWarnings?: TellWarnings
}): Promise<ServiceDirectory> {
  const { deploys, services } = options
  const { routes, held } = await readContracts(services, options.rateLimits, options.tellWarnings)
  return {
    contracts: { text: (address) => held.texts.get(address) },
    async list() {
      const known = new Map((await deploys.list()).map((service) => [service.name, service]))
      return Object.entries(services).map(([name, configured]): PlacedService => {
        const deadlineMs = parseDuration(configured.deadline)
        const concurrency = configured.concurrency ?? defaultConcurrency
        const contract = held.addresses.get(name)
        const policy = {
          ...(configured.cors === undefined ? {} : { cors: configured.cors }),
          ...(contract === undefined ? {} : { contract }),
        }
        // Nobody here watches a service that runs elsewhere: it counts as running, and a call finds out.
        if ('url' in configured) {
          const { url, production } = configured
          const running = { state: 'running', reason: null, foreign: production } as const
          return { name, url, ...running, deadlineMs, concurrency, ...policy, routes: routes.get(name) ?? [] }
        }
        const service = known.get(name)
        return {
          name,
          url: service?.url ?? null,
          state: service?.state ?? 'stopped',
          reason: service ? service.reason : 'no agent has started it yet',
          foreign: false,
          deadlineMs,
          concurrency,
          ...policy,
          routes: routes.get(name) ?? [],
        }
      })
    },
    onChange: (listener) => deploys.onChange(() => listener()),
  }
}

/**
 * The routes of each service, and what gateways hold its calls against, from its contract.
 *
 * @throws Problem `config_invalid` with all findings of all contracts; two services that claim one route are among
 * them, and shapes, limits, exceptions of the validation and rate limits of operations that no contract has
 */
export async function readContracts(
  services: Readonly<
    Record<
      string,
      Pick<ServiceConfig, 'contract'> & Partial<Pick<ServiceConfig, 'shapes' | 'limits' | 'validation'>>
    >
  >,
  rateLimits: readonly RateLimitConfig[] = [],
  tellWarnings?: TellWarnings,
): Promise<{ routes: Map<string, Route[]>; held: HeldContracts }> {
  const findings: Finding[] = []
  const routes = new Map<string, Route[]>()
  const contracts = new Map<string, Contract>()
  for (const [name, service] of Object.entries(services)) {
    const reading = await loadRoutes(service.contract, { foreign: 'url' in service })
    if (reading.ok) {
      if (reading.warnings.length > 0) tellWarnings?.(name, service.contract, reading.warnings)
      const own = reading.operations.map(({ route }) => route)
      const ids = own.map(({ operationId }) => operationId)
      findings.push(...shapeFindings(name, service.shapes, ids))
      findings.push(...callLimitFindings(name, service.limits, ids))
      findings.push(...validationFindings(name, service.validation, ids))
      contracts.set(name, reading.contract)
      routes.set(
        name,
        own.map((route) => withOptions(route, service)),
      )
    } else
      findings.push(
        ...reading.findings.map((finding) => ({
          ...finding,
          path: `services.${name}.contract: ${finding.path}`,
        })),
      )
  }
  findings.push(...createRouter([...routes].map(([name, own]) => ({ name, routes: own }))).findings)
  // Of a contract that cannot be read, nobody knows what it has.
  if (routes.size === Object.keys(services).length) findings.push(...operationFindings(rateLimits, routes))
  if (findings.length > 0)
    throw problem('config_invalid', 'contracts of services are not valid', { findings })
  return { routes, held: holdContracts(contracts, routes) }
}

/** A route with what the configuration says of its operation beside the contract. Pure. */
export function withOptions(
  route: Route,
  config: Partial<Pick<ServiceConfig, 'shapes' | 'limits' | 'validation'>>,
): Route {
  const shapes = shapesOf(config.shapes, route.operationId)
  const limits = callLimitsOf(config.limits, route.operationId)
  const validation = validationOf(config.validation, route.operationId)
  return {
    ...route,
    ...(shapes === undefined ? {} : { shapes }),
    ...(validation === undefined ? {} : { validation }),
    ...limits,
  }
}

/** Rate limits of operations that are nowhere. Pure. */
function operationFindings(
  rateLimits: readonly RateLimitConfig[],
  routes: ReadonlyMap<string, readonly Route[]>,
): Finding[] {
  return rateLimits.flatMap(({ service, operation }, index): Finding[] => {
    if (operation === null) return []
    const among = service === null ? [...routes.values()].flat() : (routes.get(service) ?? [])
    if (among.some(({ operationId }) => operationId === operation)) return []
    const where = service === null ? 'no contract has the' : `the contract of ${service} has no`
    return [{ path: `rateLimits.${index}.operation`, message: `${where} operation “${operation}”` }]
  })
}
