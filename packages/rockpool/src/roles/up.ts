import { rm, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { createDatabases } from '../databases/index.ts'
import { createSupervisor, lockFolder, readContracts } from '../deploys/index.ts'
import type { ProcessStatus } from '../deploys/index.ts'
import { createLog, freePort, loadSecret, openDataFolder } from '../kernel/index.ts'
import type { Config, InstallationConfig } from '../kernel/index.ts'
import { keepEmbeddedPostgres } from './embedded-postgres.ts'
import { checkGatewayTls } from './gateway-tls.ts'
import { choosePort, saidPort } from './ports.ts'
import { prepareState } from './prepare.ts'
import { startOwnProcesses } from './processes.ts'
import { startServices } from './services.ts'

/*
 * `rockpool up`: all of Rockpool and the services of the configuration on one machine.
 *
 *   lock ─► postgres ─► databases ─► control ─► gateway, mocks ─► relay, runner, services, third parties ─► ready
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
  /** Aborted to give the start up: then it rejects, with everything stopped again. */
  signal?: AbortSignal
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
  const { config, installation, settings, progress, signal } = options
  const undo: (() => Promise<void> | void)[] = []
  const close = async () => {
    for (const step of undo.splice(0).reverse()) await step()
  }
  const step: UpProgress['step'] = (name, work) => {
    signal?.throwIfAborted()
    return progress.step(name, work)
  }
  try {
    const byTls = await checkGatewayTls(config, installation, Date.now())
    const warnings: string[] = []
    await readContracts(config.services, config.rateLimits, (service, contract, { length }) =>
      warnings.push(`contract of ${service}: ${length} to mend (rockpool contract lint ${contract})`),
    )
    const folder = await openDataFolder({
      name: config.name,
      file: config.file,
      installation,
      given: options.data,
    })
    const lock = lockFolder(folder)
    undo.push(() => lock.release())
    const endpoints = join(folder, 'endpoints.json')
    await rm(endpoints, { force: true })
    const log = createLog({ role: 'up', file: join(folder, 'logs', 'up.ndjson') })
    const secret = await loadSecret(folder)
    const supervisor = createSupervisor({ folder, log })
    // Ends the wait for a process that is starting; the step that waited fails, and all is closed.
    signal?.addEventListener('abort', () => void supervisor.close(), { once: true })
    await step('config', async (say) => {
      await supervisor.sweep()
      const what = `${basename(config.file)}, ${count(Object.keys(config.services), 'service')}, data in ${folder}`
      say([what, ...warnings].join('; '))
    })

    const adminUrl = await step('postgres', async (say) => {
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
    const state = await step('databases', async (say) => {
      const prepared = await prepareState({ config, databases, folder, log })
      say(["Rockpool's own", ...prepared.services.keys()].join(', '))
      return prepared
    })

    undo.push(() => supervisor.close())
    const wanted = {
      control: await choosePort(settings.control),
      gateway: await choosePort(settings.gateway),
      mocks: (await freePort()).port,
    }
    const own = startOwnProcesses({
      config,
      installation,
      folder,
      secret,
      databaseUrl: state.url,
      supervisor,
      wanted,
    })
    await step('control', async (say) => say(saidPort(wanted.control, await own.control())))
    await step('gateway', async (say) => {
      const said = saidPort(wanted.gateway, await own.gateway())
      say([said, byTls].filter(Boolean).join(', '))
    })
    const services = await step('services', async (say) => {
      const [started] = await Promise.all([
        startServices({ config, folder, state, at: own.at(), supervisor, log, undo }),
        own.relay(),
        own.runner(options.schedule),
      ])
      say(summary(started))
      return started
    })

    // Before all others: a check under way would blame those that it needs for going away.
    undo.push(() => own.stopRunner())

    const { gatewayUrl: gateway, controlUrl: control } = own.at()
    await writeFile(endpoints, JSON.stringify({ gateway, control, pid: process.pid }))
    undo.push(() => rm(endpoints, { force: true }))
    signal?.throwIfAborted()
    return { gateway, control, folder, services, ownerCredential: state.ownerCredential, close }
  } catch (error) {
    await close()
    throw error
  }
}

function summary(statuses: readonly ProcessStatus[]): string {
  const running = statuses.filter(({ state }) => state === 'running').map(({ name }) => name)
  const others = statuses.filter(({ state }) => state !== 'running')
  const said = others.map(({ name, reason }) => `${name} does not run: ${reason}`)
  return [running.join(', '), ...said].filter(Boolean).join('; ')
}

function count(things: readonly unknown[], one: string): string {
  return `${things.length} ${one}${things.length === 1 ? '' : 's'}`
}
