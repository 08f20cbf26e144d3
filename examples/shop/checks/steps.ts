import type { Fixtures } from 'rockpool'

// Steps that several checks share: functions of the fixtures, nothing more.

export const goodCard = '4242424242424242'
export const declinedCard = '4000000000000002'

export interface Item {
  id: string
  price: number
  stock: number
}

export interface Order {
  id: string
  price: number
  amount: number
  currency: string
  status: string
  reason: string | null
}

export function putOnSale(
  { api, step, expect }: Pick<Fixtures, 'api' | 'step' | 'expect'>,
  item: { name: string; price: number; stock: number },
): Promise<Item> {
  return step('put an item on sale', async () => {
    const { status, body } = await api.catalog.createItem({ body: { ...item, currency: 'EUR' } })
    expect(status, body.detail).toBe(201)
    return body
  })
}

export function placeOrder(
  { api, step, expect }: Fixtures,
  order: { item: string; quantity?: number; card: string },
): Promise<Order> {
  return step('place an order', async () => {
    const { status, body } = await api.orders.placeOrder({ body: order })
    expect(status, body.detail).toBe(201)
    return body
  })
}

export function becomes({ api, step }: Fixtures, order: Order, status: string): Promise<Order> {
  return step(`the order is ${status} within 10 s`, async () => {
    const { body } = await api.orders
      .getOrder({ path: { id: order.id } })
      .until((answer) => answer.body.status === status, '10s')
    return body
  })
}

export function hasStock({ api, step }: Fixtures, item: Item, stock: number): Promise<unknown> {
  return step(`${stock} are in stock within 10 s`, () =>
    api.catalog.getItem({ path: { id: item.id } }).until((answer) => answer.body.stock === stock, '10s'),
  )
}
