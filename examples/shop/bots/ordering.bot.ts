import { bot } from 'rockpool'
import type { BotFixtures, Created } from 'rockpool'

// A customer that is a program: every minute it orders from the real shop, with a card of the company's own, and gives
// everything back. It buys what everybody can buy, and leaves the assortment as it was.

interface Item {
  id: string
  price: number
  stock: number
}

interface Order {
  id: string
  status: string
  amount: number
}

bot('order and cancel', { every: '1m', putBack }, async (fixtures) => {
  const { bot: self, api, step, expect, until, ledger } = fixtures
  const { card } = self
  if (card === null) throw new Error('this bot orders with a card of its own, and its grant names none')
  const item = await step('choose what there is most of', async () => {
    const { status, body } = await api.catalog.listItems({ query: { limit: 100 } })
    expect(status, body.detail).toBe(200)
    const [most] = (body.items as Item[]).toSorted((one, other) => other.stock - one.stock)
    expect(most?.stock ?? 0, 'the largest stock in the catalog').toBeGreaterThan(0)
    return most!
  })
  const order = await step('order it', async () => {
    const { status, body } = await api.orders.placeOrder({
      body: { item: item.id, card, email: self.email },
      headers: { 'idempotency-key': self.run },
    })
    expect(status, body.detail).toBe(201)
    return body
  })
  await step('find it by the bots’ domain, and by this run’s address alone', async () => {
    const { body } = await api.orders.listOrders({ query: { domain: self.domain, limit: 100 } })
    expect(idsOf(body.orders)).toContain(order.id)
    expect(idsOf(await ordersOf(fixtures, { email: self.email }))).toEqual([order.id])
  })
  await step('find it in the ledger', () =>
    until(async () => (await ledger()).some(({ resource }) => resource === order.id), '10s'),
  )
  await step('it is paid within 10 s', () =>
    api.orders.getOrder({ path: { id: order.id } }).until(({ body }) => body.status === 'paid', '10s'),
  )
  await step('it is taken from the stock within 10 s', () =>
    api.catalog
      .getReservation({ path: { order: order.id } })
      .until(({ body }) => body.state === 'taken', '10s'),
  )
  await giveBack(fixtures, order.id)
  await step('as much is refunded as was paid, once', async () => {
    const { body } = await api.payments.listPayments({ query: { order: order.id } })
    expect(body.payments).toHaveLength(1)
    expect(body.payments[0]).toMatchObject({ status: 'refunded', amount: item.price })
  })
})

/**
 * An earlier run was killed, or failed: what it ordered is cancelled. Where nobody knows what came of a call, the run's address
 * tells, with the key that it was made with where it had one: a key alone could be a customer's.
 */
async function putBack(fixtures: BotFixtures, created: Created): Promise<void> {
  // Perhaps a cancellation that nobody heard the answer of: to cancel twice changes nothing.
  const cancelled = /\/orders\/([^/]+)\/cancel$/.exec(created.path)?.[1]
  if (!cancelled && !created.path.endsWith('/orders'))
    throw new Error(`this bot orders, and makes nothing at ${created.path}`)
  const known = cancelled ?? created.resource
  const { idempotencyKey, run } = created
  const query = { email: fixtures.bot.emailOf(run), ...(idempotencyKey !== null && { idempotencyKey }) }
  const left = known === null ? idsOf(await ordersOf(fixtures, query)) : [known]
  for (const order of left) await giveBack(fixtures, order)
}

/** Cancels an order, and sees stock and money restored: by what its own reservation and payment say, as others buy too. */
async function giveBack({ api, step, expect }: BotFixtures, order: string): Promise<void> {
  const path = { id: order }
  await step('cancel it', async () => {
    const { status, body } = await api.orders.cancelOrder({ path })
    // An order whose payment failed has nothing left to cancel: its items went back by themselves.
    if (body.code !== 'order_not_cancellable') expect(status, body.detail).toBe(200)
  })
  await step('its stock is restored within 10 s', () =>
    api.catalog
      .getReservation({ path: { order } })
      .until(({ body }) => body.state === 'restored' || body.state === 'sold_out', '10s'),
  )
  await step('its money is back within 10 s', () =>
    api.payments
      .listPayments({ query: { order } })
      .until(({ body }) => ['refunded', 'failed'].includes(body.payments?.[0]?.status ?? ''), '10s'),
  )
}

async function ordersOf({ api, expect }: BotFixtures, query: Record<string, string>): Promise<Order[]> {
  const { status, body } = await api.orders.listOrders({ query: { ...query, limit: 100 } })
  expect(status, body.detail).toBe(200)
  return body.orders
}

const idsOf = (orders: Order[]): string[] => orders.map(({ id }) => id)
