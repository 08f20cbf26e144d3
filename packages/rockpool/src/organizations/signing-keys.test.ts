import { generateKeyPairSync } from 'node:crypto'
import type { PublicKey } from '@rockpool/sdk/wire'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { refusal, startOrganizations, type TestOrganizations } from '../../test/support/organizations.ts'
import { createSimulatedClock, type SimulatedClock } from '../kernel/index.ts'

let t: TestOrganizations
let clock: SimulatedClock
beforeAll(async () => {
  clock = createSimulatedClock()
  t = await startOrganizations(clock)
})
afterAll(() => t.close())

const day = 24 * 3600_000
const newKey = (kid: string): PublicKey => {
  const { x } = generateKeyPairSync('ed25519').publicKey.export({ format: 'jwk' })
  return { kid, trust: 'gateway', jwk: { kty: 'OKP', crv: 'Ed25519', x: x! } }
}
const kids = async () => (await t.organizations.signingKeys.list()).map(({ kid }) => kid)

test('a key of a process that starts anew retires its earlier ones, which are told for 8 more days', async () => {
  const { signingKeys } = t.organizations
  const first = newKey('first')
  await signingKeys.register({ ...first, holder: 'gateway-1' })
  await signingKeys.register({ ...newKey('neighbour'), holder: 'gateway-2' })
  await clock.advance(30 * day)
  expect(await kids()).toEqual(['first', 'neighbour'])
  expect((await signingKeys.list())[0]).toEqual(first)

  await signingKeys.register({ ...newKey('second'), holder: 'gateway-1' })
  await clock.advance(8 * day)
  expect(await kids()).toEqual(['first', 'neighbour', 'second'])
  await clock.advance(1)
  expect(await kids()).toEqual(['neighbour', 'second'])
  expect((await t.organizations.snapshot()).keys).toEqual(await signingKeys.list())
})

test('registering a key again is no error; another key under its kid is refused', async () => {
  const key = newKey('steady')
  await t.organizations.signingKeys.register(key)
  await t.organizations.signingKeys.register(key)
  expect(await refusal(t.organizations.signingKeys.register(newKey('steady')))).toMatchObject({
    code: 'conflict',
  })
  const relayed = t.organizations.signingKeys.register({ ...key, trust: 'relay' })
  expect(await refusal(relayed)).toMatchObject({ code: 'conflict' })
})

test('anything but the public half of an Ed25519 key is refused', async () => {
  const { signingKeys } = t.organizations
  const key = newKey('odd')
  const pair = generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' })
  for (const bad of [
    { ...key, jwk: pair as unknown as PublicKey['jwk'] },
    { ...key, jwk: { ...key.jwk, crv: 'X25519' as 'Ed25519' } },
    { ...key, jwk: { ...key.jwk, x: 'short' } },
    { ...key, trust: 'anyone' as 'gateway' },
    { ...key, kid: '../x' },
  ]) {
    expect(await refusal(signingKeys.register(bad))).toMatchObject({ code: 'invalid_input' })
  }
})
