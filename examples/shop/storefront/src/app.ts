import type { Pool, Rockpool } from '@rockpool/sdk'
import { rockpoolHono } from '@rockpool/sdk/hono'
import { Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { Failure, toFailure } from './failure.ts'
import { isSameOrigin, originOf } from './origin.ts'
import { failurePage } from './pages/failure.ts'
import { browseRoutes } from './routes/browse.ts'
import { cartRoutes } from './routes/cart.ts'
import { payRoutes } from './routes/pay.ts'
import { createShopper } from './shopper.ts'

// Nothing but this origin's own style sheet and forms: no script at all, nowhere to send a form to, no frame around it.
const policy =
  "default-src 'none'; style-src 'self'; img-src data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

/** The pages of the shop as a Hono application; `main.ts` gives it its database and a port. */
export function createApp(rockpool: Rockpool, database: Pool): Hono {
  const shopper = createShopper(rockpool, database)
  const app = new Hono()

  // Every failure is a page with its reason. What came to be answered without an identity has no shop to be a page of.
  app.onError((error, context) => {
    const failure = toFailure(error)
    const { status, title, message } = failure
    if (!rockpool.currentIdentity()) return context.text(message, status)
    return shopper.show(context, title, failurePage(shopper.home(), title, message), status)
  })
  app.notFound(() => {
    throw new Failure(404, 'No such page', 'There is nothing at this address.')
  })

  app.use(rockpoolHono(rockpool, { withoutIdentity: ['/health'] }))
  app.use(async (context, next) => {
    await next()
    context.header('content-security-policy', policy)
    context.header('x-content-type-options', 'nosniff')
    context.header('referrer-policy', 'same-origin')
    if (!context.res.headers.has('cache-control')) context.header('cache-control', 'no-store')
  })
  app.use(
    bodyLimit({
      maxSize: 16 * 1024,
      onError: () => {
        throw new Failure(413, 'Too much', 'This form is larger than any of ours.')
      },
    }),
  )
  app.use(async ({ req }, next) => {
    if (req.method === 'POST' && !isSameOrigin((name) => req.header(name), originOf(req)))
      throw new Failure(403, 'Not from here', 'This form was sent by another site, so nothing was done.')
    await next()
  })

  app.get('/health', ({ json }) => json({ status: 'ok' }))
  browseRoutes(app, rockpool, shopper)
  cartRoutes(app, rockpool, database, shopper)
  payRoutes(app, rockpool, database, shopper)
  return app
}
