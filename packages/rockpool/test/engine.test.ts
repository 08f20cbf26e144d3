import { afterAll, beforeAll, expect, test } from 'vitest'
import { buy, customer } from './support/customer.ts'
import { eventually } from './support/eventually.ts'
import { startInstallation } from './support/installation.ts'
import type { Installation } from './support/installation.ts'
import { copyShopWithoutBots, liveKey } from './support/shop.ts'

// The whole product on the engine that is not the default: all other tests of this folder run on the default.

let shop: Installation
beforeAll(async () => {
  const copy = await copyShopWithoutBots()
  await copy.patch(
    'rockpool.config.ts',
    "  name: 'shop',\n",
    "  name: 'shop',\n  gateway: { engine: 'node' },\n",
  )
  shop = await startInstallation({ shop: copy })
})
afterAll(async () => {
  await shop?.stop()
  await shop?.remove()
})

test('the engine that the configuration names is the one that serves', async () => {
  const config = await eventually(
    'the gateway told of itself',
    async () => {
      const { code, stdout } = await shop.cli('gateway', 'config')
      return code === 0 && stdout
    },
    15_000,
  )
  expect(config).toMatch(/^ +engine +node$/m)
})

test('every check passes on it, what clients of the gateway rely on among them', async () => {
  const { code, stdout, stderr } = await shop.cli('check')
  expect(code, stderr + stdout).toBe(0)
  expect(stdout).toMatch(/ok +the gateway keeps what its clients rely on/)
})

test('a customer’s order is paid', async () => {
  const harbor = customer(shop.gateway, (await liveKey(shop)).text)
  const { order } = await buy(harbor, 'harbor')
  await eventually(
    'the order is paid',
    async () => (await harbor.call('GET', `/harbor/orders/${order}`)).body.status === 'paid',
  )
})
