import { request as httpRequest, type IncomingMessage, type RequestListener } from 'node:http'
import { connect } from 'node:net'
import type { EngineName } from '../../src/gateway/index.ts'
import {
  credential,
  organization,
  readAll,
  sandbox,
  service,
  testGateway,
  upstream,
  type TestGateway,
} from './gateway.ts'

// What the tests of the engines share: one gateway, one service, and clients that mend nothing.

export const live = credential('live')
export const parentKey = credential('sandbox', { allows: { sandboxesOf: 'harbor' } })
export const orders = credential('service', { service: 'orders' })
export const keys = { live, parentKey, orders }

export const routes = ['GET', 'POST', 'PUT', 'DELETE', 'OPTIONS'].flatMap((method) => [
  { method, path: '/{organization}/items', operationId: `${method}Items`, anonymous: false },
  { method, path: '/{organization}/open', operationId: `${method}Open`, anonymous: true },
])

/** A gateway with one service, which answers as the listener does. */
export async function gatewayFor(engine: EngineName, listener: RequestListener, deadlineMs = 10_000) {
  const { url } = await upstream(listener)
  return testGateway(engine, {
    organizations: [organization('harbor'), sandbox('box')],
    credentials: Object.values(keys),
    services: [service('catalog', { url, routes, deadlineMs })],
  })
}

export interface Received {
  status: number
  headers: IncomingMessage['headers']
  raw: string[]
  body: string
  trailers: string[]
}

/** One request by node:http; nothing about it is made up or mended. */
export function send(
  gateway: TestGateway,
  options: { method?: string; path?: string; headers?: string[]; body?: string | Buffer },
): Promise<Received> {
  const { method = 'GET', path = '/harbor/items', headers = [], body } = options
  const framing = body === undefined ? [] : ['Content-Length', String(Buffer.byteLength(body))]
  const all = ['Host', 'api.example', ...headers, ...framing]
  return new Promise((resolve, reject) => {
    const request = httpRequest({
      host: '127.0.0.1',
      port: gateway.port,
      method,
      path,
      headers: all,
      agent: false,
    })
    request.once('error', reject)
    request.once('response', (response) => {
      readAll(response).then(
        (bytes) =>
          resolve({
            status: response.statusCode!,
            headers: response.headers,
            raw: response.rawHeaders,
            body: bytes.toString(),
            trailers: response.rawTrailers,
          }),
        reject,
      )
    })
    request.end(body)
  })
}

/** Bytes as they are; gives all that comes back until the connection ends. */
export function sendRaw(gateway: TestGateway, text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let received = ''
    const socket = connect(gateway.port, '127.0.0.1', () => socket.write(text))
    socket.setEncoding('latin1').on('data', (chunk: string) => (received += chunk))
    socket.once('close', () => resolve(received))
    socket.once('error', reject)
  })
}

export const bearer = (key: { text: string }) => ['Authorization', `Bearer ${key.text}`]
export const echo: RequestListener = (request, response) => {
  void readAll(request).then((body) => {
    response.setHeader('content-type', 'application/json')
    response.end(
      JSON.stringify({
        method: request.method,
        url: request.url,
        raw: request.rawHeaders,
        body: body.toString(),
      }),
    )
  })
}
/** What the echo service saw. */
export function seen(received: Received): {
  url: string
  method: string
  body: string
  headers: Map<string, string[]>
} {
  const { raw, ...rest } = JSON.parse(received.body) as {
    raw: string[]
    url: string
    method: string
    body: string
  }
  const headers = new Map<string, string[]>()
  for (let index = 0; index < raw.length; index += 2) {
    const name = raw[index]!.toLowerCase()
    headers.set(name, [...(headers.get(name) ?? []), raw[index + 1]!])
  }
  return { ...rest, headers }
}
