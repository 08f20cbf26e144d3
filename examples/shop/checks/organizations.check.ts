import { check } from 'rockpool'
import { putOnSale } from './steps.ts'

check('an organization sees nothing of another’s', { every: '1m' }, async (fixtures) => {
  const { api, step, expect } = fixtures
  const item = await putOnSale(fixtures, { name: 'Sextant', price: 45_000, stock: 1 })
  await step('a new organization has this item and no other', async () => {
    const { body } = await api.catalog.listItems({ query: { limit: 100 } })
    expect(body.items).toHaveLength(1)
    expect(body.items[0]?.id).toBe(item.id)
  })
  await step('its key opens nothing of Harbor Goods', async () => {
    const answers = [
      await api.catalog.listItems({ path: { organization: 'harbor' } }),
      await api.catalog.getItem({ path: { organization: 'harbor', id: item.id } }),
      await api.orders.listOrders({ path: { organization: 'harbor' } }),
    ]
    for (const { status, body } of answers) {
      expect(status).toBe(403)
      expect(body.code).toBe('organization_not_allowed')
    }
  })
})
