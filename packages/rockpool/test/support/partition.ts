import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { createServer as createHttpServer } from 'node:http'
import { createConnection, createServer, type AddressInfo, type Socket } from 'node:net'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished } from 'vitest'
import type { EngineName } from '../../src/gateway/index.ts'
import { freePort } from '../../src/kernel/index.ts'
import type { Organizations } from '../../src/organizations/index.ts'
import { service, temporaryFolder, until } from './gateway.ts'
import type { PartitionControlOptions } from './partition-control.ts'
import type { PartitionGatewayOptions } from './partition-gateway.ts'

// Control and gateways as processes, what lies between them, and all kinds of callers.

const script = (name: string) => fileURLToPath(new URL(name, import.meta.url))

/** A process of ours, killed after the test; `prefix` is what it is started by. */
async function startProcess(
  file: string,
  options: object,
  prefix: string[] = [],
): Promise<{ child: ChildProcess; said: unknown; kill(): Promise<void> }> {
  const [command, ...args] = [...prefix, process.execPath, script(file), JSON.stringify(options)]
  const child = spawn(command, args, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
  const ended = new Promise<void>((resolve) => void child.once('exit', () => resolve()))
  const kill = async () => {
    child.kill('SIGKILL')
    await ended
  }
  onTestFinished(kill)
  const [said] = (await Promise.race([
    once(child, 'message'),
    ended.then(() => {
      throw new Error(`${file} ended with ${child.exitCode}`)
    }),
  ])) as [unknown]
  return { child, said, kill }
}

export interface ControlProcess {
  url: string
  port: number
  /** With -9. */
  kill(): Promise<void>
  /** Another one, at the same address. */
  revive(): Promise<void>
}

export async function startControlProcess(
  options: Omit<PartitionControlOptions, 'port' | 'services'> & { upstreamUrl: string },
): Promise<ControlProcess> {
  const { upstreamUrl, host, databaseUrl } = options
  const routes = (name: string) => [
    { method: 'GET', path: `/{organization}/${name}`, operationId: name, anonymous: false },
    { method: 'GET', path: `/{organization}/open-${name}`, operationId: `open-${name}`, anonymous: true },
  ]
  const services = ['catalog', 'orders'].map((name) =>
    service(name, { url: upstreamUrl, routes: routes(name) }),
  )
  const { port } = await freePort(undefined, host)
  const start = () => startProcess('partition-control.ts', { host, databaseUrl, port, services })
  let running = await start()
  return {
    url: `http://${host}:${port}`,
    port,
    kill: () => running.kill(),
    async revive() {
      running = await start()
    },
  }
}

export interface GatewayProcessUnderTest {
  url: string
  engine: EngineName
  pid: number
  folder: string
  kill(): Promise<void>
}

/** `prefix`: what the process is started by, such as what enters a network of its own. */
export async function startGatewayProcess(
  options: Pick<PartitionGatewayOptions, 'engine' | 'controlUrl'> &
    Partial<PartitionGatewayOptions> & { prefix?: string[] },
): Promise<GatewayProcessUnderTest> {
  const { prefix, ...given } = options
  const folder = given.folder ?? temporaryFolder()
  const all = { name: `gateway-${given.engine}`, host: '127.0.0.1', port: 0, ...given, folder }
  const { child, said, kill } = await startProcess('partition-gateway.ts', all, prefix)
  const { port } = said as { port: number }
  const { engine } = options
  return { url: `http://${all.host}:${port}`, engine, pid: child.pid!, folder, kill }
}

export interface SilentRelay {
  url: string
  /** From now on nothing passes either way, and nothing is closed: what is sent is neither answered nor refused. */
  silence(): void
  /** What comes from now on passes; connections from before stay silent, as a cut that lasts leaves them. */
  pass(): void
}

/** Between a gateway and control. Closed after the test. */
export async function silentRelay(target: { port: number }): Promise<SilentRelay> {
  let silent = false
  const sockets = new Set<Socket>()
  const server = createServer((near) => {
    sockets.add(near.on('error', () => {}))
    if (silent) return
    const far = createConnection(target.port, '127.0.0.1')
    sockets.add(far.on('error', () => {}))
    near.pipe(far).pipe(near)
    near.once('close', () => !silent && far.destroy())
    far.once('close', () => !silent && near.destroy())
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    server.close()
    for (const socket of sockets) socket.destroy()
  })
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    silence() {
      silent = true
      for (const socket of sockets) socket.unpipe().pause()
    },
    pass() {
      silent = false
    },
  }
}

/** Callers of every kind, each with a path that it may call. */
export interface Callers {
  /** Served whatever is gone, for a day. */
  lasting: Caller[]
  /** What acts for a run: refused soon after nobody vouches for it. */
  runs: Caller[]
}

export interface Caller {
  name: string
  path: string
  headers: Record<string, string>
}

/** Made in the database; `url` is a gateway that is connected. The service behind it must answer with the identity it received. */
export async function makeCallers(organizations: Organizations, url: string): Promise<Callers> {
  const endsAt = new Date(Date.now() + 600_000)
  type NewCredential = Parameters<Organizations['createCredential']>[1]
  const make = async (input: NewCredential) => (await organizations.createCredential(null, input)).text
  const key = async (input: NewCredential) => ({ authorization: `Bearer ${await make(input)}` })
  const session = async (input: Omit<NewCredential, 'kind' | 'endsAt'>) => ({
    cookie: `rockpool_session=${await make({ kind: 'session', endsAt, ...input })}`,
  })
  const box = {
    organization: 'harbor-box',
    allows: { organization: 'harbor-box' },
    environment: 'sandbox',
  } as const
  const harbor = {
    organization: 'harbor',
    allows: { organization: 'harbor' },
    environment: 'production',
  } as const
  const run = { kind: 'run', run: 'run_1', endsAt } as const
  const grant = { name: 'order', writes: 5, card: null }
  const live = await key({ kind: 'live', ...harbor, actor: 'customer' })
  const check = await key({ ...run, ...box, actor: 'check' })
  const caller = await key({ kind: 'service', allows: { none: true }, actor: 'service', service: 'orders' })
  const inHarbor = '/harbor/catalog'
  const inBox = '/harbor-box/catalog'
  const lasting: Caller[] = [
    { name: 'a live key', path: inHarbor, headers: live },
    {
      name: 'a sandbox key',
      path: inBox,
      headers: await key({ kind: 'sandbox', ...box, actor: 'customer' }),
    },
    {
      name: 'a person’s session',
      path: inHarbor,
      headers: await session({ ...harbor, actor: 'customer' }),
    },
    { name: 'nobody', path: '/harbor/open-catalog', headers: {} },
  ]
  const runs: Caller[] = [
    { name: 'a check', path: inBox, headers: check },
    { name: 'a load run', path: inBox, headers: await key({ ...run, ...box, actor: 'load' }) },
    {
      name: 'a bot by a grant',
      path: inHarbor,
      headers: await key({ ...run, ...harbor, actor: 'bot', grant }),
    },
    {
      name: 'a run’s session',
      path: inBox,
      headers: await session({ ...box, actor: 'check', run: 'run_1' }),
    },
  ]
  // A service calls on with what it received: for a customer, and for a run.
  const received = async (path: string, headers: Record<string, string>) => {
    await until('the caller is known', async () => (await statusOf(url, path, headers)) === 200)
    const response = await fetch(url + path, { headers })
    return { ...caller, 'rockpool-identity': ((await response.json()) as { identity: string }).identity }
  }
  lasting.push({
    name: 'a service that calls on for a customer',
    path: inHarbor,
    headers: await received('/harbor/orders', live),
  })
  runs.push({
    name: 'a service that calls on for a run',
    path: inBox,
    headers: await received('/harbor-box/orders', check),
  })
  return { lasting, runs }
}

async function statusOf(url: string, path: string, headers: Record<string, string>): Promise<number> {
  const response = await fetch(url + path, { headers, signal: AbortSignal.timeout(5_000) })
  await response.arrayBuffer()
  return response.status
}

/** Name → status, and the code where it is refused. */
export async function outcomes(
  { url }: { url: string },
  callers: Caller[],
): Promise<Record<string, [number, string | null]>> {
  const all = await Promise.all(
    callers.map(async ({ name, path, headers }) => {
      const response = await fetch(url + path, { headers, signal: AbortSignal.timeout(5_000) })
      await response.arrayBuffer()
      const outcome: [number, string | null] = [response.status, response.headers.get('rockpool-problem')]
      return [name, outcome] as const
    }),
  )
  return Object.fromEntries(all)
}

const each = (callers: Caller[], outcome: [number, string | null]) =>
  Object.fromEntries(callers.map(({ name }) => [name, outcome]))

/** Waits until everybody is served. */
export async function untilServed(gateway: { url: string }, { lasting, runs }: Callers, withinMs = 20_000) {
  const wanted = JSON.stringify(each([...lasting, ...runs], [200, null]))
  await until(
    'everybody is served',
    async () => JSON.stringify(await outcomes(gateway, [...lasting, ...runs])) === wanted,
    withinMs,
  )
}

/**
 * Calls all the while, from the moment of a cut, until all that acts for a run is refused; whoever lasts must be served
 * each time. Gives the milliseconds until the first of a run was refused, and until all were.
 */
export async function watchCutOff(
  gateway: { url: string },
  { lasting, runs }: Callers,
  withinMs: number,
): Promise<{ first: number; all: number }> {
  const began = performance.now()
  let first = Number.POSITIVE_INFINITY
  await until(
    'runs are refused',
    async () => {
      const [kept, cut] = [await outcomes(gateway, lasting), await outcomes(gateway, runs)]
      expect(kept).toEqual(each(lasting, [200, null]))
      const refused = Object.values(cut).filter(([status]) => status !== 200)
      for (const outcome of refused) expect(outcome).toEqual([503, 'gateway_cut_off'])
      if (refused.length > 0) first = Math.min(first, performance.now() - began)
      return refused.length === runs.length
    },
    withinMs,
  )
  return { first, all: performance.now() - began }
}

/** A service that tells the identity it received. Closed after the test. */
export async function identityService(host = '127.0.0.1'): Promise<string> {
  const server = createHttpServer((request, response) => {
    response.setHeader('content-type', 'application/json')
    response.end(JSON.stringify({ identity: request.headers['rockpool-identity'] ?? null }))
  }).listen(0, host)
  await once(server, 'listening')
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://${host}:${(server.address() as AddressInfo).port}`
}
