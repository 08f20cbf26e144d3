import { expect, test } from 'vitest'
import { consequenceOf, opens, stateOf, type CredentialItem } from './organizations.ts'

const now = Date.parse('2026-11-22T14:42:00.000Z')
const credential: CredentialItem = {
  id: 'key_1',
  kind: 'live',
  hint: 'rp_live_Uk5y…g0yy',
  name: 'web checkout',
  organization: 'harbor',
  allows: { organization: 'harbor' },
  environment: 'production',
  scopes: [],
  member: null,
  createdAt: '2026-11-22T14:00:00.000Z',
  endsAt: null,
  revokedAt: null,
  lastUsedAt: null,
}

test('what a credential opens', () => {
  expect(opens(credential)).toBe('harbor')
  expect(opens({ ...credential, allows: { sandboxesOf: 'harbor' } })).toBe('all sandboxes of harbor')
  expect(opens({ kind: 'control', allows: { none: true }, scopes: ['read', 'write'] })).toBe(
    'the control API: read, write',
  )
})

test('a credential counts until it is revoked or its time is over', () => {
  expect(stateOf(credential, now)).toBe('active')
  expect(stateOf({ revokedAt: null, endsAt: '2026-11-22T14:42:00.000Z' }, now)).toBe('ended')
  expect(stateOf({ revokedAt: '2026-11-22T14:41:00.000Z', endsAt: null }, now)).toBe('revoked')
})

test('before a key is revoked it is said who will notice', () => {
  expect(consequenceOf(credential, now)).toBe(
    'Customers with this key get 401 within 100 ms, for ever. It was never used.',
  )
  expect(consequenceOf({ ...credential, lastUsedAt: '2026-11-22T14:41:00.000Z' }, now)).toMatch(
    /last ten minutes/,
  )
  expect(consequenceOf({ ...credential, kind: 'control', lastUsedAt: '2026-11-20T14:41:00.000Z' }, now)).toBe(
    'Whoever is signed in with it is signed out at once. Whoever still uses it is refused from then on.',
  )
})
