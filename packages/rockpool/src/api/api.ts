import { Hono } from 'hono'
import { messageOf, newId } from '../kernel/index.ts'
import { problemAnswer, refusalOf, requestHeader, type ApiEnv } from './answers.ts'
import { createAuthenticator } from './authenticate.ts'
import { checkHost } from './hosts.ts'
import { createKeySet } from './jwks.ts'
import { createLive } from './live/live.ts'
import { openLive } from './live/operations.ts'
import { mountInternal, mountLive, mountOperation } from './mount.ts'
import { openapiDocument } from './openapi.ts'
import { createPages } from './pages/pages.ts'
import { createRoom } from './room.ts'
import { checkUnique, noRoute } from './routes.ts'
import { listen } from './server.ts'
import { sessionOperations } from './session/handlers.ts'
import type { Api, ApiOptions } from './types.ts'

/**
 * The control API: mounts the operations of all parts on HTTP.
 *
 * @throws Error when two operations share an id or a method and path: a mistake in our own code.
 */
export function createApi(options: ApiOptions): Api {
  const { organizations, log, clock, origins = [] } = options
  const mounted = [...sessionOperations({ organizations, clock, origins }), ...options.operations]
  const live = options.database && createLive({ ...options.live, ...options, database: options.database })
  const operations = [...mounted.map(({ operation }) => operation), ...(live ? [openLive] : [])]
  checkUnique(operations)
  const document = openapiDocument(operations, options.version)
  const authenticate = createAuthenticator({ organizations, clock, log, origins })
  const keySet = createKeySet({ organizations, log })
  const app = new Hono<ApiEnv>()

  app.use(async (c, next) => {
    const started = performance.now()
    c.set('request', newId('req'))
    await next()
    c.res.headers.set(requestHeader, c.get('request'))
    c.res.headers.set('x-content-type-options', 'nosniff')
    if (!c.res.headers.has('content-security-policy')) c.res.headers.set('content-security-policy', inert)
    if (!c.res.headers.has('cache-control')) c.res.headers.set('cache-control', 'no-store')
    const ms = Math.round(performance.now() - started)
    const { request, operation, by } = c.var
    const path = c.req.path.slice(0, 200)
    log.info({ request, method: c.req.method, path, status: c.res.status, ms, operation, by }, 'request')
  })
  app.onError((error, c) => {
    const refused = refusalOf(error)
    if (refused.status >= 500) {
      const cause =
        refused.cause instanceof Error ? (refused.cause.stack ?? refused.cause.message) : messageOf(error)
      log.error({ request: c.get('request'), code: refused.code, cause }, 'a request failed')
    }
    return problemAnswer(c, refused)
  })
  app.use(async (c, next) => {
    checkHost(c.req.header('host'), options.hosts ?? [])
    await next()
  })

  const pages = options.pagesFolder === undefined ? undefined : createPages(options.pagesFolder)
  app.use(async (c, next) => (await pages?.answer(c.req.raw)) ?? (await next()))

  app.get('/openapi.json', (c) => c.json(document))
  app.get('/.well-known/jwks.json', async (c) => c.json(await keySet.read()))
  if (options.open) {
    const open = new Hono()
    options.open(open)
    app.route('/', open)
  }
  for (const routes of options.internal ?? []) mountInternal(app, routes, options.roleTokens ?? {})
  const room = createRoom()
  for (const handled of mounted) mountOperation(app, handled, authenticate, room)
  if (live) mountLive(app, live, authenticate)
  app.notFound((c) => noRoute(c, operations))

  return {
    document,
    fetch: async (request) => app.fetch(request),
    async listen(where) {
      await Promise.all([keySet.start(), live?.start()])
      return listen(
        (request) => app.fetch(request),
        where,
        async () => void (await Promise.all([keySet.close(), live?.close()])),
      )
    },
  }
}

/** Of whatever is no page: should a browser render it, it runs nothing and stands in no frame. */
const inert = "default-src 'none'; frame-ancestors 'none'"
