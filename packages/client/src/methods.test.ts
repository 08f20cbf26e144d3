import { afterEach, expect, expectTypeOf, test } from 'vitest'
import { notes } from '../test/paths.ts'
import type { Order, paths } from '../test/paths.ts'
import { json, startService } from '../test/service.ts'
import { ApiError, createClient, isStatus, withMethods } from './index.ts'
import type { Client, Method } from './index.ts'

/** As the generator writes it. */
interface Methods<Given extends string = never> {
  orders: {
    listOrders: Method<paths['/orders']['get'], Given>
    createOrder: Method<paths['/orders']['post'], Given>
    getOrder: Method<paths['/orders/{order}']['get'], Given>
  }
  items: { getItem: Method<paths['/{organization}/items/{item}']['get'], Given> }
}
type Whole<Given extends string = never> = Omit<Client<paths, typeof notes, Given>, 'organization'> &
  Methods<Given> & { organization(slug: string): Whole<Given | 'organization'> }

let close = async () => {}
afterEach(() => close())

async function given(answer: Parameters<typeof startService>[0]) {
  const service = await startService(answer)
  close = service.close
  const client = createClient<paths, typeof notes>({
    environment: 'sandbox',
    baseUrl: service.url,
    operations: notes,
  })
  return { ...service, client: withMethods<Whole>(client, notes) }
}

test('a method gives what was answered, and throws what was refused', async () => {
  const problem = { 'content-type': 'application/problem+json' }
  const { client, received } = await given((response, { method }, count) =>
    count === 1
      ? json(response, 201, { id: 'a', total: 3 })
      : json(
          response,
          method === 'GET' ? 404 : 422,
          { code: 'order_unknown', detail: 'no such order' },
          problem,
        ),
  )
  const order = await client.orders.createOrder({ body: { total: 3 } })
  expectTypeOf(order).toEqualTypeOf<Order>()
  expect(order).toEqual({ id: 'a', total: 3 })
  const error: unknown = await client.orders
    .getOrder({ params: { path: { order: 'b' } } })
    .catch((it: unknown) => it)
  expect(error).toBeInstanceOf(ApiError)
  expect(error).toMatchObject({ operation: 'getOrder', message: 'getOrder answered 404: no such order' })
  // Of another operation, or another status, it is none.
  expect(isStatus(error, 404, client.orders.listOrders)).toBe(false)
  expect(isStatus(error, 422, client.orders.getOrder)).toBe(false)
  if (!isStatus(error, 404, client.orders.getOrder)) throw error
  expectTypeOf(error.body).toEqualTypeOf<{ code: string; detail: string }>()
  expectTypeOf(error.status).toEqualTypeOf<404>()
  expect(error.body.code).toBe('order_unknown')
  expect(received.map(({ method, url }) => `${method} ${url}`)).toEqual(['POST /orders', 'GET /orders/b'])
})

test('the body of an error is typed by its status: itself, its class, else the default', () => {
  const read = (error: unknown, { orders }: Methods) => {
    if (isStatus(error, 503, orders.getOrder)) expectTypeOf(error.body).toEqualTypeOf<{ broken: string }>()
    if (isStatus(error, 500, orders.createOrder)) expectTypeOf(error.body).toEqualTypeOf<{ sorry: true }>()
    if (isStatus(error, 401, orders.getOrder)) expectTypeOf(error.body).toBeUnknown()
    if (isStatus(error, 404)) expectTypeOf(error.body).toBeUnknown()
  }
  expect(read).toBeTypeOf('function')
})

test('methods of an organization need it no more; others do', async () => {
  const { client, received } = await given((response) => json(response, 200, { id: 'i' }))
  await client.organization('acme').items.getItem({ params: { path: { item: 'i' } } })
  await client.items.getItem({ params: { path: { organization: 'acme', item: 'j' } } })
  // @ts-expect-error: the organization is missing
  await expect(client.items.getItem({ params: { path: { item: 'i' } } })).rejects.toMatchObject({
    code: 'invalid_input',
  })
  // @ts-expect-error: the item is missing
  await expect(client.organization('acme').items.getItem()).rejects.toMatchObject({ code: 'invalid_input' })
  expect(received.map(({ url }) => url)).toEqual(['/acme/items/i', '/acme/items/j'])
})
