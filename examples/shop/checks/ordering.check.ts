import { check } from 'rockpool'

const goodCard = '4242424242424242'
const declinedCard = '4000000000000002'

check('a customer can order', { every: '1m' }, async ({ sandbox, api, step, expect }) => {
  const item = await step('put an item on sale', () =>
    api.catalog.createItem({ body: { name: 'Tide clock', price: 4900, currency: 'EUR', stock: 3 } }),
  )
  expect(item.status).toBe(201)
  const order = await step('place an order', () =>
    api.orders.placeOrder({ body: { item: item.body.id, card: goodCard } }),
  )
  expect(order.status).toBe(201)
  await step('it is paid within 10 s', () =>
    api.orders
      .getOrder({ path: { id: order.body.id } })
      .until((answer) => answer.body.status === 'paid', '10s'),
  )
  await step('the card is charged once, and only by a stand-in', async () => {
    expect(await sandbox.effects('bank.charge')).toHaveLength(1)
  })
  await step('the stock is one less within 10 s', () =>
    api.catalog.getItem({ path: { id: item.body.id } }).until((answer) => answer.body.stock === 2, '10s'),
  )
})

check(
  'an order is charged what the catalog shows',
  { every: '1m' },
  async ({ sandbox, api, step, expect }) => {
    const item = await step('put an item on sale', () =>
      api.catalog.createItem({ body: { name: 'Barometer', price: 12_900, currency: 'EUR', stock: 5 } }),
    )
    expect(item.status).toBe(201)
    await step('the catalog shows the price it was given', async () => {
      const shown = await api.catalog.getItem({ path: { id: item.body.id } })
      expect(shown.body, 'the item in the catalog').toMatchObject({ price: 12_900, currency: 'EUR' })
    })
    await step('a new price is shown at once', async () => {
      const changed = await api.catalog.updateItem({ path: { id: item.body.id }, body: { price: 9_900 } })
      expect(changed.status).toBe(200)
      const shown = await api.catalog.getItem({ path: { id: item.body.id } })
      expect(shown.body.price, 'the price in the catalog').toBe(9_900)
    })
    const order = await step('two are ordered at that price', async () => {
      const placed = await api.orders.placeOrder({
        body: { item: item.body.id, quantity: 2, card: goodCard },
      })
      expect(placed.status).toBe(201)
      expect(placed.body).toMatchObject({ price: 9_900, amount: 19_800, currency: 'EUR' })
      return placed
    })
    await step('the payment is of that amount within 10 s', async () => {
      const { body } = await api.payments
        .listPayments({ query: { order: order.body.id } })
        .until((answer) => answer.body.payments.length > 0, '10s')
      expect(body.payments).toHaveLength(1)
      expect(body.payments[0]).toMatchObject({ amount: 19_800, currency: 'EUR', card: { last4: '4242' } })
    })
    await step('and so is the charge at the bank', async () => {
      const [charge] = await sandbox.effects('bank.charge')
      expect(charge?.arguments, 'what the bank was asked').toHaveProperty('amount', 19_800)
    })
  },
)

check('an unknown item is refused clearly', { every: '1m' }, async ({ sandbox, api, step, expect }) => {
  await step('order what is not in the catalog', async () => {
    const answer = await api.orders.placeOrder({ body: { item: 'item_of_nobody', card: goodCard } })
    expect(answer.status).toBe(422)
    expect(answer.headers['content-type']).toContain('application/problem+json')
    expect(answer.body).toMatchObject({ code: 'item_unknown' })
    expect(answer.body.detail).toContain('item_of_nobody')
  })
  await step('nothing is ordered, and nothing charged', async () => {
    expect((await api.orders.listOrders()).body.orders).toHaveLength(0)
    expect(await sandbox.effects('bank.charge')).toHaveLength(0)
  })
})

check('a declined card gives the items back', { every: '1m' }, async ({ api, step, expect }) => {
  const item = await step('put an item on sale', () =>
    api.catalog.createItem({ body: { name: 'Brass compass', price: 7_500, currency: 'EUR', stock: 1 } }),
  )
  expect(item.status).toBe(201)
  const order = await step('order with a card that the bank declines', () =>
    api.orders.placeOrder({ body: { item: item.body.id, card: declinedCard } }),
  )
  expect(order.status).toBe(201)
  const failed = await step('its payment fails within 10 s', () =>
    api.orders
      .getOrder({ path: { id: order.body.id } })
      .until((answer) => answer.body.status === 'payment_failed', '10s'),
  )
  expect(failed.body.reason).toBe('card_declined')
  await step('the item can be ordered again within 10 s', () =>
    api.catalog.getItem({ path: { id: item.body.id } }).until((answer) => answer.body.stock === 1, '10s'),
  )
})
