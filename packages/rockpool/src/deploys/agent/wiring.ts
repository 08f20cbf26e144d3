import { freePort, isRemote, problem, startedServices, type Config } from '../../kernel/index.ts'
import type { ServiceKind } from '../types.ts'
import type { ProcessSpec } from './types.ts'

/** A process that the agent keeps, and the names of those whose URLs it was given. */
export interface AgentProcess {
  kind: ServiceKind
  spec: ProcessSpec
  /** The URLs that it got at its last start, by the name of the process they belong to. */
  given: Map<string, string>
}

/** What Rockpool gives its services. */
export interface Wiring {
  gatewayUrl: string
  jwksUrl: string
  /** The folder that a process may keep its own files in; it need not exist. */
  dataFolder(process: string): string
  /** The text of the service's credential. */
  credential(service: string): string
  /** Its DATABASE_URL, as the runtime role; asked for services with a database only. */
  databaseUrl(service: string): string
}

/**
 * The processes of a configuration, each with a port that was free when this was called: a URL has to be known before
 * its process runs. `urlOf` tells where a process is by now, should it have had to take another port.
 */
export async function planProcesses(
  config: Pick<Config, 'services' | 'thirdParties'>,
  wiring: Wiring,
  urlOf: (name: string) => string | undefined,
): Promise<AgentProcess[]> {
  const started = startedServices(config)
  const ports = await distinctPorts([...Object.keys(config.thirdParties), ...Object.keys(started)])
  const at = (name: string) => urlOf(name) ?? `http://127.0.0.1:${ports.get(name)}`
  type Own = (typeof started)[string]['env']

  const own = (env: Own, name: string, given: Map<string, string>): Record<string, string> => {
    if (typeof env !== 'function') return env ?? {}
    return env({
      data: wiring.dataFolder(name),
      url: (other) => {
        const service = config.services[other]
        if (service && isRemote(service)) return service.url
        if (!ports.has(other))
          throw problem(
            'config_invalid',
            `env of “${name}” asks for the URL of “${other}”, which is no process here`,
          )
        const url = at(other)
        given.set(other, url)
        return url
      },
    })
  }
  const common = (
    name: string,
    from: { folder: string; start: string[]; health: string; requires: string[] },
  ) =>
    ({
      name,
      command: from.start,
      folder: from.folder,
      port: ports.get(name) ?? 'any',
      ready: { http: from.health },
      requires: from.requires,
    }) satisfies ProcessSpec

  const thirdParties = Object.entries(config.thirdParties).map(([name, from]): AgentProcess => {
    const given = new Map<string, string>()
    return {
      kind: 'third-party',
      given,
      spec: { ...common(name, from), env: () => own(from.env, name, given) },
    }
  })
  const services = Object.entries(started).map(([name, from]): AgentProcess => {
    const given = new Map<string, string>()
    const env = () => ({
      ...own(from.env, name, given),
      ROCKPOOL_SERVICE: name,
      ROCKPOOL_GATEWAY_URL: wiring.gatewayUrl,
      ROCKPOOL_JWKS_URL: wiring.jwksUrl,
      ROCKPOOL_SERVICE_CREDENTIAL: wiring.credential(name),
      ROCKPOOL_CONSUMES: from.consumes.join(','),
      ...(from.database ? { DATABASE_URL: wiring.databaseUrl(name) } : {}),
    })
    return { kind: 'service', given, spec: { ...common(name, from), env } }
  })
  return [...thirdParties, ...services]
}

async function distinctPorts(names: readonly string[]): Promise<Map<string, number>> {
  const ports = new Map<string, number>()
  while (ports.size < names.length) {
    const { port } = await freePort()
    if (![...ports.values()].includes(port)) ports.set(names[ports.size]!, port)
  }
  return ports
}
