import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AdapterOptions } from './types.ts'
import type { Rockpool } from '../types.ts'
import { attach, fromNode, sendAnswer } from './node.ts'

export type NodeHandler = (request: IncomingMessage, response: ServerResponse) => unknown

/**
 * A request listener for `node:http` that runs the handler as the request's identity. A promise that the handler
 * returns may reject: it is answered as a problem.
 *
 *     createServer(rockpoolNodeHttp(rockpool, handler, { withoutIdentity: ['/health'] }))
 */
export function rockpoolNodeHttp(
  rockpool: Rockpool,
  handler: NodeHandler,
  options: AdapterOptions = {},
): (request: IncomingMessage, response: ServerResponse) => void {
  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const admission = await rockpool.inbound.admit(fromNode(request), options)
    if ('answer' in admission) return sendAnswer(request, response, admission.answer)
    attach(admission.work, request, response)
    try {
      await admission.work.run(() => handler(request, response))
    } catch (error) {
      sendAnswer(request, response, rockpool.inbound.failure(error))
    }
  }
  // A connection that breaks while we read or answer is no error of ours.
  return (request, response) => void serve(request, response).catch(() => response.destroy())
}
