import { toProblem } from '@rockpool/sdk'
import type { Pool, Rockpool } from '@rockpool/sdk'
import { rockpoolHono } from '@rockpool/sdk/hono'
import { Hono } from 'hono'
import type { HonoRequest } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { cancelOrder } from './cancel.ts'
import { registerCustomer } from './customers.ts'
import { readFilter, readIdempotencyKey, readNewCustomer, readNewOrder } from './input.ts'
import { findOrder, listOrders } from './orders.ts'
import { placeOrder } from './place.ts'
import { Problem } from './problem.ts'
import type { Reserved } from './reserved.ts'

/** The service as a Hono application; `main.ts` gives it its database and a port. */
export function createApp(rockpool: Rockpool, database: Pool, reserved: Reserved): Hono {
  const app = new Hono()
  app.onError(answerError)
  app.notFound(() => answerError(new Problem(404, 'not_found', 'There is nothing at this path.')))
  app.use(rockpoolHono(rockpool, { withoutIdentity: ['/health'] }))
  app.use(bodyLimit({ maxSize: 64 * 1024 }))

  app.get('/health', ({ json }) => json({ status: 'ok' }))

  app.post('/:organization/customers', async ({ req, json }) => {
    const customer = readNewCustomer(await readJson(req))
    return json(await registerCustomer(rockpool, reserved, customer), 201)
  })

  app.post('/:organization/orders', async ({ req, json }) => {
    const input = readNewOrder(await readJson(req))
    const key = readIdempotencyKey(req.header('idempotency-key'))
    const order = await placeOrder(rockpool, database, reserved, input, key)
    return json(order, 201, { location: `/${rockpool.identity().organization}/orders/${order.id}` })
  })

  app.get('/:organization/orders', async ({ req, json }) => {
    const { organization } = rockpool.identity()
    return json(await listOrders(database, organization, readFilter(req.query())))
  })

  app.get('/:organization/orders/:id', async ({ req, json }) => {
    const { organization } = rockpool.identity()
    const id = req.param('id')
    return json((await findOrder(database, organization, id)) ?? unknown(id))
  })

  app.post('/:organization/orders/:id/cancel', async ({ req, json }) => {
    const id = req.param('id')
    return json((await cancelOrder(rockpool, reserved, id)) ?? unknown(id))
  })
  return app
}

function unknown(id: string): never {
  throw new Problem(404, 'order_unknown', `There is no order ${id} in this shop.`)
}

async function readJson(request: HonoRequest): Promise<unknown> {
  try {
    return await request.json()
  } catch (cause) {
    if (!(cause instanceof SyntaxError)) throw cause
    throw new Problem(400, 'bad_request', 'The body is no JSON.') // without the cause: it quotes the body
  }
}

function answerError(error: Error): Response {
  const problem = error instanceof Problem ? error : toProblem(error)
  if (problem.status === 500) console.error(JSON.stringify({ level: 'error', msg: error.stack }))
  return new Response(JSON.stringify(problem), {
    status: problem.status,
    headers: { 'content-type': 'application/problem+json' },
  })
}
