import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { customer } from './support/customer.ts'
import { eventually } from './support/eventually.ts'
import { readExposition } from './support/exposition.ts'
import { root, run, startInstallation, type Installation } from './support/installation.ts'
import { liveKey } from './support/shop.ts'

// What gateways serve, decide and do, as their keeper sees it: by the CLI, and by what Prometheus scrapes.

let shop: Installation

beforeAll(async () => {
  shop = await startInstallation()
})
afterAll(async () => {
  await shop?.stop()
  await shop?.remove()
})

test('routes: each route with its service and how that is', async () => {
  const { code, stdout } = await shop.cli('gateway', 'routes', '--service', 'catalog')
  expect(code).toBe(0)
  expect(stdout).toMatch(/^ok +GET +\/\{organization\}\/items +catalog +\w+$/m)
})

test('resolve: the decision step by step, by the exit code too, and no key on the command line', async () => {
  const served = await shop.cli(
    'gateway',
    'resolve',
    'get',
    `${shop.gateway}/harbor/items?q=1#top`,
    '--as',
    'live',
  )
  expect(served.code, served.stderr).toBe(0)
  expect(served.stdout).toMatch(/ok +route +catalog: GET \/\{organization\}\/items/)
  expect(served.stdout).toMatch(/goes to catalog at \S+ as \/harbor\/items\?q=1/)
  const [refused] = await shop.json('gateway', 'resolve', 'GET', '/harbor/items')
  expect(refused).toMatchObject({
    outcome: 'refuse',
    code: 'credential_missing',
    steps: [
      { is: 'passed' },
      { is: 'passed' },
      { step: 'credential', is: 'refused' },
      {},
      {},
      {},
      { step: 'contract' },
    ],
  })
  const { text } = await liveKey(shop)
  const wrong = await shop.cli('gateway', 'resolve', 'GET', '/harbor/items', '--as', text)
  expect(wrong.code).toBe(2)
  expect(wrong.stderr).toContain('takes the id of a credential')
  expect(wrong.stderr + wrong.stdout).not.toContain(text.slice(0, 12))
})

test('config: the gateway decides by the newest that control publishes', async () => {
  const config = await eventually(
    'it told of itself',
    async () => {
      const { code, stdout } = await shop.cli('gateway', 'config')
      return code === 0 && stdout
    },
    15_000,
  )
  expect(config).toMatch(/control publishes version \d+/)
  expect(config).toMatch(/^ok .* serves$/m)
  expect(config).toContain(`addresses    ${new URL(shop.gateway).host}`)
})

test('top and /metrics: what goes through it, in figures', async () => {
  const { text } = await liveKey(shop)
  for (let n = 0; n < 5; n++) await customer(shop.gateway, text).call('GET', '/harbor/items')
  const row = await eventually(
    'it is counted',
    async () => {
      const rows = await shop.json('gateway', 'top', '--service', 'catalog').catch(() => [])
      // What checks show on purpose with wrong keys has a row of its own, without an environment.
      const counted = rows.filter((one) => one['environment'] === 'production')
      return counted.find((one) => one['whose'] === 'customers' && Number(one['count']) >= 5)
    },
    15_000,
  )
  expect(row).toMatchObject({ service: 'catalog', errors: 0 })
  expect((await shop.cli('gateway', 'top')).stdout).toMatch(/catalog +production +customers +\d+\.\d\d/)
  await eventually(
    'it is scraped',
    async () => {
      const families = readExposition(await scrape())
      const samples = families.get('rockpool_gateway_requests_total')?.samples ?? []
      return samples.some(({ labels, value }) => labels['service'] === 'catalog' && value >= 5)
    },
    15_000,
  )
  expect((await fetch(`${shop.gateway}/.rockpool/metrics`)).status).toBe(404)
  expect((await fetch(`${shop.control}/metrics`)).status).toBe(401)
})

/** As Prometheus does, with the credential of whoever is signed in. */
async function scrape(): Promise<string> {
  const file = join(shop.folder, '../home/.config/rockpool/credentials.json')
  const [credential] = Object.values(JSON.parse(await readFile(file, 'utf8')) as Record<string, string>)
  const response = await fetch(`${shop.control}/metrics`, {
    headers: { authorization: `Bearer ${credential}` },
  })
  expect(response.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8')
  return response.text()
}

test('nothing said to show: what there is', async () => {
  const bin = join(root, 'packages/rockpool/bin/rockpool.mjs')
  const { code, stderr } = await run([bin, 'gateway'])
  expect(code).toBe(2)
  expect(stderr).toMatch(/routes, resolve, config or top/)
})
