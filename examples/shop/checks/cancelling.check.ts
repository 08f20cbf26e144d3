import { check } from 'rockpool'
import { becomes, goodCard, hasStock, placeOrder, putOnSale } from './steps.ts'

check('a cancelled order is refunded and its stock restored', { every: '1m' }, async (fixtures) => {
  const { sandbox, api, step, expect } = fixtures
  const item = await putOnSale(fixtures, { name: 'Ship in a bottle', price: 3_200, stock: 4 })
  const order = await placeOrder(fixtures, { item: item.id, quantity: 3, card: goodCard })
  await becomes(fixtures, order, 'paid')
  await hasStock(fixtures, item, 1)
  await step('cancel it', async () => {
    const { status, body } = await api.orders.cancelOrder({ path: { id: order.id } })
    expect(status, body.detail).toBe(200)
    expect(body.status).toBe('cancelled')
  })
  await becomes(fixtures, order, 'refunded')
  await hasStock(fixtures, item, 4)
  await step('what was charged is refunded, once', async () => {
    expect(await sandbox.effects('bank.charge')).toHaveLength(1)
    const refunds = await sandbox.effects('bank.refund')
    expect(refunds).toHaveLength(1)
    expect(refunds[0]?.arguments).toHaveProperty('amount', 9_600)
  })
})
