/** A client of the public API: through the gateway, with a key, as any customer. */
export interface Customer {
  call(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Reply>
}

export interface Reply {
  status: number
  headers: Headers
  // oxlint-disable-next-line typescript/no-explicit-any -- whatever the API answers
  body: any
}

export function customer(gateway: string, key?: string): Customer {
  return {
    async call(method, path, body, headers = {}) {
      const response = await fetch(new URL(path, gateway), {
        method,
        headers: {
          ...(key ? { authorization: `Bearer ${key}` } : {}),
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...headers,
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      })
      const text = await response.text()
      const json = response.headers.get('content-type')?.includes('json')
      return { status: response.status, headers: response.headers, body: json ? JSON.parse(text) : text }
    },
  }
}

/** Puts an item on sale and orders it; resolves when it is paid. */
export async function buy(
  client: Customer,
  organization: string,
  price = 4_900,
): Promise<{ item: string; order: string }> {
  const item = await client.call('POST', `/${organization}/items`, {
    name: 'Tide clock',
    price,
    currency: 'EUR',
    stock: 3,
  })
  if (item.status !== 201) throw new Error(`createItem: ${item.status} ${JSON.stringify(item.body)}`)
  const order = await client.call('POST', `/${organization}/orders`, {
    item: item.body.id,
    card: '4242424242424242',
  })
  if (order.status !== 201) throw new Error(`placeOrder: ${order.status} ${JSON.stringify(order.body)}`)
  return { item: item.body.id as string, order: order.body.id as string }
}
