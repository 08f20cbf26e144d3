import { check } from 'rockpool'

check("an organization sees nothing of another's", { every: '1m' }, async ({ api, step, expect }) => {
  const item = await step('put an item on sale', () =>
    api.catalog.createItem({ body: { name: 'Sextant', price: 45_000, currency: 'EUR', stock: 1 } }),
  )
  expect(item.status).toBe(201)
  await step('a new organization has this item and no other', async () => {
    const { body } = await api.catalog.listItems({ query: { limit: 100 } })
    expect(body.items).toHaveLength(1)
    expect(body.items[0].id).toBe(item.body.id)
  })
  await step('its key does not open the items of Harbor Goods, nor the orders', async () => {
    for (const answer of [
      await api.catalog.listItems({ path: { organization: 'harbor' } }),
      await api.catalog.getItem({ path: { organization: 'harbor', id: item.body.id } }),
      await api.orders.listOrders({ path: { organization: 'harbor' } }),
    ]) {
      expect(answer.status).toBe(403)
      expect(answer.body.code).toBe('organization_not_allowed')
    }
  })
})
