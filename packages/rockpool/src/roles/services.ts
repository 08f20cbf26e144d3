import { join } from 'node:path'
import { jwksPath } from '@rockpool/sdk/wire'
import { createAgent, createDeploys, planProcesses } from '../deploys/index.ts'
import type { ProcessStatus, Supervisor } from '../deploys/index.ts'
import { isRemote, openDatabase, systemClock } from '../kernel/index.ts'
import type { Config, Log } from '../kernel/index.ts'
import type { PreparedState } from './prepare.ts'
import type { OwnUrls } from './processes.ts'

/** Starts the agent with the services and third parties of the configuration; resolves with their first states. */
export async function startServices(options: {
  config: Config
  folder: string
  state: PreparedState
  at: OwnUrls
  supervisor: Supervisor
  log: Log
  undo: (() => Promise<void> | void)[]
}): Promise<ProcessStatus[]> {
  const { config, folder, state, at, supervisor, log, undo } = options
  const database = openDatabase({ url: state.url, log, applicationName: 'rockpool agent', max: 3 })
  undo.push(() => database.close())
  const wiring = {
    gatewayUrl: at.gatewayUrl,
    jwksUrl: `${at.controlUrl}${jwksPath}`,
    dataFolder: (name: string) => join(folder, 'own', name),
    credential: (service: string) => state.credentials.get(service)!,
    databaseUrl: (service: string) => state.services.get(service)!,
  }
  const agent = createAgent({
    deploys: createDeploys({ database, clock: systemClock }),
    supervisor,
    processes: await planProcesses(config, wiring, (name) => supervisor.status(name)?.url ?? undefined),
    remotes: Object.entries(config.services).flatMap(([name, service]) =>
      isRemote(service) ? [{ name, url: service.url }] : [],
    ),
    log,
  })
  undo.push(() => agent.stop())
  return agent.start()
}
