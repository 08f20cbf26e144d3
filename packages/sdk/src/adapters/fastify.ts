import type { IncomingMessage, ServerResponse } from 'node:http'
import { isClientError } from '../errors.ts'
import type { AdapterOptions } from './types.ts'
import type { Rockpool } from '../types.ts'
import { attach, fromNode, sendAnswer } from './node.ts'

// As much of Fastify as is needed here.
interface FastifyRequest {
  raw: IncomingMessage
}
interface FastifyReply {
  raw: ServerResponse
  hijack(): unknown
  code(status: number): FastifyReply
  headers(values: Record<string, string>): FastifyReply
  send(payload: unknown): unknown
}
interface FastifyInstance {
  addHook(
    name: 'onRequest',
    hook: (request: FastifyRequest, reply: FastifyReply, done: (error?: Error) => void) => void,
  ): unknown
}

/**
 * A Fastify plugin that runs all routes as the request's identity. Register it before the routes; it counts for the whole
 * instance that it is registered with, so a route for health checks is named in `withoutIdentity`.
 *
 *     await app.register(rockpoolFastify(rockpool, { withoutIdentity: ['/health'] }))
 *     app.setErrorHandler(rockpoolFastifyErrors(rockpool))
 */
export function rockpoolFastify(
  rockpool: Rockpool,
  options: AdapterOptions = {},
): (app: FastifyInstance, settings: unknown, done: () => void) => void {
  const plugin = (app: FastifyInstance, _settings: unknown, done: () => void): void => {
    app.addHook('onRequest', (request, reply, next) => {
      const serve = async (): Promise<void> => {
        const admission = await rockpool.inbound.admit(fromNode(request.raw), options)
        if ('answer' in admission) {
          reply.hijack()
          return sendAnswer(request.raw, reply.raw, admission.answer)
        }
        attach(admission.work, request.raw, reply.raw)
        admission.work.run(() => next())
      }
      // Handlers' errors go through Fastify; here only a connection can break.
      serve().catch(() => reply.raw.destroy())
    })
    done()
  }
  // How Fastify tells a plugin for the instance itself from one with a scope of its own (what fastify-plugin sets).
  return Object.assign(plugin, {
    [Symbol.for('skip-override')]: true,
    [Symbol.for('fastify.display-name')]: '@rockpool/sdk',
  })
}

/** A Fastify error handler that answers as problems: those of Rockpool as they are, any other one hidden and logged. */
export function rockpoolFastifyErrors(
  rockpool: Rockpool,
): (error: unknown, request: unknown, reply: FastifyReply) => unknown {
  return (error, _request, reply) => {
    // Fastify's own errors (a body that is no JSON, a failed validation) carry a status; its own handler answers them.
    if (!rockpool.inbound.known(error) && isClientError(error)) throw error
    const { status, headers, body } = rockpool.inbound.failure(error)
    return reply.code(status).headers(headers).send(body)
  }
}
