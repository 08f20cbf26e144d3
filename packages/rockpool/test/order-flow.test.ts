import { afterAll, beforeAll, expect, test } from 'vitest'
import { buy, customer } from './support/customer.ts'
import { eventually } from './support/eventually.ts'
import { startInstallation } from './support/installation.ts'
import type { Installation } from './support/installation.ts'
import {
  bankStatistics,
  copyShopWithoutBots,
  ledgerOf,
  liveKey,
  makeSandbox,
  receiptOf,
  sandboxes,
} from './support/shop.ts'

// The main job: the shop in production, verified in its own sandboxes, and what the bank saw of it.

let shop: Installation
beforeAll(async () => {
  shop = await startInstallation({ shop: await copyShopWithoutBots() })
})
afterAll(async () => {
  await shop?.stop()
  await shop?.remove()
})

interface CheckLine {
  type: string
  name?: string
  verdict?: string
}

test('every check passes in a fresh sandbox, the bank is charged nothing, and nothing is left behind', async () => {
  const { code, stdout, stderr } = await shop.cli('check', '--organization', 'harbor', '--json')
  expect(code, stderr + stdout).toBe(0)
  const lines = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as CheckLine)
  const verdicts = lines.filter(({ verdict }) => verdict !== undefined)
  expect(verdicts.length).toBeGreaterThanOrEqual(6)
  expect(await bankStatistics(shop)).toMatchObject({ charges: 0, refunds: 0 })

  const deleted = await eventually('all sandboxes are deleted', async () => {
    const listed = await sandboxes(shop)
    return listed.every(({ state }) => state === 'deleted') && listed
  })
  expect(deleted.length).toBeGreaterThanOrEqual(verdicts.length)
  let before = 0
  const [slug] = deleted.map((sandbox) => sandbox.slug)
  const shown = await shop.cli('sandbox', 'receipt', slug!)
  expect(shown, shown.stderr).toMatchObject({
    code: 0,
    stdout: expect.stringContaining(`nothing is left of ${slug}`),
  })
  for (const { slug } of deleted) {
    const receipt = await receiptOf(shop, slug)
    expect(receipt.complete).toBe(true)
    const tables = receipt.services.flatMap(({ tables }) => tables)
    expect(receipt.services.map(({ service }) => service).sort()).toEqual([
      'catalog',
      'orders',
      'payments',
      'storefront',
    ])
    expect(tables.every(({ after }) => after === 0)).toBe(true)
    before += tables.reduce((sum, table) => sum + (table.before ?? 0), 0)
  }
  // The proof proves something: there were rows before.
  expect(before).toBeGreaterThan(20)
})

test('the one URL that is printed answers the four questions', async () => {
  const page = await fetch(shop.control)
  expect(page.headers.get('content-type')).toContain('text/plain')
  const text = await page.text()
  expect(text).toMatch(/^Is it working\? +yes/)
  expect(text.match(/not measured yet/g)).toHaveLength(2)
  expect(text).toMatch(/^Right now, in production\? +cannot tell +the bot “order and cancel” has no grant/m)
})

test('a customer’s order with a live key reaches the bank, once', async () => {
  const before = await bankStatistics(shop)
  const { text } = await liveKey(shop)
  const harbor = customer(shop.gateway, text)
  const { order } = await buy(harbor, 'harbor')
  await eventually(
    'the order is paid',
    async () => (await harbor.call('GET', `/harbor/orders/${order}`)).body.status === 'paid',
  )
  expect((await bankStatistics(shop)).charges).toBe(before.charges + 1)
})

test('a sandbox’s key opens its sandbox alone, a live key no sandbox, and the parent’s one key all sandboxes and no production', async () => {
  const [one, two] = [await makeSandbox(shop), await makeSandbox(shop)]
  const live = await liveKey(shop)
  const [made] = await shop.json<{ text: string }>(
    'key',
    'create',
    '--organization',
    'harbor',
    '--environment',
    'sandbox',
    '--all-sandboxes',
  )
  const items = (key: string, organization: string) =>
    customer(shop.gateway, key).call('GET', `/${organization}/items`)

  expect((await items(one.key, one.organization)).status).toBe(200)
  expect((await items(one.key, two.organization)).body.code).toBe('organization_not_allowed')
  expect((await items(one.key, 'harbor')).status).toBe(403)
  expect((await items(live.text, 'harbor')).status).toBe(200)
  expect((await items(live.text, one.organization)).status).toBe(403)
  for (const { organization } of [one, two]) expect((await items(made!.text, organization)).status).toBe(200)
  expect((await items(made!.text, 'harbor')).status).toBe(403)

  const wrong = await shop.cli('key', 'create', '--organization', 'harbor', '--environment', 'sandbox')
  expect(wrong.code).toBe(2)
  expect(wrong.stderr).toMatch(/production/)
  await Promise.all([one, two].map(({ organization }) => shop.cli('sandbox', 'delete', organization)))
})

test('a key counts at the gateway within 100 ms of being made, and of being revoked', async () => {
  const live = await liveKey(shop)
  // The answer comes after the gateways have it: the very first call is served.
  expect((await customer(shop.gateway, live.text).call('GET', '/harbor/items')).status).toBe(200)
  // Called all the while, so that the first refusal is seen when it comes; from the answer, which follows the commit.
  let answered = Number.POSITIVE_INFINITY
  const revoked = shop
    .api('DELETE', `/organizations/harbor/credentials/${live.id}`)
    .finally(() => (answered = performance.now()))
  let refused: number
  let status: number
  do {
    status = (await customer(shop.gateway, live.text).call('GET', '/harbor/items')).status
    refused = performance.now()
  } while (status !== 401 && refused < answered + 2_000)
  await revoked
  expect(status).toBe(401)
  expect(refused - answered).toBeLessThan(100)
})

test('the CLI revokes a key whose environment is named rightly, and no other', async () => {
  const live = await liveKey(shop)
  const revoke = (environment: string) =>
    shop.cli('key', 'revoke', live.id, '--organization', 'harbor', '--environment', environment)
  const items = async () => (await customer(shop.gateway, live.text).call('GET', '/harbor/items')).status
  expect(await revoke('sandbox')).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('it was not revoked') as string,
  })
  expect(await items()).toBe(200)
  expect(await revoke('production')).toMatchObject({ code: 0 })
  expect(await items()).toBe(401)
})

test('Basic authentication with the key as user name and an empty password is served too', async () => {
  const live = await liveKey(shop)
  const basic = Buffer.from(`${live.text}:`).toString('base64')
  const answer = await customer(shop.gateway).call('GET', '/harbor/items', undefined, {
    authorization: `Basic ${basic}`,
  })
  expect(answer.status).toBe(200)
})

test('what the gateway refuses is a problem: no key, an unknown key, a method that is not there, no route before any key is judged', async () => {
  const nobody = customer(shop.gateway)
  expect((await nobody.call('GET', '/harbor/items')).body).toMatchObject({
    status: 401,
    code: 'credential_missing',
  })
  expect((await customer(shop.gateway, 'rp_live_nonsense').call('GET', '/harbor/items')).body).toMatchObject({
    status: 401,
    code: 'credential_unknown',
  })
  const unknown = await customer(shop.gateway, 'rp_live_nonsense').call('GET', '/harbor/nothing-here')
  expect(unknown.body).toMatchObject({ status: 404, code: 'route_unknown' })
  expect(unknown.headers.get('content-type')).toContain('application/problem+json')
})

test('the ledger knows what a run and a sandbox created', async () => {
  const sandbox = await makeSandbox(shop)
  await buy(customer(shop.gateway, sandbox.key), sandbox.organization)
  // The services' own calls for the order are there too, each in its time.
  const [item, order] = await eventually('both calls are in the ledger with their answers', async () => {
    const listed = await ledgerOf(shop, sandbox.organization)
    const made = ['items', 'orders'].map((what) =>
      listed.find(({ path, status }) => path === `/${sandbox.organization}/${what}` && status === 201),
    )
    return made.every((entry) => entry !== undefined) && made
  })
  expect([item!.method, order!.method]).toEqual(['POST', 'POST'])
  expect(order!.location ?? order!.resource).toBeTruthy()
  await shop.cli('sandbox', 'delete', sandbox.organization)
})
