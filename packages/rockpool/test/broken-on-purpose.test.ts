import { access } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { buy, customer } from './support/customer.ts'
import { eventually } from './support/eventually.ts'
import { startInstallation } from './support/installation.ts'
import type { Installation } from './support/installation.ts'
import { liveKey, makeSandbox } from './support/shop.ts'

// Break a service for checks alone: they say what is broken, and no customer feels it.

let shop: Installation
beforeAll(async () => {
  shop = await startInstallation()
})
afterAll(async () => {
  await shop?.stop()
  await shop?.remove()
})

interface Fault {
  id: string
  endsAt: string
}

const check = () => shop.cli('check', '--grep', 'a customer can order')
const breakIt = (service: string) =>
  shop.api<Fault>('POST', '/faults', { service, seconds: 300, kind: 'unavailable' })

test('a check fails and names what was broken on purpose, while customers buy; mended, it passes', async () => {
  const fault = await breakIt('catalog')
  const { code, stdout } = await check()
  expect(code, stdout).toBe(1)
  expect(stdout).toContain(`catalog is broken on purpose for checks until ${fault.endsAt}`)

  const { text } = await liveKey(shop)
  await buy(customer(shop.gateway, text), 'harbor')
  const sandbox = await makeSandbox(shop)
  await buy(customer(shop.gateway, sandbox.key), sandbox.organization)

  expect(await shop.api<{ items: Fault[] }>('GET', '/faults')).toMatchObject({ items: [{ id: fault.id }] })
  await shop.api('DELETE', `/faults/${fault.id}`)
  expect(await shop.api('GET', '/faults')).toEqual({ items: [] })
  const mended = await check()
  expect(mended.code, mended.stdout).toBe(0)
})

test('what is broken behind another service, which tells of it in its own words, is named as well', async () => {
  const fault = await breakIt('payments')
  const { code, stdout } = await check()
  expect(code, stdout).toBe(1)
  expect(stdout).toContain('The service payments cannot be reached just now')
  expect(stdout).toContain(`payments is broken on purpose for checks until ${fault.endsAt}`)
  const { text } = await liveKey(shop)
  await buy(customer(shop.gateway, text), 'harbor')
})

// Two runs at once, each waiting for the other by files: what is broken for one of them, the other never meets.
const sideBySide = (folder: string) => `import { existsSync, writeFileSync } from 'node:fs'
import { check } from 'rockpool'

const file = (name: string) => '${folder}/' + name

check('side by side: breaks it for itself', { faults: true, timeout: '120s' }, async ({ api, faults, expect, until }) => {
  expect((await api.catalog.listItems()).status).toBe(200)
  const fault = await faults.status('catalog', { status: 507, operation: 'listItems', lease: '5m' })
  expect((await api.catalog.listItems()).status).toBe(507)
  writeFileSync(file('broken'), fault.id)
  await until(() => existsSync(file('looked')), '100s')
  expect((await api.catalog.listItems()).status).toBe(507)
  await fault.end()
  expect((await api.catalog.listItems()).status).toBe(200)
  // Left as it is: the end of the run mends it.
  await faults.wrongField('catalog', { pointer: '/items', drop: true, operation: 'listItems' })
  const wrong = await api.catalog.listItems()
  expect(wrong.status).toBe(200)
  expect(wrong.body.items).toBeUndefined()
})

check('side by side: feels nothing of it', { timeout: '120s' }, async ({ api, expect, until }) => {
  await until(() => existsSync(file('bought')), '100s')
  for (let index = 0; index < 5; index++) {
    const answer = await api.catalog.listItems()
    expect(answer.status).toBe(200)
    expect(answer.body.items).toEqual([])
  }
  writeFileSync(file('looked'), '')
})

check('side by side: may break nothing', async ({ faults }) => {
  await faults.abort('catalog')
})
`

test('a check breaks a service for its own run alone; another beside it, and customers, feel nothing', async () => {
  await shop.write('checks/side-by-side.check.ts', sideBySide(shop.folder))
  const before = await shop.api<{ items: Fault[] }>('GET', '/faults')
  const { text } = await liveKey(shop)
  const sandbox = await makeSandbox(shop)
  const running = shop.cli('check', '--grep', '/^side by side: (breaks|feels)/')
  const isBroken = () => access(join(shop.folder, 'broken')).then(() => true)
  await eventually('the check has broken it', isBroken, 90_000)
  await buy(customer(shop.gateway, text), 'harbor')
  await buy(customer(shop.gateway, sandbox.key), sandbox.organization)
  await shop.write('bought', '')
  const { code, stdout } = await running
  expect(code, stdout).toBe(0)
  // Its end took with it what the check had left broken.
  expect(await shop.api('GET', '/faults')).toEqual(before)

  const refused = await shop.cli('check', '--grep', 'side by side: may break nothing')
  expect(refused.code, refused.stdout).toBe(1)
  expect(refused.stdout).toContain('write faults: true in the options of the check')
})
