import { once } from 'node:events'
import { createServer } from 'node:http'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { serve } from '@hono/node-server'
import { createPool } from '@rockpool/sdk'
import type { Identity, Pool } from '@rockpool/sdk'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createServiceDatabase } from '../../testing/database.ts'
import type { ServiceDatabase } from '../../testing/database.ts'
import { createBench, harbor, newSandbox } from '../../testing/rockpool.ts'
import type { Bench } from '../../testing/rockpool.ts'
import { createApp } from './app.ts'

// In place of the gateway with the other services behind it: answers by `METHOD resource`, and what was asked.
type Answer = [status: number, body: unknown]
let answers: Record<string, Answer | ((body: Record<string, string>) => Answer)>
let asked: { call: string; key: string | undefined; body: Record<string, string> }[]

let gateway: Server
let server: Server
let database: Pool
let store: ServiceDatabase
let bench: Bench
let url: string

beforeAll(async () => {
  gateway = createServer(async (request, response) => {
    const [, , resource, id] = (request.url ?? '').split('?')[0]!.split('/')
    const text = (await request.toArray()).join('')
    const body = (text ? JSON.parse(text) : {}) as Record<string, string>
    const key = request.headers['idempotency-key'] as string | undefined
    asked.push({ call: `${request.method} ${request.url}`, key, body })
    const wanted = answers[`${request.method} ${resource}/${id}`] ?? answers[`${request.method} ${resource}`]
    const [status, answer] = (typeof wanted === 'function' ? wanted(body) : wanted) ?? [502, {}]
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(answer))
  }).listen(0, '127.0.0.1')
  await once(gateway, 'listening')
  store = await createServiceDatabase(new URL('../migrations/', import.meta.url))
  database = createPool(store.url)
  bench = createBench({
    service: 'storefront',
    database,
    gatewayUrl: `http://127.0.0.1:${(gateway.address() as AddressInfo).port}`,
    consumes: [],
  })
  server = serve({
    fetch: createApp(bench.rockpool, database).fetch,
    hostname: '127.0.0.1',
    port: 0,
  }) as Server
  await once(server, 'listening')
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterAll(async () => {
  for (const each of [server, gateway]) {
    each.close()
    each.closeAllConnections()
  }
  await database.end()
  await store.drop()
})

const clock = { id: 'item_1', name: 'Tide clock', price: 4900, currency: 'EUR', stock: 3 }
const flag = { id: 'item_2', name: 'Signal flag', price: 1900, currency: 'EUR', stock: 50 }
beforeEach(() => {
  asked = []
  answers = {
    'GET items': [404, {}],
    'GET items/undefined': [200, { items: [clock, flag], next: null }],
    'GET items/item_1': [200, clock],
    'GET items/item_2': [200, flag],
    'POST cards': [201, { token: 'card_1', last4: '4242' }],
    'POST orders': ({ item }) => [201, { id: `order_of_${item}`, status: 'placed' }],
    'GET orders': [
      200,
      { id: 'order_of_item_1', amount: 4900, currency: 'EUR', status: 'paid', reason: null },
    ],
  }
})

/** A browser, as far as these pages need one: it keeps the cookie and follows a redirect after a form. */
function browser(identity: Identity, headers: Record<string, string> = {}) {
  const jar = new Map<string, string>()
  const home = `/${identity.organization}/shop`
  async function go(path: string, form?: Record<string, string>, more: Record<string, string> = {}) {
    const answer = await fetch(`${url}${path}`, {
      method: form ? 'POST' : 'GET',
      redirect: 'manual',
      headers: {
        ...bench.as(identity),
        'x-forwarded-host': '127.0.0.1:8470',
        'x-forwarded-proto': 'http',
        cookie: [...jar].map(([name, value]) => `${name}=${value}`).join('; '),
        ...(form ? { origin: 'http://127.0.0.1:8470', 'sec-fetch-site': 'same-origin' } : {}),
        ...headers,
        ...more,
      },
      ...(form ? { body: new URLSearchParams(form) } : {}),
    })
    const [pair] = (answer.headers.get('set-cookie') ?? '').split(';')
    if (pair) jar.set(...(pair.split('=') as [string, string]))
    const text = await answer.text()
    return { status: answer.status, headers: answer.headers, text, location: answer.headers.get('location') }
  }
  return {
    jar,
    get: (path = '') => go(home + path),
    post: (path: string, form: Record<string, string>, more?: Record<string, string>) =>
      go(home + path, form, more),
    /** Puts an item into the cart and opens the payment page; the fields that are hidden in it. */
    async toPayment(item = 'item_1', quantity = '1') {
      await go(`${home}/cart`, { item, quantity, do: 'add' })
      const { text } = await go(`${home}/pay`)
      const hidden = (name: string) => new RegExp(`name="${name}"\\s+value="([^"]*)"`).exec(text)?.[1] ?? ''
      return { purchase: hidden('purchase'), total: hidden('total') }
    },
  }
}

const typed = { email: 'mia@harbor.example', card: '4242 4242 4242 4242' }
const ordered = () => asked.filter(({ call }) => /^POST .*\/orders$/.test(call))

describe('a visitor', () => {
  test('buys: browses, puts into the cart, pays, and sees that it is paid', async () => {
    const identity = { ...harbor, actor: 'anonymous' as const }
    const mia = browser(identity)
    expect((await mia.get()).text).toMatch(/Tide clock[\s\S]*€49\.00[\s\S]*Only 3 left/)
    expect((await mia.get('/items/item_1')).text).toContain('Add to cart')
    const added = await mia.post('/cart', { item: 'item_1', quantity: '2', do: 'add' })
    expect(added).toMatchObject({ status: 303, location: '/harbor/shop/cart' })
    expect((await mia.get('/cart')).text).toMatch(/value="2"[\s\S]*€98\.00/)
    const hidden = await mia.toPayment('item_1', '1')
    expect(hidden.total).toBe('14700')
    const paid = await mia.post('/pay', { ...hidden, ...typed })
    expect(paid).toMatchObject({ status: 303, location: `/harbor/shop/purchases/${hidden.purchase}` })
    expect(ordered()).toEqual([
      {
        call: 'POST /harbor/orders',
        key: `${hidden.purchase}/item_1`,
        body: { item: 'item_1', quantity: 3, card: 'card_1', email: 'mia@harbor.example' },
      },
    ])
    const bought = await mia.get(`/purchases/${hidden.purchase}`)
    expect(bought.text).toMatch(/<h1>Thank you, it is paid<\/h1>[\s\S]*order_of_item_1/)
    expect((await mia.get('/cart')).text).toContain('It is empty')
  })

  test('who sends the form twice, or again after an outage, orders once', async () => {
    const mia = browser(newSandbox())
    const hidden = await mia.toPayment()
    answers['POST orders'] = [503, {}]
    const outage = await mia.post('/pay', { ...hidden, ...typed })
    expect(outage.status).toBe(503)
    expect(outage.text).toContain('orders nothing twice')
    expect(outage.text).toContain(hidden.purchase)
    answers['POST orders'] = [201, { id: 'order_1', status: 'placed' }]
    for (let time = 0; time < 2; time++)
      expect((await mia.post('/pay', { ...hidden, ...typed })).status).toBe(303)
    expect(ordered().map(({ key }) => key)).toEqual(Array(2).fill(`${hidden.purchase}/item_1`))
  })

  test('can change the cart and take out of it, and no more fits into it than it holds', async () => {
    const mia = browser(newSandbox())
    await mia.post('/cart', { item: 'item_1', quantity: '1', do: 'add' })
    await mia.post('/cart', { item: 'item_1', quantity: '3', do: 'set' })
    expect((await mia.get('/cart')).text).toContain('€147.00')
    await mia.post('/cart', { item: 'item_1', do: 'remove' })
    expect((await mia.get('/cart')).text).toContain('It is empty')
    answers['GET items'] = [200, flag]
    for (let index = 0; index < 20; index++)
      expect((await mia.post('/cart', { item: `item_${index}`, do: 'add' })).status).toBe(303)
    expect((await mia.post('/cart', { item: 'item_more', do: 'add' })).status).toBe(409)
    expect((await mia.post('/cart', { item: 'item_3', do: 'add' })).status).toBe(303)
  })

  test('acts as whoever is signed in, and is told in a sandbox that it is one', async () => {
    const check = newSandbox()
    const { text } = await browser(check).get()
    expect(text).toContain('This is a sandbox')
    expect(asked[0]?.call).toBe(`GET /${check.organization}/items?limit=24`)
    expect((await browser(harbor).get()).text).not.toContain('This is a sandbox')
  })
})

describe('what goes wrong is a page with the reason', () => {
  test.each([
    ['the catalog down', { 'GET items/undefined': [503, {}] }, '', 503, 'catalog service cannot be reached'],
    ['an unknown item', {}, '/items/item_9', 404, 'not on sale here'],
    ['an unknown page', {}, '/nothing', 404, 'nothing at this address'],
    ['another’s purchase', {}, '/purchases/purchase_1', 404, 'made no such purchase'],
    ['a cursor of nobody', { 'GET items/undefined': [422, {}] }, '?cursor=x', 404, 'no such page'],
  ] as const)('%s', async (_what, changed, path, status, reason) => {
    Object.assign(answers, changed)
    const shown = await browser(newSandbox()).get(path)
    expect(shown.status).toBe(status)
    expect(shown.headers.get('content-type')).toContain('text/html')
    expect(shown.text).toMatch(/<h1>[^<]+<\/h1>/)
    expect(shown.text).toContain(reason)
  })

  test('an item that is sold out has no form; one sold out in the cart says so, and cannot be paid', async () => {
    const mia = browser(newSandbox())
    await mia.post('/cart', { item: 'item_1', do: 'add' })
    answers['GET items/item_1'] = [200, { ...clock, stock: 0 }]
    expect((await mia.get('/items/item_1')).text).toMatch(/sold out(?![\s\S]*<form)/)
    const cart = await mia.get('/cart')
    expect(cart.text).toContain('It is sold out.')
    expect(cart.text).not.toContain('Go to payment')
    expect((await mia.get('/pay')).location).toMatch(/\/cart$/)
  })

  test('what orders refuses for one item is told, and the item stays in the cart', async () => {
    const mia = browser(newSandbox())
    await mia.post('/cart', { item: 'item_2', do: 'add' })
    const hidden = await mia.toPayment()
    const refusal = { code: 'out_of_stock', detail: 'Of item_2 only 0 are left.' }
    answers['POST orders'] = ({ item }) =>
      item === 'item_2' ? [409, refusal] : [201, { id: 'order_1', status: 'placed' }]
    const { location } = await mia.post('/pay', { ...hidden, ...typed })
    const bought = await mia.get(location!.replace(/^.*\/shop/, ''))
    expect(bought.text).toContain('A part of it is paid')
    expect(bought.text).toContain('Not ordered: Of item_2 only 0 are left.')
    expect((await mia.get('/cart')).text).toMatch(/Signal flag(?![\s\S]*Tide clock)/)
  })

  test.each([
    ['card_declined', 'The bank declined the card. Nothing was charged.'],
    ['card_refused', 'This card cannot be used here. Nothing was charged.'],
  ])('a payment that failed for %s says: %s', async (reason, sentence) => {
    const mia = browser(newSandbox())
    const hidden = await mia.toPayment()
    await mia.post('/pay', { ...hidden, ...typed })
    const failed = { id: 'order_1', amount: 4900, currency: 'EUR', status: 'payment_failed', reason }
    answers['GET orders'] = [200, failed]
    const { text } = await mia.get(`/purchases/${hidden.purchase}`)
    expect(text).toContain('The payment failed')
    expect(text).toContain(sentence)
  })

  test.each([
    ['card', { 'POST cards': [422, { code: 'card_invalid', detail: 'The card number is not one.' }] }],
    ['email', { 'POST orders': [422, { code: 'email_reserved', detail: 'For bots.' }] }],
  ] as const)(
    'what is wrong with the %s is told beside it, and nothing was ordered',
    async (field, changed) => {
      const mia = browser(newSandbox())
      const hidden = await mia.toPayment()
      Object.assign(answers, changed)
      const shown = await mia.post('/pay', { ...hidden, ...typed })
      expect(shown.status).toBe(422)
      expect(shown.text).toContain('Nothing was ordered')
      expect(shown.text).toContain(`aria-describedby="${field}-wrong"`)
      expect(shown.text).toContain('value="mia@harbor.example"')
      expect(shown.text).not.toContain('4242 4242 4242 4242"')
      expect((await mia.get(`/purchases/${hidden.purchase}`)).status).toBe(404)
    },
  )

  test('a price that has changed since the page was shown is shown again first', async () => {
    const mia = browser(newSandbox())
    const hidden = await mia.toPayment()
    answers['GET items/item_1'] = [200, { ...clock, price: 9900 }]
    const shown = await mia.post('/pay', { ...hidden, ...typed })
    expect(shown).toMatchObject({ status: 422 })
    expect(shown.text).toContain('The price has changed')
    expect(shown.text).toContain('Pay €99.00')
    expect(ordered()).toHaveLength(0)
  })
})

describe('nobody acts for a visitor', () => {
  test.each([
    { origin: 'http://evil.example', 'sec-fetch-site': 'cross-site' },
    { origin: 'http://127.0.0.1:9999', 'sec-fetch-site': 'same-site' },
    { origin: 'null', 'sec-fetch-site': 'cross-site' },
    { origin: 'https://127.0.0.1:8470', 'sec-fetch-site': 'same-origin' },
  ])('a form from elsewhere is refused: %j', async (from) => {
    const mia = browser(newSandbox())
    const refused = await mia.post('/cart', { item: 'item_1', do: 'add' }, from)
    expect(refused.status).toBe(403)
    expect(refused.text).toContain('sent by another site')
    expect(mia.jar.size).toBe(0)
  })

  test('its cart is its browser’s alone: of no other cookie, of no other organization, of this host only', async () => {
    const [harbors, others] = [newSandbox(), newSandbox()]
    const mia = browser(harbors)
    const { headers } = await mia.post('/cart', { item: 'item_1', do: 'add' })
    const cookie = headers.get('set-cookie')!
    expect(cookie).toMatch(/; HttpOnly; SameSite=Lax$/)
    expect(cookie).toContain(`; Path=/${harbors.organization}/shop;`)
    expect(cookie).not.toMatch(/domain/i)
    const elsewhere = browser(others)
    for (const [name, value] of mia.jar) elsewhere.jar.set(name, value)
    expect((await elsewhere.get('/cart')).text).toContain('It is empty')
    const guessing = browser(harbors)
    guessing.jar.set('shop_cart', 'x'.repeat(43))
    expect((await guessing.get('/cart')).text).toContain('It is empty')
    const hidden = await mia.toPayment()
    await mia.post('/pay', { ...hidden, ...typed })
    const thief = browser(harbors)
    await thief.post('/cart', { item: 'item_2', do: 'add' })
    expect((await thief.get(`/purchases/${hidden.purchase}`)).status).toBe(404)
    expect((await thief.post('/pay', { ...hidden, total: '1900', ...typed })).status).toBe(404)
  })

  test('behind https the cookie goes over https alone', async () => {
    const more = { 'x-forwarded-proto': 'https', origin: 'https://127.0.0.1:8470' }
    const { headers } = await browser(newSandbox()).post('/cart', { item: 'item_1', do: 'add' }, more)
    expect(headers.get('set-cookie')).toMatch(/; Secure$/)
  })

  test('the database knows the hash of a cookie, and never a card', async () => {
    const identity = newSandbox()
    const mia = browser(identity)
    await mia.post('/pay', { ...(await mia.toPayment()), ...typed })
    const secret = mia.jar.get('shop_cart')!
    for (const table of ['visits', 'purchases', 'purchase_lines']) {
      const { rows } = await database.query<{ text: string }>(
        `select t::text as text from ${table} t where organization = $1`,
        [identity.organization],
      )
      expect(rows.length, table).toBeGreaterThan(0)
      expect(JSON.stringify(rows)).not.toContain(secret)
      expect(JSON.stringify(rows)).not.toContain('4242')
    }
  })

  test('whatever a name or a field holds is shown as text, and no script runs', async () => {
    const xss = '<script>alert(1)</script>"><img src=x onerror=alert(1)>'
    answers['GET items/undefined'] = [200, { items: [{ ...clock, name: xss }], next: xss }]
    answers['GET items/item_1'] = [200, { ...clock, name: xss }]
    answers['POST orders'] = [422, { code: 'item_unknown', detail: xss }]
    const mia = browser(newSandbox())
    const hidden = await mia.toPayment()
    const pages = [
      await mia.get(),
      await mia.get('/items/item_1'),
      await mia.get('/cart'),
      await mia.post('/pay', { ...hidden, email: xss, card: xss }),
    ]
    const { location } = await mia.post('/pay', { ...hidden, ...typed })
    pages.push(await mia.get(location!.replace(/^.*\/shop/, '')))
    for (const { text, headers } of pages) {
      expect(text).toContain('&lt;script&gt;')
      expect(text).not.toMatch(/<script|<img|onerror=alert\(1\)>"/i)
      expect(headers.get('content-security-policy')).toMatch(/^default-src 'none'; style-src 'self';/)
      expect(headers.get('cache-control')).toBe('no-store')
      expect(headers.get('x-content-type-options')).toBe('nosniff')
    }
  })

  test('what is no form, too long or no number is refused, and changes nothing', async () => {
    const mia = browser(newSandbox())
    const post = (form: Record<string, string>, more?: Record<string, string>) =>
      mia.post('/cart', form, more)
    expect((await post({ item: 'item_1' }, { 'content-type': 'text/plain' })).status).toBe(400)
    expect((await post({ item: '../x', do: 'add' })).status).toBe(422)
    for (const quantity of ['0', '101', '-1', '1.5', '1e1', 'x'])
      expect((await post({ item: 'item_1', quantity, do: 'add' })).status, quantity).toBe(422)
    expect((await post({ item: 'x'.repeat(20_000), do: 'add' })).status).toBe(413)
    expect((await mia.post('/pay', { purchase: 'x', ...typed })).status).toBe(422)
    expect(mia.jar.size).toBe(0)
  })
})

test('nothing of an organization is left when it is erased', async () => {
  const identity = newSandbox()
  const mia = browser(identity)
  await mia.post('/pay', { ...(await mia.toPayment()), ...typed })
  await mia.post('/cart', { item: 'item_2', do: 'add' })
  const erasing = { order: identity.organization }
  expect(await bench.deliver(url, 'rockpool.organization_deleting', identity, erasing)).toMatchObject({
    outcome: 'applied',
  })
  const { rows } = await database.query<{ table_name: string; rows: string | null }>(
    'select table_name, rows from rockpool.count_rows($1)',
    [identity.organization],
  )
  expect(rows.length).toBeGreaterThanOrEqual(4)
  expect(rows.every(({ rows: left }) => Number(left) === 0)).toBe(true)
  const closed = await mia.get()
  expect(closed.status).toBe(410)
})

test('without an identity only its health is told', async () => {
  expect((await fetch(`${url}/health`)).status).toBe(200)
  expect((await fetch(`${url}/harbor/shop`)).status).toBe(401)
})

test('while the database is down it shows what it can, and the rest as a page, and serves again afterwards', async () => {
  const mia = browser(harbor)
  await mia.post('/cart', { item: 'item_1', do: 'add' })
  await store.outage(async () => {
    const shown = await mia.get('/cart')
    expect(shown.status).toBe(503)
    expect(shown.text).toContain('Our database cannot be reached')
    expect((await fetch(`${url}/health`)).status).toBe(200)
  })
  expect((await mia.get('/cart')).status).toBe(200)
})
