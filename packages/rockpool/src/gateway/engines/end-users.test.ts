import { readIdentity } from '@rockpool/sdk/wire'
import { describe, expect, test } from 'vitest'
import {
  organization,
  service,
  testGateway,
  until,
  upstream,
  type TestGateway,
} from '../../../test/support/gateway.ts'
import {
  bearer,
  echo,
  live,
  orders,
  routes,
  seen,
  send,
  type Received,
} from '../../../test/support/gateway-client.ts'
import { claimsAt, issuerEntry, testKey, tokenBy } from '../../../test/support/issuer.ts'
import type { SnapshotIssuer } from '../types.ts'
import { engines, type EngineName } from './index.ts'

const k1 = testKey('ES256')
const token = (more: object = {}) => tokenBy(k1, claimsAt(Date.now(), more))
const shown = (text: string) => ['Authorization', `Bearer ${text}`]

describe.each(Object.keys(engines) as EngineName[])('engine %s: tokens of end users', (engine) => {
  const gatewayWith = async (more: Partial<SnapshotIssuer> = {}) =>
    testGateway(engine, {
      organizations: [organization('harbor'), organization('marina')],
      credentials: [live, orders],
      services: [service('catalog', { url: (await upstream(echo)).url, routes }), service('orders')],
      issuers: [issuerEntry([k1.key], more)],
    })

  const claimsOf = (gateway: TestGateway, received: Received) => {
    const [identity = ''] = seen(received).headers.get('rockpool-identity') ?? []
    const options = { audience: 'catalog', trust: ['gateway'], key: () => gateway.signer.publicKey } as const
    const reading = readIdentity(identity, { ...options, now: Date.now() })
    return reading.ok ? reading.claims : reading.code
  }

  test('the service hears who it is, by the signed identity alone: the token stays here', async () => {
    const gateway = await gatewayWith()
    const received = await send(gateway, { headers: [...shown(token()), 'rockpool-user', 'forged'] })
    expect(received.status).toBe(200)
    expect(claimsOf(gateway, received)).toMatchObject({
      organization: 'harbor',
      environment: 'production',
      actor: 'customer',
      user: 'u1',
    })
    const { headers } = seen(received)
    expect(headers.has('authorization')).toBe(false)
    expect(headers.has('rockpool-user')).toBe(false)
    expect(headers.get('baggage')?.join()).not.toContain('u1')
  })

  test('it is sent on where that is configured', async () => {
    const gateway = await gatewayWith({ forwardToken: true })
    const text = token()
    const { headers } = seen(await send(gateway, { headers: shown(text) }))
    expect(headers.get('authorization')).toEqual([`Bearer ${text}`])
  })

  test('each user is told for itself, from the first call to the last', async () => {
    const gateway = await gatewayWith()
    const texts = ['u1', 'u2', 'u1', 'u3'].map((sub) => token({ sub }))
    const told = []
    for (const text of [...texts, ...texts]) {
      const claims = claimsOf(gateway, await send(gateway, { headers: shown(text) }))
      told.push(typeof claims === 'string' ? claims : claims.user)
    }
    expect(told).toEqual(['u1', 'u2', 'u1', 'u3', 'u1', 'u2', 'u1', 'u3'])
    const byKey = claimsOf(gateway, await send(gateway, { headers: bearer(live) }))
    expect(byKey).not.toHaveProperty('user')
  })

  test('a service that calls on for a user is for that user still', async () => {
    const gateway = await gatewayWith()
    const identity = gateway.signer.mint(
      {
        identity: { organization: 'harbor', environment: 'production', actor: 'customer', user: 'u7' },
        audience: 'orders',
        caller: null,
        credential: null,
      },
      Date.now(),
    )
    const received = await send(gateway, { headers: [...bearer(orders), 'Rockpool-Identity', identity] })
    expect(claimsOf(gateway, received)).toMatchObject({ actor: 'customer', user: 'u7', service: 'orders' })
  })

  test('a refusal says what to do, and the access log whose token it was, never who', async () => {
    const gateway = await gatewayWith()
    const over = token({ sub: 'somebody', exp: 1 })
    const refused = await send(gateway, { headers: shown(over) })
    expect(refused.status).toBe(401)
    expect(refused.headers['www-authenticate']).toBe('Bearer realm="rockpool", error="invalid_token"')
    expect(JSON.parse(refused.body)).toMatchObject({ code: 'token_refused', reason: 'token_expired' })
    await send(gateway, { headers: shown(token({ sub: 'somebody' })) })
    await until('both are logged', () => gateway.records.length === 2)
    expect(gateway.records).toMatchObject([
      { status: 401, refused: 'token_refused', credential: null, actor: null },
      {
        status: 200,
        refused: null,
        credential: 'user:login.example.test',
        actor: 'customer',
        organization: 'harbor',
      },
    ])
    expect(JSON.stringify(gateway.records) + refused.body).not.toContain('somebody')
  })

  test('on an anonymous route one that does not count goes on untouched', async () => {
    const gateway = await gatewayWith()
    const over = token({ exp: 1 })
    const received = await send(gateway, { path: '/harbor/open', headers: shown(over) })
    expect(seen(received).headers.get('authorization')).toEqual([`Bearer ${over}`])
    expect(claimsOf(gateway, received)).toMatchObject({ actor: 'anonymous' })
    const counts = await send(gateway, { path: '/harbor/open', headers: shown(token()) })
    expect(seen(counts).headers.has('authorization')).toBe(false)
    expect(claimsOf(gateway, counts)).toMatchObject({ actor: 'customer', user: 'u1' })
  })
})
