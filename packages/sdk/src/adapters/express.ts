import type { IncomingMessage, ServerResponse } from 'node:http'
import { isClientError } from '../errors.ts'
import type { AdapterOptions } from './types.ts'
import type { Rockpool } from '../types.ts'
import { attach, fromNode, sendAnswer } from './node.ts'

// As much of Express as is needed here: its requests and responses are Node's own.
type ExpressRequest = IncomingMessage & { originalUrl?: string }
type Next = (error?: unknown) => void

/**
 * Express middleware that runs all that follows as the request's identity. Use it first, and
 * `rockpoolExpressErrors` last.
 *
 *     app.use(rockpoolExpress(rockpool, { withoutIdentity: ['/health'] }))
 *     app.get('/:organization/items', …)
 *     app.use(rockpoolExpressErrors(rockpool))
 */
export function rockpoolExpress(
  rockpool: Rockpool,
  options: AdapterOptions = {},
): (request: ExpressRequest, response: ServerResponse, next: Next) => void {
  const serve = async (request: ExpressRequest, response: ServerResponse, next: Next): Promise<void> => {
    const admission = await rockpool.inbound.admit(fromNode(request, request.originalUrl), options)
    if ('answer' in admission) return sendAnswer(request, response, admission.answer)
    attach(admission.work, request, response)
    admission.work.run(() => next())
  }
  // Handlers' errors go through Express; here only a connection can break.
  return (request, response, next) => void serve(request, response, next).catch(() => response.destroy())
}

/** Express error middleware that answers as problems: those of Rockpool as they are, any other one hidden and logged. */
export function rockpoolExpressErrors(
  rockpool: Rockpool,
): (error: unknown, request: IncomingMessage, response: ServerResponse, next: Next) => void {
  return (error, request, response, next) => {
    // Errors of Express and its middleware (a body that is no JSON, say) carry a status; its own handler answers them.
    if (!rockpool.inbound.known(error) && isClientError(error)) return next(error)
    sendAnswer(request, response, rockpool.inbound.failure(error))
  }
}
