import { once } from 'node:events'
import { createServer, STATUS_CODES } from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { createNodeClient } from './node-client.ts'
import { carry, createAgent } from './node-forward.ts'
import type { Answer, Duties, EngineLimits, Fault, SocketEngine } from './engine.ts'

const maxHeadBytes = 16 * 1024

/**
 * The engine `node`: node:http towards clients, undici towards services. Node's own limits hold: a head within 15 s, a
 * whole request within 5 minutes, an idle connection for 65 s, 10,000 connections. It knows no limit of its own for
 * bodies that stall (`bodyIdleMs`) and none for each client (`maxConnectionsPerClient`).
 */
export function createNodeEngine(duties: Duties, limits: Partial<EngineLimits> = {}): SocketEngine {
  const headMs = limits.headMs ?? 15_000
  const agent = createAgent()
  const server = createServer({
    maxHeaderSize: maxHeadBytes,
    headersTimeout: headMs,
    requestTimeout: 300_000,
    keepAliveTimeout: limits.idleMs ?? 65_000,
    connectionsCheckingInterval: Math.min(5_000, headMs),
    requireHostHeader: true,
    insecureHTTPParser: false,
    noDelay: true,
  })
  // The size of a head is limited, not the number of its headers: what exceeds a number would vanish silently.
  server.maxHeadersCount = 0
  server.maxConnections = limits.maxConnections ?? 10_000

  const answering = new WeakMap<Duplex, Set<ServerResponse>>()
  const serve = (request: IncomingMessage, response: ServerResponse) => {
    const answers = answering.get(request.socket) ?? new Set()
    answering.set(request.socket, answers.add(response))
    response.once('close', () => answers.delete(response))
    const opened = duties.open({
      method: request.method ?? '',
      target: request.url ?? '',
      headers: request.rawHeaders,
      remote: request.socket.remoteAddress ?? '',
      encrypted: 'encrypted' in request.socket,
    })
    const client = createNodeClient(request, response)
    if (!(opened instanceof Promise)) return carry(opened, client, agent)
    void opened.then((exchange) => carry(exchange, client, agent))
  }
  server.on('request', serve)
  // 100 is sent when the body is wanted, by the one who wants it: a refusal comes instead of it.
  server.on('checkContinue', serve)
  server.on('connect', (_request, socket) => refuse(socket, duties.malformed('connect')))
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    // What was written into an answer that has begun would pass for a part of it, or for the next one.
    const begun = [...(answering.get(socket) ?? [])].some((response) => response.headersSent)
    if (error.code === 'ECONNRESET' || !socket.writable || begun) socket.destroy()
    else refuse(socket, duties.malformed(faultOf(error)))
  })

  const handed = new Set<Socket>()
  let looking = false

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
    async close(graceMs) {
      const closed = new Promise<void>((resolve) => void server.close(() => resolve()))
      server.closeIdleConnections()
      const timer = setTimeout(() => server.closeAllConnections(), graceMs)
      await Promise.all([closed, ...[...handed].map((socket) => once(socket, 'close'))])
      clearTimeout(timer)
      await agent.destroy()
    },
  }
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
