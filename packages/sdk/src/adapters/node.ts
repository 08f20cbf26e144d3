import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Answer } from '../errors.ts'
import type { InboundRequest, Work } from './types.ts'

/** What the adapters for node:http, Express and Fastify have in common: requests and responses of Node's own server. */

export function fromNode(request: IncomingMessage, url: string = request.url ?? '/'): InboundRequest {
  return {
    method: request.method ?? 'GET',
    path: url.split('?', 1)[0]!,
    header(name) {
      const value = request.headers[name]
      return typeof value === 'string' ? value : undefined
    },
    body: (limitBytes) => readBody(request, limitBytes),
  }
}

async function readBody(request: IncomingMessage, limitBytes: number): Promise<Buffer | undefined> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length
    if (bytes > limitBytes) return undefined
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

/** Send an answer; what is left of the request's body is thrown away, so that the connection can be used again. */
export function sendAnswer(request: IncomingMessage, response: ServerResponse, answer: Answer): void {
  if (response.headersSent) return void response.destroy()
  response.writeHead(answer.status, { ...answer.headers, 'content-length': Buffer.byteLength(answer.body) })
  response.end(answer.body)
  request.resume()
}

/** The whole of a request, with its body and its response, belongs to its work. */
export function attach(work: Work, request: IncomingMessage, response: ServerResponse): void {
  work.follow(request, response)
  if (response.closed) work.end()
  else response.once('close', () => work.end())
}
