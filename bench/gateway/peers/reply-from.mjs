import replyFrom from '@fastify/reply-from'
import fastify from 'fastify'

/** @param {import('../peer-process.mjs').PeerOptions} options */
export async function createPeer({ origin, certificate }) {
  /** @param {object} options */
  const create = async (options) => {
    const app = fastify({ ...options, logger: false })
    await app.register(replyFrom, { base: origin, undici: { connections: 256, pipelining: 1 } })
    app.all('/*', (request, reply) => reply.from(request.url))
    await app.ready()
    return app.server
  }
  return [await create({}), await create({ https: certificate })]
}
