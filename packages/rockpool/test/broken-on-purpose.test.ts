import { afterAll, beforeAll, expect, test } from 'vitest'
import { buy, customer } from './support/customer.ts'
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
