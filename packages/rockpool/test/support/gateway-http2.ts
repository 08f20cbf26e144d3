import { connect } from 'node:http2'
import type { ClientHttp2Session, ClientHttp2Stream, SecureClientSessionOptions } from 'node:http2'
import type { RequestListener } from 'node:http'
import { onTestFinished } from 'vitest'
import { createListener } from '../../src/gateway/engines/listening/listener.ts'
import type { ListenerOptions } from '../../src/gateway/engines/listening/listener.ts'
import type { Duties, EngineLimits, SocketEngine } from '../../src/gateway/engines/engine.ts'
import { createNodeEngine } from '../../src/gateway/engines/node.ts'
import { createSpliceEngine } from '../../src/gateway/engines/splice/index.ts'
import { silentLog } from '../../src/kernel/index.ts'
import { keys, routes } from './gateway-client.ts'
import { organization, sandbox, service, testGateway, upstream, type TestGateway } from './gateway.ts'

// A gateway behind a listener for HTTP/1.1 and HTTP/2, and clients that speak HTTP/2 to it.

/** The engines that serve connections of a listener, by name. */
export const socketEngines = { node: createNodeEngine, splice: createSpliceEngine } satisfies Record<
  string,
  (duties: Duties, limits?: Partial<EngineLimits>) => SocketEngine
>
export type SocketEngineName = keyof typeof socketEngines

export interface ListenerGatewayOptions extends Pick<ListenerOptions, 'tls' | 'everyMs'> {
  /** Serves HTTP/1.1; `node` unless said. */
  engine?: SocketEngineName
  deadlineMs?: number
  limits?: Partial<EngineLimits>
  log?: ListenerOptions['log']
}

/** As gatewayFor, with both protocols on its port. */
export async function listenerGatewayFor(
  listener: RequestListener,
  options: ListenerGatewayOptions = {},
): Promise<TestGateway> {
  const { url } = await upstream(listener)
  const { engine = 'node', deadlineMs = 10_000, limits, log = silentLog, ...rest } = options
  const parts = {
    organizations: [organization('harbor'), sandbox('box')],
    credentials: Object.values(keys),
    services: [service('catalog', { url, routes, deadlineMs })],
  }
  return testGateway(engine, parts, limits, {}, (duties, given) =>
    createListener({
      duties,
      engine: socketEngines[engine](duties, given),
      log,
      limits: given ?? {},
      ...rest,
    }),
  )
}

/** A session of node:http2; closed after the test. */
export function http2Session(
  gateway: { port: number },
  options: SecureClientSessionOptions & { scheme?: 'http' | 'https' } = {},
): ClientHttp2Session {
  const { scheme = 'http', ...rest } = options
  const session = connect(`${scheme}://127.0.0.1:${gateway.port}`, rest)
  session.on('error', () => {})
  onTestFinished(() => session.destroy())
  return session
}

export interface Http2Received {
  status: number
  /** Names and values in turns, as they came. */
  raw: string[]
  headers: Record<string, string | string[] | undefined>
  body: string
  trailers: Record<string, string | string[] | undefined>
}

export interface Http2Request {
  method?: string
  path?: string
  authority?: string
  /** Names and values in turns. */
  headers?: string[]
  body?: string | Buffer
}

/** The request's stream, with nothing of its body sent. */
export function beginHttp2(
  session: ClientHttp2Session,
  request: Http2Request,
  endStream: boolean,
): ClientHttp2Stream {
  const { method = 'GET', path = '/harbor/items', authority = 'api.example', headers = [] } = request
  const fields: Record<string, string | string[]> = {
    ':method': method,
    ':path': path,
    ':authority': authority,
  }
  for (let index = 0; index < headers.length; index += 2) {
    const name = headers[index]!.toLowerCase()
    const before = fields[name]
    const value = headers[index + 1]!
    fields[name] = before === undefined ? value : [before, value].flat()
  }
  return session.request(fields, { endStream })
}

/** What comes back on a stream; rejects when it is reset. */
export function receiveHttp2(stream: ClientHttp2Stream): Promise<Http2Received> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let head: Pick<Http2Received, 'status' | 'raw' | 'headers'> | undefined
    let trailers: Http2Received['trailers'] = {}
    stream.on('response', (headers, _flags, raw: string[]) => {
      head = { status: Number(headers[':status']), raw, headers }
    })
    stream.on('trailers', (fields) => (trailers = { ...fields }))
    stream.on('data', (chunk: Buffer) => chunks.push(chunk))
    stream.once('error', reject)
    stream.once('close', () => {
      if (head && stream.rstCode === 0) resolve({ ...head, body: Buffer.concat(chunks).toString(), trailers })
      else reject(new Error(`reset with ${stream.rstCode}`))
    })
  })
}

/** One request on a session, or on one of its own. */
export function sendHttp2(
  to: TestGateway | ClientHttp2Session,
  request: Http2Request,
): Promise<Http2Received> {
  const session = 'request' in to ? to : http2Session(to)
  const { body } = request
  const framing = body === undefined ? [] : ['content-length', String(Buffer.byteLength(body))]
  const stream = beginHttp2(
    session,
    { ...request, headers: [...(request.headers ?? []), ...framing] },
    body === undefined,
  )
  const received = receiveHttp2(stream)
  if (body !== undefined) stream.end(body)
  return received
}
