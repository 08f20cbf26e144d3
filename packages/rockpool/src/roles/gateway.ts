import { mkdirSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { lockFolder } from '../deploys/light.ts'
import type { FolderLock } from '../deploys/light.ts'
import {
  adoptLedgers,
  createWholeLines,
  joinParent,
  startGateway as startGatewayProcess,
  startWorkers,
  workerFolder,
} from '../gateway/light.ts'
import type { GatewayProcess, Parent } from '../gateway/light.ts'
import { Problem, systemClock } from '../kernel/index.ts'
import type { Log } from '../kernel/index.ts'
import {
  readDrain,
  readEngine,
  readTls,
  readWorkerPlace,
  readWorkers,
  takeRoleEnvironment,
  workerVariables,
} from './environment.ts'
import type { Role } from './process.ts'
import { readBounds } from './bounds.ts'
import { takeTelemetry } from './telemetry.ts'

const needed = ['controlUrl', 'roleToken', 'data', 'gatewayOrigin', 'host', 'port'] as const
type Environment = ReturnType<typeof takeRoleEnvironment<(typeof needed)[number]>>

/** A worker that goes ends with its last connection, or after so long. */
const retireMs = 10_000
/** What it takes to close and to tell control the rest. */
const endMs = 8_000

/**
 * The role gateway: needs control alone, and no database. Its access log is its standard output. With several workers this
 * process serves nothing: it starts them, each as this role again.
 */
export async function startGateway(log: Log): Promise<Role> {
  const workers = readWorkers()
  const environment = takeRoleEnvironment(needed)
  if (workers === 1) return serve(environment, log)
  const parent = joinParent({ workers })
  return parent ? serve(environment, log, parent) : keepWorkers(environment, workers, log)
}

async function serve(environment: Environment, log: Log, parent?: Parent): Promise<Role> {
  const { controlUrl, roleToken, data, gatewayOrigin, host, port } = environment
  const { place, folder: number } = parent ? readWorkerPlace() : { place: 0, folder: 0 }
  const all = join(data, 'gateway')
  const folder = parent ? workerFolder(all, number) : all
  const running: { gateway?: GatewayProcess } = {}
  void parent?.ending.then(async (how) => {
    if (how === 'retire') await running.gateway?.retire(Math.max(retireMs, readDrain()))
    else await running.gateway?.stop()
    process.exit(0)
  })

  const lock = await takeFolder(folder)
  const adopted = await adoptLedgers(all, folder, lockFolder)
  if (adopted > 0) log.warn({ files: adopted }, 'the ledgers of gateways that are gone are told by this one')
  const gateway = await startGatewayProcess({
    name: `${hostname()}:${port}${parent ? `#${place}` : ''}`,
    host,
    port,
    controlUrl,
    roleToken,
    folder,
    secure: new URL(gatewayOrigin).protocol === 'https:',
    engine: readEngine(),
    tls: readTls(),
    accessLog: parent ? createWholeLines(process.stdout) : process.stdout,
    drainMs: readDrain(),
    telemetry: takeTelemetry(),
    ...readBounds(),
    sharing: parent?.sharing,
    beforeListening: parent?.beforeListening,
    clock: systemClock,
    log,
  })
  running.gateway = gateway
  parent?.listens()
  return {
    async close() {
      // A signal to all of a group reaches workers too: when they end is their parent's word.
      if (parent) return new Promise(() => {})
      await gateway.stop()
      lock.release()
    },
  }
}

function keepWorkers(environment: Environment, workers: number, log: Log): Role {
  // What is wrong with them is told once, and not by each worker.
  readEngine()
  readTls()
  readBounds()
  const running = startWorkers({
    workers,
    environment: (place) => workerVariables(place, environment.roleToken),
    graceMs: Math.max(retireMs, readDrain()) + endMs,
    // The last words are the worker's.
    onBroken: () => process.exit(1),
    clock: systemClock,
    log,
  })
  process.on('SIGHUP', () => running.replace())
  return { close: running.close }
}

/** Whose it was may be about to end: a parent that was killed has taken its workers with it, but a moment later. */
async function takeFolder(folder: string): Promise<FolderLock> {
  const deadline = performance.now() + 10_000
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  for (;;) {
    try {
      return lockFolder(folder)
    } catch (error) {
      const isTaken = error instanceof Problem && error.code === 'already_running'
      if (!isTaken || performance.now() > deadline) throw error
      await systemClock.sleep(50)
    }
  }
}
