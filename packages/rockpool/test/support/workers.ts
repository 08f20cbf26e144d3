import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { connect, type AddressInfo, type Socket } from 'node:net'
import { fileURLToPath } from 'node:url'
import { onTestFinished } from 'vitest'
import { readIdentity, type PublicKey } from '@rockpool/sdk/wire'
import { readProcess } from '../../src/deploys/agent/process-table.ts'
import { freePort } from '../../src/kernel/index.ts'
import type {
  GatewayReport,
  LedgerEntry,
  Snapshot,
  SnapshotRateLimit,
  StreamMessage,
} from '../../src/gateway/index.ts'
import {
  credential,
  organization,
  rateLimit,
  readAll,
  sandbox,
  service,
  snapshotOf,
  temporaryFolder,
  until,
  upstream,
} from './gateway.ts'

// The role gateway with several workers, as processes of its own, and a control that they follow: it speaks what
// gateways are told, and keeps what they tell.

export interface TestControl {
  url: string
  /** Those that were registered, in their order. */
  keys: PublicKey[]
  /** Holders of the keys, in the same order. */
  holders: string[]
  reports: GatewayReport[]
  ledger: LedgerEntry[]
  /** While it is false, no ledger is taken. */
  takesLedger: boolean
  /** Nothing of it answers any more. */
  stop(): void
}

export async function startControl(parts: Partial<Snapshot>): Promise<TestControl> {
  const keys: PublicKey[] = []
  const streams = new Set<ServerResponse>()
  let version = 1
  const control: TestControl = {
    url: '',
    keys,
    holders: [],
    reports: [],
    ledger: [],
    takesLedger: true,
    stop() {
      clearInterval(beat)
      server.closeAllConnections()
      server.close()
    },
  }
  const say = (message: StreamMessage) => {
    for (const stream of streams) stream.write(`${JSON.stringify(message)}\n`)
  }
  const now = () => new Date().toISOString()

  async function take(request: IncomingMessage): Promise<number> {
    const body = JSON.parse((await readAll(request)).toString()) as never
    if (request.url === '/internal/keys') {
      const { holder, ...key } = body as PublicKey & { holder: string }
      keys.push(key)
      control.holders.push(holder)
      version += 1
      say({ type: 'change', version, set: { keys: [key] }, removed: {} })
    } else if (request.url === '/internal/gateway/report') control.reports.push(body)
    else if (request.url === '/internal/ledger') {
      if (!control.takesLedger) return 503
      control.ledger.push(...(body as { entries: LedgerEntry[] }).entries)
    }
    return 204
  }

  const server = createServer((request, response) => {
    if (request.method === 'GET') {
      streams.add(response)
      response.once('close', () => streams.delete(response))
      const snapshot = { ...snapshotOf({ ...parts, keys }), version }
      response.write(`${JSON.stringify({ type: 'snapshot', now: now(), ...snapshot })}\n`)
      return
    }
    take(request).then(
      (status) => response.writeHead(status).end(),
      () => response.writeHead(500).end(),
    )
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  control.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const beat = setInterval(() => say({ type: 'heartbeat', now: now(), asOf: now() }), 200)
  onTestFinished(control.stop)
  return control
}

export interface TestRole {
  port: number
  folder: string
  pid: number
  told(): string
  exit(): number | null
  signal(name: NodeJS.Signals): void
  /** Pids of its workers that have said something and live. */
  workers(): number[]
}

/** The role as a process; killed after the test. */
export async function startRole(
  control: Pick<TestControl, 'url'>,
  environment: Record<string, string> = {},
  folder = temporaryFolder(),
): Promise<TestRole> {
  const { port } = await freePort()
  const main = fileURLToPath(new URL('../../src/roles/main.ts', import.meta.url))
  const started = spawn(process.execPath, ['--conditions=@rockpool/source', main, 'gateway'], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      PATH: process.env['PATH'],
      ROCKPOOL_CONTROL_URL: control.url,
      ROCKPOOL_ROLE_TOKEN: 'token',
      ROCKPOOL_DATA: folder,
      ROCKPOOL_GATEWAY_ORIGIN: `http://127.0.0.1:${port}`,
      ROCKPOOL_WORKERS: '2',
      HOST: '127.0.0.1',
      PORT: String(port),
      ...environment,
    },
  })
  let told = ''
  let exit: number | null = null
  for (const stream of [started.stdout, started.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (told += text))
  const ended = new Promise<void>((resolve) => {
    started.once('exit', (code, signal) => {
      exit = code ?? (signal === null ? 0 : -1)
      resolve()
    })
  })
  const role: TestRole = {
    port,
    folder,
    pid: started.pid!,
    told: () => told,
    exit: () => exit,
    signal: (name) => void started.kill(name),
    workers: () => pidsIn(told).filter((pid) => pid !== started.pid),
  }
  onTestFinished(async () => {
    const workers = role.workers()
    started.kill('SIGKILL')
    await ended
    await until('its workers are gone', () => workers.every((pid) => !isThere(pid)))
  })
  return role
}

/** Until so many workers listen, counted by what they say of it. */
export function listening(role: TestRole, times: number): Promise<void> {
  return until(
    `${times} listen`,
    () => {
      if (role.exit() !== null) throw new Error(`it ended: ${role.told()}`)
      return role.told().split('the gateway listens').length - 1 >= times
    },
    60_000,
  )
}

/** Of every process that said something in the log, and is there. */
function pidsIn(told: string): number[] {
  const pids = [...told.matchAll(/"role":"gateway","pid":(\d+)/g)].map(([, pid]) => Number(pid))
  return [...new Set(pids)].filter(isThere)
}

/** One that has ended and was not reaped yet is gone. */
export function isThere(pid: number): boolean {
  return readProcess(pid) !== undefined
}

/** What a connection answered: `status`, and whether it said that it ends. */
export interface Answered {
  status: number
  ends: boolean
  body: string
}

/** One connection that sends a request when it is told to, and repeats nothing. */
export interface Line {
  call(path: string, key: string, method?: string): Promise<Answered>
  close(): void
}

/** Rejects with the fault when it is refused; so does a call when it breaks off. */
export async function openLine(port: number): Promise<Line> {
  const socket: Socket = connect({ port, host: '127.0.0.1', noDelay: true })
  await once(socket, 'connect')
  let received = ''
  let waiting: { resolve: (answer: Answered) => void; reject: (error: Error) => void } | undefined
  let over: Error | undefined
  const end = (error: Error) => {
    over ??= error
    waiting?.reject(over)
    waiting = undefined
  }
  socket.setEncoding('latin1')
  socket.on('data', (text: string) => {
    received += text
    const [head = '', ...rest] = received.split('\r\n\r\n')
    const length = Number(/\r\ncontent-length: (\d+)/i.exec(head)?.[1] ?? NaN)
    const body = rest.join('\r\n\r\n')
    if (rest.length === 0 || !(body.length >= length)) return
    const answer = { status: Number(head.slice(9, 12)), ends: /\r\nconnection: close/i.test(head), body }
    received = ''
    const { resolve } = waiting!
    waiting = undefined
    if (answer.ends) socket.end()
    resolve(answer)
  })
  socket.on('error', end)
  socket.on('close', () => end(new Error('it was closed')))
  return {
    call: (path, key, method = 'GET') =>
      new Promise((resolve, reject) => {
        if (over) return reject(over)
        waiting = { resolve, reject }
        const length = method === 'GET' ? '' : 'Content-Length: 0\r\n'
        socket.write(`${method} ${path} HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer ${key}\r\n${length}\r\n`)
      }),
    close: () => socket.destroy(),
  }
}

export const live = credential('live')
export const otherLive = credential('live')
export const run = credential('run')
/** Finds out which worker has a connection, and is counted by itself. */
export const probe = credential('live')
const routes = ['GET', 'POST'].map((method) => ({
  method,
  path: '/{organization}/items',
  operationId: `${method}Items`,
  anonymous: false,
}))

/**
 * A control with one service, which answers with the id of the key that signed the identity: one for each worker. It
 * refuses with 401, and why, whatever is not signed by a key that control knows at that moment.
 */
export async function controlWithService(limits: Partial<SnapshotRateLimit>[] = []) {
  const { url } = await upstream((request, response) => {
    let kid = ''
    const reading = readIdentity(String(request.headers['rockpool-identity']), {
      audience: 'catalog',
      trust: ['gateway'],
      key: (asked) => control.keys.find((key) => key.kid === (kid = asked)),
      now: Date.now(),
    })
    const body = reading.ok ? kid : `${reading.code}: ${reading.detail}`
    response.writeHead(reading.ok ? 200 : 401, { 'content-length': Buffer.byteLength(body) }).end(body)
  })
  const control = await startControl({
    organizations: [organization('harbor'), sandbox('box')],
    credentials: [live, otherLive, run, probe],
    services: [service('catalog', { url, routes })],
    rateLimits: limits.map((limit) => rateLimit(limit)),
  })
  return control
}

export async function callOnce(role: TestRole, method = 'GET', path = '/harbor/items', key = live.text) {
  const line = await openLine(role.port)
  try {
    return await line.call(path, key, method)
  } finally {
    line.close()
  }
}
