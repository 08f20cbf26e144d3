import { createPool } from '@rockpool/sdk'
import type { Identity, Pool } from '@rockpool/sdk'
import type { FastifyInstance } from 'fastify'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createServiceDatabase } from '../../testing/database.ts'
import type { ServiceDatabase } from '../../testing/database.ts'
import { createBench, harbor, newSandbox, published } from '../../testing/rockpool.ts'
import type { Bench } from '../../testing/rockpool.ts'
import { createApp } from './app.ts'
import { consumeOrders } from './events.ts'
import type { Item } from './items.ts'
import { openShop } from './opening.ts'

let store: ServiceDatabase
let database: Pool
let bench: Bench
let app: FastifyInstance
let url: string

beforeAll(async () => {
  store = await createServiceDatabase(new URL('../migrations/', import.meta.url))
  database = createPool(store.url)
  bench = createBench({
    service: 'catalog',
    database,
    consumes: ['orders.order_placed', 'orders.order_cancelled'],
  })
  consumeOrders(bench.rockpool)
  app = await createApp(bench.rockpool, database)
  url = await app.listen({ host: '127.0.0.1', port: 0 })
})
afterAll(async () => {
  await app.close()
  await database.end()
  await store.drop()
})

const clock = { name: 'Tide clock', price: 4900, currency: 'EUR', stock: 3 }

async function call(identity: Identity, method: 'GET' | 'POST' | 'PATCH', path: string, body?: unknown) {
  const answer = await fetch(`${url}/${identity.organization}${path}`, {
    method,
    headers: { ...bench.as(identity), ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  })
  return { status: answer.status, headers: answer.headers, body: (await answer.json()) as never }
}

async function createItem(identity: Identity, item: object = clock): Promise<Item> {
  return (await call(identity, 'POST', '/items', item)).body
}

async function stockOf(identity: Identity, item: Item): Promise<number> {
  const { stock } = (await call(identity, 'GET', `/items/${item.id}`)).body as Item
  return stock
}

describe('items', () => {
  test('an item is created with its place, read and changed', async () => {
    const created = await call(harbor, 'POST', '/items', clock)
    const item = created.body as Item
    expect(created.status).toBe(201)
    expect(created.headers.get('location')).toBe(`/harbor/items/${item.id}`)
    expect((await call(harbor, 'GET', `/items/${item.id}`)).body).toEqual({ ...item, ...clock })

    const changed = await call(harbor, 'PATCH', `/items/${item.id}`, { price: 4500 })
    expect(changed.body).toEqual({ ...item, price: 4500 })
    expect((await call(harbor, 'GET', `/items/${item.id}`)).body).toEqual({ ...item, price: 4500 })
  })

  test('a list is read page by page, the newest first, each item once', async () => {
    const sandbox = newSandbox()
    const ids: string[] = []
    for (let index = 0; index < 5; index++) ids.unshift((await createItem(sandbox)).id)
    const seen: string[] = []
    let cursor: string | null = ''
    while (cursor !== null) {
      const query: string = cursor && `&cursor=${cursor}`
      const page: { items: Item[]; next: string | null } = (
        await call(sandbox, 'GET', `/items?limit=2${query}`)
      ).body
      seen.push(...page.items.map(({ id }) => id))
      cursor = page.next
    }
    expect(seen).toEqual(ids)
  })

  test('all findings are told at once', async () => {
    const answer = await call(harbor, 'POST', '/items', { name: '', price: 1.5, stock: -1, colour: 'red' })
    expect(answer.status).toBe(422)
    expect(answer.headers.get('content-type')).toMatch('application/problem+json')
    const { code, findings } = answer.body as { code: string; findings: { path: string }[] }
    expect(code).toBe('invalid_input')
    expect(findings.map(({ path }) => path).sort()).toEqual(
      ['/body', '/body', '/body/name', '/body/price', '/body/stock'].sort(),
    )
  })

  test('a body that is no JSON, an unknown item and a bad page are refused as problems', async () => {
    expect((await call(harbor, 'POST', '/items', '{')).body).toMatchObject({
      status: 400,
      code: 'bad_request',
    })
    expect((await call(harbor, 'GET', '/items/item_1')).body).toMatchObject({
      status: 404,
      code: 'item_unknown',
    })
    expect((await call(harbor, 'PATCH', '/items/item_1', { stock: 1 })).status).toBe(404)
    expect((await call(harbor, 'GET', '/items?limit=0')).body).toMatchObject({
      status: 422,
      code: 'invalid_input',
    })
  })

  test("an organization finds nothing of another's, whatever the path claims", async () => {
    const sandbox = newSandbox()
    const item = await createItem(harbor)
    expect((await call(sandbox, 'GET', `/items/${item.id}`)).status).toBe(404)
    expect((await call(sandbox, 'PATCH', `/items/${item.id}`, { price: 1 })).status).toBe(404)
    const claimed = await fetch(`${url}/harbor/items/${item.id}`, { headers: bench.as(sandbox) })
    expect(claimed.status).toBe(404)
    expect((await call(sandbox, 'GET', '/items')).body).toEqual({ items: [], next: null })
  })

  test('without an identity only its health is told', async () => {
    expect((await fetch(`${url}/health`)).status).toBe(200)
    expect((await fetch(`${url}/harbor/items`)).status).toBe(401)
  })
})

describe('stock', () => {
  test('an order takes its items once, however often it is delivered', async () => {
    const sandbox = newSandbox()
    const item = await createItem(sandbox)
    const order = { order: 'order_1', item: item.id, quantity: 2 }
    const event = crypto.randomUUID()
    const deliver = () => bench.deliver(url, 'orders.order_placed', sandbox, order, event)
    expect(await deliver()).toMatchObject({ outcome: 'applied' })
    expect(await deliver()).toMatchObject({ outcome: 'duplicate' })
    expect(await stockOf(sandbox, item)).toBe(1)
  })

  test('a cancelled order gives back what it took, once', async () => {
    const sandbox = newSandbox()
    const item = await createItem(sandbox)
    await bench.deliver(url, 'orders.order_placed', sandbox, {
      order: 'order_2',
      item: item.id,
      quantity: 2,
    } as never)
    await bench.deliver(url, 'orders.order_cancelled', sandbox, { order: 'order_2' })
    await bench.deliver(url, 'orders.order_cancelled', sandbox, { order: 'order_2' })
    expect(await stockOf(sandbox, item)).toBe(3)
  })

  test('an order for more than there is takes nothing, says so, and gives nothing back', async () => {
    const sandbox = newSandbox()
    const item = await createItem(sandbox)
    const placed = { order: `order_of_${sandbox.organization}`, item: item.id, quantity: 4 }
    await bench.deliver(url, 'orders.order_placed', sandbox, placed)
    expect(await published(database, placed.order)).toEqual([
      ['catalog.item_sold_out', { order: placed.order, item: item.id }],
    ])
    await bench.deliver(url, 'orders.order_cancelled', sandbox, { order: placed.order })
    expect(await stockOf(sandbox, item)).toBe(3)
  })
})

test('what an order did to the stock is told, and to no other organization', async () => {
  const sandbox = newSandbox()
  const item = await createItem(sandbox)
  const state = async (order: string, identity = sandbox) =>
    (await call(identity, 'GET', `/reservations/${order}`)).body
  expect(await state('order_7')).toMatchObject({ status: 404, code: 'reservation_unknown' })
  for (const [order, quantity] of [
    ['order_7', 2],
    ['order_8', 2],
  ] as const)
    await bench.deliver(url, 'orders.order_placed', sandbox, { order, item: item.id, quantity } as never)
  expect(await state('order_7')).toEqual({ order: 'order_7', item: item.id, quantity: 2, state: 'taken' })
  expect(await state('order_8')).toMatchObject({ state: 'sold_out' })
  await bench.deliver(url, 'orders.order_cancelled', sandbox, { order: 'order_7' })
  expect(await state('order_7')).toMatchObject({ state: 'restored' })
  expect(await state('order_7', newSandbox())).toMatchObject({ status: 404 })
})

test('the shop of the demo opens with something to buy, and a second start changes nothing', async () => {
  const organization = `opened-${crypto.randomUUID()}`
  const identity: Identity = { ...harbor, organization }
  const list = async () => (await call(identity, 'GET', '/items')).body as { items: Item[] }
  await openShop(bench.rockpool, database, organization)
  const { items } = await list()
  expect(items.map(({ name }) => name)).toEqual(['Brass compass', 'Signal flag', 'Tide clock'])
  await call(identity, 'PATCH', `/items/${items[0]!.id}`, { price: 1, stock: 0 })
  const before = await list()
  await openShop(bench.rockpool, database, organization)
  expect(await list()).toEqual(before)
})

test('while the database is down it says so, and serves again afterwards without a restart', async () => {
  const get = () => call(harbor, 'GET', '/items')
  expect((await get()).status).toBe(200)
  await store.outage(async () => {
    expect(await get()).toMatchObject({ status: 503, body: { code: 'database_unreachable' } })
    expect((await fetch(`${url}/health`)).status).toBe(200)
  })
  expect((await get()).status).toBe(200)
})
