import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Order } from '../../src/checks/child/protocol.ts'
import { checksMigrations, createRuns } from '../../src/checks/index.ts'
import type { RunControl, Runs, RunsOptions } from '../../src/checks/index.ts'
import { migrate, silentLog, systemClock } from '../../src/kernel/index.ts'
import type { Clock } from '../../src/kernel/index.ts'
import { sandboxWorld } from './sandboxes.ts'
import type { SandboxWorld } from './sandboxes.ts'

/** A project of a check's author: a folder outside ours that finds `rockpool` in its node_modules. */
export interface Workspace {
  folder: string
  /** Writes `import { check } from 'rockpool'` and the text after it on line 2; gives back the path. */
  file(name: string, text: string): Promise<string>
  remove(): Promise<void>
}

export async function createWorkspace(): Promise<Workspace> {
  const folder = await mkdtemp(join(tmpdir(), 'rockpool-checks-'))
  await mkdir(join(folder, 'node_modules'))
  await symlink(fileURLToPath(new URL('../../', import.meta.url)), join(folder, 'node_modules', 'rockpool'))
  await writeFile(join(folder, 'package.json'), '{"type":"module"}')
  return {
    folder,
    async file(name, text) {
      const path = join(folder, name)
      await mkdir(dirname(path), { recursive: true })
      await writeFile(path, `import { check } from 'rockpool'\n${text}\n`)
      return path
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  }
}

export interface LoopbackRequest {
  method: string
  url: string
  headers: IncomingMessage['headers']
  body: string
}

/** A server that speaks as the gateway does to a check: for the executor's own tests only. */
export async function createLoopback(
  answer: (request: LoopbackRequest, response: ServerResponse) => void,
): Promise<{ url: string; requests: LoopbackRequest[]; close(): Promise<void> }> {
  const requests: LoopbackRequest[] = []
  const server = createServer((request, response) => {
    let body = ''
    request.setEncoding('utf8').on('data', (chunk: string) => (body += chunk))
    request.on('end', () => {
      const taken = { method: request.method ?? '', url: request.url ?? '', headers: request.headers, body }
      requests.push(taken)
      answer(taken, response)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  }
}

export function json(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body))
}

/** An order for a check on the loopback gateway. */
export function orderFor(check: string, gateway: string, changes: Partial<Order> = {}): Order {
  return {
    kind: 'check',
    check,
    attempt: 1,
    gateway,
    organization: 'harbor-test',
    createdAt: '2026-01-01T00:00:00.000Z',
    credential: 'rp_run_0123456789',
    more: null,
    timeout: 10_000,
    catalogue: {
      catalog: {
        createItem: { method: 'POST', path: '/{organization}/items' },
        getItem: { method: 'GET', path: '/{organization}/items/{id}' },
      },
    },
    ...changes,
  }
}

export interface RunsWorld extends SandboxWorld {
  runs: Runs
  /** What `causes` says. */
  why: string[]
  /** Control without HTTP between: the parts of one process. */
  control: RunControl
  runsOptions: RunsOptions
}

/** Runs on a real PostgreSQL, with services that erase; the gateway's URL is the one given. */
export async function runsWorld(gateway: string, clock: Clock = systemClock): Promise<RunsWorld> {
  const world = await sandboxWorld(clock)
  await migrate(world.database, [checksMigrations])
  const why: string[] = []
  const { database, organizations, sandboxes } = world
  const runsOptions: RunsOptions = {
    database,
    organizations,
    sandboxes,
    causes: { of: () => Promise.resolve([...why]) },
    clock,
    log: silentLog,
    settled: () => Promise.resolve(),
    gateway,
    defaults: { parent: 'harbor', ttl: '1h' },
  }
  const runs = createRuns(runsOptions)
  return { ...world, runs, why, runsOptions, control: directControl(runs) }
}

export function directControl(runs: Runs): RunControl {
  return {
    register: (kind, definitions, complete) => runs.register(kind, definitions, complete),
    start: (input) => runs.start(input),
    startAttempt: (run) => runs.startAttempt(run),
    heartbeat: (run) => runs.heartbeat(run),
    finish: (run, result) => runs.finish(run, result),
    effects: () => Promise.resolve([]),
    browserTicket: () => Promise.reject(new Error('no browser here')),
    putArtifact: () => Promise.resolve(),
    secrets: () => Promise.resolve({ values: {}, missing: {} }),
    contract: () => Promise.reject(new Error('no contract here')),
    publishMock: () => Promise.resolve(),
    breakFor: () => Promise.reject(new Error('nothing is broken here')),
    mendFor: () => Promise.resolve(),
    mockFor: () => Promise.reject(new Error('nothing is mocked here')),
    unmockFor: () => Promise.resolve(),
  }
}
