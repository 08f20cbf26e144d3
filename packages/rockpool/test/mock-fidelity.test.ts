import { spawn } from 'node:child_process'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { eventually } from './support/eventually.ts'
import { copyShop, end, root, startInstallation } from './support/installation.ts'
import type { Installation, TestShop } from './support/installation.ts'
import { ledgerOf, sandboxes } from './support/shop.ts'

// Each service and its mock are asked the same, in a sandbox of production: what is told of a mock has been seen.

let copy: TestShop
let shop: Installation

beforeAll(async () => {
  copy = await copyShop()
  // That it may be missing is said before control reads it.
  await copy.patch(
    'catalog/openapi.yaml',
    'required: [id, name, price, currency, stock, createdAt]',
    'required: [id, name, price, currency, stock]',
  )
  // The schedule would look, too, whenever it is its time.
  const file = join(copy.folder, 'checks/contracts.check.ts')
  await writeFile(file, (await readFile(file, 'utf8')).replaceAll(/ *every: '1h',?/g, ''))
  shop = await startInstallation({ shop: copy, env: { ROCKPOOL_LOG_LEVEL: 'warn' } })
})
afterAll(async () => {
  await shop?.stop()
  await copy?.remove()
})

interface Result {
  type: string
  check: string
  verdict: string
  run: string
  attempts: {
    failure: { message: string } | null
    evidence: { entries: { type: string; text?: string }[] }
  }[]
}

interface Known {
  operations: number
  faithful: number
  lastSeen: string | null
  items: {
    operation: string
    result: string
    reason: string | null
    findings: object[]
    run: string
    faithfulAt: string
  }[]
}

async function check(service: string): Promise<{ code: number; result: Result }> {
  const { code, stdout, stderr } = await shop.cli('check', '--json', '--grep', `the mock of ${service} is`)
  const results = stdout
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Result)
  const result = results.find(({ type }) => type === 'result')
  if (result === undefined) throw new Error(stdout + stderr)
  return { code, result }
}

const known = (service: string) => shop.api<Known>('GET', `/contracts/${service}/mock`)

/** The service as it is with some other code, for as long as `look` takes. */
async function patched(
  { service, file, find, replace }: { service: string; file: string; find: string; replace: string },
  look: () => Promise<void>,
): Promise<void> {
  await copy.patch(file, find, replace)
  expect(await shop.cli('service', 'restart', service)).toMatchObject({ code: 0 })
  try {
    await look()
  } finally {
    await copy.restore(file)
    expect(await shop.cli('service', 'restart', service)).toMatchObject({ code: 0 })
  }
}

test('nothing is known before anybody has looked', async () => {
  expect(await known('orders')).toMatchObject({ operations: 0, lastSeen: null, items: [] })
})

for (const [service, operations] of [
  ['catalog', 5],
  ['orders', 5],
  ['payments', 3],
  ['delivery-quotes', 1],
] as const)
  test(`the mock of ${service} does as the service: all of ${operations} operations are faithful`, async () => {
    const before = Date.now()
    const { code, result } = await check(service)
    const told = result.attempts[0]!.evidence.entries.flatMap(({ text }) => text ?? [])
    expect(code, JSON.stringify(result.attempts[0])).toBe(0)
    expect(told).toEqual([`${operations} of ${operations} operations are faithful`])
    const seen = await known(service)
    expect(seen).toMatchObject({ operations, faithful: operations })
    expect(Date.parse(seen.lastSeen!)).toBeGreaterThanOrEqual(before)
    expect(new Set(seen.items.map(({ run }) => run))).toEqual(new Set([result.run]))
  })

test('rockpool contract show says how faithful the mock is, and by which contract it was asked', async () => {
  const { stdout } = await shop.cli('contract', 'show', 'orders')
  expect(stdout).toMatch(/^mock +5 of 5 operations faithful, last seen .+ ago$/m)
  const [version, mock] = await shop.json('contract', 'show', 'orders@production')
  const { items } = mock as unknown as { items: { address: string }[] }
  expect(new Set(items.map(({ address }) => address))).toEqual(new Set([version!['address']]))
})

test('an optional field that the service leaves out is told at its place, and fails nothing', () =>
  patched(
    {
      service: 'catalog',
      file: 'catalog/src/items.ts',
      find: '    createdAt: row.created_at.toISOString(),\n',
      replace: '',
    },
    async () => {
      const { code } = await check('catalog')
      expect(code).toBe(0)
      const { items } = await known('catalog')
      const of = (wanted: string) => items.find(({ operation }) => operation === wanted)!
      expect(of('getItem')).toMatchObject({
        result: 'differs',
        findings: [{ what: 'field', at: '/createdAt', breaks: false }],
      })
      expect(of('listItems').findings).toMatchObject([{ at: '/items/*/createdAt' }])
      expect(of('getReservation').result).toBe('faithful')
      // When it last was as the mock is remembered.
      expect(of('getItem').faithfulAt).toMatch(/^20/)
    },
  ))

test('a required field that is missing breaks the contract: the run fails, and says where', () =>
  patched(
    { service: 'catalog', file: 'catalog/src/items.ts', find: '    stock: row.stock,\n', replace: '' },
    async () => {
      const { code, result } = await check('catalog')
      expect(code).toBe(1)
      expect(result.attempts[0]!.failure!.message).toMatch(
        /catalog breaks its contract:\n.*getItem: \/stock is required/s,
      )
      const { items } = await known('catalog')
      expect(items.find(({ operation }) => operation === 'getItem')).toMatchObject({
        result: 'differs',
        findings: [{ what: 'body', at: '/stock', breaks: true }],
      })
    },
  ))

test('a status that the contract does not declare fails the run', () =>
  patched(
    {
      service: 'orders',
      file: 'orders/src/app.ts',
      find: 'return json(order, 201,',
      replace: 'return json(order, 202,',
    },
    async () => {
      const { code, result } = await check('orders')
      expect(code).toBe(1)
      expect(result.attempts[0]!.failure!.message).toContain(
        'placeOrder: answers 202; the contract declares 201, 400, 409, 422, 503',
      )
    },
  ))

test('a run that is killed in its middle leaves what was known', async () => {
  const before = await known('payments')
  await copy.write(
    'by-hand.check.ts',
    `import { contract } from 'rockpool'
contract('payments', { timeout: '5m', given: async ({ api, signal }) => {
  await api.payments.tokenizeCard({ body: { number: '4242424242424242' } })
  await new Promise((resolve) => signal.addEventListener('abort', resolve))
  return {}
} })\n`,
  )
  const slugs = new Set((await sandboxes(shop)).map(({ slug }) => slug))
  const target = [
    '--installation',
    'local',
    '--config',
    join(copy.folder, 'rockpool.config.ts'),
    '--data',
    copy.data,
  ]
  const bin = join(root, 'packages/rockpool/bin/rockpool.mjs')
  const checking = spawn(process.execPath, [bin, 'check', 'by-hand.check.ts', ...target], {
    cwd: copy.folder,
    stdio: 'ignore',
    env: shop.environment,
  })
  await eventually(
    'it is in its middle',
    async () => {
      for (const { slug } of (await sandboxes(shop)).filter((one) => !slugs.has(one.slug)))
        if (
          (await ledgerOf(shop, slug)).some(({ path, status }) => path.endsWith('/cards') && status === 201)
        )
          return true
      return false
    },
    60_000,
  )
  await end(checking, 'SIGKILL')
  expect(await known('payments')).toEqual(before)
})
