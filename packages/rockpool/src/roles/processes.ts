import { fileURLToPath } from 'node:url'
import { healthPath } from '@rockpool/sdk/wire'
import type { ProcessSpec, Readiness, Supervisor } from '../deploys/index.ts'
import { problem } from '../kernel/index.ts'
import type { Config, Secret } from '../kernel/index.ts'
import { roleVariables, tlsVariables } from './environment.ts'
import type { RoleEnvironment } from './environment.ts'
import { gatewayFlags } from './gateway-flags.ts'
import type { ChosenPort } from './ports.ts'
import { boundsVariables } from './bounds.ts'
import { telemetryVariables } from './telemetry.ts'

/*
 * Rockpool's own processes, as `rockpool up` starts them. They are named rockpool-…, so that no service is mistaken for
 * one, and each gets the secrets of its role alone.
 */

type RoleName = 'control' | 'gateway' | 'mocks' | 'relay' | 'runner'

/** Where they are. */
export interface OwnUrls {
  controlUrl: string
  gatewayUrl: string
  mocksUrl: string
}

/** Starts one after the other; each resolves when it is ready, control and gateway with their URL. */
export interface OwnProcesses {
  control(): Promise<string>
  /** With the mocks, to which it sends what sandboxes ask for. */
  gateway(): Promise<string>
  relay(): Promise<void>
  runner(schedule: boolean): Promise<void>
  /** Lets the runner finish or give back what is under way. */
  stopRunner(): Promise<void>
  /** Known once both are ready. */
  at(): OwnUrls
}

export function startOwnProcesses(options: {
  config: Config
  installation: string
  folder: string
  secret: Secret
  databaseUrl: string
  supervisor: Supervisor
  wanted: { control: ChosenPort; gateway: ChosenPort; mocks: number }
}): OwnProcesses {
  const { config, installation, folder, secret, databaseUrl, supervisor, wanted } = options
  const gatewayOrigin = config.installations[installation]!.gateway
  const { tls } = config.gateway
  // A certificate is for the host of the origin, and for no other name of this machine.
  const { hostname } = new URL(gatewayOrigin)
  const gatewayAt = (port: number | string) =>
    tls ? `https://${hostname}:${port}` : `http://127.0.0.1:${port}`
  const readyByTls = tls && { https: healthPath, host: hostname.replace(/^\[(.*)\]$/, '$1'), ca: tls.ca }
  const urls: OwnUrls = {
    controlUrl: `http://127.0.0.1:${wanted.control.port}`,
    gatewayUrl: gatewayAt(wanted.gateway.port),
    mocksUrl: `http://127.0.0.1:${wanted.mocks}`,
  }
  const common = () => ({ config: config.file, installation, data: folder, ...urls })
  const start = (
    role: RoleName,
    values: Partial<RoleEnvironment>,
    port: number | 'any',
    more: Record<string, string> = {},
    ready?: Readiness,
  ) => required(supervisor, roleProcess(role, { ...common(), ...values }, port, more, ready))
  const startControl = () => start('control', { databaseUrl, secret: secret.text }, wanted.control.port)
  const roleToken = (role: RoleName) => secret.derive(`role:${role}`)

  return {
    at: () => urls,
    async control() {
      urls.controlUrl = await startControl()
      return urls.controlUrl
    },
    async gateway() {
      const { engine, telemetry, workers, ...bounds } = config.gateway
      const values = { roleToken: roleToken('gateway'), gatewayOrigin, engine, workers }
      const more = { ...telemetryVariables(telemetry), ...tlsVariables(tls), ...boundsVariables(bounds) }
      const [started, mocksUrl] = await Promise.all([
        start('gateway', values, wanted.gateway.port, more, readyByTls),
        start('mocks', { roleToken: roleToken('mocks') }, wanted.mocks),
      ])
      const gatewayUrl = gatewayAt(new URL(started).port)
      // Somebody took a port since it was chosen: control, which tells runs and gateways where to call, has to know the new one.
      if (gatewayUrl !== urls.gatewayUrl || mocksUrl !== urls.mocksUrl) {
        Object.assign(urls, { gatewayUrl, mocksUrl })
        urls.controlUrl = await startControl()
      }
      return gatewayUrl
    },
    async relay() {
      await start('relay', { databaseUrl, secret: secret.text }, 'any')
    },
    async runner(schedule) {
      await start(
        'runner',
        { databaseUrl, roleToken: roleToken('runner'), schedule: schedule ? 'on' : 'off' },
        'any',
      )
    },
    stopRunner: () => supervisor.stop(processName('runner')),
  }
}

const processName = (role: RoleName) => `rockpool-${role}`

function roleProcess(
  role: RoleName,
  values: Partial<RoleEnvironment>,
  port: number | 'any',
  more: Record<string, string>,
  ready: Readiness = { http: role === 'gateway' ? healthPath : '/health' },
): ProcessSpec {
  const flags = role === 'gateway' ? gatewayFlags({ workers: values.workers ?? 1 }) : []
  return {
    name: processName(role),
    command: ['node', ...flags, fileURLToPath(import.meta.resolve('#src/roles/main.ts')), role],
    folder: values.data!,
    env: { ...roleVariables(values), ...more },
    port,
    ready,
  }
}

/** Rockpool itself must run, or there is nothing to serve; a service that does not start is a state that checks will find. */
async function required(supervisor: Supervisor, spec: ProcessSpec): Promise<string> {
  const { state, reason, url } = await supervisor.start(spec)
  if (state === 'running' && url !== null) return url
  throw problem(
    'internal',
    `${spec.name} does not start: ${reason?.replace(/; it is started again in .*$/, '') ?? state}; its log is logs/${spec.name}.ndjson in the data folder`,
  )
}
