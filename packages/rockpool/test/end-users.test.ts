import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { buy, customer } from './support/customer.ts'
import { eventually } from './support/eventually.ts'
import { startInstallation, type Installation } from './support/installation.ts'
import { claimsAt, testKey, tokenBy } from './support/issuer.ts'
import { copyShopWithoutBots } from './support/shop.ts'

// A shop whose customers’ people sign in elsewhere: their tokens open the gateway, and no key is needed.

const issuer = 'https://login.example.test/'
const key = testKey('RS256', { kid: '2026-01' })
const token = (more: object = {}) => tokenBy(key, claimsAt(Date.now(), { iss: issuer, sub: 'ada', ...more }))

let login: Server
let shop: Installation
beforeAll(async () => {
  login = createServer((_, response) =>
    response.end(JSON.stringify({ keys: [{ ...key.key, use: 'sig', alg: 'RS256' }] })),
  )
  await new Promise<void>((resolve) => login.listen(0, '127.0.0.1', resolve))
  const jwks = `http://127.0.0.1:${(login.address() as AddressInfo).port}/jwks.json`
  const copy = await copyShopWithoutBots()
  await copy.patch(
    'rockpool.config.ts',
    "  name: 'shop',\n",
    `  name: 'shop',\n  issuers: [{ issuer: '${issuer}', jwks: '${jwks}', audience: 'api', organization: { claim: 'org' } }],\n`,
  )
  shop = await startInstallation({ shop: copy })
})
afterAll(async () => {
  await shop?.stop()
  await shop?.remove()
  login?.closeAllConnections()
  login?.close()
})

test('a person with a token of the issuer orders and pays, as a customer of the one organization', async () => {
  await eventually('the issuer’s keys are at the gateway', async () => {
    const { status } = await customer(shop.gateway, token()).call('GET', '/harbor/items')
    return status === 200
  })
  const ada = customer(shop.gateway, token())
  const { order } = await buy(ada, 'harbor')
  await eventually(
    'the order is paid',
    async () => (await ada.call('GET', `/harbor/orders/${order}`)).body.status === 'paid',
  )
  const elsewhere = customer(shop.gateway, token({ org: 'nowhere' }))
  expect(await elsewhere.call('GET', '/harbor/items')).toMatchObject({
    status: 403,
    body: { code: 'organization_not_allowed' },
  })
  const over = await customer(shop.gateway, token({ exp: 1 })).call('GET', '/harbor/items')
  expect(over).toMatchObject({ status: 401, body: { code: 'token_refused', reason: 'token_expired' } })
})
