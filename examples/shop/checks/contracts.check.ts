import { contract } from 'rockpool'
import { goodCard, placeOrder, putOnSale } from './steps.ts'

// Each service and its mock are asked the same: what teams build on a mock holds for the service that runs now. (The
// storefront answers with pages: storefront.check.ts looks at these.)

contract('catalog', {
  every: '1h',
  async given(fixtures) {
    const item = await putOnSale(fixtures, { name: 'Foghorn', price: 5900, stock: 3 })
    const order = await placeOrder(fixtures, { item: item.id, card: goodCard })
    const { api, step } = fixtures
    await step('the stock follows within 10 s', () =>
      api.catalog.getReservation({ path: { order: order.id } }).until(({ status }) => status === 200, '10s'),
    )
    return { getReservation: { path: { order: order.id } } }
  },
})

contract('orders', {
  every: '1h',
  async given(fixtures) {
    const item = await putOnSale(fixtures, { name: 'Foghorn', price: 5900, stock: 3 })
    return { placeOrder: { body: { item: item.id } } }
  },
})

contract('payments', {
  every: '1h',
  async given(fixtures) {
    const item = await putOnSale(fixtures, { name: 'Foghorn', price: 5900, stock: 3 })
    const order = await placeOrder(fixtures, { item: item.id, card: goodCard })
    const { api, step } = fixtures
    const { body } = await step('it is paid within 10 s', () =>
      api.payments
        .listPayments({ query: { order: order.id } })
        .until((answer) => answer.body.payments.length === 1, '10s'),
    )
    return { getPayment: { path: { id: body.payments[0]!.id } } }
  },
})

contract('delivery-quotes', { every: '1h' })
