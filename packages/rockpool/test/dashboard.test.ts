import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createCable } from '../../../examples/shop/testing/cable.ts'
import { browserMissing, desk, phone, startBrowser } from './support/browser.ts'
import type { TestBrowser } from './support/browser.ts'
import { accessibilityFindings, scrollsSideways, settled, signIn, visit } from './support/dashboard.ts'
import { eventually } from './support/eventually.ts'
import { seedRuns } from './support/history.ts'
import { copyShop, startInstallation } from './support/installation.ts'
import type { Installation, TestShop } from './support/installation.ts'

// The pages, in a real browser, against the running shop.

/** A name as somebody would choose who wants a page to run it. */
const hostile = `<img src=x onerror="window.owned=1"><script>window.owned=1</script>"'&amp;`
const hostileCheck = `
import { check } from 'rockpool'

check(${JSON.stringify(`a check called ${hostile}`)}, async ({ api, step, expect }) => {
  await step(${JSON.stringify(`a step called ${hostile}`)}, async () => {
    console.log(${JSON.stringify(`said ${hostile}`)})
    const item = await api.catalog.createItem({
      headers: { 'x-note': ${JSON.stringify(hostile)} },
      body: { name: ${JSON.stringify(hostile)}, price: 100, currency: 'EUR', stock: 1 },
    })
    expect(item.body.name, ${JSON.stringify(`failed ${hostile}`)}).toBe('something else')
  })
})
`

let copy: TestShop
let shop: Installation
let browser: TestBrowser
/** A run that failed, full of hostile text. */
let failed: string
let organization: string

describe.skipIf(browserMissing)(browserMissing ?? 'the dashboard', () => {
  beforeAll(async () => {
    copy = await copyShop()
    await copy.write('checks/hostile.check.ts', hostileCheck)
    shop = await startInstallation({ shop: copy })
    browser = await startBrowser()
    await shop.api('POST', '/organizations', {
      slug: 'hostile-goods',
      name: hostile,
      environment: 'production',
    })
    organization = 'hostile-goods'
    await shop.api('POST', `/organizations/${organization}/credentials`, {
      environment: 'production',
      name: hostile,
    })
    await shop.cli('check', '--grep', 'called')
    failed = await eventually('the hostile check has failed', async () => {
      const { items } = await shop.api<{ items: { id: string; check: string }[] }>(
        'GET',
        '/runs?verdict=fail',
      )
      return items.find(({ check }) => check.includes('a check called'))?.id
    })
    const slug = await makeSandbox()
    await shop.api('DELETE', `/sandboxes/${slug}`)
  })
  afterAll(async () => {
    await browser?.close()
    await shop?.stop()
    await copy?.remove()
  })

  /** Every page that there is, with something on it. */
  const paths = () => [
    '/',
    '/checks',
    `/checks/${encodeURIComponent('a customer can order')}`,
    `/checks/${encodeURIComponent(`a check called ${hostile}`)}`,
    `/runs/${failed}`,
    '/bots',
    `/bots/${encodeURIComponent('order and cancel')}`,
    '/sandboxes',
    '/requests',
    '/organizations',
    `/organizations/${organization}`,
    '/nowhere',
    '/checks/nowhere',
    '/sign-in',
  ]

  test.each([
    ['light', { ...desk, colorScheme: 'light' }],
    ['dark', { ...desk, colorScheme: 'dark' }],
    ['on a phone', { ...phone, colorScheme: 'light' }],
    [
      'narrow, in the dark, without movement',
      { ...phone, viewport: { width: 320, height: 700 }, colorScheme: 'dark', reducedMotion: 'reduce' },
    ],
  ] as const)(
    'every page, %s: axe-core finds nothing, nothing is too wide, nothing fails, nothing is asked elsewhere',
    { timeout: 180_000 },
    async (_, options) => {
      const context = await browser.open(options)
      const page = await signIn(context, shop)
      const findings: string[] = []
      for (const path of paths()) {
        await visit(page, shop, path)
        for (const found of await accessibilityFindings(page)) findings.push(`${path}: ${found}`)
        if (await scrollsSideways(page)) findings.push(`${path}: scrolls sideways`)
      }
      await context.close()
      expect(findings).toEqual([])
      expect(browser.faults).toEqual([])
    },
  )

  test('what others wrote is shown as text, on every page: names, headers, bodies, errors', async () => {
    const context = await browser.open()
    const page = await signIn(context, shop)
    const shownOn: string[] = []
    for (const path of paths()) {
      await visit(page, shop, path)
      if ((await page.locator('body').innerText()).includes('<img src=x')) shownOn.push(path)
      expect(await page.evaluate(() => 'owned' in globalThis), path).toBe(false)
      expect(await page.locator('img[src=x]').count(), path).toBe(0)
    }
    expect(shownOn).toEqual(
      expect.arrayContaining([
        '/checks',
        `/runs/${failed}`,
        '/organizations',
        `/organizations/${organization}`,
      ]),
    )
    await visit(page, shop, `/runs/${failed}`)
    const text = await page.locator('main').innerText()
    for (const part of ['a step called', 'failed <img']) expect(text).toContain(part)
    await context.close()
  })

  test('a sign-in address without a ticket, and a link that was used, say how to get another, and lead who is signed in on', async () => {
    const context = await browser.open()
    const page = await signIn(context, shop)
    for (const [address, words] of [
      ['/sign-in', 'This address has no ticket in it.'],
      ['/sign-in#rp_ticket_used', 'used already'],
    ] as const) {
      await page.goto('about:blank')
      await page.goto(new URL(address, shop.control).href)
      await page.getByText('rockpool login --browser').first().waitFor()
      expect(await page.getByRole('alert').innerText()).toContain(words)
    }
    await page.getByRole('link', { name: 'Now' }).click()
    await page.getByRole('heading', { level: 1, name: 'Now' }).waitFor()
    await context.close()
  })

  test('on a phone the questions of the first page keep their line, whatever the answers are', async () => {
    for (const colorScheme of ['light', 'dark'] as const) {
      const context = await browser.open({ ...phone, colorScheme })
      const page = await signIn(context, shop)
      await page.locator('.answers > li').nth(3).waitFor()
      const answers = await page.locator('.answers > li').evaluateAll((items) =>
        items.map((item) => {
          const [question, answer] = [item.querySelector('h2')!, item.querySelector('.v')!]
          const [told, line] = [question.getBoundingClientRect(), getComputedStyle(question).lineHeight]
          return {
            lines: Math.round(told.height / Number.parseFloat(line)),
            answer: answer.textContent,
            isBeside: answer.getBoundingClientRect().top < told.bottom,
          }
        }),
      )
      expect(answers.map(({ lines }) => lines)).toEqual([1, 1, 1, 1])
      // The long one stands below the question, a short one beside it.
      expect(answers).toContainEqual({ lines: 1, answer: 'Not measured yet', isBeside: false })
      await context.close()
    }
  })

  test('a refused form says each finding once: at its field, which gets the focus, or at the head', async () => {
    const context = await browser.open()
    const page = await signIn(context, shop)
    await visit(page, shop, '/organizations')
    await page.getByRole('button', { name: /^Create/ }).click()
    const dialog = page.getByRole('dialog')
    const slug = dialog.getByLabel('Slug')
    const focused = () => slug.evaluate((field) => field === document.activeElement)
    expect(await focused()).toBe(true)
    await slug.fill('No Slug')
    await dialog.getByLabel('Name').fill('Reef')
    await dialog.getByRole('button', { name: /^Create/ }).click()

    // By the button: the focus goes to the field, whose description says it, and nothing else does.
    const wrong = dialog.locator('.wrong')
    await wrong.first().waitFor()
    const said = await wrong.innerText()
    expect((await dialog.innerText()).split(said)).toHaveLength(2)
    expect(await focused()).toBe(true)
    const described = await slug.getAttribute('aria-describedby')
    expect(described).toContain(await wrong.getAttribute('id'))
    expect(await slug.getAttribute('aria-invalid')).toBe('true')
    expect(await dialog.getByRole('alert').count()).toBe(0)

    // By Enter: the focus is there already and says nothing by itself, so the finding does.
    await slug.press('Enter')
    await dialog.getByRole('alert').waitFor()
    expect(await dialog.getByRole('alert').allInnerTexts()).toEqual([said])
    expect(await accessibilityFindings(page)).toEqual([])

    // What is about no field stands at the head, before them.
    await slug.fill('harbor')
    await slug.press('Enter')
    const head = dialog.locator('form > .trouble')
    await head.waitFor()
    expect(await dialog.getByRole('alert').count()).toBe(1)
    expect(await wrong.count()).toBe(0)
    expect(await head.evaluate((box) => box.nextElementSibling?.tagName)).toBe('LABEL')
    browser.faults.length = 0 // each refusal
    await context.close()
  })

  test('by keyboard alone: from the first page to the step of a run that failed, and back', async () => {
    const context = await browser.open()
    const page = await signIn(context, shop)
    const { keyboard } = page
    await keyboard.press('g')
    await keyboard.press('c')
    await page.getByRole('heading', { level: 1, name: 'Checks' }).waitFor()
    await settled(page)
    // The worst stands first.
    await keyboard.press('j')
    const focused = () => page.evaluate(() => document.activeElement?.textContent ?? '')
    expect(await focused()).toContain('a check called')
    await keyboard.press('Enter')
    await page.getByRole('heading', { level: 1, name: 'a check called' }).waitFor()
    await settled(page)
    await keyboard.press('j')
    await keyboard.press('Enter')
    await page.waitForURL(/\/runs\//)
    await settled(page)
    await tabTo(page, 'a step called')
    await keyboard.press('Enter')
    await page.waitForURL(/step=/)
    await page.goBack()
    await page.getByRole('heading', { level: 1, name: 'a check called' }).waitFor()
    await keyboard.press('?')
    await page.getByRole('dialog').waitFor()
    await keyboard.press('Escape')
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    await context.close()
  })

  test(
    'a dozen tabs are live at once, and stay so when the first is closed',
    { timeout: 60_000 },
    async () => {
      const context = await browser.open()
      const tabs = [await signIn(context, shop)]
      while (tabs.length < 12) {
        const tab = await context.newPage()
        await visit(tab, shop, '/sandboxes')
        tabs.push(tab)
      }
      await tabs[0]!.close()
      const slug = await makeSandbox()
      for (const tab of tabs.slice(1)) await tab.getByText(slug).first().waitFor({ timeout: 20_000 })
      await shop.api('DELETE', `/sandboxes/${slug}`)
      await context.close()
    },
  )

  test('a verdict reaches an open page by itself', async () => {
    const context = await browser.open()
    const page = await signIn(context, shop)
    await visit(page, shop, '/sandboxes')
    const slug = await makeSandbox()
    await page.getByText(slug).first().waitFor({ timeout: 10_000 })
    await shop.api('DELETE', `/sandboxes/${slug}`)
    await context.close()
  })

  test(
    'a lost connection is told, and afterwards the page is right without a reload',
    { timeout: 90_000 },
    async () => {
      const { hostname, port } = new URL(shop.control)
      const cable = await createCable(hostname, Number(port))
      const through = { ...shop, control: `http://${hostname}:${cable.port}` }
      const context = await browser.open()
      const page = await signIn(context, through)
      await page.getByText(/^live/).first().waitFor()
      await page.getByRole('link', { name: 'Sandboxes' }).first().click()
      // Its script has come through the cable, too.
      await page.getByRole('heading', { level: 1, name: 'Sandboxes' }).waitFor()
      await settled(page)
      await cable.cut()
      await page.getByText('no news from control').waitFor({ timeout: 30_000 })
      const slug = await makeSandbox()
      expect(await page.getByText(slug).count()).toBe(0)
      await cable.mend()
      await page.getByText(slug).first().waitFor({ timeout: 30_000 })
      await page.getByText('no news from control').waitFor({ state: 'detached', timeout: 30_000 })

      // The same when control itself dies: its supervisor starts it again.
      process.kill(await shop.pid('rockpool-control'), 'SIGKILL')
      await page.getByText('no news from control').waitFor({ timeout: 30_000 })
      await page.getByText('no news from control').waitFor({ state: 'detached', timeout: 30_000 })
      await shop.api('DELETE', `/sandboxes/${slug}`)
      await page.getByText(slug).first().waitFor()
      browser.faults.length = 0 // what failed while nothing could be reached
      await context.close()
      await cable.cut()
    },
  )

  test('a viewer sees what is theirs, and is offered nothing that a viewer may not do', async () => {
    const context = await browser.open()
    const page = await signIn(context, shop, { email: 'vic@example.com', role: 'viewer' })
    await visit(page, shop, '/organizations/harbor')
    for (const button of await page.locator('main').getByRole('button').all()) {
      const name = (await button.innerText()).trim()
      if (/key|member|revoke|remove|add/i.test(name)) expect(await button.isDisabled(), name).toBe(true)
    }
    await visit(page, shop, `/checks/${encodeURIComponent('a customer can order')}`)
    for (const name of ['Break it…', 'Run now'])
      expect(await page.getByRole('button', { name }).isDisabled(), name).toBe(true)
    await visit(page, shop, `/organizations/${organization}`)
    expect(await page.locator('main').innerText()).not.toContain('onerror')
    await context.close()
  })

  test('a developer of one organization may ask for a run of its checks', async () => {
    const context = await browser.open()
    const page = await signIn(context, shop, { email: 'dev@example.com', role: 'developer' })
    await visit(page, shop, `/checks/${encodeURIComponent('a customer can order')}`)
    const runNow = page.getByRole('button', { name: 'Run now' })
    expect(await runNow.isDisabled()).toBe(false)
    expect(await page.getByRole('button', { name: 'Break it…' }).isDisabled()).toBe(true)
    await context.close()
  })

  test(
    'break it in the page: the check is red, and the page names the reason',
    { timeout: 90_000 },
    async () => {
      const context = await browser.open()
      const page = await signIn(context, shop)
      await visit(page, shop, `/checks/${encodeURIComponent('a customer can order')}`)
      await page.getByRole('button', { name: 'Break it…' }).click()
      const dialog = page.getByRole('dialog')
      await dialog.getByLabel('Service').selectOption('catalog')
      await dialog.getByRole('button', { name: /^Break/ }).click()
      await dialog.waitFor({ state: 'detached' })
      await page.locator('.trouble').getByText('broken on purpose').first().waitFor({ timeout: 60_000 })
      await context.close()
    },
  )

  test('with 10,000 runs stored, lists stay short and lead to all of them', { timeout: 90_000 }, async () => {
    await seedRuns(copy.data, 10_000)
    const context = await browser.open()
    const page = await signIn(context, shop)
    await visit(page, shop, `/checks/${encodeURIComponent('a customer can order')}`)
    const rows = page.locator('main table.runs tbody tr')
    expect(await rows.count()).toBeLessThanOrEqual(50)
    const first = await rows.first().innerText()
    await page.getByRole('link', { name: 'Older' }).click()
    await page.waitForURL(/older=/)
    await eventually('older runs are shown', async () => (await rows.first().innerText()) !== first)
    expect(await rows.count()).toBeGreaterThan(5)
    await visit(page, shop, '/')
    expect(await page.locator('.answers > li').count()).toBe(4)
    await context.close()
  })
})

async function makeSandbox(): Promise<string> {
  const { sandbox } = await shop.api<{ sandbox: { slug: string } }>('POST', '/sandboxes', {
    parent: 'harbor',
  })
  return sandbox.slug
}

/** Presses Tab until what has the focus holds the text. */
async function tabTo(page: Page, text: string): Promise<void> {
  for (let pressed = 0; pressed < 80; pressed++) {
    await page.keyboard.press('Tab')
    if (await page.evaluate((wanted) => document.activeElement?.textContent?.includes(wanted), text)) return
  }
  throw new Error(`Tab never reaches “${text}”`)
}
