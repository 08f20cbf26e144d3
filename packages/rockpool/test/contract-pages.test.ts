// What runs inside a page sees its document.
/// <reference lib="dom" />
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Locator } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { browserMissing, desk, phone, startBrowser } from './support/browser.ts'
import type { TestBrowser } from './support/browser.ts'
import { accessibilityFindings, scrollsSideways, signIn, visit } from './support/dashboard.ts'
import { eventually } from './support/eventually.ts'
import { copyShop, root, startInstallation } from './support/installation.ts'
import type { Installation } from './support/installation.ts'
import { thingsContract } from './support/registry.ts'

// The pages of contracts, in a real browser, against the running shop.

/** A title and a value as somebody would choose who wants a page to run them. */
const hostile = `<img src=x onerror="window.owned=1"><script>window.owned=1</script>"'&amp;`

let shop: Installation
let browser: TestBrowser
let petshop: { old: string; next: string }

describe.skipIf(browserMissing)(browserMissing ?? 'the pages of contracts', () => {
  beforeAll(async () => {
    const copy = await copyShop()
    // What its check leaves out is not tried: a mock that is not faithful in all.
    await copy.patch(
      'checks/contracts.check.ts',
      `contract('catalog', {\n  every: '1h',`,
      `contract('catalog', {\n  every: '1h',\n  except: ['getReservation'],`,
    )
    shop = await startInstallation({ shop: copy })
    browser = await startBrowser()
    const read = (name: string) =>
      readFile(join(root, 'packages/rockpool/test/fixtures/petshop', name), 'utf8')
    petshop = { old: await read('petshop.yaml'), next: await read('petshop-next.yaml') }
    await shop.api('POST', '/contracts/petshop/watchers', { consumer: 'orders' })
    await push('petshop', petshop.old)
    await push('petshop', petshop.next, 'version=2.0.0&note=no%20more%20fish')
    await push('petshop', petshop.old.replaceAll('fish', 'carp'), 'branch=feature/x')
    const things = thingsContract('1.0.0', ['a', hostile], { info: { title: hostile, version: '1.0.0' } })
    await push('things', things.files[things.main]!)
    const narrower = thingsContract('2.0.0', ['a'])
    await push('things', narrower.files[narrower.main]!)
    // What runs is told as control starts; a newer version of it that breaks callers is pushed once it is known.
    await eventually('the contract of catalog is kept', () => catalogRuns(), 60_000)
    await push('catalog', await stricter('catalog'), 'version=9.0.0')
  })
  afterAll(async () => {
    await browser?.close()
    await shop?.stop()
    await shop?.remove()
  })

  /** Every page of contracts, with something on it. */
  const paths = () => [
    '/contracts',
    '/contracts/petshop',
    '/contracts/catalog',
    '/contracts/things',
    '/contracts/payments',
    '/contracts/petshop/differences?from=1.2.0&to=2.0.0',
    '/contracts/things/differences?from=1.0.0&to=2.0.0',
    '/contracts/things/differences?from=1.0.0&to=1.0.0',
    '/contracts/things/differences',
  ]

  test.each([
    ['light', { ...desk, colorScheme: 'light' }],
    ['dark', { ...desk, colorScheme: 'dark' }],
    ['on a phone', { ...phone, colorScheme: 'light' }],
    ['narrow, in the dark', { ...phone, viewport: { width: 320, height: 700 }, colorScheme: 'dark' }],
  ] as const)(
    'every page, %s: axe-core finds nothing, nothing is too wide, nothing fails, what others wrote is text',
    { timeout: 180_000 },
    async (_, options) => {
      const context = await browser.open(options)
      const page = await signIn(context, shop)
      const findings: string[] = []
      for (const path of paths()) {
        await visit(page, shop, path)
        await page.getByText('being compared').first().waitFor({ state: 'detached' })
        for (const found of await accessibilityFindings(page)) findings.push(`${path}: ${found}`)
        if (await scrollsSideways(page)) findings.push(`${path}: scrolls sideways`)
        expect(await page.evaluate(() => 'owned' in globalThis), path).toBe(false)
      }
      await context.close()
      expect(findings).toEqual([])
      expect(browser.faults).toEqual([])
    },
  )

  test('the first page says what runs, what is newest, and whom that would break; and a push reaches it by itself', async () => {
    const context = await browser.open()
    const page = await signIn(context, shop)
    await visit(page, shop, '/contracts')
    await page.getByText('The newest version of catalog would break callers').waitFor()
    const row = (name: string) =>
      page.locator('main table tbody tr').filter({ has: page.getByRole('link', { name, exact: true }) })
    expect(await row('catalog').innerText()).toMatch(/1\.0\.0[\s\S]*9\.0\.0[\s\S]*1 breaks/)
    expect(await row('orders').innerText()).toContain('it is what runs')
    expect(await row('petshop').innerText()).toMatch(/nothing is known to run[\s\S]*2\.0\.0/)
    expect(await row('things').innerText()).toContain('Things')
    const notices = page.getByRole('region', { name: 'Told to watchers' })
    expect(await notices.innerText()).toMatch(/petshop 2\.0\.0[\s\S]*told to orders/)
    await push('petshop', petshop.old, 'version=3.0.0')
    await row('petshop').getByText('3.0.0').waitFor({ timeout: 10_000 })
    await context.close()
  })

  test('the page of a service says what runs, and what was pushed on which branch, and leads to what is different', async () => {
    const context = await browser.open()
    const page = await signIn(context, shop)
    await visit(page, shop, '/contracts/catalog')
    await page.getByText('1.0.0 runs in production.').waitFor()
    await visit(page, shop, '/contracts/petshop')
    const row = page.locator('main table tbody tr').filter({ hasText: 'feature/x' })
    expect(await row.innerText()).toMatch(/branch[\s\S]*ends in 29[\s\S]*sha256:[0-9a-f]{12}/)
    expect(await page.locator('main').innerText()).toContain('no more fish')
    await page.locator('select[name=from]').selectOption('1.2.0')
    await page.locator('select[name=to]').selectOption('2.0.0')
    await page.getByRole('button', { name: 'Compare' }).click()
    await page.waitForURL(/differences\?from=1\.2\.0&to=2\.0\.0$/)
    await page.getByText('3 of 8 differences break callers.').waitFor()
    await context.close()
  })

  test('both sides stand beside each other, chosen by answer and by operation; what breaks is approved there, and revoked', async () => {
    const context = await browser.open()
    const page = await signIn(context, shop)
    await visit(page, shop, '/contracts/petshop/differences?from=1.2.0&to=2.0.0')
    const items = page.locator('.differences > li')
    const first = items.first()
    expect(await first.locator('.at').allInnerTexts()).toEqual([
      expect.stringContaining('enum: [cat, dog, fish]'),
      expect.stringContaining('enum: [cat, dog]'),
    ])
    expect(await first.innerText()).toMatch(/breaks[\s\S]*the value fish is gone[\s\S]*Met by POST \/pets/)
    await page.getByRole('link', { name: /^breaks code/ }).click()
    await page.getByText('1 to 5 of 5').waitFor()
    await page.getByLabel('Operation').selectOption({ label: 'DELETE /pets/{pet} (1)' })
    await page.getByText('1 to 1 of 1').waitFor()
    expect(await items.innerText()).toContain('removePet')

    await visit(page, shop, '/contracts/petshop/differences?from=1.2.0&to=2.0.0')
    await first.getByRole('button', { name: /^Approve/ }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Reason').fill(hostile)
    await dialog.getByLabel('Ends').fill('1999-12-31')
    await dialog.getByRole('button', { name: 'Approve it' }).click()
    await dialog.getByText('is in the past').waitFor()
    expect(await accessibilityFindings(page)).toEqual([])
    await dialog.getByLabel('Ends').fill('')
    await dialog.getByRole('button', { name: 'Approve it' }).click()
    await first.getByText('Approved: <img').waitFor()
    expect(await page.evaluate(() => 'owned' in globalThis)).toBe(false)
    expect(await page.evaluate(() => document.activeElement?.textContent)).toMatch(/^Approved: <img/)

    const { items: made } = await shop.api<{ items: { id: string; fingerprint: string }[] }>(
      'GET',
      '/contracts/petshop/approvals',
    )
    await shop.api('DELETE', `/contracts/petshop/approvals/${made[0]!.id}`)
    await first.getByRole('button', { name: /^Approve/ }).waitFor()
    expect(await dialog.count()).toBe(0)
    await shop.api('POST', '/contracts/petshop/approvals', {
      fingerprints: [made[0]!.fingerprint],
      reason: 'again',
      endsAt: '2099-01-31T00:00:00Z',
    })
    await first.getByText('pass until 2099-01-31 00:00 UTC.').waitFor()

    await visit(page, shop, '/contracts/petshop')
    const approvals = page.getByRole('region', { name: 'Approvals' })
    expect(await lines(approvals.getByText('stands', { exact: true }))).toBe(1)
    await approvals.getByRole('button', { name: /^Revoke/ }).click()
    await page.getByRole('button', { name: 'Revoke it' }).click()
    await expect.poll(() => approvals.getByText('revoked').count(), { timeout: 10_000 }).toBe(2)
    browser.faults.length = 0 // the refusal
    await context.close()
  })

  test('thousands of differences are gone through in pages', { timeout: 60_000 }, async () => {
    const schemas = (fields: number) => ({
      components: {
        schemas: {
          Thing: {
            type: 'object',
            properties: Object.fromEntries(
              Array.from({ length: fields }, (_, field) => [`field${field}`, { type: 'string' }]),
            ),
          },
        },
      },
      paths: {
        '/things': {
          get: {
            responses: {
              200: {
                description: '',
                content: { 'application/json': { schema: { $ref: '#/components/schemas/Thing' } } },
              },
            },
          },
        },
      },
    })
    const text = (version: string, fields: number) =>
      Object.values(thingsContract(version, ['a'], schemas(fields)).files)[0]!
    await push('many', text('1.0.0', 3_000))
    await push('many', text('2.0.0', 1))
    const context = await browser.open()
    const page = await signIn(context, shop)
    await visit(page, shop, '/contracts/many/differences?from=1.0.0&to=2.0.0')
    await page.getByText('1 to 20 of 2,999').waitFor()
    expect(await page.locator('.differences > li').count()).toBe(20)
    const shown = await page.locator('.differences').innerText()
    await page.getByRole('link', { name: 'Next' }).click()
    await page.getByText('21 to 40 of 2,999').waitFor()
    expect(await page.locator('.differences').innerText()).not.toBe(shown)
    await page.getByRole('link', { name: 'First' }).click()
    await page.getByText('1 to 20 of 2,999').waitFor()
    await context.close()
  })

  test(
    'the page of a service says how far its mock may be believed, and of the rest why not',
    { timeout: 180_000 },
    async () => {
      const seen = async (service: string) =>
        (await shop.api<{ operations: number }>('GET', `/contracts/${service}/mock`)).operations > 0
      await eventually(
        'mocks were compared',
        async () => (await seen('catalog')) && seen('payments'),
        120_000,
      )
      const context = await browser.open()
      const page = await signIn(context, shop)
      const mock = page.getByRole('region', { name: 'Mock' })
      await visit(page, shop, '/contracts/payments')
      await mock.getByText(/^3 of 3 operations faithful, last seen/).waitFor()
      await mock.getByText('in each operation').waitFor()
      expect(await mock.locator('tbody tr').count()).toBe(0)
      expect(await page.locator('select[name=from]').count(), 'one version has nothing beside it').toBe(0)
      await visit(page, shop, '/contracts/catalog')
      await mock.getByText(/^4 of 5 operations faithful, last seen/).waitFor()
      expect(await mock.locator('tbody tr').innerText()).toMatch(
        /not tried[\s\S]*never seen[\s\S]*leaves it out/,
      )
      await mock.getByRole('link', { name: 'The run that saw it' }).click()
      await page.waitForURL(/\/runs\/run_/)
      await visit(page, shop, '/contracts/petshop')
      await mock.getByText(`contract('petshop', { every: '1h' })`).waitFor()
      await context.close()
    },
  )

  test('while differences are read nothing moves, and what stood there before stays and says that it is being read', async () => {
    const context = await browser.open()
    const page = await signIn(context, shop)
    let release = Promise.withResolvers<void>()
    await page.route(/\/contracts\/petshop\/differences\?.*limit=/, async (route) => {
      await release.promise
      await route.continue()
    })
    await page.goto(new URL('/contracts/petshop/differences?from=1.2.0&to=2.0.0', shop.control).href)
    const choice = page.locator('.choose')
    await page.locator('.loading .bone').first().waitFor()
    const before = await choice.boundingBox()
    release.resolve()
    await page.getByText('1 to 8 of 8').waitFor()
    expect(await choice.boundingBox()).toEqual(before)

    release = Promise.withResolvers()
    await page.getByRole('link', { name: /^breaks code/ }).click()
    await page.locator('section.panel[aria-busy=true]').waitFor()
    expect(await page.locator('.differences > li').count()).toBe(8)
    release.resolve()
    await page.getByText('1 to 5 of 5').waitFor()
    expect(await page.locator('section.panel[aria-busy]').count()).toBe(0)
    await context.close()
  })

  test('who belongs to one organization is told whose contracts are', async () => {
    const context = await browser.open()
    const page = await signIn(context, shop, { email: 'vic@example.com', role: 'viewer' })
    await visit(page, shop, '/contracts')
    await page.getByText('Contracts are the installation’s').waitFor()
    expect(await page.getByRole('alert').count()).toBe(0)
    await context.close()
  })
})

function push(service: string, text: string, query = ''): Promise<unknown> {
  const body = { main: 'openapi.yaml', files: { 'openapi.yaml': text } }
  return shop.api('POST', `/contracts/${service}/versions?${query}`, body)
}

/** How many lines a text takes on the page. */
const lines = (element: Locator): Promise<number> =>
  element.evaluate((node) => {
    const range = document.createRange()
    range.selectNodeContents(node)
    return new Set(Array.from(range.getClientRects(), ({ top }) => Math.round(top))).size
  })

async function catalogRuns(): Promise<boolean> {
  const { items } = await shop.api<{ items: { service: string; production: object[] }[] }>(
    'GET',
    '/contracts',
  )
  return items.some(({ service, production }) => service === 'catalog' && production.length > 0)
}

/** The contract that runs, which takes less of its callers. */
async function stricter(service: string): Promise<string> {
  const { main, files } = await shop.api<{ main: string; files: Record<string, string> }>(
    'GET',
    `/contracts/${service}/versions/production/bundle`,
  )
  expect(files[main]).toContain('minLength: 1')
  return files[main]!.replace('minLength: 1', 'minLength: 2')
}
