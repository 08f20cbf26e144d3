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

/** What is being designed: reviews, which no version that runs has. */
const designed = `openapi: 3.1.0
info: { title: Catalog, version: 8.0.0 }
paths:
  /{organization}/reviews:
    parameters: [{ name: organization, in: path, required: true, schema: { type: string } }]
    post:
      operationId: createReview
      requestBody: { required: true, content: { application/json: { schema: { $ref: '#/components/schemas/NewReview' } } } }
      responses: { '201': { description: made, content: { application/json: { schema: { $ref: '#/components/schemas/Review' } } } } }
  /{organization}/reviews/{id}:
    parameters:
      - { name: organization, in: path, required: true, schema: { type: string } }
      - { name: id, in: path, required: true, schema: { type: string } }
    get:
      operationId: getReview
      responses: { '200': { description: one, content: { application/json: { schema: { $ref: '#/components/schemas/Review' } } } } }
components:
  schemas:
    NewReview: { type: object, required: [stars], properties: { stars: { type: integer, minimum: 1, maximum: 5 } } }
    Review: { type: object, required: [id, stars], properties: { id: { type: string }, stars: { type: integer } } }
`

async function pushDesigned(): Promise<void> {
  await shop.write('designed.yaml', designed)
  const file = join(shop.folder, 'designed.yaml')
  const pushed = await shop.cli('contract', 'push', file, '--service', 'catalog', '--branch', 'reviews')
  expect(pushed.code, pushed.stdout + pushed.stderr).toBe(0)
}

const reviews = (organization: string) => `/${organization}/reviews`
/** What is the same for everybody who meets it. */
const essence = ({ status, body }: { status: number; body: Record<string, unknown> }) => {
  const { request: _, instance: __, ...rest } = body
  return { status, ...rest }
}

test('what the mocked version alone has is there in its sandbox, and nowhere else', async () => {
  await pushDesigned()
  const other = await makeSandbox(shop)
  const { text } = await liveKey(shop)
  const post = (key: string, organization: string) =>
    customer(shop.gateway, key).call('POST', reviews(organization), { stars: 5 })
  const unknown = essence(
    await customer(shop.gateway, text).call('POST', '/harbor/no-such-thing', { stars: 5 }),
  )
  expect(unknown).toMatchObject({ status: 404, code: 'route_unknown' })
  expect(essence(await post(box.key, box.organization))).toEqual(unknown)

  await said(box.organization, 'catalog@branch:reviews')
  expect(await post(box.key, box.organization)).toMatchObject({ status: 201, body: { stars: 5 } })
  expect(await at(box).call('POST', reviews(box.organization), { stars: 9 })).toMatchObject({ status: 422 })
  // What its version lacks.
  expect(await at(box).call('GET', items(box))).toMatchObject({
    status: 404,
    body: { code: 'route_unknown', detail: expect.stringContaining('catalog branch:reviews') },
  })
  for (const [key, organization] of [
    [text, 'harbor'],
    [text, box.organization],
    [other.key, other.organization],
    [other.key, box.organization],
    ['rp_sandbox_none', box.organization],
  ] as const)
    expect(essence(await post(key, organization))).toEqual(unknown)
  expect((await at(other).call('GET', items(other))).status).toBe(200)

  const told = await shop.cli('gateway', 'resolve', 'POST', reviews(box.organization), '--as', 'sandbox')
  expect([told.code, told.stdout]).toEqual([0, expect.stringContaining('(createReview)')])
  const hidden = await shop.cli('gateway', 'resolve', 'POST', reviews('harbor'), '--as', 'live')
  expect(hidden.stdout).toContain('route_unknown')

  await said(box.organization, 'catalog', '--off')
  expect(essence(await post(box.key, box.organization))).toEqual(unknown)
})

test('a check mocks a service by what is being designed, and calls it through the gateway', async () => {
  await pushDesigned()
  await shop.write(
    'checks/reviews.check.ts',
    `import { check, type Service } from 'rockpool'

check('a customer can review', async ({ sandbox, api, expect }) => {
  const { version } = await sandbox.mock('catalog', { version: 'branch:reviews', seed: 'friday' })
  expect(version).toBe('branch:reviews')
  const designed = api.catalog as unknown as Service<'createReview' | 'getReview'>
  const review = await designed.createReview({ body: { stars: 4 } })
  expect(review.status).toBe(201)
  const found = await designed.getReview({ path: { id: review.body.id } })
  expect(found.body).toEqual({ id: review.body.id, stars: 4 })
  await sandbox.unmock('catalog')
  const item = await api.catalog.createItem({ body: { name: 'Tide clock', price: 4900, currency: 'EUR', stock: 3 } })
  expect(item.status).toBe(201)
})

check('nobody reviews what there is not', ({ sandbox }) => sandbox.mock('catalog', { version: '9.9.9' }))
`,
  )
  const { code, stdout, stderr } = await shop.cli(
    'check',
    '--json',
    join(shop.folder, 'checks/reviews.check.ts'),
  )
  const results = stdout
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as { type: string; check: string; verdict: string; attempts: unknown[] })
    .filter(({ type }) => type === 'result')
  const [passed, failed] = results.toSorted((one, next) => (one.check < next.check ? -1 : 1))
  expect([code, passed?.verdict], stdout + stderr).toEqual([1, 'pass'])
  expect(failed).toMatchObject({
    verdict: 'fail',
    attempts: [{ failure: { message: expect.stringContaining('catalog has no version “9.9.9”') } }],
  })
  // They go with the sandboxes of the check.
  await eventually('no mock of the check is left', async () => {
    const { organization } = passed!.attempts[0] as { organization: string }
    const left = await shop.cli('sandbox', 'mock', organization)
    return !left.stdout.includes('catalog')
  })
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
