import { readIdentity } from '@rockpool/sdk/wire'
import { describe, expect, test } from 'vitest'
import {
  credential,
  organization,
  readAll,
  sandbox,
  service,
  testGateway,
  until,
  upstream,
  type TestGateway,
} from '../../../test/support/gateway.ts'
import { bearer, echo, live, routes, seen, send } from '../../../test/support/gateway-client.ts'
import { engines, type EngineName } from './index.ts'

const bot = credential('run', {
  allows: { organization: 'harbor' },
  environment: 'production',
  actor: 'bot',
  run: 'run_bot',
  grant: { name: 'order and cancel', writes: 2, card: 'card_bot_harbor' },
})
const check = credential('run')

describe.each(Object.keys(engines) as EngineName[])('engine %s: a bot with a grant', (engine) => {
  async function gatewayOf(listener = echo, more = {}) {
    const { url } = await upstream(listener)
    return testGateway(engine, {
      organizations: [organization('harbor'), sandbox('box')],
      credentials: [live, bot, check],
      services: [service('catalog', { url, routes, ...more })],
    })
  }
  const post = (gateway: TestGateway, headers = bearer(bot), path = '/harbor/items') =>
    send(gateway, { method: 'POST', path, headers, body: '{}' })

  test('acts as itself, with its run and its card, signed', async () => {
    const gateway = await gatewayOf()
    const { headers } = seen(await send(gateway, { headers: bearer(bot) }))
    const reading = readIdentity(headers.get('rockpool-identity')![0]!, {
      audience: 'catalog',
      trust: ['gateway'],
      key: () => gateway.signer.publicKey,
      now: Date.now(),
    })
    expect(reading).toMatchObject({
      ok: true,
      claims: { organization: 'harbor', actor: 'bot', run: 'run_bot', card: 'card_bot_harbor' },
    })
    expect(headers.get('baggage')?.join()).not.toContain('card')
  })

  test('writes as often as the grant says, and reads on', async () => {
    const gateway = await gatewayOf()
    const statuses = []
    for (let call = 0; call < 4; call += 1) statuses.push((await post(gateway)).status)
    expect(statuses).toEqual([200, 200, 429, 429])
    expect((await post(gateway)).headers['rockpool-problem']).toBe('budget_spent')
    expect((await send(gateway, { headers: bearer(bot) })).status).toBe(200)
    expect((await post(gateway, bearer(live))).status).toBe(200)
  })

  test('spends nothing by what is refused', async () => {
    const gateway = await gatewayOf()
    for (const path of ['/box/items', '/marina/items', '/nothing'])
      expect((await post(gateway, bearer(bot), path)).status).toBeGreaterThanOrEqual(400)
    expect(
      [await post(gateway), await post(gateway), await post(gateway)].map(({ status }) => status),
    ).toEqual([200, 200, 429])
  })

  test('is in the ledger before its call is at the service, with the key that makes it repeatable', async () => {
    const intents: unknown[] = []
    const gateway: TestGateway = await gatewayOf((request, response) => {
      void readAll(request)
        // The service answers only once the intent is with control: it was there first.
        .then(() => until('shipped', () => gateway.shipped.length > 0))
        .then(() => {
          intents.push(gateway.shipped[0])
          response.writeHead(201, { location: '/harbor/items/item_1' })
          response.end()
        })
    })
    expect((await post(gateway, [...bearer(bot), 'Idempotency-Key', 'order-1'])).status).toBe(201)
    expect(intents).toEqual([
      expect.objectContaining({
        run: 'run_bot',
        organization: 'harbor',
        service: 'catalog',
        method: 'POST',
        path: '/harbor/items',
        idempotencyKey: 'order-1',
        outcome: 'intent',
      }),
    ])
    await until('answered', () => gateway.shipped.at(-1)?.outcome === 'done')
    expect(gateway.shipped.at(-1)).toMatchObject({
      run: 'run_bot',
      status: 201,
      location: '/harbor/items/item_1',
      idempotencyKey: 'order-1',
    })
  })

  test('a service that knows nothing of Rockpool is told nothing by it, and written to by no check', async () => {
    const gateway = await gatewayOf(echo, { foreign: true })
    const { headers } = seen(await send(gateway, { path: '/box/items', headers: bearer(check) }))
    expect(headers.get('rockpool-identity')).toBeUndefined()
    expect(headers.get('baggage')).toBeUndefined()
    const refused = await post(gateway, bearer(check), '/box/items')
    expect(refused).toMatchObject({ status: 403, headers: { 'rockpool-problem': 'write_refused' } })
    expect((await post(gateway, bearer(live))).status).toBe(200)
  })
})
