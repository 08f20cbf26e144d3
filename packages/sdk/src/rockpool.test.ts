import { createServer, type IncomingHttpHeaders, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { gateway, keptLog, relay, settings, testRockpool } from '../test/support/service.ts'
import { createSigner } from '../test/support/signer.ts'
import type { Identity } from './index.ts'

const harbor: Identity = { organization: 'harbor', environment: 'production', actor: 'customer' }
const dayS = 24 * 60 * 60
const agedS = (s: number) => ({ iat: Math.floor(Date.now() / 1000) - s })

describe('background work', () => {
  const log = keptLog()
  const rockpool = testRockpool({ log })
  afterEach(() => void log.lines.splice(0))

  test('has no identity by itself', () => {
    expect(rockpool.currentIdentity()).toBeUndefined()
    expect(() => rockpool.identity()).toThrow(expect.objectContaining({ code: 'identity_missing' }))
    expect(() => rockpool.storeIdentity()).toThrow(expect.objectContaining({ code: 'identity_missing' }))
  })

  test('runs as the identity stored with it, which is logged with the reason', async () => {
    const stored = gateway.sign({ actor: 'check', environment: 'sandbox', run: 'run_1' })
    const seen = await rockpool.runAs(stored, 'nightly invoice', async () => {
      await new Promise((resolve) => setTimeout(resolve, 1))
      expect(rockpool.storeIdentity()).toBe(stored)
      return rockpool.identity()
    })
    expect(seen).toMatchObject({
      organization: 'harbor',
      environment: 'sandbox',
      actor: 'check',
      run: 'run_1',
    })
    expect(log.lines).toMatchObject([
      { level: 'info', organization: 'harbor', run: 'run_1', kind: 'stored', reason: 'nightly invoice' },
    ])
    expect(rockpool.currentIdentity()).toBeUndefined()
  })

  test('of a bot knows the card of its grant, and no log does', async () => {
    const stored = gateway.sign({ actor: 'bot', run: 'run_2', card: 'card_bot_harbor' })
    expect(await rockpool.runAs(stored, 'charge later', () => rockpool.identity().card)).toBe(
      'card_bot_harbor',
    )
    expect(JSON.stringify(log.lines)).not.toContain('card_bot_harbor')
  })

  test('of an end user knows who it is, and no log does', async () => {
    const stored = gateway.sign({ actor: 'customer', user: 'auth0|5f7c' })
    expect(await rockpool.runAs(stored, 'ship later', () => rockpool.identity().user)).toBe('auth0|5f7c')
    expect(log.lines).toHaveLength(1)
    expect(JSON.stringify(log.lines)).not.toContain('5f7c')
  })

  test('may wait for up to seven days', async () => {
    const organization = () =>
      rockpool.runAs(gateway.sign(agedS(6 * dayS)), () => rockpool.identity().organization)
    expect(await organization()).toBe('harbor')
    await expect(rockpool.runAs(gateway.sign(agedS(8 * dayS)), () => 1)).rejects.toMatchObject({
      code: 'identity_expired',
    })
  })

  test('runs as what the relay signed for an event, too', async () => {
    expect(
      await rockpool.runAs(relay.sign({ organization: 'reef' }), () => rockpool.identity().organization),
    ).toBe('reef')
  })

  test('never runs as a stored identity that is forged, or meant for another service', async () => {
    const run = (token: string) => rockpool.runAs(token, () => expect.unreachable())
    await expect(run(createSigner('gateway-1', 'gateway').sign())).rejects.toMatchObject({
      code: 'identity_forged',
    })
    await expect(run(gateway.sign({ aud: 'catalog' }))).rejects.toMatchObject({
      code: 'identity_wrong_audience',
    })
    await expect(run(JSON.stringify(harbor))).rejects.toMatchObject({ code: 'identity_malformed' })
    expect(log.lines).toEqual([])
  })

  test('runs as a plain identity when the service says so, and can then not pass it on', async () => {
    await rockpool.runAs(harbor, () => {
      expect(rockpool.identity()).toMatchObject(harbor)
      expect(() => rockpool.storeIdentity()).toThrow(expect.objectContaining({ code: 'identity_not_signed' }))
    })
    expect(log.lines).toMatchObject([{ kind: 'plain', reason: 'not given', organization: 'harbor' }])
    await expect(
      rockpool.runAs({ ...harbor, environment: 'staging' } as never, () => 1),
    ).rejects.toMatchObject({
      code: 'identity_malformed',
    })
  })

  test('side by side keeps to its own identity, and a bound callback to that of who made it', async () => {
    const names = ['a', 'b', 'c']
    const bound: (() => string)[] = []
    const seen = await Promise.all(
      names.map((organization) =>
        rockpool.runAs({ ...harbor, organization }, async () => {
          bound.push(rockpool.bind(() => rockpool.identity().organization))
          await new Promise((resolve) => setTimeout(resolve, Math.random() * 10))
          return rockpool.identity().organization
        }),
      ),
    )
    expect(seen).toEqual(names)
    expect(bound.map((callback) => callback()).toSorted()).toEqual(names)
  })
})

describe('a call to another service', () => {
  let server: Server
  let url: string
  let got: { url: string | undefined; headers: IncomingHttpHeaders }
  beforeAll(async () => {
    server = createServer((request, response) => {
      got = { url: request.url, headers: request.headers }
      response.writeHead(request.url === '/away' ? 302 : 200, { location: 'http://127.0.0.1:1/' }).end('{}')
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  })
  afterAll(() => void server.close())

  const rockpoolAt = (gatewayUrl: string) =>
    testRockpool({ environment: { ...settings, ROCKPOOL_GATEWAY_URL: gatewayUrl } })

  test('goes to the gateway with the identity received and the credential of this service', async () => {
    const rockpool = rockpoolAt(url)
    const token = gateway.sign()
    const headers = {
      'content-type': 'application/json',
      Authorization: 'mine',
      'Rockpool-Identity': 'forged',
      'rockpool-x': '1',
    }
    await rockpool.runAs(token, () =>
      rockpool.fetch('/harbor/items?limit=1', { method: 'POST', headers, body: '{}' }),
    )
    expect(got.url).toBe('/harbor/items?limit=1')
    expect(got.headers).toMatchObject({
      authorization: 'Bearer rp_service_test',
      'rockpool-identity': token,
      traceparent: expect.stringMatching(/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/) as string,
      'content-type': 'application/json',
    })
    expect(got.headers['rockpool-x']).toBeUndefined()
  })

  test('never follows a redirect, which would take the identity elsewhere', async () => {
    const rockpool = rockpoolAt(url)
    const response = await rockpool.runAs(gateway.sign(), () => rockpool.fetch('/away'))
    expect(response.status).toBe(302)
  })

  test.each(['http://elsewhere.example/x', '//elsewhere.example/x', 'harbor/items', '/\\elsewhere.example/'])(
    'is refused when it does not go to the gateway: %s',
    async (path) => {
      const rockpool = rockpoolAt(url)
      await expect(rockpool.runAs(gateway.sign(), () => rockpool.fetch(path))).rejects.toMatchObject({
        code: 'call_refused',
      })
    },
  )

  test('is refused without a signed identity', async () => {
    const rockpool = rockpoolAt(url)
    await expect(rockpool.fetch('/harbor/items')).rejects.toMatchObject({ code: 'identity_missing' })
    await expect(rockpool.runAs(harbor, () => rockpool.fetch('/harbor/items'))).rejects.toMatchObject({
      code: 'identity_not_signed',
    })
  })
})

test('what needs a database says so where there is none', async () => {
  const rockpool = testRockpool()
  const missing = expect.objectContaining({ code: 'database_missing' }) as Error
  expect(() => rockpool.effect('mail.send', { production: async () => 1 })).toThrow(missing)
  expect(() => rockpool.consume('orders.order_placed', async () => {})).toThrow(missing)
  await expect(rockpool.transaction(async () => 1)).rejects.toMatchObject({ code: 'database_missing' })
})
