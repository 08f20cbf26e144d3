import { once } from 'node:events'
import { createServer, STATUS_CODES } from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { bodyTimes } from './body-time.ts'
import { carry } from './node-carry.ts'
import { createNodeClient } from './node-client.ts'
import { createUpgradeClient } from './node-upgrade.ts'
import { createPerClient } from './listening/per-client.ts'
import { createAgent } from './service-agent.ts'
import { maxHeaders } from './splice/head.ts'
import type { ClientSide } from './client-side.ts'
import type { Answer, Duties, EngineLimits, Exchange, Fault, SocketEngine } from './engine.ts'

const maxHeadBytes = 16 * 1024

type Opened = Exchange | Promise<Exchange>

/**
 * The engine `node`: node:http towards clients, undici towards services. Node's own limits hold: a head within 15 s, an
 * idle connection for 65 s, 10,000 connections; bodies as in body-time.ts.
 */
export function createNodeEngine(duties: Duties, limits: Partial<EngineLimits> = {}): SocketEngine {
  const headMs = limits.headMs ?? 15_000
  const agent = createAgent()
  const times = bodyTimes(limits)
  const server = createServer({
    maxHeaderSize: maxHeadBytes,
    headersTimeout: headMs,
    // The head's is above, the body's in body-time.ts: node:http counts no progress.
    requestTimeout: 0,
    keepAliveTimeout: limits.idleMs ?? 65_000,
    connectionsCheckingInterval: Math.min(5_000, headMs),
    requireHostHeader: true,
    insecureHTTPParser: false,
    noDelay: true,
    // Asked for each request that names another protocol. What no duty heeds is served as any other request.
    shouldUpgradeCallback(request) {
      if (!maySwitch(request) || hasTooMany(request) || isAnswering(request.socket)) return false
      const opened = openRequest(request)
      early.set(request, opened)
      return (
        opened instanceof Promise || ('forward' in opened.plan && opened.plan.forward.upgrade !== undefined)
      )
    },
  })
  // What exceeds a number here would vanish silently: `hasTooMany` counts.
  server.maxHeadersCount = 0
  server.maxConnections = limits.maxConnections ?? 10_000
  const perClient = createPerClient(limits.maxConnectionsPerClient ?? 10_000)
  const counted = new WeakSet<Socket>()
  // One that stays after an upgrade that was refused comes here again.
  server.prependListener('connection', (socket: Socket) => {
    if (!counted.has(socket)) perClient.admits(socket)
    counted.add(socket)
  })

  const answering = new WeakMap<Duplex, Set<ServerResponse>>()
  const isAnswering = (socket: Socket) =>
    [...(answering.get(socket) ?? [])].some((response) => !response.writableFinished)
  /** Requests that were opened to know whether their connection may be let go of. */
  const early = new WeakMap<IncomingMessage, Opened>()
  const openRequest = (request: IncomingMessage) =>
    early.get(request) ??
    duties.open({
      method: request.method ?? '',
      target: request.url ?? '',
      headers: request.rawHeaders,
      remote: request.socket.remoteAddress ?? '',
      encrypted: 'encrypted' in request.socket,
    })
  const carryOut = (opened: Opened, client: ClientSide) => {
    if (!(opened instanceof Promise)) return carry(opened, client, agent, times)
    void opened.then((exchange) => carry(exchange, client, agent, times))
  }

  /** Nothing that comes behind a head that was refused is served. */
  const refused = new WeakSet<Socket>()
  const serve = (request: IncomingMessage, response: ServerResponse) => {
    if (refused.has(request.socket)) return
    const answers = answering.get(request.socket) ?? new Set()
    answering.set(request.socket, answers.add(response))
    if (isRetiring) response.setHeader('Connection', 'close')
    response.once('close', () => answers.delete(response))
    if (hasTooMany(request)) {
      refused.add(request.socket)
      response.setHeader('Connection', 'close')
      createNodeClient(request, response).answer(duties.malformed('headers too large'))
      return
    }
    carryOut(openRequest(request), createNodeClient(request, response))
  }
  server.on('request', serve)
  // 100 is sent when the body is wanted, by the one who wants it: a refusal comes instead of it.
  server.on('checkContinue', serve)
  const upgrading = new Set<Socket>()
  // Before 24.9, Node hands over whatever names another protocol, bodies too: there it is told of none.
  if ('shouldUpgradeCallback' in server)
    server.on('upgrade', (request: IncomingMessage, stream: Duplex, ahead: Buffer) => {
      const socket = stream as Socket
      const gone = () => upgrading.delete(socket)
      upgrading.add(socket)
      socket.once('close', gone)
      if (ahead.length > 0) socket.unshift(ahead)
      const isLast = /\bclose\b/i.test(request.headers.connection ?? '')
      const client = createUpgradeClient(socket, {
        mayStay: () => !isLast && !isRetiring && !isClosing,
        stay() {
          socket.off('close', gone)
          gone()
          server.emit('connection', socket)
        },
      })
      carryOut(openRequest(request), client)
    })
  server.on('connect', (_request, socket) => refuse(socket, duties.malformed('connect')))
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    // What was written into an answer that has begun would pass for a part of it, or for the next one.
    const begun = [...(answering.get(socket) ?? [])].some((response) => response.headersSent)
    if (error.code === 'ECONNRESET' || !socket.writable || begun) socket.destroy()
    else refuse(socket, duties.malformed(faultOf(error)))
  })

  const handed = new Set<Socket>()
  let looking = false
  let isRetiring = false
  let isClosing = false

  return {
    serve(socket) {
      // node:http looks after the deadlines of its connections from this event on; nobody else emits it where another listens.
      if (!looking) server.emit('listening')
      looking = true
      handed.add(socket)
      socket.once('close', () => handed.delete(socket))
      server.emit('connection', socket)
    },
    listen: ({ host, port }) =>
      new Promise((resolve, reject) => {
        server.once('error', reject)
        server.listen(port, host, () => {
          server.off('error', reject)
          resolve((server.address() as AddressInfo).port)
        })
      }),
    forget: agent.forget,
    retire() {
      isRetiring = true
      if (server.listening) server.close()
    },
    async close(graceMs) {
      isClosing = true
      const closed = new Promise<void>((resolve) => void server.close(() => resolve()))
      server.closeIdleConnections()
      const timer = setTimeout(() => {
        server.closeAllConnections()
        for (const socket of upgrading) socket.destroy()
      }, graceMs)
      await Promise.all([closed, ...[...handed].map((socket) => once(socket, 'close'))])
      clearTimeout(timer)
      await agent.destroy()
    },
  }
}

/**
 * Whether its connection could be let go of: nothing of HTTP comes behind it. In HTTP/1.0 `Upgrade` is ignored (RFC 9110
 * 7.8). What node:http refuses by itself, or answers first, it has to see.
 */
function maySwitch({ httpVersion, method, headers }: IncomingMessage): boolean {
  const hasBody = 'transfer-encoding' in headers || Number(headers['content-length'] ?? 0) !== 0
  const isSeen = headers.host === undefined || headers.expect !== undefined
  return httpVersion === '1.1' && method === 'GET' && !hasBody && !isSeen
}

function hasTooMany({ rawHeaders }: IncomingMessage): boolean {
  return rawHeaders.length > maxHeaders * 2
}

/** To a connection that carries no valid request. */
function refuse(socket: Duplex, answer: Answer): void {
  let head = `HTTP/1.1 ${answer.status} ${STATUS_CODES[answer.status] ?? ''}\r\nConnection: close\r\n`
  for (let index = 0; index < answer.headers.length; index += 2)
    head += `${answer.headers[index]}: ${answer.headers[index + 1]}\r\n`
  socket.end(`${head}\r\n${answer.body}`)
}

function faultOf(error: NodeJS.ErrnoException): Fault {
  if (error.code === 'HPE_HEADER_OVERFLOW') return 'headers too large'
  return error.code === 'ERR_HTTP_REQUEST_TIMEOUT' ? 'slow' : 'malformed'
}
