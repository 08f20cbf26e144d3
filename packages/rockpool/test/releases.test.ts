import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { customer } from './support/customer.ts'
import { startInstallation, type Installation } from './support/installation.ts'
import { liveKey } from './support/shop.ts'

// Two versions of a service beside each other, as their keeper works with them: by the CLI.

let shop: Installation
const second = createServer((_, response) => {
  response.setHeader('content-type', 'application/json')
  response.end('{"served":"by v2"}')
})

beforeAll(async () => {
  second.listen(0, '127.0.0.1')
  shop = await startInstallation()
})
afterAll(async () => {
  second.closeAllConnections()
  second.close()
  await shop?.stop()
  await shop?.remove()
})

test('added, weighed, drained and removed: customers’ calls go where the weights say', async () => {
  const services = await shop.json('service', 'list')
  const own = String(services.find(({ name }) => name === 'catalog')?.['url'])
  const other = `http://127.0.0.1:${(second.address() as AddressInfo).port}`
  const { text } = await liveKey(shop)
  const served = async () =>
    JSON.stringify((await customer(shop.gateway, text).call('GET', '/harbor/items')).body)
  const release = async (...args: string[]) => {
    const { code, stdout, stderr } = await shop.cli('release', ...args)
    expect(code, stderr).toBe(0)
    return stdout
  }

  expect(await release('add', 'catalog', 'v1', own, '--weight', '100')).toMatch(/^ok +v1 +100 +100 % +http/)
  await shop.api('PUT', '/services/catalog/releases/v2', { url: other })
  expect(await served()).not.toContain('by v2')
  expect(await release('weights', 'catalog', 'v1=0', 'v2=100')).toMatch(/^ok +v2 +100 +100 %/m)
  expect(await served()).toContain('by v2')
  const resolved = await shop.cli('gateway', 'resolve', 'GET', '/harbor/items', '--as', 'live')
  expect(resolved.stdout).toContain('release v2 of catalog')

  expect(await release('drain', 'catalog', 'v1')).toContain('v1 is drained: its process may be stopped')
  expect(await release('list', 'catalog')).toMatch(/v1 +drained/)
  await shop.api('DELETE', '/services/catalog/releases/v1')
  await release('remove', 'catalog', 'v2')
  expect(await shop.api('GET', '/services/catalog/releases')).toEqual({ items: [] })
  expect(await served()).not.toContain('by v2')
})
