// What runs inside a page sees its document.
/// <reference lib="dom" />
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { browserMissing, startBrowser, type TestBrowser } from './support/browser.ts'
import { customer } from './support/customer.ts'
import { accessibilityFindings, scrollsSideways, settled, signIn, visit } from './support/dashboard.ts'
import { eventually } from './support/eventually.ts'
import { startInstallation, type Installation } from './support/installation.ts'
import { liveKey, makeSandbox } from './support/shop.ts'

// Who is using production: counted exactly, seen by nobody else, and the keys with which they do.

interface Figures {
  count: number
  errors: number
  refused: number
}
interface Summary {
  totals: Record<'all' | 'customers' | 'own' | 'inside', Figures> & { dropped: number }
  reconciled: { told: number; missing: number } | null
}

let shop: Installation
let reef: string

beforeAll(async () => {
  shop = await startInstallation()
  await shop.api('POST', '/organizations', { slug: 'reef', name: 'Reef', environment: 'production' })
  reef = (await liveKey(shop, 'reef')).text
})
afterAll(async () => {
  await shop?.stop()
  await shop?.remove()
})

function summaryOf(organization: string): Promise<Summary> {
  const now = Date.now()
  const [from, to] = [now - 1_800_000, now + 60_000].map((at) => new Date(at).toISOString())
  return shop.api<Summary>('GET', `/requests/summary?from=${from}&to=${to}&organization=${organization}`)
}

test(
  'every call is counted once, as a customer’s or as Rockpool’s own, also those that came while control was dead',
  { timeout: 120_000 },
  async () => {
    const client = customer(shop.gateway, reef)
    const sandbox = await shop.api<{ sandbox: { slug: string }; key: string }>('POST', '/sandboxes', {
      parent: 'reef',
    })
    const tester = customer(shop.gateway, sandbox.key)
    const call = async (times: number) => {
      for (let n = 0; n < times; n++) {
        expect((await client.call('GET', '/reef/items')).status).toBe(200)
        expect((await client.call('GET', `/reef/items/item_secret-${n}?q=hidden-${n}`)).status).toBe(404)
        expect((await tester.call('GET', `/${sandbox.sandbox.slug}/items`)).status).toBe(200)
      }
    }
    await call(10)
    process.kill(await shop.pid('rockpool-control'), 'SIGKILL')
    await call(15)
    const summary = await eventually(
      'all is counted',
      async () => {
        const found = await summaryOf('reef')
        return found.totals.all.count >= 75 && found
      },
      60_000,
    )
    expect(summary.totals).toMatchObject({
      all: { count: 75, errors: 0, refused: 25 },
      customers: { count: 50, refused: 25 },
      own: { count: 25, refused: 0 },
      dropped: 0,
    })
    expect(summary.reconciled?.missing).toBe(0)
    const { items } = await shop.api<{ items: { path: string }[] }>(
      'GET',
      '/requests?organization=reef&limit=200',
    )
    expect(items.length).toBeGreaterThan(0)
    expect(JSON.stringify(items)).not.toMatch(/secret|hidden/)
  },
)

describe.skipIf(browserMissing)(browserMissing ?? 'in the pages', () => {
  let browser: TestBrowser

  beforeAll(async () => {
    browser = await startBrowser()
  })
  afterAll(() => browser?.close())

  test(
    'the figures of a service stand in its row: how many, how often, how many went wrong, how fast',
    { timeout: 60_000 },
    async () => {
      const context = await browser.open()
      const page = await signIn(context, shop)
      await visit(page, shop, '/requests')
      const cellsOf = async (environment: string): Promise<string[]> => {
        const row = page
          .getByRole('region', { name: 'Services' })
          .locator('tbody tr')
          .filter({ has: page.getByRole('link', { name: 'catalog', exact: true }) })
          .filter({ hasText: environment })
        return (await row.locator('td').allInnerTexts()).map((text) => text.replaceAll('\u00a0', ' '))
      }
      // Customers are those of the test before: nobody else is one here.
      const production = await eventually('the row is there', async () => {
        const cells = await cellsOf('production')
        return cells[1] === '50' && cells
      })
      const [, requests, perSecond, errors, refused, p50, p99] = production
      expect([requests, errors, refused]).toEqual(['50', '0', '50.0 %'])
      // Over the hour that is shown, of which up to a minute is still to come: not over the minutes that had requests.
      expect(perSecond).toBe('0.01')
      for (const quantile of [p50, p99]) expect(quantile).toMatch(/^[\d.]+ m?s$/)

      // In sandboxes all are Rockpool's own: those of the test, and of checks.
      const [, none, , , , , , own, ownPerSecond, , , ownP50, ownP99] = await cellsOf('sandbox')
      expect(none).toBe('')
      expect(Number(own!.replaceAll(',', ''))).toBeGreaterThanOrEqual(25)
      expect(Number(ownPerSecond!.replace('< ', ''))).toBeGreaterThan(0)
      for (const quantile of [ownP50, ownP99]) expect(quantile).toMatch(/^[\d.]+ m?s$/)
      await context.close()
    },
  )

  test(
    'a request reaches the open page by itself, and shows at which point it was refused',
    { timeout: 60_000 },
    async () => {
      const context = await browser.open()
      const page = await signIn(context, shop)
      await visit(page, shop, '/requests?status=refused&side=customers')
      expect((await customer(shop.gateway, reef).call('DELETE', '/reef/items')).status).toBe(405)
      const row = page.getByRole('link', { name: 'DELETE /{organization}/items' })
      await row.waitFor({ timeout: 15_000 })
      await page.keyboard.press('j')
      await row.focus()
      await page.keyboard.press('Enter')
      await page.waitForURL(/request=req_/)
      await settled(page)
      const way = page.locator('ol.way li')
      expect(await way.allInnerTexts()).toEqual([
        expect.stringContaining('valid'),
        expect.stringContaining('refused: method_not_allowed'),
        ...Array.from({ length: 3 }, () => expect.stringContaining('not reached') as string),
      ])
      expect(await accessibilityFindings(page)).toEqual([])
      // The same address shows the same to somebody else, later.
      const address = page.url()
      await page.reload()
      await settled(page)
      expect(page.url()).toBe(address)
      await page.locator('ol.way').waitFor()
      await context.close()
    },
  )

  test(
    'a request that was answered shows where its time went, and which address took it',
    { timeout: 60_000 },
    async () => {
      const context = await browser.open()
      const page = await signIn(context, shop)
      const { id, upstream } = await eventually('one is kept', async () => {
        const { items } = await shop.api<{ items: { id: string; upstream: string; status: number }[] }>(
          'GET',
          '/requests?organization=reef&side=customers&limit=200',
        )
        return items.find(({ status }) => status === 200) ?? false
      })
      await visit(page, shop, `/requests?request=${id}`)
      const one = page.locator('#one')
      await one.getByText(upstream, { exact: true }).waitFor()
      expect(upstream).toMatch(/^127\.0\.0\.1:\d+$/)
      const words = (await one.locator('.split + p').innerText()).replaceAll('\u00a0', ' ')
      expect(words).toMatch(/^.+ let through, then .+ for a connection, then .+ began, then .+ to send it$/)
      expect(await one.locator('.split').getAttribute('aria-label')).toBe(
        words.replaceAll(/(?<=\d) /g, '\u00a0'),
      )
      expect(await accessibilityFindings(page)).toEqual([])
      await context.close()
    },
  )

  test(
    'a key is shown once in the page that made it, opens the gateway, and is revoked after saying who notices',
    { timeout: 60_000 },
    async () => {
      const context = await browser.open()
      await context.grantPermissions(['clipboard-read', 'clipboard-write'])
      const page = await signIn(context, shop)
      await visit(page, shop, '/organizations/reef')
      await page.getByRole('button', { name: 'Make a key…' }).click()
      const dialog = page.getByRole('dialog')
      await dialog.getByLabel('What it opens').selectOption('a live key for reef')
      await dialog.getByLabel('Name').fill('till 7')
      await dialog.getByRole('button', { name: 'Make a live key' }).click()
      await dialog.getByRole('button', { name: 'Copy' }).click()
      await dialog.getByText('It is in the clipboard.').waitFor()
      const key = await page.evaluate(() => navigator.clipboard.readText())
      expect(key).toMatch(/^rp_live_/)
      expect(await accessibilityFindings(page)).toEqual([])
      await dialog.getByRole('button', { name: 'I have it' }).click()
      await dialog.waitFor({ state: 'detached' })
      expect(await page.content()).not.toContain(key)
      expect(
        await page.evaluate(() =>
          JSON.stringify([Object.entries(localStorage), Object.entries(sessionStorage), history.state]),
        ),
      ).not.toContain(key)
      expect((await customer(shop.gateway, key).call('GET', '/reef/items')).status).toBe(200)

      await visit(page, shop, '/organizations/reef')
      expect(await page.content()).not.toContain(key)
      await page.getByRole('button', { name: 'Revoke till 7…' }).click()
      await dialog.getByText('Customers with this key get 401').waitFor()
      // What changes nothing has the focus.
      expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Keep it')
      await dialog.getByRole('button', { name: 'Revoke it' }).click()
      await dialog.waitFor({ state: 'detached' })
      expect((await customer(shop.gateway, key).call('GET', '/reef/items')).status).toBe(401)
      await page.getByRole('link', { name: 'with revoked and ended ones' }).click()
      await page
        .getByRole('row', { name: /till 7/ })
        .getByText('revoked')
        .waitFor()
      expect(page.url()).toContain('keys=all')
      await context.close()
    },
  )

  test('a member of one organization sees no request of another', { timeout: 60_000 }, async () => {
    const context = await browser.open()
    const page = await signIn(context, shop, { email: 'wim@example.com', role: 'viewer' })
    const { items } = await shop.api<{ items: { id: string }[] }>(
      'GET',
      '/requests?organization=reef&limit=1',
    )
    await visit(page, shop, `/requests?request=${items[0]!.id}`)
    await page.getByText(`no request “${items[0]!.id}” is kept here`).waitFor()
    await visit(page, shop, '/organizations/reef')
    await page.getByText('The organization cannot be read').waitFor()
    browser.faults.length = 0 // the refusals, which a browser's console tells of
    await context.close()
  })

  test('a sandbox is deleted in the page, and its receipt appears there', { timeout: 60_000 }, async () => {
    const { organization } = await makeSandbox(shop)
    const context = await browser.open({ viewport: { width: 390, height: 844 } })
    const page = await signIn(context, shop)
    await visit(page, shop, `/sandboxes/${organization}`)
    await page.getByRole('button', { name: 'Delete it…' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Delete it' }).click()
    await page.getByText('nothing is left').waitFor({ timeout: 30_000 })
    expect(await accessibilityFindings(page)).toEqual([])
    expect(await scrollsSideways(page)).toBe(false)
    await context.close()
  })

  test('no page failed, or asked anybody else', () => {
    expect(browser.faults).toEqual([])
  })
})
