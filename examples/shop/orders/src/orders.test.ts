import { once } from 'node:events'
import { createServer } from 'node:http'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { serve } from '@hono/node-server'
import { createPool } from '@rockpool/sdk'
import type { Identity, Pool } from '@rockpool/sdk'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createServiceDatabase } from '../../testing/database.ts'
import type { ServiceDatabase } from '../../testing/database.ts'
import { createBench, harbor, newSandbox, published } from '../../testing/rockpool.ts'
import type { Bench } from '../../testing/rockpool.ts'
import { createApp } from './app.ts'
import { consumeOutcomes } from './events.ts'
import type { Order } from './orders.ts'

// In place of the gateway with catalog and payments behind it: answers by `METHOD resource`, and what was asked.
let answers: Record<string, [status: number, body: object]>
let asked: { call: string; body: string }[]

let gateway: Server
let server: Server
let database: Pool
let store: ServiceDatabase
let bench: Bench
let url: string

beforeAll(async () => {
  gateway = createServer(async (request, response) => {
    const [, , resource] = (request.url ?? '').split('/')
    const body = (await request.toArray()).join('')
    asked.push({ call: `${request.method} ${request.url}`, body })
    const [status, answer] = answers[`${request.method} ${resource}`] ?? [502, {}]
    response.writeHead(status).end(JSON.stringify(answer))
  }).listen(0, '127.0.0.1')
  await once(gateway, 'listening')
  store = await createServiceDatabase(new URL('../migrations/', import.meta.url))
  database = createPool(store.url)
  bench = createBench({
    service: 'orders',
    database,
    gatewayUrl: `http://127.0.0.1:${(gateway.address() as AddressInfo).port}`,
    consumes: [
      'payments.payment_captured',
      'payments.payment_failed',
      'payments.payment_refunded',
      'catalog.item_sold_out',
    ],
  })
  consumeOutcomes(bench.rockpool)
  const { fetch } = createApp(bench.rockpool, database, {
    domain: 'bots.harbor.example',
    card: 'card_of_a_bot',
  })
  server = serve({ fetch, hostname: '127.0.0.1', port: 0 }) as Server
  await once(server, 'listening')
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterAll(async () => {
  for (const each of [server, gateway]) {
    each.close()
    each.closeAllConnections()
  }
  await database.end()
  await store.drop()
})
beforeEach(() => {
  asked = []
  answers = {
    'GET items': [200, { id: 'item_1', price: 4900, currency: 'EUR', stock: 3 }],
    'POST cards': [201, { token: 'card_1', last4: '4242' }],
  }
})

const wanted = { item: 'item_1', quantity: 2, card: '4242424242424242' }

async function call(identity: Identity, method: 'GET' | 'POST', path: string, body?: unknown, headers = {}) {
  const answer = await fetch(`${url}/${identity.organization}${path}`, {
    method,
    headers: { ...bench.as(identity), ...headers },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  })
  return { status: answer.status, headers: answer.headers, body: (await answer.json()) as never }
}

async function place(identity: Identity): Promise<Order> {
  return (await call(identity, 'POST', '/orders', wanted)).body
}

async function statusOf(identity: Identity, { id }: Order): Promise<[string, string | null]> {
  const { status, reason } = (await call(identity, 'GET', `/orders/${id}`)).body as Order
  return [status, reason]
}

describe('placing', () => {
  test('an order costs what the catalog shows, and the news carries a token in place of the card', async () => {
    const sandbox = newSandbox()
    const placed = await call(sandbox, 'POST', '/orders', wanted)
    const order = placed.body as Order
    expect(placed.status).toBe(201)
    expect(placed.headers.get('location')).toBe(`/${sandbox.organization}/orders/${order.id}`)
    expect(order).toMatchObject({ item: 'item_1', quantity: 2, price: 4900, amount: 9800, status: 'placed' })
    expect(asked.map(({ call }) => call)).toEqual([
      `GET /${sandbox.organization}/items/item_1`,
      `POST /${sandbox.organization}/cards`,
    ])
    const news = {
      order: order.id,
      item: 'item_1',
      quantity: 2,
      amount: 9800,
      currency: 'EUR',
      card: 'card_1',
    }
    expect(await published(database, order.id)).toEqual([['orders.order_placed', news]])
  })

  test('a token is passed on as it is, and payments are not asked', async () => {
    const placed = await call(newSandbox(), 'POST', '/orders', { ...wanted, card: 'card_of_mia' })
    const { id } = placed.body as Order
    expect(asked).toHaveLength(1)
    expect(await published(database, id)).toMatchObject([['orders.order_placed', { card: 'card_of_mia' }]])
  })

  test('a repeated call with the same key answers with the first order', async () => {
    const sandbox = newSandbox()
    const key = { 'idempotency-key': 'once' }
    const repeated = await Promise.all(
      Array.from({ length: 5 }, () => call(sandbox, 'POST', '/orders', wanted, key)),
    )
    expect(new Set(repeated.map(({ body }) => (body as Order).id)).size).toBe(1)
    const { orders } = (await call(sandbox, 'GET', '/orders')).body as { orders: Order[] }
    expect(orders).toHaveLength(1)
    expect(await published(database, orders[0]!.id)).toHaveLength(1)

    const other = await call(sandbox, 'POST', '/orders', { ...wanted, quantity: 1 }, key)
    expect(other).toMatchObject({ status: 422, body: { code: 'idempotency_key_reused' } })
  })

  test('the same key means nothing to another organization', async () => {
    const key = { 'idempotency-key': 'shared' }
    const first = (await call(newSandbox(), 'POST', '/orders', wanted, key)).body as Order
    const second = (await call(newSandbox(), 'POST', '/orders', wanted, key)).body as Order
    expect(first.id).not.toBe(second.id)
  })

  test.each([
    ['GET items', 404, 422, 'item_unknown', 'There is no item item_1 in this shop.'],
    ['GET items', 502, 503, 'unavailable', 'The service catalog cannot be reached just now.'],
    ['POST cards', 422, 422, 'card_invalid', 'The card number is not one.'],
    ['POST cards', 503, 503, 'unavailable', 'The service payments cannot be reached just now.'],
  ])('when %s answers %i, %i %s says: %s', async (asking, answered, status, code, detail) => {
    const sandbox = newSandbox()
    answers[asking] = [answered, {}]
    expect(await call(sandbox, 'POST', '/orders', wanted)).toMatchObject({ status, body: { code, detail } })
    expect((await call(sandbox, 'GET', '/orders')).body).toEqual({ orders: [], next: null })
  })

  test('more than there is in stock is refused before a card is asked for', async () => {
    answers['GET items'] = [200, { id: 'item_1', price: 4900, currency: 'EUR', stock: 1 }]
    const refused = await call(newSandbox(), 'POST', '/orders', wanted)
    expect(refused).toMatchObject({ status: 409, body: { code: 'out_of_stock' } })
    expect(asked).toHaveLength(1)
  })
})

describe('customers', () => {
  const mia = { email: 'Mia@Harbor.example.', name: 'Mia Jones' }

  test('a customer registers once under an address, however it is written, and once more elsewhere', async () => {
    const sandbox = newSandbox()
    const registered = await call(sandbox, 'POST', '/customers', mia)
    expect(registered).toMatchObject({
      status: 201,
      body: { email: 'mia@harbor.example', name: 'Mia Jones' },
    })
    const again = await call(sandbox, 'POST', '/customers', { ...mia, email: 'MIA@harbor.example' })
    expect(again).toMatchObject({ status: 409, body: { code: 'email_taken' } })
    expect((await call(newSandbox(), 'POST', '/customers', mia)).status).toBe(201)
  })

  test('orders are found by their address and by its domain, page by page, and only one’s own', async () => {
    const sandbox = newSandbox()
    const placed: string[] = []
    for (const email of [
      'mia@harbor.example',
      'lee@harbor.example',
      'mia@tide.example',
      undefined,
      'mia@a.harbor.example',
    ]) {
      const { body } = await call(sandbox, 'POST', '/orders', { ...wanted, ...(email ? { email } : {}) })
      expect(body).toHaveProperty('email', email ?? null)
      placed.push((body as Order).id)
    }
    const found = async (query: string, identity = sandbox) => {
      const { orders, next } = (await call(identity, 'GET', `/orders?${query}`)).body as {
        orders: Order[]
        next: string | null
      }
      return { numbers: orders.map(({ id }) => placed.indexOf(id)), next }
    }
    expect((await found('domain=HARBOR.example.')).numbers).toEqual([1, 0])
    expect((await found('email=MIA@harbor.example')).numbers).toEqual([0])
    expect((await found('domain=tide.example&email=mia@harbor.example')).numbers).toEqual([])
    const first = await found('domain=harbor.example&limit=1')
    expect(first.numbers).toEqual([1])
    expect(await found(`domain=harbor.example&limit=1&cursor=${first.next}`)).toEqual({
      numbers: [0],
      next: null,
    })
    expect((await found('domain=harbor.example', newSandbox())).numbers).toEqual([])
  })

  test('the order of an idempotency key is found, though nobody heard its id, and only one’s own', async () => {
    const sandbox = newSandbox()
    const key = { 'idempotency-key': 'bot run 4711' }
    const { body } = await call(sandbox, 'POST', '/orders', wanted, key)
    await call(sandbox, 'POST', '/orders', wanted)
    const found = async (identity: Identity, text: string) => {
      const { status, body } = await call(
        identity,
        'GET',
        `/orders?idempotencyKey=${encodeURIComponent(text)}`,
      )
      return [status, (body as { orders?: Order[] }).orders?.map(({ id }) => id)]
    }
    expect(await found(sandbox, 'bot run 4711')).toEqual([200, [(body as Order).id]])
    expect(await found(sandbox, 'bot run 4712')).toEqual([200, []])
    expect(await found(newSandbox(), 'bot run 4711')).toEqual([200, []])
    expect(await found(sandbox, '')).toEqual([422, undefined])
  })
})

describe('what belongs to the bots', () => {
  const bot: Identity = { ...harbor, actor: 'bot', run: 'run_1', card: 'card_of_a_bot' }
  const ofBot = { item: 'item_1', card: 'card_of_a_bot', email: 'order+run_1@bots.harbor.example' }

  test.each([
    'mia@bots.harbor.example',
    'mia@BOTS.harbor.example.',
    'mia@more.bots.harbor.example',
    'mia@ｂots。harbor.example',
  ])('neither a customer nor a check may order or register as %s', async (email) => {
    for (const identity of [harbor, newSandbox()]) {
      const refused = { status: 422, body: { code: 'email_reserved' } }
      expect(await call(identity, 'POST', '/orders', { ...wanted, email })).toMatchObject(refused)
      expect(await call(identity, 'POST', '/customers', { email, name: 'Mia' })).toMatchObject(refused)
    }
    expect(asked).toHaveLength(0)
  })

  test('a bot orders under its address with its card, and may register there', async () => {
    const placed = await call(bot, 'POST', '/orders', ofBot)
    expect(placed).toMatchObject({ status: 201, body: { email: ofBot.email } })
    expect(asked).toHaveLength(1)
    const email = `${crypto.randomUUID()}@bots.harbor.example`
    expect((await call(bot, 'POST', '/customers', { email, name: 'A bot' })).status).toBe(201)
  })

  test('a bot orders under no other address, and under none without one', async () => {
    for (const email of ['mia@harbor.example', 'mia@more.bots.harbor.example', undefined])
      expect(await call(bot, 'POST', '/orders', { ...ofBot, email })).toMatchObject({
        status: 422,
        body: { code: 'email_not_reserved' },
      })
  })

  test('its card is refused to customers and checks, and every other card to a bot', async () => {
    const refused = { status: 422, body: { code: 'card_refused' } }
    for (const identity of [harbor, newSandbox()])
      expect(await call(identity, 'POST', '/orders', { ...wanted, card: ofBot.card })).toMatchObject(refused)
    const without = { ...harbor, actor: 'bot' as const, run: 'run_1' }
    for (const identity of [without, { ...without, card: 'card_of_another_bot' }])
      expect(await call(identity, 'POST', '/orders', ofBot)).toMatchObject(refused)
    for (const card of ['4242424242424242', 'card_of_mia'])
      expect(await call(bot, 'POST', '/orders', { ...ofBot, card })).toMatchObject(refused)
    expect(asked).toHaveLength(0)
  })

  test('a bot cancels what a bot ordered, and nothing of a customer', async () => {
    const customers = await place(harbor)
    const refused = await call(bot, 'POST', `/orders/${customers.id}/cancel`)
    expect(refused).toMatchObject({ status: 403, body: { code: 'order_not_yours' } })
    expect(await statusOf(harbor, customers)).toEqual(['placed', null])
    const own = (await call(bot, 'POST', '/orders', ofBot)).body as Order
    expect((await call({ ...bot, run: 'run_2' }, 'POST', `/orders/${own.id}/cancel`)).status).toBe(200)
  })
})

describe('what becomes of an order', () => {
  test('it is paid, cancelled and refunded', async () => {
    const sandbox = newSandbox()
    const order = await place(sandbox)
    await bench.deliver(url, 'payments.payment_captured', sandbox, { order: order.id })
    expect(await statusOf(sandbox, order)).toEqual(['paid', null])

    for (let time = 0; time < 2; time++) {
      const cancelled = await call(sandbox, 'POST', `/orders/${order.id}/cancel`)
      expect(cancelled).toMatchObject({ status: 200, body: { status: 'cancelled', reason: 'customer' } })
    }
    const news = { order: order.id, reason: 'customer' }
    expect((await published(database, order.id)).slice(1)).toEqual([['orders.order_cancelled', news]])

    await bench.deliver(url, 'payments.payment_refunded', sandbox, { order: order.id })
    expect(await statusOf(sandbox, order)).toEqual(['refunded', 'customer'])
  })

  test('a payment that fails ends it, gives the items back, and leaves nothing to cancel', async () => {
    const sandbox = newSandbox()
    const order = await place(sandbox)
    const failed = { order: order.id, reason: 'card_declined' }
    await bench.deliver(url, 'payments.payment_failed', sandbox, failed)
    expect(await statusOf(sandbox, order)).toEqual(['payment_failed', 'card_declined'])
    expect((await published(database, order.id)).slice(1)).toEqual([['orders.order_cancelled', failed]])
    const refused = await call(sandbox, 'POST', `/orders/${order.id}/cancel`)
    expect(refused).toMatchObject({ status: 409, body: { code: 'order_not_cancellable' } })
  })

  test('an item that is sold out cancels it', async () => {
    const sandbox = newSandbox()
    const order = await place(sandbox)
    await bench.deliver(url, 'catalog.item_sold_out', sandbox, { order: order.id })
    expect(await statusOf(sandbox, order)).toEqual(['cancelled', 'sold_out'])
  })

  test('another organization can neither read nor cancel it, nor can its events touch it', async () => {
    const [sandbox, other] = [newSandbox(), newSandbox()]
    const order = await place(sandbox)
    expect((await call(other, 'GET', `/orders/${order.id}`)).status).toBe(404)
    expect((await call(other, 'POST', `/orders/${order.id}/cancel`)).status).toBe(404)
    await bench.deliver(url, 'payments.payment_captured', other, { order: order.id })
    expect(await statusOf(sandbox, order)).toEqual(['placed', null])
  })
})

test('what is no order, no JSON or no path of ours is refused as a problem', async () => {
  const sandbox = newSandbox()
  const post = (body: unknown) => call(sandbox, 'POST', '/orders', body)
  expect(await post({ item: 'item_1' })).toMatchObject({ status: 422, body: { code: 'invalid_input' } })
  expect(await post('{"card":"4242')).toMatchObject({ status: 400, body: { code: 'bad_request' } })
  expect(await call(sandbox, 'GET', '/orders?limit=x')).toMatchObject({ status: 422 })
  expect(await call(sandbox, 'GET', '/nothing')).toMatchObject({ status: 404, body: { code: 'not_found' } })
})

test('without an identity only its health is told', async () => {
  expect((await fetch(`${url}/health`)).status).toBe(200)
  expect((await fetch(`${url}/harbor/orders`)).status).toBe(401)
})

test('while the database is down it says so, and serves again afterwards without a restart', async () => {
  const get = () => call(harbor, 'GET', '/orders')
  expect((await get()).status).toBe(200)
  await store.outage(async () => {
    expect(await get()).toMatchObject({ status: 503, body: { code: 'database_unreachable' } })
    expect((await fetch(`${url}/health`)).status).toBe(200)
  })
  expect((await get()).status).toBe(200)
})
