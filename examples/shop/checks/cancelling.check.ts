import { check } from 'rockpool'

check(
  'a cancelled order is refunded and its stock restored',
  { every: '1m' },
  async ({ sandbox, api, step, expect }) => {
    const item = await step('put an item on sale', () =>
      api.catalog.createItem({ body: { name: 'Ship in a bottle', price: 3_200, currency: 'EUR', stock: 4 } }),
    )
    expect(item.status).toBe(201)
    const path = { id: item.body.id }
    const order = await step('place an order', () =>
      api.orders.placeOrder({ body: { item: item.body.id, quantity: 3, card: '4242424242424242' } }),
    )
    expect(order.status).toBe(201)
    await step('it is paid within 10 s', () =>
      api.orders
        .getOrder({ path: { id: order.body.id } })
        .until((answer) => answer.body.status === 'paid', '10s'),
    )
    await step('its items are taken from the stock within 10 s', () =>
      api.catalog.getItem({ path }).until((answer) => answer.body.stock === 1, '10s'),
    )
    await step('cancel it', async () => {
      const cancelled = await api.orders.cancelOrder({ path: { id: order.body.id } })
      expect(cancelled.status).toBe(200)
      expect(cancelled.body.status).toBe('cancelled')
    })
    await step('the money is refunded within 10 s', () =>
      api.orders
        .getOrder({ path: { id: order.body.id } })
        .until((answer) => answer.body.status === 'refunded', '10s'),
    )
    await step('the stock is restored within 10 s', () =>
      api.catalog.getItem({ path }).until((answer) => answer.body.stock === 4, '10s'),
    )
    await step('what was charged was refunded, once', async () => {
      expect(await sandbox.effects('bank.charge')).toHaveLength(1)
      const refunds = await sandbox.effects('bank.refund')
      expect(refunds).toHaveLength(1)
      expect(refunds[0]?.arguments).toHaveProperty('amount', 9_600)
    })
  },
)
