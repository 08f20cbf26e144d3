import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  asService,
  base,
  bearer,
  bot,
  botSession,
  cookie,
  decided,
  ended,
  live,
  now,
  parentKey,
  person,
  productionRun,
  run,
  runSession,
  sandboxKey,
  summary,
  token,
} from '../../../test/support/decision.ts'
import { service } from '../../../test/support/gateway-entries.ts'
import { claimsAt, iss, issuerEntry, testKey, tokenBy } from '../../../test/support/issuer.ts'
import { decide } from '../decision.ts'
import type { Decision } from '../decision.ts'
import { defaultCutOff } from '../ground.ts'
import type { Ground } from '../ground.ts'
import { applyChange, checkEntry, openSnapshot, toSnapshot } from '../snapshot.ts'
import type { Route, Snapshot, SnapshotMock, SnapshotMockRoutes } from '../types.ts'

// Beside what base has: GET, POST /{organization}/items, GET /{organization}/offers (public), GET /rates, GET /news (public).
const route = (method: string, path: string, more: Partial<Route> = {}): Route => ({
  method,
  path,
  operationId: `next ${method} ${path}`,
  anonymous: false,
  ...more,
})
const nextRoutes: SnapshotMockRoutes = {
  name: 'catalog@2',
  service: 'catalog',
  routes: [
    route('GET', '/{organization}/items'),
    route('DELETE', '/{organization}/items'),
    route('GET', '/{organization}/items/{id}'),
    route('GET', '/{organization}/items/popular'),
    route('POST', '/{organization}/reviews', { maxBodyBytes: 10 }),
    route('GET', '/{organization}/reviews', { anonymous: true }),
    route('GET', '/tariffs'),
    route('GET', '/{shelf}/labels'),
  ],
}
const mock = (organization: string, more: Partial<SnapshotMock> = {}): SnapshotMock => ({
  id: `mck_${organization}`,
  organization,
  service: 'catalog',
  version: '2.0.0',
  origin: 'http://127.0.0.1:9100',
  routes: nextRoutes.name,
  ...more,
})
const [catalog] = base.services
const withMocks = (mocks: SnapshotMock[], more: Partial<Snapshot> = {}): Snapshot => ({
  ...base,
  mocks,
  mockRoutes: [nextRoutes],
  ...more,
})
const box = withMocks([mock('box')])

type Asked = { method?: string; target: string; headers?: string[] }
const going = (request: Asked, snapshot = box) => {
  const decision = decided(request, { snapshot })
  if (decision.kind !== 'forward') return summary(decision)
  return `${decision.mock?.id ?? 'service'} ${decision.route.operationId}`
}
const mine = bearer(sandboxKey)

describe('in the sandbox that asked for the mock', () => {
  test.each([
    ['its key', mine],
    ['its parent’s key', bearer(parentKey)],
    ['a run in it', bearer(run)],
    ['a browser in it', cookie(runSession)],
    ['a service that acts in it', asService(token())],
  ])('%s reaches what its version alone has', (_, headers) => {
    const decision = decided({ target: '/box/items/7', headers }, { snapshot: box })
    expect(decision).toMatchObject({
      kind: 'forward',
      service: 'catalog',
      url: 'http://127.0.0.1:9100',
      target: '/mck_box/box/items/7',
      route: { operationId: 'next GET /{organization}/items/{id}' },
      identity: { organization: 'box', environment: 'sandbox' },
    })
  })

  test.each([
    ['what both have, by the version', 'GET', '/box/items', 'mck_box next GET /{organization}/items'],
    ['HEAD, by GET', 'HEAD', '/box/items/7', 'mck_box next GET /{organization}/items/{id}'],
    [
      'a literal before a parameter',
      'GET',
      '/box/items/popular',
      'mck_box next GET /{organization}/items/popular',
    ],
    [
      'another method of a path that both have',
      'DELETE',
      '/box/items',
      'mck_box next DELETE /{organization}/items',
    ],
    ['a path without an organization', 'GET', '/tariffs', 'mck_box next GET /tariffs'],
    [
      'a path of parameters, none of which is the organization',
      'GET',
      '/top/labels',
      'mck_box next GET /{shelf}/labels',
    ],
    ['nothing that its version lacks', 'GET', '/box/offers', 'route_unknown'],
    ['nothing without an organization that its version lacks', 'GET', '/rates', 'route_unknown'],
    ['no method that its version lacks', 'POST', '/box/items', 'method_not_allowed'],
    ['nothing that nobody has', 'GET', '/box/nothing', 'route_unknown'],
  ])('there is %s', (_, method, target, expected) => {
    expect(going({ method, target, headers: mine })).toBe(expected)
  })

  test('a refusal says what its version has, to who acts there', () => {
    const methods = decided({ method: 'PUT', target: '/box/items', headers: mine }, { snapshot: box })
    expect(methods).toMatchObject({ kind: 'refuse', allow: ['DELETE', 'GET', 'HEAD', 'OPTIONS'] })
    const asked = decided({ method: 'OPTIONS', target: '/box/reviews', headers: mine }, { snapshot: box })
    expect(asked).toMatchObject({ kind: 'options', allow: ['GET', 'HEAD', 'OPTIONS', 'POST'] })
    const lacking = decided({ target: '/box/offers', headers: mine }, { snapshot: box })
    expect(lacking).toMatchObject({ problem: { detail: expect.stringContaining('catalog 2.0.0') } })
  })

  test('what its version opens to everybody is open there, and what it closes is closed', () => {
    expect(going({ target: '/box/reviews' })).toBe('mck_box next GET /{organization}/reviews')
    const closing = { ...nextRoutes, routes: [route('GET', '/{organization}/offers')] }
    const closed = withMocks([mock('box')], { mockRoutes: [closing] })
    expect(going({ target: '/box/offers', headers: mine }, closed)).toBe(
      'mck_box next GET /{organization}/offers',
    )
    expect(going({ target: '/box/offers' }, closed)).toBe('route_unknown')
  })

  test('its own limits count, and not those of the service', () => {
    const large = (target: string) =>
      going({ method: 'POST', target, headers: [...mine, 'Content-Length', '11'] })
    expect(large('/box/reviews')).toBe('body_too_large')
    const small = withMocks([mock('box')], {
      services: [
        service('catalog', {
          ...catalog!,
          routes: [route('POST', '/{organization}/items', { maxBodyBytes: 1 })],
        }),
      ],
      mockRoutes: [{ ...nextRoutes, routes: [route('POST', '/{organization}/items')] }],
    })
    const request = { method: 'POST', target: '/box/items', headers: [...mine, 'Content-Length', '11'] }
    expect(going(request, small)).toBe('mck_box next POST /{organization}/items')
  })

  test('what the service takes and its version does not say is no matter: its calls are not held against the service', () => {
    const validation = { requests: 'refuse', responses: 1, coerce: false } as const
    const routes = catalog!.routes.map((one) => ({ ...one, validation }))
    const services = [service('catalog', { ...catalog!, routes, contract: `sha256:${'0'.repeat(64)}` })]
    const decision = decided(
      { target: '/box/items', headers: mine },
      { snapshot: withMocks([mock('box')], { services }) },
    )
    expect(decision.kind === 'forward' && decision.route.validation).toBeUndefined()
  })

  test('other services keep their routes; of two that fit the nearer one counts, of two alike the service’s', () => {
    const pages = service('pages', {
      routes: [
        route('GET', '/{organization}/{page}', { operationId: 'page' }),
        route('GET', '/{organization}/items/popular', { operationId: 'popular' }),
        route('GET', '/{organization}/about', { operationId: 'about' }),
      ],
    })
    const both = withMocks([mock('box')], { services: [catalog!, pages] })
    expect(going({ target: '/box/about', headers: mine }, both)).toBe('service about')
    expect(going({ target: '/box/reviews', headers: mine }, both)).toBe(
      'mck_box next GET /{organization}/reviews',
    )
    expect(going({ target: '/box/items/popular', headers: mine }, both)).toBe('service popular')
    expect(going({ target: '/box/other', headers: mine }, both)).toBe('service page')
  })

  test('mocks of two services each have their own', () => {
    const quotes = { name: 'orders@2', service: 'orders', routes: [route('GET', '/{organization}/quotes')] }
    const two = withMocks(
      [mock('box'), mock('box', { id: 'mck_2', service: 'orders', routes: 'orders@2' })],
      {
        services: [catalog!, service('orders')],
        mockRoutes: [nextRoutes, quotes],
      },
    )
    expect(going({ target: '/box/quotes', headers: mine }, two)).toBe('mck_2 next GET /{organization}/quotes')
    expect(going({ target: '/box/items/7', headers: mine }, two)).toBe(
      'mck_box next GET /{organization}/items/{id}',
    )
  })

  test.each([
    ['a service that is not there any more', { services: [service('orders')] }],
    ['another service', { mockRoutes: [{ ...nextRoutes, service: 'orders' }] }],
    ['nobody: they were left out', { mockRoutes: [] }],
  ])('routes of %s lead nowhere', (_, more) => {
    expect(going({ target: '/box/reviews', headers: mine }, withMocks([mock('box')], more))).toBe(
      'route_unknown',
    )
  })
})

function toGround(snapshot: Snapshot): Ground {
  const opened = openSnapshot(snapshot)
  if (!opened.ok) throw new Error(JSON.stringify(opened.findings))
  return { directory: opened.directory, asOf: now, cutOff: defaultCutOff, secure: false }
}

/** All of a decision that anybody outside could tell. */
const told = (decision: Decision) => ({
  ...decision,
  ...(decision.kind === 'refuse' ? { problem: decision.problem.toJSON() } : {}),
})

describe('whoever does not act there', () => {
  test.each([
    ['nobody', []],
    ['production', bearer(live)],
    ['a key that has ended', bearer(ended)],
    ['a key that is none', ['Authorization', 'Bearer rp_sandbox_none']],
    [
      'a service that acts in production',
      asService(token({ organization: 'harbor', environment: 'production' })),
    ],
    ['a service that acts in another sandbox', asService(token({ organization: 'crate' }))],
  ])('hears what is heard of no route at all: %s', (_, headers) => {
    for (const [method, target] of [
      ['GET', '/box/items/7'],
      ['POST', '/box/reviews'],
      ['GET', '/tariffs'],
      ['DELETE', '/box/items'],
      ['OPTIONS', '/box/items/7'],
    ] as const)
      expect(told(decided({ method, target, headers }, { snapshot: box }))).toEqual(
        told(decided({ method, target, headers })),
      )
    expect(summary(decided({ target: '/box/items/7', headers }, { snapshot: box }))).toBe('route_unknown')
  })

  test('neither does a run while control is away: it cannot be known that it still runs', () => {
    const request = { target: '/box/items/7', headers: bearer(run) }
    expect(summary(decided(request, { snapshot: box, ageMs: 60_000 }))).toBe('route_unknown')
  })

  test('in all that can be told is decided about as if there were no mocks, whatever is sent', () => {
    const credentials = fc.constantFrom(
      bearer(live),
      bearer(productionRun),
      bearer(bot),
      cookie(botSession),
      cookie(person),
      bearer(parentKey),
      bearer(sandboxKey),
      bearer(run),
      asService(token({ organization: 'harbor', environment: 'production', actor: 'customer' })),
      asService(token()),
      [],
    )
    const paths = ['items', 'items/7', 'items/popular', 'reviews', 'offers', 'labels', 'nothing']
    const organizations = ['harbor', 'marina', 'box', 'crate', 'bin', 'leaving']
    const opened = new Map<string, Ground>()
    const groundOf = (mocked: readonly string[]) => {
      const known = opened.get(mocked.join()) ?? toGround(withMocks(mocked.map((slug) => mock(slug))))
      opened.set(mocked.join(), known)
      return known
    }
    const without = toGround(base)
    let [mocked, hidden] = [0, 0]
    fc.assert(
      fc.property(
        credentials,
        fc.subarray(organizations),
        fc.constantFrom('harbor', 'box', 'box', ...organizations),
        fc.constantFrom('', ...paths),
        fc.constantFrom('GET', 'POST', 'DELETE', 'OPTIONS'),
        (headers, asked, organization, path, method) => {
          const head = { method, target: path === '' ? '/tariffs' : `/${organization}/${path}`, headers }
          const decision = decide(groundOf(asked), head, now)
          const { identity } = decision
          if (identity?.environment === 'sandbox' && asked.includes(identity.organization)) {
            if (decision.kind === 'forward') mocked += 1
            return
          }
          expect([head, told(decision)]).toEqual([head, told(decide(without, head, now))])
          if (asked.length > 0) hidden += 1
        },
      ),
      { numRuns: 3_000, endOnFailure: true },
    )
    // Or it would prove nothing.
    expect(Math.min(mocked, hidden)).toBeGreaterThan(30)
  })
})

describe('in the snapshot', () => {
  const opened = (snapshot: unknown) => {
    const applied = openSnapshot(snapshot)
    if (!applied.ok) throw new Error(JSON.stringify(applied.findings))
    return applied.directory
  }

  test('routes come with their mock, are kept on disk, and go', () => {
    let directory = opened(base)
    const change = (set: object, removed: object = {}) => {
      const applied = applyChange(directory, { version: directory.version + 1, set, removed })
      if (!applied.ok) throw new Error(JSON.stringify(applied.findings))
      directory = applied.directory
    }
    expect(directory.mocks.areRouted).toBe(false)
    change({ mocks: [mock('box')], mockRoutes: [nextRoutes] })
    const [before] = directory.mocks.routedIn('box')
    expect(toSnapshot(directory, base.at)).toMatchObject({ mocks: [mock('box')], mockRoutes: [nextRoutes] })
    change({ mocks: [mock('crate')] })
    // Made once, however many mocks come and go.
    expect(directory.mocks.routedIn('crate')[0]!.router).toBe(before!.router)
    change({}, { mocks: ['mck_box', 'mck_crate'], mockRoutes: [nextRoutes.name] })
    expect([directory.mocks.areRouted, directory.mocks.routers.size]).toEqual([false, 0])
  })

  test.each([
    ['two routes of one shape', [route('GET', '/{a}/items'), route('GET', '/{b}/items')]],
    ['a path that is none', [route('GET', '/{organization}/{a}{b}')]],
    ['a method that is never routed', [route('TRACE', '/x')]],
  ])('%s are refused, and nothing is changed', (_, routes) => {
    const wrong = { ...nextRoutes, routes }
    expect(checkEntry('mockRoutes', wrong)).not.toEqual([])
    expect(openSnapshot({ ...box, mockRoutes: [wrong] }).ok).toBe(false)
    const directory = opened(box)
    const refused = applyChange(directory, { version: 2, set: { mockRoutes: [wrong] }, removed: {} })
    expect([refused.ok, directory.mocks.routers.get(nextRoutes.name)?.entry]).toEqual([false, nextRoutes])
  })

  test('what their calls are held against is not among them', () => {
    const validation = { requests: 'refuse', responses: 1, coerce: false } as const
    const routes = [route('GET', '/{organization}/reviews', { validation })]
    const { mocks } = opened({ ...box, mockRoutes: [{ ...nextRoutes, routes }] })
    expect(mocks.routers.get(nextRoutes.name)!.entry.routes[0]!.validation).toBeUndefined()
  })
})

describe('end users', () => {
  const key = testKey('ES256')
  const withIssuer = { ...box, issuers: [issuerEntry([key.key], { environment: 'sandbox' })] }
  const by = (header: object = {}, org = 'box') => [
    'Authorization',
    `Bearer ${tokenBy(key, claimsAt(now, { org }), header)}`,
  ]

  test('of the sandbox reach it by their token', () => {
    const request = { target: '/box/items/7', headers: by() }
    expect(going(request, withIssuer)).toBe('mck_box next GET /{organization}/items/{id}')
    expect(going({ ...request, headers: by({}, 'crate') }, withIssuer)).toBe('route_unknown')
  })

  test('whose key is not known yet have it asked for, and hear what is heard of no route', () => {
    const decision = decided(
      { target: '/box/items/7', headers: by({ kid: 'another' }) },
      { snapshot: withIssuer },
    )
    expect([summary(decision), decision.unknownKeyOf]).toEqual(['route_unknown', iss])
  })
})
