import { check } from 'rockpool'
import { becomes, declinedCard, goodCard, placeOrder, putOnSale } from './steps.ts'

check('a customer can order', { every: '1m' }, async ({ sandbox, api, step, expect }) => {
  const item = await step('put an item on sale', async () => {
    const tideClock = { name: 'Tide clock', price: 4900, currency: 'EUR', stock: 3 }
    const { status, body } = await api.catalog.createItem({ body: tideClock })
    expect(status, body.detail).toBe(201)
    return body
  })
  const order = await step('place an order', async () => {
    const { status, body } = await api.orders.placeOrder({
      body: { item: item.id, card: '4242424242424242' },
    })
    expect(status, body.detail).toBe(201)
    return body
  })
  await step('it is paid within 10 s', () =>
    api.orders.getOrder({ path: { id: order.id } }).until(({ body }) => body.status === 'paid', '10s'),
  )
  await step('the card would have been charged once', async () => {
    expect(await sandbox.effects('bank.charge')).toHaveLength(1)
  })
})

check('an order is charged what the catalog shows', { every: '1m' }, async (fixtures) => {
  const { sandbox, api, step, expect } = fixtures
  const item = await putOnSale(fixtures, { name: 'Barometer', price: 12_900, stock: 5 })
  const path = { id: item.id }
  await step('the catalog shows the price it was given', async () => {
    const { body } = await api.catalog.getItem({ path })
    expect(body.price, 'the price in the catalog').toBe(12_900)
  })
  await step('a new price is shown at once', async () => {
    await api.catalog.updateItem({ path, body: { price: 9_900 } })
    const { body } = await api.catalog.getItem({ path })
    expect(body.price, 'the price in the catalog').toBe(9_900)
  })
  const order = await placeOrder(fixtures, { item: item.id, quantity: 2, card: goodCard })
  expect(order).toMatchObject({ price: 9_900, amount: 19_800, currency: 'EUR' })
  await becomes(fixtures, order, 'paid')
  await step('it is paid by one payment of that amount', async () => {
    const { body } = await api.payments.listPayments({ query: { order: order.id } })
    expect(body.payments).toHaveLength(1)
    expect(body.payments[0]).toMatchObject({ amount: 19_800, currency: 'EUR', card: { last4: '4242' } })
  })
  await step('and so much the bank would have charged', async () => {
    const [charge] = await sandbox.effects('bank.charge')
    expect(charge?.arguments).toHaveProperty('amount', 19_800)
  })
})

check('an unknown item is refused clearly', { every: '1m' }, async ({ sandbox, api, step, expect }) => {
  await step('order what is not in the catalog', async () => {
    const refused = await api.orders.placeOrder({ body: { item: 'item_of_nobody', card: goodCard } })
    expect(refused.status).toBe(422)
    expect(refused.headers['content-type']).toContain('application/problem+json')
    expect(refused.body.code).toBe('item_unknown')
    expect(refused.body.detail).toContain('item_of_nobody')
  })
  await step('nothing is ordered, and nothing charged', async () => {
    const { body } = await api.orders.listOrders()
    expect(body.orders).toHaveLength(0)
    expect(await sandbox.effects('bank.charge')).toHaveLength(0)
  })
})

check('a declined card is told with its reason', { every: '1m' }, async (fixtures) => {
  const { api, step, expect } = fixtures
  const item = await putOnSale(fixtures, { name: 'Brass compass', price: 7_500, stock: 1 })
  const order = await placeOrder(fixtures, { item: item.id, card: declinedCard })
  const { reason } = await becomes(fixtures, order, 'payment_failed')
  expect(reason).toBe('card_declined')
  await step('and no payment was captured', async () => {
    const { body } = await api.payments.listPayments()
    expect(body.payments).toHaveLength(1)
    expect(body.payments[0]).toMatchObject({ order: order.id, status: 'failed' })
  })
})
