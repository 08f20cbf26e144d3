import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { browserMissing, phone, startBrowser } from './support/browser.ts'
import type { TestBrowser } from './support/browser.ts'
import { customer } from './support/customer.ts'
import type { Customer } from './support/customer.ts'
import { accessibilityFindings, scrollsSideways } from './support/dashboard.ts'
import { eventually } from './support/eventually.ts'
import { startInstallation } from './support/installation.ts'
import type { Installation } from './support/installation.ts'
import { bankStatistics, copyShopWithoutBots, liveKey } from './support/shop.ts'

// The shop's own pages, used by people who are not signed in: in production, by a real browser.

let shop: Installation
let browser: TestBrowser
let harbor: Customer

beforeAll(async () => {
  const copy = await copyShopWithoutBots()
  // What checks do would only take the machine's time.
  await copy.patch('rockpool.config.ts', "checks: ['checks/**/*.check.ts']", 'checks: []')
  shop = await startInstallation({ shop: copy })
  harbor = customer(shop.gateway, (await liveKey(shop)).text)
  await eventually(
    'the shop is open',
    async () => (await harbor.call('GET', '/harbor/items')).body.items?.length === 3,
  )
  if (!browserMissing) browser = await startBrowser()
})
afterAll(async () => {
  await browser?.close()
  await shop?.stop()
  await shop?.remove()
})

async function open(options: Parameters<TestBrowser['open']>[0] = {}): Promise<Page> {
  const context = await browser.open({ ...options, baseURL: shop.gateway })
  return context.newPage()
}

/** Puts an item into the cart by pages, and goes to the payment. */
async function toPayment(page: Page, name: string): Promise<void> {
  await page.goto('/harbor/shop')
  await page.getByRole('link', { name }).click()
  await page.getByRole('button', { name: 'Add to cart' }).click()
  await page.getByRole('link', { name: 'Go to payment' }).click()
  await page.getByRole('heading', { name: 'Payment' }).waitFor()
}

async function pay(page: Page, email: string, card: string): Promise<void> {
  await page.getByLabel('E-mail address').fill(email)
  await page.getByLabel('Card number').fill(card)
  await page.getByRole('button', { name: /^Pay/ }).click()
}

/** What a page has to be, whatever it shows. */
async function isFine(page: Page): Promise<void> {
  expect(await accessibilityFindings(page), page.url()).toEqual([])
  expect(await scrollsSideways(page), page.url()).toBe(false)
}

describe.skipIf(browserMissing)('the pages of the shop', () => {
  test.each([
    ['on a desk', {}],
    ['in the dark', { colorScheme: 'dark' as const }],
    ['on a phone, without any script', { ...phone, javaScriptEnabled: false }],
  ])('sell to a visitor %s: one order, one charge at the bank', async (where, options) => {
    const page = await open(options)
    const looksFine = async () => ('javaScriptEnabled' in options ? undefined : isFine(page))
    const before = await bankStatistics(shop)
    const email = `mia+${where.replaceAll(/\W/g, '')}@harbor.example`
    await page.goto('/harbor/shop')
    await looksFine()
    await page.getByRole('link', { name: 'Signal flag' }).click()
    await looksFine()
    await page.getByLabel('Quantity').fill('2')
    await page.getByRole('button', { name: 'Add to cart' }).click()
    await page.getByRole('heading', { name: 'Your cart' }).waitFor()
    await looksFine()
    await page.getByRole('link', { name: 'Go to payment' }).click()
    await looksFine()
    await pay(page, email, '4242 4242 4242 4242')
    await page.getByRole('heading', { name: 'Thank you, it is paid' }).waitFor()
    await looksFine()
    const { orders } = (await harbor.call('GET', `/harbor/orders?email=${encodeURIComponent(email)}`)).body
    expect(orders).toHaveLength(1)
    expect(orders[0]).toMatchObject({ quantity: 2, amount: 3_800, status: 'paid' })
    expect((await bankStatistics(shop)).charges).toBe(before.charges + 1)
    await page.context().close()
  })

  test('can be used by the keyboard alone', async () => {
    const page = await open()
    await page.goto('/harbor/shop')
    const focused = () =>
      page.evaluate(() => (document.activeElement as HTMLElement | null)?.innerText.trim() ?? '')
    const tabTo = async (text: string) => {
      for (let presses = 0; presses < 30; presses++) {
        await page.keyboard.press('Tab')
        if ((await focused()).startsWith(text)) return
      }
      throw new Error(`nothing that says “${text}” is reached by Tab`)
    }
    await page.keyboard.press('Tab')
    expect(await focused()).toBe('To the content')
    await tabTo('Tide clock')
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: 'Tide clock' }).waitFor()
    await tabTo('Add to cart')
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: 'Your cart' }).waitFor()
    await tabTo('Go to payment')
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: 'Payment' }).waitFor()
    await page.getByLabel('E-mail address').focus()
    await page.keyboard.type('lee@harbor.example')
    await page.keyboard.press('Tab')
    await page.keyboard.type('4242424242424242')
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: 'Thank you, it is paid' }).waitFor()
    await page.context().close()
  })

  test('tell why something did not work: a wrong card, the bots’ domain, a declined card', async () => {
    const page = await open(phone)
    const before = await bankStatistics(shop)
    await toPayment(page, 'Brass compass')
    await pay(page, 'mia@harbor.example', '4242 4242 4242 4241')
    await page.getByRole('alert').getByText('The card number is not one.').waitFor()
    await isFine(page)
    await pay(page, 'mia@Bots.Harbor.example', '4242 4242 4242 4242')
    await page.getByRole('alert').getByText('for the company’s own bots').waitFor()
    await isFine(page)
    await pay(page, 'mia@harbor.example', '4000 0000 0000 0002')
    await page.getByRole('heading', { name: 'The payment failed' }).waitFor()
    await page.getByText('The bank declined the card. Nothing was charged.').waitFor()
    await isFine(page)
    expect((await bankStatistics(shop)).charges).toBe(before.charges)
    await page.context().close()
  })

  test('say what is down, and go on when it is back', async () => {
    const page = await open()
    await shop.api('POST', '/services/catalog/stop')
    await eventually('the page tells it', async () => {
      await page.goto('/harbor/shop')
      return page.getByText('Our catalog service cannot be reached.').isVisible()
    })
    await isFine(page)
    await shop.api('POST', '/services/catalog/start')
    await eventually(
      'it is back',
      async () => {
        await page.goto('/harbor/shop')
        return page.getByRole('link', { name: 'Tide clock' }).isVisible()
      },
      30_000,
    )
    await page.context().close()
  })

  test('show text as text, and let no script run, whatever an item is called', async () => {
    const name = `<img src=x onerror="document.title='taken'">`
    const made = await harbor.call('POST', '/harbor/items', { name, price: 100, currency: 'EUR', stock: 1 })
    const page = await open()
    await toPayment(page, name)
    await page.getByText(`1 × ${name}`).waitFor()
    expect(await page.title()).toBe('Payment · harbor')
    const answer = await page.goto(`/harbor/shop/items/${made.body.id}`)
    expect(answer!.headers()['content-security-policy']).toMatch(/^default-src 'none'/)
    expect(await page.locator('main img').count()).toBe(0)
    await page.context().close()
  })

  test('take no form of another site, although it is on the same host and the cookie comes along', async () => {
    const page = await open()
    await toPayment(page, 'Tide clock')
    const evil = createServer((_request, response) => {
      response.writeHead(200, { 'content-type': 'text/html' })
      response.end(
        `<form method="post" action="${shop.gateway}/harbor/shop/cart"><input name="item" value="item_00000000-0000-7000-8000-000000000002"><button name="do" value="add">win</button></form>`,
      )
    }).listen(0, '127.0.0.1')
    await once(evil, 'listening')
    await page.goto(`http://127.0.0.1:${(evil.address() as AddressInfo).port}/`)
    await page.getByRole('button', { name: 'win' }).click()
    await page.getByText('sent by another site, so nothing was done').waitFor()
    await page.goto('/harbor/shop/cart')
    expect(await page.getByRole('main').innerText()).not.toContain('Signal flag')
    await page.context().close()
    evil.close()
    evil.closeAllConnections()
  })

  test('had nothing to complain of in the browser, but for the pages that told a failure', () => {
    expect(browser.faults.filter((fault) => !/status of (403|422|503)/.test(fault))).toEqual([])
  })
})

test('a customer cannot register with the bots’ domain, nor order with the bots’ card', async () => {
  const register = (email: string) => harbor.call('POST', '/harbor/customers', { email, name: 'Mia' })
  expect(await register('Mia@bots.HARBOR.example.')).toMatchObject({
    status: 422,
    body: { code: 'email_reserved' },
  })
  expect((await register('mia@harbor.example')).status).toBe(201)
  expect(await register('MIA@harbor.example')).toMatchObject({ status: 409, body: { code: 'email_taken' } })
  const item = 'item_00000000-0000-7000-8000-000000000001'
  expect(await harbor.call('POST', '/harbor/orders', { item, card: 'card_bot_harbor' })).toMatchObject({
    status: 422,
    body: { code: 'card_refused' },
  })
})
