import { describe, expect, test } from 'vitest'
import {
  now,
  routes,
  live,
  sandboxKey,
  run,
  person,
  runSession,
  grant,
  bot,
  botSession,
  endedSession,
  decided,
  summary,
  bearer,
  cookie,
  token,
  asService,
  granted,
  base,
} from '../../test/support/decision.ts'
import { credential, fault, service, snapshotOf } from '../../test/support/gateway-entries.ts'
import { newCredential } from '../kernel/index.ts'
import { openSnapshot } from './snapshot.ts'

describe('how old the truth may be', () => {
  const hour = 3_600_000
  const ofCustomer = token({ actor: 'customer', run: undefined as unknown as string })
  test.each<[string, string[], number, string]>([
    ['a run’s credential after 10 s', bearer(run), 10_000, 'forward box sandbox check run_1'],
    ['a run’s credential after more', bearer(run), 10_001, 'gateway_cut_off'],
    [
      'a run’s credential that cannot be known',
      ['authorization', `Bearer ${newCredential('run').text}`],
      10_001,
      'gateway_cut_off',
    ],
    ['a sandbox key after an hour', bearer(sandboxKey), hour, 'forward box sandbox customer'],
    ['a service for a run after 10 s', asService(token()), 10_000, 'forward box sandbox check run_1'],
    ['a service for a run after more', asService(token()), 10_001, 'gateway_cut_off'],
    ['a service for a customer after an hour', asService(ofCustomer), hour, 'forward box sandbox customer'],
    ['a person’s session after an hour', cookie(person), hour, 'forward box sandbox customer'],
    ['a run’s session after more than 10 s', cookie(runSession), 10_001, 'gateway_cut_off'],
    ['a session that cannot be known', cookie(newCredential('session')), 10_001, 'gateway_cut_off'],
    ['a person’s session after more than a day', cookie(person), 24 * hour + 1, 'gateway_cut_off'],
    ['a sandbox key after more than a day', bearer(sandboxKey), 24 * hour + 1, 'gateway_cut_off'],
    ['a service after more than a day', asService(ofCustomer), 24 * hour + 1, 'gateway_cut_off'],
  ])('%s', (_, headers, ageMs, expected) => {
    expect(summary(decided({ target: '/box/items', headers }, { ageMs }))).toBe(expected)
  })

  test('where anybody may call, a session that cannot be known does not make its browser anybody', () => {
    const headers = cookie(newCredential('session'))
    expect(summary(decided({ target: '/harbor/offers', headers }, { ageMs: 10_001 }))).toBe('gateway_cut_off')
    expect(summary(decided({ target: '/harbor/offers' }, { ageMs: 10_001 }))).toMatch('anonymous')
  })

  test('calls without a credential are refused after a day as well', () => {
    expect(summary(decided({ target: '/harbor/offers' }, { ageMs: 24 * hour + 1 }))).toBe('gateway_cut_off')
  })
})

describe('a grant', () => {
  test('lets a bot’s run touch its production organization, as itself and with its card', () => {
    for (const headers of [bearer(bot), cookie(botSession)]) {
      const decision = decided({ target: '/harbor/items', headers })
      expect(summary(decision)).toBe('forward harbor production bot run_2')
      expect(decision.identity).toMatchObject({ card: 'card_bot_harbor' })
    }
    expect(summary(decided({ target: '/box/items', headers: bearer(bot) }))).toBe('organization_not_allowed')
    expect(summary(decided({ target: '/marina/items', headers: bearer(bot) }))).toBe(
      'organization_not_allowed',
    )
  })

  test('goes on with the identity from service to service, card and all', () => {
    const claims = { ...granted, organization: 'harbor', card: grant.card }
    const { allows: _, grant: __, ...rest } = claims
    expect(decided({ target: '/harbor/items', headers: asService(token(rest)) }).identity).toEqual({
      organization: 'harbor',
      environment: 'production',
      actor: 'bot',
      run: 'run_2',
      card: 'card_bot_harbor',
    })
  })

  test('of anything but a bot’s run is no snapshot that could be used', () => {
    for (const wrong of [credential('live', { grant }), credential('run', { ...granted, actor: 'check' })])
      expect(openSnapshot(snapshotOf({ ...base, credentials: [wrong] })).ok).toBe(false)
  })
})

describe('a service that knows nothing of Rockpool', () => {
  const snapshot = { ...base, services: [service('catalog', { routes, foreign: true })] }
  const anonymous = [
    ...routes,
    { method: 'POST', path: '/{organization}/offers', operationId: 'offer', anonymous: true },
  ]
  const open = { ...base, services: [service('catalog', { routes: anonymous, foreign: true })] }
  test.each<[string, string, string[], string]>([
    ['a customer of production', '/harbor/items', bearer(live), 'forward harbor production customer'],
    ['a sandbox key', '/box/items', bearer(sandboxKey), 'write_refused'],
    ['a check', '/box/items', bearer(run), 'write_refused'],
    ['a bot with a grant', '/harbor/items', bearer(bot), 'write_refused'],
    ['a service for a check', '/box/items', asService(token()), 'write_refused'],
    ['nobody', '/harbor/items', [], 'credential_missing'],
  ])('is written to, or not, by %s', (_, target, headers, expected) => {
    expect(summary(decided({ method: 'POST', target, headers }, { snapshot }))).toBe(expected)
  })

  test('is written to by anybody in production, never in a sandbox', () => {
    const post = (target: string) => summary(decided({ method: 'POST', target }, { snapshot: open }))
    expect(post('/harbor/offers')).toBe('forward harbor production anonymous')
    expect(post('/box/offers')).toBe('write_refused')
  })

  test('is not written to by a browser whose session counts no more: it may be a check’s, which outlived its run', () => {
    for (const session of [newCredential('session'), endedSession]) {
      const headers = [...cookie(session), 'Origin', 'http://gateway.test', 'Host', 'gateway.test']
      const target = '/harbor/offers'
      expect(summary(decided({ method: 'POST', target, headers }, { snapshot: open }))).toBe('write_refused')
      expect(summary(decided({ target, headers }, { snapshot: open }))).toMatch('anonymous')
    }
  })

  test('is read by everybody who may', () => {
    expect(summary(decided({ target: '/box/items', headers: bearer(run) }, { snapshot }))).toMatch('forward')
    expect(decided({ target: '/box/items', headers: bearer(run) }, { snapshot })).toMatchObject({
      foreign: true,
    })
  })

  test('the refusal says why, and whether it runs stays untold', () => {
    const services = [service('catalog', { routes, foreign: true, state: 'stopped' })]
    const decision = decided(
      { method: 'POST', target: '/box/items', headers: bearer(run) },
      { snapshot: { ...base, services } },
    )
    expect(decision.kind === 'refuse' && decision.problem.detail).toBe(
      'catalog knows nothing of sandboxes: a write would be real',
    )
  })
})

describe('what is broken on purpose', () => {
  const until = new Date(now + 1).toISOString()
  const faulty = (kind: 'unavailable' | 'slow', endsAt = until, of = 'catalog') => ({
    snapshot: { ...base, faults: [fault({ kind }, { service: of, endsAt })] },
  })
  test.each<[string, string, string[], string]>([
    ['a check', '/box/items', bearer(run), 'fault_injected'],
    ['a service for a check', '/box/items', asService(token()), 'fault_injected'],
    ['a check’s browser', '/box/items', cookie(runSession), 'fault_injected'],
    ['a sandbox key', '/box/items', bearer(sandboxKey), 'forward box sandbox customer'],
    ['a customer', '/harbor/items', bearer(live), 'forward harbor production customer'],
    ['nobody', '/harbor/offers', [], 'forward harbor production anonymous'],
    ['a bot', '/harbor/items', bearer(bot), 'forward harbor production bot run_2'],
    ['a bot in a sandbox', '/box/items', asService(token({ actor: 'bot' })), 'forward box sandbox bot run_1'],
    [
      'a check in production',
      '/harbor/items',
      asService(token({ organization: 'harbor', environment: 'production' })),
      'forward harbor production check run_1',
    ],
  ])('is met, or not, by %s', (_, target, headers, expected) => {
    expect(summary(decided({ target, headers }, faulty('unavailable')))).toBe(expected)
    const slow = decided({ target, headers }, faulty('slow'))
    expect(slow).toMatchObject({ kind: 'forward', delayMs: expected === 'fault_injected' ? 3000 : 0 })
  })

  test('is whole again at the end of the fault, and was never broken elsewhere', () => {
    const request = { target: '/box/items', headers: bearer(run) }
    expect(summary(decided(request, faulty('unavailable', new Date(now).toISOString())))).toMatch('forward')
    expect(summary(decided(request, faulty('unavailable', until, 'orders')))).toMatch('forward')
  })

  test('says what is broken, that it is on purpose, and for how long still; the time itself is beside it', () => {
    const endsAt = new Date(now + 240_000).toISOString()
    const decision = decided({ target: '/box/items', headers: bearer(run) }, faulty('unavailable', endsAt))
    if (decision.kind !== 'refuse') throw new Error('it is not refused')
    expect(decision.problem.toJSON()).toMatchObject({
      code: 'fault_injected',
      detail: 'catalog is broken on purpose for checks, for another 4 min',
      service: 'catalog',
      until: endsAt,
    })
  })
})
