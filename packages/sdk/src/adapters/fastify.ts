import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AdapterOptions } from '../inbound.ts'
import type { Rockpool } from '../rockpool.ts'
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
  setErrorHandler(handler: (error: unknown, request: FastifyRequest, reply: FastifyReply) => unknown): unknown
}

/**
 * A Fastify plugin that runs all routes as the request's identity, and answers Rockpool's errors as problems. Register it
 * before the routes; it counts for the whole instance that it is registered with.
 *
 *     await app.register(rockpoolFastify(rockpool, { withoutIdentity: ['/health'] }))
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
    app.setErrorHandler((error, _request, reply) => {
      // What is no problem of ours goes on to the handler that would have had it: Fastify's own.
      if (!rockpool.inbound.known(error)) throw error
      const { status, headers, body } = rockpool.inbound.failure(error)
      return reply.code(status).headers(headers).send(body)
    })
    done()
  }
  // How Fastify tells a plugin for the instance itself from one with a scope of its own (what fastify-plugin sets).
  return Object.assign(plugin, {
    [Symbol.for('skip-override')]: true,
    [Symbol.for('fastify.display-name')]: '@rockpool/sdk',
  })
}
