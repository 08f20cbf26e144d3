import { afterEach, expect, test } from 'vitest'
import { notes } from '../test/paths.ts'
import type { Order, paths } from '../test/paths.ts'
import { json, startService } from '../test/service.ts'
import { createClient } from './index.ts'

const open: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of open.splice(0)) await close()
})

async function given(answer: Parameters<typeof startService>[0]) {
  const service = await startService(answer)
  open.push(service.close)
  const options = { environment: 'sandbox', baseUrl: service.url, operations: notes } as const
  return { ...service, client: createClient<paths, typeof notes>(options) }
}

const all = Array.from({ length: 5 }, (_, index) => ({ id: `order_${index}` }))

/** Two at a time, as the control API does it. */
const byCursor: Parameters<typeof startService>[0] = (response, { url }) => {
  const from = Number(new URL(url, 'http://x').searchParams.get('cursor') ?? 0)
  json(response, 200, {
    items: all.slice(from, from + 2),
    next: from + 2 < all.length ? String(from + 2) : null,
  })
}

/** Never more than two, whatever is asked for. */
const byOffset: Parameters<typeof startService>[0] = (response, { url }) => {
  const from = Number(new URL(url, 'http://x').searchParams.get('offset') ?? 0)
  json(response, 200, all.slice(from, from + 2))
}

test('a list with cursors gives every item once, and asks for a page when it is needed', async () => {
  const { client, received } = await given(byCursor)
  const pages = client.pages('/orders', { params: { query: { status: ['open'] } } })
  expect(received).toEqual([])
  const ids: string[] = []
  for await (const order of pages) {
    ids.push(order.id)
    if (ids.length === 2) expect(received).toHaveLength(1)
  }
  expect(ids).toEqual(all.map(({ id }) => id))
  expect(received.map(({ url }) => url)).toEqual([
    '/orders?status=open',
    '/orders?status=open&cursor=2',
    '/orders?status=open&cursor=4',
  ])
  const again: Order[] = []
  for await (const order of pages) again.push(order)
  expect(again).toEqual(all)
})

test('a list with an offset loses nothing when the service gives less than it was asked for', async () => {
  const { client, received } = await given(byOffset)
  const items: Order[] = []
  for await (const item of client
    .organization('acme')
    .pages('/{organization}/items', { params: { query: { limit: 100 } } }))
    items.push(item)
  expect(items).toEqual(all)
  expect(received.at(-1)?.url).toBe('/acme/items?limit=100&offset=5')
})

test('reading goes on from any page, also in another process', async () => {
  for (const [answer, path] of [
    [byCursor, '/orders'],
    [byOffset, '/{organization}/items'],
  ] as const) {
    const { client } = await given(answer)
    const scoped = client.organization('acme')
    let next: string | number | null = null
    for await (const page of scoped.pages(path).byPage()) {
      next = JSON.parse(JSON.stringify(page.next)) as string | number | null
      break
    }
    const rest: unknown[] = []
    for await (const item of scoped.pages(path, {}, { from: next! })) rest.push(item)
    expect(rest).toEqual(all.slice(2))
  }
})

test('reading is bounded, and a list that leads back to itself ends', async () => {
  let count = 0
  const endless = await given((response) =>
    json(response, 200, { items: [{ id: 'a' }], next: String(++count) }),
  )
  const read = async (pages: AsyncIterable<unknown>) => {
    for await (const _ of pages);
  }
  await expect(read(endless.client.pages('/orders', {}, { maxPages: 3 }))).rejects.toMatchObject({
    code: 'too_many_pages',
    message: 'the list of listOrders has more than 3 pages; go on from “3” if that is right',
  })
  expect(endless.received).toHaveLength(3)
  const circle = await given((response) => json(response, 200, { items: [], next: 'a' }))
  await expect(read(circle.client.pages('/orders'))).rejects.toMatchObject({ code: 'too_many_pages' })
  expect(circle.received).toHaveLength(2)
})

test('a refusal, and an answer that is no list, are told', async () => {
  const refused = await given((response) => json(response, 403, {}))
  const read = async (pages: AsyncIterable<unknown>) => {
    for await (const _ of pages);
  }
  await expect(read(refused.client.pages('/orders'))).rejects.toMatchObject({
    status: 403,
    operation: 'listOrders',
  })
  const other = await given((response) => json(response, 200, { items: {} }))
  await expect(read(other.client.pages('/orders'))).rejects.toMatchObject({ code: 'unreadable_answer' })
  // @ts-expect-error: nothing is known of its pages
  expect(() => other.client.pages('/orders/{order}')).toThrow('nothing is known of the pages')
})
