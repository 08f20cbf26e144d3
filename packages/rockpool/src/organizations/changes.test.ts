import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { startOrganizations, type TestOrganizations } from '../../test/support/organizations.ts'
import type { Change, NewCredentialInput } from './index.ts'

let t: TestOrganizations
beforeAll(async () => {
  t = await startOrganizations()
})
afterAll(() => t.close())

const live: NewCredentialInput = {
  kind: 'live',
  organization: 'harbor',
  allows: { organization: 'harbor' },
  environment: 'production',
  actor: 'customer',
}

test('a key that is made or revoked is known to every listener within 100 ms', async () => {
  const heard: { change: Change; at: number }[] = []
  const listener = await t.organizations.onChange((change) => heard.push({ change, at: performance.now() }))
  const { credential } = await t.organizations.createCredential(null, live)
  const made = performance.now()
  await vi.waitFor(() => expect(heard).toHaveLength(1))
  expect(heard[0]!.change).toEqual({ kind: 'credential', id: credential.id })
  expect(heard[0]!.at - made).toBeLessThan(100)

  await t.organizations.revokeCredential(credential.id)
  const revoked = performance.now()
  await vi.waitFor(() => expect(heard).toHaveLength(2))
  expect(heard[1]!.at - revoked).toBeLessThan(100)
  await listener.close()
})

test('a change is told when its transaction commits, and never when it fails', async () => {
  const heard: Change[] = []
  const listener = await t.organizations.onChange((change) => heard.push(change))
  await t.database
    .transaction(async (tx) => {
      await t.organizations.createCredential(tx, live)
      throw new Error('changed my mind')
    })
    .catch(() => {})
  const { credential } = await t.database.transaction((tx) => t.organizations.createCredential(tx, live))
  await vi.waitFor(() => expect(heard).toHaveLength(1))
  expect(heard).toEqual([{ kind: 'credential', id: credential.id }])
  await listener.close()
})

test('organizations and signing keys are told too', async () => {
  const heard: Change[] = []
  const listener = await t.organizations.onChange((change) => heard.push(change))
  await t.organizations.create(null, {
    slug: 'heard',
    name: 'Heard',
    environment: 'sandbox',
    parent: 'harbor',
  })
  await t.organizations.setStatus(null, 'heard', 'deleting')
  await t.organizations.signingKeys.register({
    kid: 'k1',
    trust: 'relay',
    jwk: { kty: 'OKP', crv: 'Ed25519', x: 'A'.repeat(43) },
  })
  await vi.waitFor(() => expect(heard).toHaveLength(3))
  expect(heard).toEqual([
    { kind: 'organization', slug: 'heard' },
    { kind: 'organization', slug: 'heard' },
    { kind: 'key', kid: 'k1' },
  ])
  await listener.close()
})

test('after a lost connection the listener is told to read everything anew, and hears again', async () => {
  const heard: Change[] = []
  const listener = await t.organizations.onChange((change) => heard.push(change))
  await t.database.query(
    `select pg_terminate_backend(pid) from pg_stat_activity
     where datname = current_database() and application_name like '%listen rockpool_organizations'`,
  )
  await vi.waitFor(() => expect(heard).toContainEqual({ kind: 'resync' }), { timeout: 10_000 })
  const { credential } = await t.organizations.createCredential(null, live)
  await vi.waitFor(() => expect(heard).toContainEqual({ kind: 'credential', id: credential.id }), {
    timeout: 5_000,
  })
  await listener.close()
})
