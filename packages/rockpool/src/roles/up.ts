import { jwksPath } from '@rockpool/sdk/wire'
import { rm, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { createDatabases } from '../databases/index.ts'
import {
  createAgent,
  createDeploys,
  createSupervisor,
  lockFolder,
  planProcesses,
  readRoutes,
} from '../deploys/index.ts'
import type { ProcessStatus, Supervisor } from '../deploys/index.ts'
import {
  createLog,
  freePort,
  loadSecret,
  openDatabase,
  openDataFolder,
  problem,
  systemClock,
} from '../kernel/index.ts'
import type { Config, InstallationConfig } from '../kernel/index.ts'
import { keepEmbeddedPostgres } from './embedded-postgres.ts'
import { prepareState } from './prepare.ts'
import { roleProcess } from './processes.ts'

/*
 * `rockpool up`: all of Rockpool and the services of the configuration on one machine.
 *
 *   lock ─► postgres ─► databases ─► control ─► gateway ─► relay, runner, services, third parties ─► ready
 *
 * This process holds the lock and supervises; it keeps no state of its own. Killed at any instant, the next start
 * sweeps what it left and recovers.
 */

/** Tells people how far the start is; a step's text stands beside its name. */
export interface UpProgress {
  step<T>(name: UpStep, work: (say: (text: string) => void) => Promise<T>): Promise<T>
}

export const upSteps = ['config', 'postgres', 'databases', 'control', 'gateway', 'services'] as const
export type UpStep = (typeof upSteps)[number]

export interface UpOptions {
  config: Config
  installation: string
  settings: InstallationConfig
  /** `--data` */
  data: string | undefined
  /** `--postgres`, before the configuration's. */
  postgres: string | undefined
  /** Without its schedule the runner waits to be asked. */
  schedule: boolean
  progress: UpProgress
}

export interface Running {
  gateway: string
  control: string
  folder: string
  services: ProcessStatus[]
  /** The control credential of whoever owns this machine's data folder. */
  ownerCredential: string
  close(): Promise<void>
}

/** Starts everything and resolves when it is ready; what was started is stopped again if it cannot be. */
export async function startUp(options: UpOptions): Promise<Running> {
  const { config, installation, settings, progress } = options
  const undo: (() => Promise<void> | void)[] = []
  const close = async () => {
    for (const step of undo.splice(0).reverse()) await step()
  }
  try {
    await readRoutes(config.services)
    const folder = await openDataFolder({
      name: config.name,
      file: config.file,
      installation,
      given: options.data,
    })
    const lock = lockFolder(folder)
    undo.push(() => lock.release())
    const endpointsFile = join(folder, 'endpoints.json')
    await rm(endpointsFile, { force: true })
    const log = createLog({ role: 'up', file: join(folder, 'logs', 'up.ndjson') })
    const secret = await loadSecret(folder)
    const supervisor = createSupervisor({ folder, log })
    await progress.step('config', async (say) => {
      await supervisor.sweep()
      say(
        `${basename(config.file)}, ${count(Object.keys(config.services).length, 'service')}, data in ${folder}`,
      )
    })

    const adminUrl = await progress.step('postgres', async (say) => {
      const given = options.postgres ?? settings.postgres
      if (given) {
        say(`at ${new URL(given).host}`)
        return given
      }
      const postgres = await keepEmbeddedPostgres({
        folder,
        password: secret.derive('database/rockpool'),
        log,
      })
      undo.push(() => postgres.close())
      say(`${postgres.version} on port ${postgres.port}`)
      return postgres.url
    })

    const databases = createDatabases({ adminUrl, secret, log })
    undo.push(() => databases.close())
    const state = await progress.step('databases', async (say) => {
      const prepared = await prepareState({ config, databases, folder, log })
      say(`Rockpool's own and ${count(prepared.services.size, "service's", "services'")}`)
      return prepared
    })

    undo.push(() => supervisor.close())
    const ports = { control: await choosePort(settings.control), gateway: await choosePort(settings.gateway) }
    const shared = {
      config: config.file,
      installation,
      data: folder,
      controlUrl: `http://127.0.0.1:${ports.control.port}`,
      gatewayUrl: `http://127.0.0.1:${ports.gateway.port}`,
    }
    const withState = { ...shared, databaseUrl: state.url }
    await progress.step('control', async (say) => {
      await required(
        supervisor,
        roleProcess('control', { ...withState, secret: secret.text }, ports.control.port),
      )
      say(saidPort(ports.control))
    })
    await progress.step('gateway', async (say) => {
      const roleToken = secret.derive('role:gateway')
      await required(supervisor, roleProcess('gateway', { ...shared, roleToken }, ports.gateway.port))
      say(saidPort(ports.gateway))
    })
    const services = await progress.step('services', async (say) => {
      const roles = [
        roleProcess('relay', { ...withState, secret: secret.text }, 'any'),
        roleProcess(
          'runner',
          {
            ...withState,
            roleToken: secret.derive('role:runner'),
            schedule: options.schedule ? 'on' : 'off',
          },
          'any',
        ),
      ]
      const database = openDatabase({ url: state.url, log, applicationName: 'rockpool agent', max: 3 })
      undo.push(() => database.close())
      const wiring = {
        gatewayUrl: shared.gatewayUrl,
        jwksUrl: `${shared.controlUrl}${jwksPath}`,
        dataFolder: (name: string) => join(folder, 'own', name),
        credential: (service: string) => state.credentials.get(service)!,
        databaseUrl: (service: string) => state.services.get(service)!,
      }
      const agent = createAgent({
        deploys: createDeploys({ database, clock: systemClock }),
        supervisor,
        processes: await planProcesses(config, wiring, (name) => supervisor.status(name)?.url ?? undefined),
        log,
      })
      undo.push(() => agent.stop())
      const [started] = await Promise.all([agent.start(), ...roles.map((role) => required(supervisor, role))])
      say(summary(started))
      return started
    })
    await writeFile(
      endpointsFile,
      JSON.stringify({ gateway: shared.gatewayUrl, control: shared.controlUrl, pid: process.pid }),
      { mode: 0o644 },
    )
    undo.push(() => rm(endpointsFile, { force: true }))
    return {
      gateway: shared.gatewayUrl,
      control: shared.controlUrl,
      folder,
      services,
      ownerCredential: state.ownerCredential,
      close,
    }
  } catch (error) {
    await close()
    throw error
  }
}

/** Rockpool itself must run, or there is nothing to serve; a service that does not start is a state that checks will find. */
async function required(supervisor: Supervisor, spec: Parameters<Supervisor['start']>[0]): Promise<void> {
  const status = await supervisor.start(spec)
  if (status.state !== 'running') {
    throw problem(
      'internal',
      `${spec.name} does not start: ${status.reason ?? status.state}; its log is logs/${spec.name}.ndjson in the data folder`,
    )
  }
}

interface ChosenPort {
  port: number
  preferred: number
  preferredTaken: boolean
}

async function choosePort(origin: string): Promise<ChosenPort> {
  const preferred = Number(new URL(origin).port)
  return { preferred, ...(await freePort(preferred)) }
}

function saidPort({ port, preferred, preferredTaken }: ChosenPort): string {
  return preferredTaken ? `port ${preferred} is taken, using ${port}` : `port ${port}`
}

function summary(statuses: readonly ProcessStatus[]): string {
  const running = statuses.filter(({ state }) => state === 'running').map(({ name }) => name)
  const others = statuses
    .filter(({ state }) => state !== 'running')
    .map(({ name, reason }) => `${name} does not run: ${reason}`)
  return [running.join(', '), ...others].filter(Boolean).join('; ')
}

function count(number: number, one: string, many = `${one}s`): string {
  return `${number} ${number === 1 ? one : many}`
}
