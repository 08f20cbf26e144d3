import { problem } from '../kernel/index.ts'

/*
 * What a role's process is given by whoever starts it (`rockpool up`, or a unit file of a larger installation).
 * Secrets come by the environment and are taken out of it at once, so that nothing a role starts inherits them.
 *
 *   ROCKPOOL_CONFIG         the configuration file
 *   ROCKPOOL_INSTALLATION   its installation by name
 *   ROCKPOOL_DATA           the data folder of this machine
 *   ROCKPOOL_CONTROL_URL    where control listens, ROCKPOOL_GATEWAY_URL where the gateway does
 *   ROCKPOOL_DATABASE_URL   Rockpool's own database                            (control, relay, runner)
 *   ROCKPOOL_SECRET         the installation's secret                          (control, relay)
 *   ROCKPOOL_ROLE_TOKEN     what the role shows to control                     (gateway, runner)
 *   ROCKPOOL_SCHEDULE       on or off: whether checks run by their schedule     (runner)
 *   ROCKPOOL_GATEWAY_ORIGIN the configured origin of the gateway, as browsers see it  (gateway)
 *   HOST, PORT              where to listen                                    (control, gateway)
 */

export interface RoleEnvironment {
  config: string
  installation: string
  data: string
  controlUrl: string
  gatewayUrl: string
  gatewayOrigin: string
  databaseUrl: string
  secret: string
  roleToken: string
  schedule: 'on' | 'off'
  host: string
  port: number
}

const names = {
  config: 'ROCKPOOL_CONFIG',
  installation: 'ROCKPOOL_INSTALLATION',
  data: 'ROCKPOOL_DATA',
  controlUrl: 'ROCKPOOL_CONTROL_URL',
  gatewayUrl: 'ROCKPOOL_GATEWAY_URL',
  gatewayOrigin: 'ROCKPOOL_GATEWAY_ORIGIN',
  databaseUrl: 'ROCKPOOL_DATABASE_URL',
  secret: 'ROCKPOOL_SECRET',
  roleToken: 'ROCKPOOL_ROLE_TOKEN',
  schedule: 'ROCKPOOL_SCHEDULE',
  host: 'HOST',
  port: 'PORT',
} as const satisfies Record<keyof RoleEnvironment, string>

export type RoleVariable = keyof RoleEnvironment

/** Takes the variables that the role needs out of the environment; all missing ones are named at once. */
export function takeRoleEnvironment<Needed extends RoleVariable>(
  needed: readonly Needed[],
  environment: NodeJS.ProcessEnv = process.env,
): Pick<RoleEnvironment, Needed> {
  const missing = needed.filter((key) => !environment[names[key]])
  if (missing.length > 0) {
    throw problem('invalid_input', 'this role lacks some of its environment', {
      findings: missing.map((key) => ({ path: names[key], message: 'is not set' })),
    })
  }
  const taken = Object.fromEntries(
    needed.map((key) => [key, key === 'port' ? Number(environment[names.port]) : environment[names[key]]!]),
  )
  for (const secret of ['databaseUrl', 'secret', 'roleToken'] as const) delete environment[names[secret]]
  return taken as Pick<RoleEnvironment, Needed>
}

/** The other side: the environment for a role's process. */
export function roleVariables(values: Partial<RoleEnvironment>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(values).map(([key, value]) => [names[key as RoleVariable], String(value)]),
  )
}
