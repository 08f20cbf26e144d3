import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Answer } from './engine.ts'

/** A body that nobody wants is read and thrown away for this long, so that the client can read why. */
const discardMs = 5_000

/** Sends an answer of our own. Gives the size of its body. */
export function sendAnswer(answer: Answer, request: IncomingMessage, response: ServerResponse): number {
  response.writeHead(answer.status, answer.headers)
  response.end(request.method === 'HEAD' ? '' : answer.body)
  discardRest(request)
  return request.method === 'HEAD' ? 0 : Buffer.byteLength(answer.body)
}

/** A body that nobody wants any more is read on for a while: a connection reset would take the answer with it. */
export function discardRest(request: IncomingMessage): void {
  if (request.complete || request.destroyed) return
  request.resume()
  const timer = setTimeout(() => request.socket.destroy(), discardMs).unref()
  request.once('close', () => clearTimeout(timer))
}
