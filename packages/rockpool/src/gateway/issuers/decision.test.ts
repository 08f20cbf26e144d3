import { describe, expect, test } from 'vitest'
import {
  base,
  bearer,
  cookie,
  decided,
  live,
  now,
  person,
  routes,
  summary,
} from '../../../test/support/decision.ts'
import { fault, organization, service } from '../../../test/support/gateway-entries.ts'
import { claimsAt, issuerEntry, testKey, tokenBy } from '../../../test/support/issuer.ts'
import { decide } from '../decision.ts'
import { defaultCutOff } from '../ground.ts'
import { openSnapshot } from '../snapshot.ts'
import type { Snapshot } from '../types.ts'
import type { SnapshotIssuer } from './types.ts'

const k1 = testKey('ES256')
const stranger = testKey('ES256', { which: 'stranger' })
const token = (more: object = {}, header: object = {}) => tokenBy(k1, claimsAt(now, more), header)
const shown = (text: string) => ['Authorization', `Bearer ${text}`]
const withIssuer = (more: Partial<SnapshotIssuer> = {}, parts: Partial<Snapshot> = {}): Snapshot => ({
  ...base,
  issuers: [issuerEntry([k1.key], more)],
  ...parts,
})

const items = (headers: string[], snapshot = withIssuer(), ageMs = 0, target = '/harbor/items') =>
  decided({ target, headers }, { snapshot, ageMs })

describe('a token of a configured issuer', () => {
  test('makes its user a customer of the organization that it names', () => {
    const decision = items(shown(token()))
    expect(summary(decision)).toBe('forward harbor production customer')
    expect(decision).toMatchObject({
      credential: null,
      via: 'authorization',
      unknownKeyOf: null,
      user: { organization: 'harbor', user: 'u1' },
      identity: { organization: 'harbor', environment: 'production', actor: 'customer', user: 'u1' },
    })
    expect(summary(items(['aUTHORIZATION', `bEARER  ${token()}`]))).toBe('forward harbor production customer')
  })

  test.each<[string, string, string]>([
    ['another organization', '/marina/items', 'organization_not_allowed'],
    ['one that does not exist', '/nowhere/items', 'organization_unknown'],
    ['a sandbox', '/box/items', 'organization_not_allowed'],
    ['none', '/rates', 'forward harbor production customer'],
  ])('and never of another one: the path names %s', (_, target, expected) => {
    expect(summary(items(shown(token()), withIssuer(), 0, target))).toBe(expected)
  })

  test.each<[string, object, Partial<SnapshotIssuer>, string]>([
    ['does not exist', { org: 'nowhere' }, {}, 'organization_not_allowed'],
    ['is a sandbox, and the issuer is for production', { org: 'box' }, {}, 'environment_mismatch'],
    [
      'is of production, and the issuer for sandboxes',
      {},
      { environment: 'sandbox' },
      'environment_mismatch',
    ],
    ['is being deleted', { org: 'leaving' }, { environment: 'sandbox' }, 'organization_deleted'],
    ['is not named', { org: undefined }, {}, 'organization_not_allowed'],
    [
      'is a sandbox, as configured',
      { org: 'box' },
      { environment: 'sandbox' },
      'forward box sandbox customer',
    ],
    [
      'is the configured one',
      { org: 'marina' },
      { organization: { slug: 'harbor' } },
      'forward harbor production customer',
    ],
  ])('whose organization %s', (_, claims, entry, expected) => {
    const target = `/${(claims as { org?: string }).org === 'box' ? 'box' : 'harbor'}/items`
    const onOwn = (claims as { org?: string }).org === 'leaving' ? '/leaving/items' : target
    expect(summary(items(shown(token(claims)), withIssuer(entry), 0, onOwn))).toBe(expected)
  })

  test.each<[string, string, string]>([
    ['forged', tokenBy(stranger, claimsAt(now)), 'token_forged'],
    ['over', token({ exp: now / 1000 - 60 }), 'token_expired'],
    ['for another audience', token({ aud: 'web' }), 'token_wrong_audience'],
    ['without a signature', `${token().split('.').slice(0, 2).join('.')}.`, 'token_malformed'],
  ])('that is %s is refused with the reason, and nothing of it is told', (_, text, reason) => {
    const decision = items(shown(text))
    expect(decision).toMatchObject({
      kind: 'refuse',
      identity: null,
      problem: { code: 'token_refused', extra: { reason } },
    })
    expect(JSON.stringify(decision)).not.toContain('u1')
  })

  test('whose key is not known tells whose it is, so that control looks again', () => {
    const decision = items(shown(token({}, { kid: 'k2' })))
    expect(summary(decision)).toBe('token_refused')
    expect(decision.unknownKeyOf).toBe('https://login.example.test/')
    expect(items(shown(token())).unknownKeyOf).toBeNull()
    expect(
      decided(
        { target: '/harbor/offers', headers: shown(token({}, { kid: 'k2' })) },
        { snapshot: withIssuer() },
      ).unknownKeyOf,
    ).toBe('https://login.example.test/')
  })

  test('of whom no key could be read yet is told to come again', () => {
    expect(summary(items(shown(token()), withIssuer({ keys: [] })))).toBe('token_unjudged')
  })

  test('counts as long as keys do when the gateway is cut off', () => {
    expect(summary(items(shown(token()), withIssuer(), 60_000))).toBe('forward harbor production customer')
    expect(summary(items(shown(token()), withIssuer(), defaultCutOff.keyMs + 1))).toBe('gateway_cut_off')
  })

  test('of more than 8 KB is not looked at', () => {
    expect(summary(items(shown(token({ more: 'x'.repeat(5000) }))))).toBe(
      'forward harbor production customer',
    )
    expect(summary(items(shown(token({ more: 'x'.repeat(8192) }))))).toBe('credential_unknown')
  })

  test('in which a key of ours seems to stand, by chance, is still a token; a key in a foreign one goes nowhere', () => {
    const chance = token({}, { kid: 'k1', n: 1 }).replace(/\.[^.]*$/, '.rp_live_A0')
    expect(
      decided({ target: '/harbor/items', headers: shown(chance) }, { snapshot: withIssuer() }),
    ).toMatchObject({
      problem: { code: 'token_refused' },
    })
    const foreign = `${tokenBy(k1, { iss: 'https://other.example/' }).split('.').slice(0, 2).join('.')}.rp_live_A0`
    expect(
      summary(decided({ target: '/harbor/offers', headers: shown(foreign) }, { snapshot: withIssuer() })),
    ).toBe('credential_unknown')
  })
})

describe('beside it', () => {
  test('a key in Rockpool-Credential counts, and the token is the service’s own', () => {
    const decision = items([...shown(token({ org: 'marina' })), 'Rockpool-Credential', live.text])
    expect(decision).toMatchObject({ via: 'header', user: null, identity: { organization: 'harbor' } })
    expect(decision.identity).not.toHaveProperty('user')
  })

  test('a session is ignored; a token that does not count is not made good by one', () => {
    expect(items([...shown(token()), ...cookie(person)]).identity?.user).toBe('u1')
    expect(
      summary(
        decided(
          { target: '/box/items', headers: [...shown(token({ aud: 'web' })), ...cookie(person)] },
          { snapshot: withIssuer() },
        ),
      ),
    ).toBe('token_refused')
  })

  test('a key counts as ever, and a token of nobody is as foreign as ever', () => {
    expect(summary(items(bearer(live)))).toBe('forward harbor production customer')
    const foreign = tokenBy(k1, claimsAt(now, { iss: 'https://other.example/' }))
    for (const snapshot of [withIssuer(), base]) {
      expect(summary(items(shown(foreign), snapshot))).toBe('credential_unknown')
      expect(summary(decided({ target: '/harbor/offers', headers: shown(foreign) }, { snapshot }))).toBe(
        'forward harbor production anonymous',
      )
    }
    expect(summary(items(shown(token()), base))).toBe('credential_unknown')
  })
})

describe('on a route that needs no credential', () => {
  const offers = (text: string) =>
    decided({ target: '/harbor/offers', headers: shown(text) }, { snapshot: withIssuer() })

  test('a token that counts tells who it is', () => {
    expect(offers(token())).toMatchObject({
      via: 'authorization',
      identity: { actor: 'customer', user: 'u1' },
    })
    expect(summary(offers(token({ org: 'marina' })))).toBe('organization_not_allowed')
  })

  test.each([
    ['over', token({ exp: 1 })],
    ['forged', tokenBy(stranger, claimsAt(now))],
    ['without an organization', token({ org: undefined })],
  ])('one that is %s leaves its user anonymous, and goes on untouched', (_, text) => {
    expect(summary(offers(text))).toBe('forward harbor production anonymous')
    expect(offers(text)).toMatchObject({ via: null, user: null })
  })
})

describe('no rule for runs, bots and sandboxes is met by accident', () => {
  const foreign = { url: 'http://127.0.0.1:9001', routes, foreign: true }
  const write = (entry: Partial<SnapshotIssuer>, target: string, claims: object, more: string[] = []) =>
    summary(
      decided(
        { method: 'POST', target, headers: [...shown(token(claims)), ...more] },
        { snapshot: withIssuer(entry, { services: [service('catalog', foreign)] }) },
      ),
    )

  test('a customer of production writes to a foreign service, a sandbox’s never', () => {
    expect(write({}, '/harbor/items', {})).toBe('forward harbor production customer')
    expect(write({}, '/harbor/items', {}, ['Cookie', 'rockpool_session=x'])).toBe(
      'forward harbor production customer',
    )
    expect(write({ environment: 'sandbox' }, '/box/items', { org: 'box' })).toBe('write_refused')
  })

  test('claims that look like ours make nobody a bot, a check or a service', () => {
    const claims = {
      actor: 'bot',
      run: 'run_1',
      card: 'card_1',
      service: 'orders',
      environment: 'sandbox',
      user: 'root',
    }
    expect(items(shown(token(claims))).identity).toEqual({
      organization: 'harbor',
      environment: 'production',
      actor: 'customer',
      user: 'u1',
    })
  })

  test('what is broken on purpose for checks breaks nothing for them', () => {
    const faults = [fault({ kind: 'unavailable' }, { endsAt: new Date(now + 60_000).toISOString() })]
    expect(
      summary(
        items(
          shown(token({ org: 'box' })),
          withIssuer({ environment: 'sandbox' }, { faults }),
          0,
          '/box/items',
        ),
      ),
    ).toBe('forward box sandbox customer')
  })
})

test('the same ground, head and time give the same decision, however often it was asked before', () => {
  const opened = openSnapshot(withIssuer({}, { organizations: [organization('harbor')] }))
  if (!opened.ok) throw new Error(JSON.stringify(opened.findings))
  const ground = { directory: opened.directory, asOf: now, cutOff: defaultCutOff, secure: false }
  const heads = [
    token(),
    token({ exp: now / 1000 + 1 }),
    tokenBy(stranger, claimsAt(now)),
    token({ nbf: now / 1000 + 90 }),
  ].map((text) => ({ method: 'GET', target: '/harbor/items', headers: shown(text) }))
  const times = [now, now + 40_000, now + 62_000, now + 400_000, now]
  const all = () => times.map((at) => heads.map((head) => summary(decide(ground, head, at))))
  const first = all()
  expect(all()).toEqual(first)
  expect(new Set(first.flat())).toEqual(new Set(['forward harbor production customer', 'token_refused']))
  expect(first[0]).toEqual(first[4])
})
