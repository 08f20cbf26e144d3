// `npm run screenshots`: the pictures in README and docs, taken from a demo that runs on data of its own.
import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { setTimeout as sleep } from 'node:timers/promises'
import { phone, startBrowser } from '../packages/rockpool/test/support/browser.ts'
import { customer } from '../packages/rockpool/test/support/customer.ts'
import { eventually } from '../packages/rockpool/test/support/eventually.ts'
import { startInstallation } from '../packages/rockpool/test/support/installation.ts'

const folder = fileURLToPath(new URL('../docs/images/', import.meta.url))
mkdirSync(folder, { recursive: true })

const lifecycles = 6
console.error(
  `starting a demo with a customer, until its bot has used it ${lifecycles} times (as many minutes)`,
)
const demo = await startInstallation()
const browser = await startBrowser()
const shopping = new AbortController()
try {
  const { text } = await demo.api('POST', '/organizations/harbor/credentials', { environment: 'production' })
  const client = customer(demo.gateway, text)
  const visits = (async () => {
    for (let visit = 0; !shopping.signal.aborted; visit++) {
      const { body } = await client.call('GET', '/harbor/items')
      const [item] = body.items
      if (visit % 20 === 0 && item)
        await client.call('POST', '/harbor/orders', { item: item.id, card: '4242424242424242' })
      await sleep(150 + 100 * Math.sin(visit / 200))
    }
  })()
  await eventually(
    `${lifecycles} lifecycles`,
    async () => {
      const { items } = await demo.api('GET', '/runs?kind=bot&limit=200')
      return items.filter((/** @type {any} */ run) => run.endedAt).length >= lifecycles
    },
    (lifecycles + 2) * 60_000,
  )
  const { url } = await demo.api('POST', '/sign-in-links', {})
  const context = await browser.open({ viewport: { width: 1280, height: 860 } })
  const page = await context.newPage()
  await page.goto(url)
  await page.locator('.answers > li').nth(3).waitFor()

  /** @param {string} name @param {string} path @param {string} wait */
  const take = async (name, path, wait) => {
    await page.goto(new URL(path, demo.control).href)
    await page.locator(wait).first().waitFor()
    await page.evaluate(() => document.fonts.ready)
    await page.screenshot({ path: join(folder, `${name}.png`) })
    console.error(`  ${name}.png`)
  }
  const petshop = fileURLToPath(new URL('../packages/rockpool/test/fixtures/petshop/', import.meta.url))
  for (const [version, file] of [
    ['1.2.0', 'petshop.yaml'],
    ['2.0.0', 'petshop-next.yaml'],
  ])
    await demo.api('POST', `/contracts/petshop/versions?version=${version}`, {
      main: 'petshop.yaml',
      files: { 'petshop.yaml': readFileSync(join(petshop, file), 'utf8') },
    })
  const { items: runs } = await demo.api('GET', '/runs?limit=200')
  const bought = runs.find((/** @type {any} */ run) => /browser|storefront/.test(run.check))
  await take('now', '/', '.strip')
  if (bought) await take('run', `/runs/${bought.id}`, '.fall')
  await take('bots', '/bots', 'main table')
  await take('sandboxes', '/sandboxes', 'main table')
  await take('requests', '/requests', 'main svg')
  await take(
    'contract-differences',
    '/contracts/petshop/differences?from=1.2.0&to=2.0.0',
    '.differences > li',
  )

  await page.emulateMedia({ colorScheme: 'dark' })
  await take('now-dark', '/', '.strip')
  await page.setViewportSize(phone.viewport)
  await page.emulateMedia({ colorScheme: 'light' })
  await take('now-phone', '/', '.strip')
  shopping.abort()
  await visits
} finally {
  shopping.abort()
  await browser.close()
  await demo.stop()
  await demo.remove()
}
