import { once } from 'node:events'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createPool } from '@rockpool/sdk'
import type { Identity, Pool } from '@rockpool/sdk'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createServiceDatabase } from '../../testing/database.ts'
import type { ServiceDatabase } from '../../testing/database.ts'
import { startProgram } from '../../testing/program.ts'
import { createBench, harbor, newSandbox, published } from '../../testing/rockpool.ts'
import type { Bench } from '../../testing/rockpool.ts'
import { createApp } from './app.ts'
import { createBank } from './bank.ts'
import type { Bank } from './bank.ts'
import { consumeOrders } from './events.ts'
import type { Payment } from './payments.ts'

const botCard = 'card_bot_harbor'
let program: Awaited<ReturnType<typeof startProgram>>
let database: Pool
let store: ServiceDatabase
let bench: Bench
let server: Server
let url: string
/** Called when the bank has charged, before the service knows: where a crash hurts most. */
let afterCharge: () => void = () => {}

beforeAll(async () => {
  program = await startProgram([process.execPath, 'server.mjs'], {
    folder: new URL('../../bank/', import.meta.url),
    env: { BANK_CARDS: botCard },
  })
  store = await createServiceDatabase(new URL('../migrations/', import.meta.url))
  database = createPool(store.url)
  bench = createBench({
    service: 'payments',
    database,
    consumes: ['orders.order_placed', 'orders.order_cancelled'],
  })
  const bank = createBank(bench.rockpool, program.url)
  const charge: Bank['charge'] = async (wanted) => {
    const outcome = await bank.charge(wanted)
    afterCharge()
    return outcome
  }
  consumeOrders(bench.rockpool, { ...bank, charge }, botCard)
  server = createApp(bench.rockpool, database, bank).listen(0, '127.0.0.1')
  await once(server, 'listening')
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterAll(async () => {
  server.close()
  server.closeAllConnections()
  await database.end()
  await store.drop()
  await program.stop()
})

async function call(identity: Identity, method: 'GET' | 'POST', path: string, body?: unknown) {
  const answer = await fetch(`${url}/${identity.organization}${path}`, {
    method,
    headers: bench.as(identity),
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  })
  return { status: answer.status, body: (await answer.json()) as never }
}

async function saveCard(identity: Identity, number = '4242424242424242'): Promise<string> {
  const { token } = (await call(identity, 'POST', '/cards', { number })).body as { token: string }
  return token
}

async function newOrder(identity: Identity, number?: string) {
  const order = `order_${crypto.randomUUID()}`
  return { order, amount: 4900, currency: 'EUR', card: await saveCard(identity, number) }
}

async function paymentOf(identity: Identity, order: string): Promise<Payment | undefined> {
  const { payments } = (await call(identity, 'GET', `/payments?order=${order}`)).body as {
    payments: Payment[]
  }
  return payments[0]
}

interface Statistics {
  cards: number
  charges: number
  refunds: number
  calls: { cards: number; charges: number; refunds: number }
  byReference: Record<string, unknown>
}

async function bankStatistics(): Promise<Statistics> {
  return (await (await fetch(`${program.url}/statistics`)).json()) as Statistics
}

describe('in production', () => {
  test('an order is charged at the bank, and its cancellation refunded', async () => {
    const order = await newOrder(harbor)
    expect(await bench.deliver(url, 'orders.order_placed', harbor, order)).toMatchObject({
      outcome: 'applied',
    })
    const payment = await paymentOf(harbor, order.order)
    expect(payment).toMatchObject({ status: 'captured', amount: 4900, card: { last4: '4242' }, reason: null })
    expect((await call(harbor, 'GET', `/payments/${payment!.id}`)).body).toEqual(payment)

    await bench.deliver(url, 'orders.order_cancelled', harbor, { order: order.order })
    await bench.deliver(url, 'orders.order_cancelled', harbor, { order: order.order })
    expect(await paymentOf(harbor, order.order)).toMatchObject({ status: 'refunded' })
    expect((await bankStatistics()).byReference[payment!.id]).toEqual({
      charges: 1,
      charged: 4900,
      refunds: 1,
      refunded: 4900,
    })
    expect((await published(database, order.order)).map(([type]) => type)).toEqual([
      'payments.payment_captured',
      'payments.payment_refunded',
    ])
  })

  test('a crash after the charge makes a second attempt, and no second charge', async () => {
    const order = await newOrder(harbor)
    const before = await bankStatistics()
    afterCharge = () => {
      afterCharge = () => {}
      throw new Error('the process dies here')
    }
    const event = crypto.randomUUID()
    const deliver = () => bench.deliver(url, 'orders.order_placed', harbor, order, event)
    expect(await deliver()).toMatchObject({ outcome: 'failed' })
    expect(await paymentOf(harbor, order.order)).toBeUndefined()
    expect(await deliver()).toMatchObject({ outcome: 'applied' })

    const after = await bankStatistics()
    expect(after.calls.charges - before.calls.charges).toBe(2)
    expect(after.charges - before.charges).toBe(1)
    expect(await paymentOf(harbor, order.order)).toMatchObject({ status: 'captured' })
  })

  test('a declined card is told with its reason, and nothing is refunded when the order is cancelled', async () => {
    const order = await newOrder(harbor, '4000000000000002')
    await bench.deliver(url, 'orders.order_placed', harbor, order)
    const payment = await paymentOf(harbor, order.order)
    expect(payment).toMatchObject({ status: 'failed', reason: 'card_declined' })
    await bench.deliver(url, 'orders.order_cancelled', harbor, { order: order.order })
    expect(await published(database, order.order)).toEqual([
      ['payments.payment_failed', { payment: payment!.id, order: order.order, reason: 'card_declined' }],
    ])
  })

  test("another organization's card is unknown", async () => {
    const order = { ...(await newOrder(harbor)), card: await saveCard(newSandbox()) }
    await bench.deliver(url, 'orders.order_placed', harbor, order)
    expect(await paymentOf(harbor, order.order)).toMatchObject({ status: 'failed', reason: 'card_unknown' })
  })
})

describe('the company’s own card', () => {
  const bot: Identity = { ...harbor, actor: 'bot', run: 'run_1' }
  const order = () => ({
    order: `order_${crypto.randomUUID()}`,
    amount: 4900,
    currency: 'EUR',
    card: botCard,
  })

  test('pays what a bot orders, at the bank, and gets its money back', async () => {
    const ordered = order()
    await bench.deliver(url, 'orders.order_placed', bot, ordered)
    const payment = await paymentOf(bot, ordered.order)
    expect(payment).toMatchObject({ status: 'captured', amount: 4900, card: { last4: null } })
    await bench.deliver(url, 'orders.order_cancelled', bot, ordered)
    expect((await bankStatistics()).byReference[payment!.id]).toEqual({
      charges: 1,
      charged: 4900,
      refunds: 1,
      refunded: 4900,
    })
  })

  test('is refused to customers and to sandboxes, whoever named it, and the bank is not asked', async () => {
    const before = await bankStatistics()
    for (const identity of [harbor, { ...harbor, actor: 'service' as const }, newSandbox()]) {
      const ordered = order()
      await bench.deliver(url, 'orders.order_placed', identity, ordered)
      expect(await paymentOf(identity, ordered.order)).toMatchObject({
        status: 'failed',
        reason: 'card_refused',
      })
    }
    expect(await bankStatistics()).toEqual(before)
  })

  test('is the only one of a bot, which can have no other made either', async () => {
    const ordered = { ...order(), card: await saveCard(harbor) }
    const before = await bankStatistics()
    await bench.deliver(url, 'orders.order_placed', bot, ordered)
    expect(await paymentOf(bot, ordered.order)).toMatchObject({ status: 'failed', reason: 'card_refused' })
    expect(await call(bot, 'POST', '/cards', { number: '4242424242424242' })).toMatchObject({
      status: 422,
      body: { code: 'card_refused' },
    })
    expect(await bankStatistics()).toEqual(before)
  })
})

describe('in a sandbox', () => {
  test('everything works the same, and nothing reaches the bank', async () => {
    const before = await bankStatistics()
    const sandbox = newSandbox()
    const good = await newOrder(sandbox)
    const bad = await newOrder(sandbox, '4000000000000002')
    for (const order of [good, bad]) await bench.deliver(url, 'orders.order_placed', sandbox, order)
    await bench.deliver(url, 'orders.order_cancelled', sandbox, { order: good.order })
    expect(await paymentOf(sandbox, good.order)).toMatchObject({ status: 'refunded' })
    expect(await paymentOf(sandbox, bad.order)).toMatchObject({ status: 'failed', reason: 'card_declined' })
    expect(await bankStatistics()).toEqual(before)
  })

  test("nothing of another organization's payments is found", async () => {
    const order = await newOrder(harbor)
    await bench.deliver(url, 'orders.order_placed', harbor, order)
    const { id } = (await paymentOf(harbor, order.order))!
    expect((await call(newSandbox(), 'GET', `/payments/${id}`)).body).toMatchObject({
      code: 'payment_unknown',
    })
  })
})

test('no card number is stored or recorded anywhere', async () => {
  const sandbox = newSandbox()
  const number = '378282246310005'
  await bench.deliver(url, 'orders.order_placed', sandbox, await newOrder(sandbox, number))
  for (const table of ['cards', 'payments', 'rockpool.outbox']) {
    const { rows } = await database.query<{ text: string }>(
      `select t::text as text from ${table} t where organization = $1`,
      [sandbox.organization],
    )
    expect(rows.length, table).toBeGreaterThan(0)
    expect(JSON.stringify(rows), table).not.toContain(number.slice(0, 8))
  }
})

test('what is no card, no JSON or no path of ours is refused as a problem', async () => {
  const refused = await call(harbor, 'POST', '/cards', { number: '4242424242424241' })
  expect(refused).toMatchObject({ status: 422, body: { code: 'card_invalid' } })
  expect(await call(harbor, 'POST', '/cards', '{')).toMatchObject({
    status: 400,
    body: { code: 'bad_request' },
  })
  expect(await call(harbor, 'POST', '/cards', 'x'.repeat(70_000))).toMatchObject({ status: 413 })
  expect(await call(harbor, 'GET', '/payments?limit=x')).toMatchObject({
    status: 422,
    body: { code: 'invalid_input' },
  })
  expect(await call(harbor, 'GET', '/payments/%zz')).toMatchObject({ status: 400 })
  expect(await call(harbor, 'GET', '/refunds')).toMatchObject({ status: 404, body: { code: 'not_found' } })
})

test('without an identity only its health is told', async () => {
  expect((await fetch(`${url}/health`)).status).toBe(200)
  expect((await fetch(`${url}/harbor/payments`)).status).toBe(401)
})

test('while the database is down it says so, and serves again afterwards without a restart', async () => {
  const get = () => call(harbor, 'GET', '/payments')
  expect((await get()).status).toBe(200)
  await store.outage(async () => {
    expect(await get()).toMatchObject({ status: 503, body: { code: 'database_unreachable' } })
    expect((await fetch(`${url}/health`)).status).toBe(200)
  })
  expect((await get()).status).toBe(200)
})
