import { describe, expect, test } from 'vitest'
import {
  now,
  routes,
  live,
  sandboxKey,
  parentKey,
  run,
  orders,
  ended,
  productionRun,
  base,
  decided,
  summary,
  bearer,
  basic,
  token,
  asService,
} from '../../test/support/decision.ts'
import {
  credential,
  organization,
  sandbox,
  service,
  snapshotOf,
  type TestCredential,
} from '../../test/support/gateway-entries.ts'
import { newCredential } from '../kernel/index.ts'
import type { Route, Snapshot } from './types.ts'

describe('where it goes', () => {
  test.each([
    ['GET', '/harbor/items?limit=2', 'forward harbor production customer'],
    ['HEAD', '/harbor/items', 'forward harbor production customer'],
    ['GET', '/harbor/%69tems', 'forward harbor production customer'],
    ['DELETE', '/harbor/items', 'method_not_allowed'],
    ['TRACE', '/harbor/items', 'method_not_allowed'],
    ['OPTIONS', '/harbor/items', 'options GET,HEAD,OPTIONS,POST'],
    ['GET', '/harbor/unknown', 'route_unknown'],
    ['GET', '/harbor/items/', 'route_unknown'],
    ['GET', '/harbor/../items', 'path_refused'],
    ['GET', '/harbor/%2e%2E/items', 'path_refused'],
    ['GET', '/harbor//items', 'path_refused'],
    ['GET', '/harbor%2Fitems', 'path_refused'],
    ['GET', '/harbor%5citems', 'path_refused'],
    ['GET', '/harbor\\items', 'path_refused'],
    ['GET', '/harbor/items%00', 'path_refused'],
    ['GET', '/harbor/items%0d%0aX', 'path_refused'],
    ['GET', '/harbor/..;/items', 'path_refused'],
    ['GET', '/harbor/items%', 'path_refused'],
    ['GET', '/harbor/items%ff', 'path_refused'],
    ['GET', 'http://127.0.0.1/harbor/items', 'path_refused'],
    ['OPTIONS', '*', 'path_refused'],
    ['get', '/harbor/items', 'malformed_request'],
  ])('%s %s: %s', (method, target, expected) => {
    expect(summary(decided({ method, target, headers: bearer(live) }))).toBe(expected)
  })

  test('what routes is what is sent', () => {
    const decision = decided({ target: '/harbor/%69tems?q=%2e%2e/%00&q=2', headers: bearer(live) })
    expect(decision).toMatchObject({ kind: 'forward', service: 'catalog', url: 'http://127.0.0.1:9001' })
    expect(decision).toMatchObject({ target: '/harbor/items?q=%2e%2e/%00&q=2', path: '/harbor/items' })
  })

  test('what a service serves for Rockpool alone is never routed, however wide a template is', () => {
    const wide: Route[] = ['GET', 'POST'].map((method) => ({
      method,
      path: '/{shelf}/{thing}',
      operationId: method,
      anonymous: true,
    }))
    const snapshot = snapshotOf({ ...base, services: [service('catalog', { routes: wide })] })
    for (const target of ['/.rockpool/events', '/%2Erockpool/events', '/.rockpool/health'])
      expect(summary(decided({ method: 'POST', target }, { snapshot })), target).toBe('route_unknown')
    expect(summary(decided({ target: '/rockpool/events' }, { snapshot }))).toBe('forward without identity')
  })

  test('an unknown route is told before any credential is judged', () => {
    expect(summary(decided({ target: '/nothing/here' }))).toBe('route_unknown')
    expect(
      summary(decided({ target: '/nothing/here', headers: ['authorization', 'Bearer rp_live_x'] })),
    ).toBe('route_unknown')
  })

  test.each(['gzip, chunked', 'identity', 'chunked, chunked'])(
    'a body framed as %s is refused',
    (framing) => {
      const headers = [...bearer(live), 'Transfer-Encoding', framing]
      expect(summary(decided({ method: 'POST', target: '/harbor/items', headers }))).toBe('malformed_request')
      headers[3] = 'Chunked'
      expect(summary(decided({ method: 'POST', target: '/harbor/items', headers }))).toMatch('forward')
    },
  )

  test('two Host headers are refused (RFC 9110 7.2, RFC 9112 3.2)', () => {
    const target = '/harbor/items'
    expect(summary(decided({ target, headers: ['Host', 'a', 'host', 'b'] }))).toBe('malformed_request')
  })
})

describe('who it is', () => {
  const control = newCredential('control').text
  const wrongChecksum = `${live.text.slice(0, -1)}${live.text.endsWith('0') ? '1' : '0'}`
  test.each<[string, string[], string]>([
    ['no credential', [], 'credential_missing'],
    ['a live key', bearer(live), 'forward harbor production customer'],
    [
      'a live key with another case of the scheme',
      ['AUTHORIZATION', `bEaReR  ${live.text}`],
      'forward harbor production customer',
    ],
    ['Basic with an empty password', basic(`${live.text}:`), 'forward harbor production customer'],
    ['Basic with a password', basic(`${live.text}:x`), 'credential_unknown'],
    ['Basic with the key as password', basic(`:${live.text}`), 'credential_unknown'],
    ['Basic without a colon', basic(live.text), 'credential_unknown'],
    ['two Authorization headers', [...bearer(live), ...bearer(live)], 'credential_unknown'],
    ['a key without a scheme', ['authorization', live.text], 'credential_unknown'],
    ['a key with another scheme', ['authorization', `Token ${live.text}`], 'credential_unknown'],
    ['a wrong checksum', ['authorization', `Bearer ${wrongChecksum}`], 'credential_unknown'],
    ['a key nobody made', ['authorization', `Bearer ${newCredential('live').text}`], 'credential_unknown'],
    ['a control credential', ['authorization', `Bearer ${control}`], 'credential_unknown'],
    ['a token of somebody else', ['authorization', 'Bearer eyJhbGciOiJub25lIn0.e30.'], 'credential_unknown'],
    ['an ended key', bearer(ended), 'credential_ended'],
    ['a very long one', ['authorization', `Bearer ${'x'.repeat(5000)}`], 'credential_unknown'],
  ])('%s', (_, headers, expected) => {
    expect(summary(decided({ target: '/harbor/items', headers }))).toBe(expected)
  })

  test.each<[string, string, string[], string]>([
    ['an anonymous route, nobody', '/harbor/offers', [], 'forward harbor production anonymous'],
    ['an anonymous route in a sandbox', '/box/offers', [], 'forward box sandbox anonymous'],
    ['an anonymous route, unknown organization', '/nobody/offers', [], 'organization_unknown'],
    ['an anonymous route, an organization being deleted', '/leaving/offers', [], 'organization_deleted'],
    ['an anonymous route with a key', '/harbor/offers', bearer(live), 'forward harbor production customer'],
    [
      'an anonymous route with a bad key',
      '/harbor/offers',
      ['authorization', `Bearer ${wrongChecksum}`],
      'credential_unknown',
    ],
    [
      'an anonymous route, a token of the service’s own',
      '/harbor/offers',
      ['authorization', 'Bearer abc'],
      'forward harbor production anonymous',
    ],
    ['an anonymous route without an organization', '/news', [], 'forward without identity'],
  ])('%s', (_, target, headers, expected) => {
    expect(summary(decided({ target, headers }))).toBe(expected)
  })
})

describe('for which organization', () => {
  test.each<[string, string, TestCredential, string]>([
    ['a live key, another organization', '/marina/items', live, 'organization_not_allowed'],
    ['a live key, a sandbox', '/box/items', live, 'organization_not_allowed'],
    ['a live key, none that exists', '/nobody/items', live, 'organization_unknown'],
    ['a live key, a path without organization', '/rates', live, 'forward harbor production customer'],
    ['a sandbox key, its sandbox', '/box/items', sandboxKey, 'forward box sandbox customer'],
    ['a sandbox key, its parent', '/harbor/items', sandboxKey, 'organization_not_allowed'],
    ['a parent’s key, one sandbox', '/box/items', parentKey, 'forward box sandbox customer'],
    ['a parent’s key, the other', '/crate/items', parentKey, 'forward crate sandbox customer'],
    ['a parent’s key, a path without organization', '/rates', parentKey, 'organization_required'],
    ['a parent’s key, the parent itself', '/harbor/items', parentKey, 'environment_mismatch'],
    [
      'a parent’s key, another production organization',
      '/marina/items',
      parentKey,
      'organization_not_allowed',
    ],
    ['a parent’s key, a sandbox of another', '/bin/items', parentKey, 'organization_not_allowed'],
    ['a parent’s key, none that exists', '/nobody/items', parentKey, 'organization_unknown'],
    ['a parent’s key, a sandbox being deleted', '/leaving/items', parentKey, 'organization_deleted'],
    ['a run’s credential', '/box/items', run, 'forward box sandbox check run_1'],
    ['a run’s credential in production', '/harbor/items', productionRun, 'organization_not_allowed'],
  ])('%s', (_, target, shown, expected) => {
    expect(summary(decided({ target, headers: bearer(shown) }))).toBe(expected)
  })

  test('a key never follows its organization into another environment', () => {
    // Such a snapshot is impossible by the rules of organizations; the gateway does not rely on it.
    const organizations = [sandbox('harbor', { parent: 'marina' }), organization('marina')]
    const snapshot = { ...base, organizations, credentials: base.credentials.slice(0, 1) }
    expect(summary(decided({ target: '/harbor/items', headers: bearer(live) }, { snapshot }))).toBe(
      'environment_mismatch',
    )
  })

  test('a credential is of the kind that its text says, whatever the snapshot makes of it', () => {
    const { text: _, ...other } = credential('run', { sha256: live.sha256 })
    const snapshot = { ...base, credentials: [other] }
    expect(summary(decided({ target: '/box/items', headers: bearer(live) }, { snapshot }))).toBe(
      'credential_unknown',
    )
  })

  test('a key whose organization is gone is refused', () => {
    const snapshot = { ...base, organizations: [organization('marina')] }
    expect(summary(decided({ target: '/harbor/items', headers: bearer(live) }, { snapshot }))).toBe(
      'organization_deleted',
    )
  })
})

describe('a service that calls', () => {
  const week = 7 * 24 * 3600
  const iat = now / 1000
  const tampered = token().replace(/\.[^.]+$/, `.${token({ actor: 'customer' }).split('.')[2]}`)
  test.each<[string, string, string[], string]>([
    ['with the identity it received', '/box/items', asService(token()), 'forward box sandbox check run_1'],
    [
      'with an identity by the relay',
      '/box/items',
      asService(token({}, 'relay')),
      'forward box sandbox check run_1',
    ],
    [
      'with a stored identity of six days',
      '/box/items',
      asService(token({ iat: iat - 6 * 86400, exp: iat - 6 * 86400 + 60 })),
      'forward box sandbox check run_1',
    ],
    [
      'with one of more than seven days',
      '/box/items',
      asService(token({ iat: iat - week - 61, exp: iat - week - 1 })),
      'identity_refused',
    ],
    ['without an identity', '/box/items', bearer(orders), 'identity_missing'],
    [
      'with two identities',
      '/box/items',
      [...asService(token()), 'rockpool-identity', token()],
      'identity_refused',
    ],
    [
      'with one meant for another service',
      '/box/items',
      asService(token({ aud: 'payments' })),
      'identity_refused',
    ],
    ['with a forged one', '/box/items', asService(tampered), 'identity_refused'],
    ['with nonsense', '/box/items', asService('x'), 'identity_refused'],
    ['for another organization', '/crate/items', asService(token()), 'organization_not_allowed'],
    ['for none that exists', '/nobody/items', asService(token()), 'organization_unknown'],
    ['without an organization in the path', '/rates', asService(token()), 'forward box sandbox check run_1'],
    [
      'with an identity of the wrong environment',
      '/box/items',
      asService(token({ environment: 'production' })),
      'environment_mismatch',
    ],
    [
      'for an organization being deleted',
      '/leaving/items',
      asService(token({ organization: 'leaving' })),
      'organization_deleted',
    ],
    ['for one that is gone', '/rates', asService(token({ organization: 'gone' })), 'organization_unknown'],
  ])('%s', (_, target, headers, expected) => {
    expect(summary(decided({ target, headers }))).toBe(expected)
  })

  test('the caller is told, so that the next identity names it', () => {
    expect(decided({ target: '/box/items', headers: asService(token()) })).toMatchObject({ caller: 'orders' })
  })

  test('the refusal says why', () => {
    const decision = decided({ target: '/box/items', headers: asService(token({ aud: 'payments' })) })
    expect(decision.kind === 'refuse' && decision.problem.extra['reason']).toBe('identity_wrong_audience')
  })

  test('an identity without a service credential counts for nothing', () => {
    const headers = ['rockpool-identity', token()]
    expect(summary(decided({ target: '/box/items', headers }))).toBe('credential_missing')
    expect(summary(decided({ target: '/harbor/items', headers: [...bearer(live), ...headers] }))).toBe(
      'forward harbor production customer',
    )
  })
})

describe('the state of what is behind', () => {
  test.each<[Snapshot['services'][number]['state'], string]>([
    ['running', 'forward harbor production customer'],
    ['starting', 'upstream_unreachable'],
    ['stopped', 'upstream_unreachable'],
    ['failed', 'upstream_unreachable'],
    ['unavailable', 'service_unavailable'],
  ])('%s: %s', (state, expected) => {
    const services = [service('catalog', { routes, state, reason: 'python3 is missing' })]
    const decision = decided(
      { target: '/harbor/items', headers: bearer(live) },
      { snapshot: { ...base, services } },
    )
    expect(summary(decision)).toBe(expected)
    if (decision.kind === 'refuse') {
      expect(decision.problem.detail).toContain('python3 is missing')
      expect(decision.problem.extra).toEqual({ service: 'catalog' })
    }
  })

  test('is told to nobody who may not call it', () => {
    const services = [service('catalog', { routes, state: 'stopped' })]
    expect(summary(decided({ target: '/harbor/items' }, { snapshot: { ...base, services } }))).toBe(
      'credential_missing',
    )
  })
})
