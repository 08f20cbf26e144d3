import { toProblem as toRockpoolProblem } from '@rockpool/sdk'
import type { Pool, Problem as RockpoolProblem, Rockpool } from '@rockpool/sdk'
import { rockpoolFastify } from '@rockpool/sdk/fastify'
import Fastify, { LogController } from 'fastify'
import type { FastifyError, FastifyInstance } from 'fastify'
import { Problem } from './problem.ts'
import { itemRoutes } from './routes.ts'

/** The service as a Fastify application; `main.ts` gives it its database and a port. */
export async function createApp(
  rockpool: Rockpool,
  database: Pool,
  { log = false } = {},
): Promise<FastifyInstance> {
  const app = Fastify({
    logger: log,
    logController: new LogController({ disableRequestLogging: true }), // the gateway writes the access log
    bodyLimit: 64 * 1024,
    ajv: { customOptions: { allErrors: true, coerceTypes: false, removeAdditional: false } },
  })
  await app.register(rockpoolFastify(rockpool, { withoutIdentity: ['/health'] }))
  await app.register(async (shop) => {
    shop.setErrorHandler((error: FastifyError, request, reply) => {
      const problem = toProblem(error)
      if (problem.status === 500) request.log.error(error)
      return reply.code(problem.status).type('application/problem+json').send(JSON.stringify(problem))
    })
    shop.get('/health', () => ({ status: 'ok' }))
    itemRoutes(shop, rockpool, database)
  })
  return app
}

function toProblem(error: FastifyError): Problem | RockpoolProblem {
  if (error instanceof Problem) return error
  if (error.validation) {
    const findings = error.validation.map(({ instancePath, message, params }) => ({
      path: `/${error.validationContext}${instancePath}`,
      message:
        typeof params['additionalProperty'] === 'string'
          ? `has an unknown property ${params['additionalProperty']}`
          : String(message),
    }))
    return new Problem(422, 'invalid_input', 'The input is not valid.', findings)
  }
  if (error.code?.startsWith('FST_') && error.statusCode && error.statusCode < 500) {
    return new Problem(error.statusCode, 'bad_request', error.message)
  }
  return toRockpoolProblem(error) // the database is down, the organization is deleted, or our own mistake
}
