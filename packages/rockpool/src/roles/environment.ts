import { availableParallelism } from 'node:os'
import { resolve } from 'node:path'
import { defaultEngine, engineNames, isEngineName } from '../gateway/light.ts'
import type { EngineName } from '../gateway/light.ts'
import { mostWorkers, parseDuration, problem } from '../kernel/index.ts'
import type { CertificateFiles } from '../kernel/index.ts'

/*
 * What a role's process is given by whoever starts it (`rockpool up`, or a unit file of a larger installation).
 * Secrets come by the environment and are taken out of it at once, so that nothing a role starts inherits them.
 *
 *   ROCKPOOL_CONFIG         the configuration file
 *   ROCKPOOL_INSTALLATION   its installation by name
 *   ROCKPOOL_DATA           the data folder of this machine
 *   ROCKPOOL_CONTROL_URL    where control listens, ROCKPOOL_GATEWAY_URL where the gateway does
 *   ROCKPOOL_MOCKS_URL      where the role mocks listens; without it no sandbox gets a mock  (control)
 *   ROCKPOOL_DATABASE_URL   Rockpool's own database                            (control, relay, runner)
 *   ROCKPOOL_SECRET         the installation's secret                          (control, relay)
 *   ROCKPOOL_ROLE_TOKEN     what the role shows to control                     (gateway, mocks, runner)
 *   ROCKPOOL_SCHEDULE       on or off: whether checks run by their schedule     (runner)
 *   ROCKPOOL_GATEWAY_ORIGIN the configured origin of the gateway, as browsers see it  (gateway)
 *   HOST, PORT              where to listen                                    (control, gateway, mocks)
 *   ROCKPOOL_ENGINE         what moves its bytes, node or splice; splice unless set  (gateway)
 *   ROCKPOOL_TELEMETRY      where it tells traces and metrics; see telemetry.ts  (gateway)
 *   ROCKPOOL_CONNECTIONS, ROCKPOOL_CONNECTIONS_PER_CLIENT, ROCKPOOL_WITHOUT_CONTROL   see bounds.ts  (gateway)
 *   ROCKPOOL_WORKERS        processes that serve together: a number, or auto for one for each core; 1 unless set  (gateway)
 *   ROCKPOOL_WORKER         which of them it is; set by their parent alone  (gateway)
 *   ROCKPOOL_DRAIN          how long it serves on when it stops, such as 10s; none unless set  (gateway)
 *   ROCKPOOL_TLS_CERT, ROCKPOOL_TLS_KEY   the files of its certificate, PEM; without them it speaks without TLS  (gateway)
 */

export interface RoleEnvironment {
  config: string
  installation: string
  data: string
  controlUrl: string
  gatewayUrl: string
  mocksUrl: string
  gatewayOrigin: string
  engine: EngineName
  workers: number | 'auto'
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
  mocksUrl: 'ROCKPOOL_MOCKS_URL',
  gatewayOrigin: 'ROCKPOOL_GATEWAY_ORIGIN',
  engine: 'ROCKPOOL_ENGINE',
  workers: 'ROCKPOOL_WORKERS',
  databaseUrl: 'ROCKPOOL_DATABASE_URL',
  secret: 'ROCKPOOL_SECRET',
  roleToken: 'ROCKPOOL_ROLE_TOKEN',
  schedule: 'ROCKPOOL_SCHEDULE',
  host: 'HOST',
  port: 'PORT',
} as const satisfies Record<keyof RoleEnvironment, string>

export type RoleVariable = keyof RoleEnvironment

const drainVariable = 'ROCKPOOL_DRAIN'
const workerVariable = 'ROCKPOOL_WORKER'
const tlsNames = { cert: 'ROCKPOOL_TLS_CERT', key: 'ROCKPOOL_TLS_KEY' } as const

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

/**
 * The files of the gateway's certificate, `ROCKPOOL_TLS_CERT` and `ROCKPOOL_TLS_KEY`; undefined without both of them,
 * `invalid_input` with one alone.
 */
export function readTls(environment: NodeJS.ProcessEnv = process.env): CertificateFiles | undefined {
  const { [tlsNames.cert]: cert, [tlsNames.key]: key } = environment
  if (!cert && !key) return undefined
  if (cert && key) return { cert: resolve(cert), key: resolve(key) }
  throw problem('invalid_input', 'a certificate is served with its key', {
    findings: [{ path: cert ? tlsNames.key : tlsNames.cert, message: 'is not set' }],
  })
}

/** The other side: the environment for a gateway with this certificate; nothing without one. */
export function tlsVariables(files: CertificateFiles | undefined): Record<string, string> {
  return files === undefined ? {} : { [tlsNames.cert]: files.cert, [tlsNames.key]: files.key }
}

/** The origin of the role mocks, which need not be set; `invalid_input` for what is none. */
export function readMocksUrl(environment: NodeJS.ProcessEnv = process.env): string | null {
  const text = environment[names.mocksUrl]
  if (!text) return null
  if (/^https?:/.test(text) && URL.parse(text)?.origin === text) return text
  throw problem(
    'invalid_input',
    `${names.mocksUrl} must be an origin, such as http://127.0.0.1:8473, not “${text.slice(0, 40)}”`,
  )
}

/** The engine by its name, which need not be set; `invalid_input` for one that there is not. */
export function readEngine(environment: NodeJS.ProcessEnv = process.env): EngineName {
  const name = environment[names.engine] || defaultEngine
  if (isEngineName(name)) return name
  throw problem(
    'invalid_input',
    `${names.engine} must be ${engineNames.join(' or ')}, not “${name.slice(0, 40)}”`,
  )
}

const mostDrainMs = 5 * 60_000

/** Milliseconds of `ROCKPOOL_DRAIN`, which need not be set; `invalid_input` for what is no duration up to 5 min. */
export function readDrain(environment: NodeJS.ProcessEnv = process.env): number {
  const text = environment[drainVariable]
  if (!text) return 0
  try {
    const ms = parseDuration(text)
    if (ms <= mostDrainMs) return ms
  } catch {
    // Told below, by name.
  }
  throw problem(
    'invalid_input',
    `${drainVariable} must be a duration up to 5m, such as 10s, not “${text.slice(0, 40)}”`,
  )
}

/** How many processes serve together, which need not be said; `invalid_input` for what is no number of them. */
export function readWorkers(environment: NodeJS.ProcessEnv = process.env): number {
  const text = environment[names.workers] || '1'
  if (text === 'auto') return Math.min(availableParallelism(), mostWorkers)
  const workers = /^\d{1,3}$/.test(text) ? Number(text) : 0
  if (workers >= 1 && workers <= mostWorkers) return workers
  throw problem(
    'invalid_input',
    `${names.workers} must be auto or a whole number from 1 to ${mostWorkers}, not “${text.slice(0, 40)}”`,
  )
}

/** Which worker it is: its place among all, and the number of its folder. */
export interface WorkerPlace {
  place: number
  folder: number
}

/** What a parent tells a worker of its own, beside what both are given: its place, and what the parent took out. */
export function workerVariables({ place, folder }: WorkerPlace, roleToken: string): Record<string, string> {
  return { [workerVariable]: `${place}/${folder}`, [names.roleToken]: roleToken }
}

export function readWorkerPlace(environment: NodeJS.ProcessEnv = process.env): WorkerPlace {
  const [, place, folder] = /^(\d+)\/(\d+)$/.exec(environment[workerVariable] ?? '') ?? []
  if (place === undefined || folder === undefined)
    throw problem('invalid_input', `${workerVariable} is set by the parent of workers alone`)
  return { place: Number(place), folder: Number(folder) }
}
