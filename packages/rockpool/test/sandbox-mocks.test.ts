import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { join } from 'node:path'
import { customer } from './support/customer.ts'
import { eventually } from './support/eventually.ts'
import { startInstallation } from './support/installation.ts'
import type { Installation } from './support/installation.ts'
import { killHard } from './support/kill.ts'
import { liveKey, makeSandbox, receiptOf } from './support/shop.ts'
import type { MadeSandbox } from './support/shop.ts'

// A mock answers for a service in one sandbox that asks for it: through the gateway, with a key, as for anybody.

let shop: Installation
let box: MadeSandbox

beforeAll(async () => {
  shop = await startInstallation()
  // Control keeps what runs in the registry by itself, once it is there.
  await eventually('the contract is kept', async () => {
    const { items } = await shop.api<{ items: { service: string }[] }>('GET', '/contracts')
    return items.some(({ service }) => service === 'catalog')
  })
})
afterAll(async () => {
  await shop?.stop()
  await shop?.remove()
})
beforeEach(async () => {
  box = await makeSandbox(shop)
})

const item = { name: 'Tide clock', price: 4900, currency: 'EUR', stock: 3 }
const items = ({ organization }: MadeSandbox) => `/${organization}/items`
const at = ({ key }: { key: string }) => customer(shop.gateway, key)

async function said(...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await shop.cli('sandbox', 'mock', ...args)
  expect(code, stdout + stderr).toBe(0)
  return stdout.trim()
}

/** Its examples are told from what the service answers by their id. */
async function isMocked(sandbox: MadeSandbox): Promise<boolean> {
  const made = await at(sandbox).call('POST', items(sandbox), item, { Prefer: 'code=503' })
  expect([201, 503], JSON.stringify(made.body)).toContain(made.status)
  return made.status === 503
}

test('what is made by POST is there by GET, in this sandbox alone, until the mock is turned off', async () => {
  const other = await makeSandbox(shop)
  expect(await isMocked(box)).toBe(false)
  expect(await said(box.organization, 'catalog')).toMatch(/^ok +a mock of catalog@1\.0\.0 answers in /)
  expect(await isMocked(box)).toBe(true)
  expect(await isMocked(other)).toBe(false)

  expect((await at(box).call('GET', items(box))).body).toMatchObject({ items: [] })
  const made = await at(box).call('POST', items(box), { ...item, name: 'Barometer' })
  expect(made).toMatchObject({ status: 201, body: { name: 'Barometer', price: 4900 } })
  const path = `${items(box)}/${made.body.id}`
  expect(await at(box).call('GET', path)).toMatchObject({ status: 200, body: made.body })
  expect((await at(box).call('GET', items(box))).body.items).toHaveLength(1)
  expect(await at(box).call('POST', items(box), { name: 'Barometer' })).toMatchObject({ status: 422 })

  expect(await said(box.organization)).toMatch(/^catalog@1\.0\.0 /)
  // The same again changes nothing, another seed is another mock.
  await said(box.organization, 'catalog@1.0.0')
  expect((await at(box).call('GET', path)).status).toBe(200)
  await said(box.organization, 'catalog@1.0.0', '--seed', 'friday')
  expect((await at(box).call('GET', path)).status).toBe(404)
  await said(box.organization, 'catalog', '--off')
  expect(await isMocked(box)).toBe(false)
  expect(await said(box.organization)).toBe('')
})

test('production never reaches it, whatever is claimed', async () => {
  await said(box.organization, 'catalog')
  const { text } = await liveKey(shop)
  const production = customer(shop.gateway, text)
  const { body: mocks } = await at(box).call('GET', items(box))
  expect(mocks).toMatchObject({ items: [] })
  const mock = await shop.api<{ items: { id: string }[] }>('GET', `/sandboxes/${box.organization}/mocks`)
  for (const headers of [
    {},
    { 'Rockpool-Identity': 'e30.e30.e30' },
    { baggage: `rockpool.organization=${box.organization},rockpool.environment=sandbox` },
    { 'Rockpool-Release': 'mock' },
  ]) {
    const answer = await production.call('GET', '/harbor/items', undefined, {
      ...headers,
      Prefer: 'code=503',
    })
    // As the services know it: what a caller of no release names is taken out, or refused.
    expect([200, 400], JSON.stringify(answer.body)).toContain(answer.status)
  }
  expect((await production.call('GET', items(box))).status).toBe(403)
  expect((await production.call('GET', `/${mock.items[0]!.id}${items(box)}`)).status).toBe(404)

  const refused = await shop.cli('sandbox', 'mock', 'harbor', 'catalog')
  expect([refused.code, refused.stderr]).toEqual([
    2,
    expect.stringContaining('mocks answer in sandboxes alone'),
  ])
})

test('what cannot be meant is refused with what to do', async () => {
  for (const [args, told] of [
    [['cellar'], /no service “cellar”; there are: catalog/],
    [['catalog@9.9.9'], /catalog has no version “9\.9\.9”/],
    [['catalog@'], /write orders, or orders@1\.2\.0/],
    [['catalog', '--off'], /no mock answers for “catalog”/],
    [['--off'], /name the service/],
  ] as const) {
    const { code, stdout, stderr } = await shop.cli('sandbox', 'mock', box.organization, ...args)
    expect([code, stdout + stderr]).toEqual([2, expect.stringMatching(told)])
  }
})

test('any stored version answers, and judges by itself what the service would refuse', async () => {
  const document = `openapi: 3.1.0
info: { title: Catalog, version: 7.0.0 }
paths:
  /{organization}/items:
    parameters: [{ name: organization, in: path, required: true, schema: { type: string } }]
    post:
      operationId: createItem
      requestBody: { required: true, content: { application/json: { schema: { type: object, required: [title], properties: { title: { type: string } } } } } }
      responses: { '201': { description: made, content: { application/json: { schema: { type: object, required: [id, title], properties: { id: { type: string }, title: { type: string } } } } } } }
  /{organization}/items/{id}:
    get:
      operationId: getItem
      responses: { '200': { description: one, content: { application/json: { schema: { type: object, required: [id, title], properties: { id: { type: string }, title: { type: string } } } } } } }
`
  await shop.write('next.yaml', document)
  const pushed = await shop.cli('contract', 'push', join(shop.folder, 'next.yaml'), '--service', 'catalog')
  expect(pushed.code, pushed.stdout + pushed.stderr).toBe(0)
  await said(box.organization, 'catalog@7.0.0')
  expect(await at(box).call('POST', items(box), { title: 'Barometer' })).toMatchObject({
    status: 201,
    body: { title: 'Barometer' },
  })
  expect(await at(box).call('POST', items(box), item)).toMatchObject({ status: 422 })
  // The service’s own is what production means.
  expect(await said(box.organization, 'catalog')).toContain('catalog@1.0.0')
})

test('while the service is stopped the mock answers, and others hear that it is stopped', async () => {
  const other = await makeSandbox(shop)
  await said(box.organization, 'catalog')
  const stopped = await shop.cli('service', 'stop', 'catalog')
  expect(stopped.code, stopped.stderr).toBe(0)
  try {
    expect((await at(box).call('POST', items(box), item)).status).toBe(201)
    expect((await at(other).call('POST', items(other), item)).status).toBe(502)
  } finally {
    await shop.cli('service', 'start', 'catalog')
  }
  await eventually('the service answers again', async () => !(await isMocked(other)))
})

test('killed, the mocks come back by themselves, and remember nothing', async () => {
  await said(box.organization, 'catalog')
  const made = await at(box).call('POST', items(box), item)
  expect(made.status).toBe(201)
  const before = await shop.pid('rockpool-mocks')
  killHard(before)
  await eventually('the mock answers again', async () => {
    const { status, body } = await at(box).call('GET', items(box))
    expect([200, 502, 503], JSON.stringify(body)).toContain(status)
    return status === 200
  })
  expect(await shop.pid('rockpool-mocks')).not.toBe(before)
  expect((await at(box).call('GET', items(box))).body).toMatchObject({ items: [] })
})

test('it goes with its sandbox, and the receipt says so', async () => {
  await said(box.organization, 'catalog')
  await at(box).call('POST', items(box), item)
  const deleted = await shop.cli('sandbox', 'delete', box.organization)
  expect(deleted.code, deleted.stdout + deleted.stderr).toBe(0)
  const receipt = await receiptOf(shop, box.organization)
  expect(receipt).toMatchObject({ complete: true })
  expect((receipt as unknown as { rockpool: object[] }).rockpool).toContainEqual({
    table: 'contracts.sandbox_mock',
    before: 1,
    after: 0,
  })
  const late = await shop.cli('sandbox', 'mock', box.organization, 'catalog')
  expect([late.code, late.stderr]).toEqual([2, expect.stringContaining('is deleted')])
})
