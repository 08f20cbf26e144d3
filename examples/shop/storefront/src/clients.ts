import type { Rockpool } from '@rockpool/sdk'
import { Failure, serviceDown } from './failure.ts'

// The other services, asked through the gateway as whoever is looking at the page: `rockpool.fetch` says for whom.

export interface Item {
  id: string
  name: string
  /** Minor units of `currency`. */
  price: number
  currency: string
  stock: number
}

export interface Order {
  id: string
  amount: number
  currency: string
  status: 'placed' | 'paid' | 'payment_failed' | 'cancelled' | 'refunded'
  reason: string | null
}

/** What a service refused, in the words that it told; `code` is stable. */
export interface Refused {
  code: string
  detail: string
}

export async function listItems(
  rockpool: Rockpool,
  cursor?: string,
): Promise<{ items: Item[]; next: string | null }> {
  const page = cursor === undefined ? '' : `&cursor=${encodeURIComponent(cursor)}`
  const answer = await call(rockpool, 'catalog', `items?limit=24${page}`)
  if (answer.status === 422)
    throw new Failure(404, 'No such page', 'There is no such page of the assortment.')
  return (await readOk(answer, 'catalog')) as { items: Item[]; next: string | null }
}

/** Undefined where the catalog does not know it. */
export async function findItem(rockpool: Rockpool, id: string): Promise<Item | undefined> {
  const answer = await call(rockpool, 'catalog', `items/${encodeURIComponent(id)}`)
  if (answer.status === 404) return undefined
  return (await readOk(answer, 'catalog')) as Item
}

export async function getOrder(rockpool: Rockpool, id: string): Promise<Order> {
  return (await readOk(await call(rockpool, 'orders', `orders/${encodeURIComponent(id)}`), 'orders')) as Order
}

/** Exchanges a card number for a token. */
export async function tokenizeCard(rockpool: Rockpool, number: string): Promise<{ token: string } | Refused> {
  const answer = await call(rockpool, 'payments', 'cards', { body: { number } })
  if (answer.status === 422) return refusal(answer)
  return (await readOk(answer, 'payments')) as { token: string }
}

/** `key`: however often it is called with it, one order is placed. */
export async function placeOrder(
  rockpool: Rockpool,
  key: string,
  order: { item: string; quantity: number; card: string; email: string },
): Promise<Order | Refused> {
  const answer = await call(rockpool, 'orders', 'orders', { body: order, key })
  if (answer.status === 409 || answer.status === 422) return refusal(answer)
  return (await readOk(answer, 'orders')) as Order
}

async function call(
  rockpool: Rockpool,
  service: string,
  path: string,
  { body, key }: { body?: object; key?: string } = {},
): Promise<Response> {
  const { organization } = rockpool.identity()
  const headers = { 'content-type': 'application/json', ...(key ? { 'idempotency-key': key } : {}) }
  const init = body ? { method: 'POST', headers, body: JSON.stringify(body) } : {}
  try {
    return await rockpool.fetch(`/${organization}/${path}`, { ...init, signal: AbortSignal.timeout(10_000) })
  } catch (cause) {
    throw serviceDown(service, cause)
  }
}

async function readOk(answer: Response, service: string): Promise<unknown> {
  if (answer.ok) return answer.json().catch((cause: unknown) => Promise.reject(serviceDown(service, cause)))
  await answer.body?.cancel()
  throw serviceDown(service, `${service} answered ${answer.status}`)
}

async function refusal(answer: Response): Promise<Refused> {
  const { code, detail } = (await answer.json().catch(() => ({}))) as Partial<Refused>
  return { code: code ?? 'refused', detail: detail ?? 'It was refused without a reason.' }
}
