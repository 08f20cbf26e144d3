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
  live,
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
import type { Decision } from '../decision.ts'
import { applyChange, checkEntry, openSnapshot, toSnapshot } from '../snapshot.ts'
import type { Snapshot, SnapshotMock } from '../types.ts'

const mock = (organization: string, more: Partial<SnapshotMock> = {}): SnapshotMock => ({
  id: `mck_${organization}`,
  organization,
  service: 'catalog',
  version: '1.2.0',
  origin: 'http://127.0.0.1:9100',
  ...more,
})
const [catalog] = base.services
const withMocks = (mocks: SnapshotMock[], more: Partial<Snapshot> = {}): Snapshot => ({
  ...base,
  mocks,
  ...more,
})
const going = (decision: Decision) =>
  decision.kind === 'forward'
    ? {
        url: decision.url,
        target: decision.target,
        release: decision.release,
        mock: decision.mock?.id ?? null,
      }
    : summary(decision)
const toMock = {
  url: 'http://127.0.0.1:9100',
  target: '/mck_box/box/items?q=1',
  release: 'mock',
  mock: 'mck_box',
}
const toService = { url: 'http://127.0.0.1:9001', target: '/box/items?q=1', release: null, mock: null }
const target = '/box/items?q=1'

describe('a mock of a sandbox', () => {
  test.each([
    ['its key', bearer(sandboxKey)],
    ['its parent’s key', bearer(parentKey)],
    ['a run in it', bearer(run)],
    ['a browser in it', cookie(runSession)],
    ['a service that acts in it', asService(token())],
  ])('takes the calls of %s', (_, headers) => {
    const decision = decided({ target, headers }, { snapshot: withMocks([mock('box')]) })
    expect(going(decision)).toEqual(toMock)
    expect(decision).toMatchObject({
      service: 'catalog',
      path: '/box/items',
      identity: { organization: 'box', environment: 'sandbox' },
    })
  })

  test('takes those of nobody, where no credential is needed', () => {
    const decision = decided({ target: '/box/offers' }, { snapshot: withMocks([mock('box')]) })
    expect(going(decision)).toMatchObject({ mock: 'mck_box', target: '/mck_box/box/offers' })
  })

  test.each([
    ['of another sandbox', mock('crate')],
    ['of another service', mock('box', { service: 'orders' })],
  ])('%s takes none', (_, other) => {
    const decision = decided({ target, headers: bearer(sandboxKey) }, { snapshot: withMocks([other]) })
    expect(going(decision)).toEqual(toService)
  })

  test.each([
    ['is stopped', { state: 'stopped', url: null }],
    ['cannot run here', { state: 'unavailable', url: null }],
    ['knows nothing of sandboxes', { foreign: true }],
    ['has releases', { releases: [{ name: 'v2', url: 'http://127.0.0.1:9002', weight: 1, drain: null }] }],
  ] as const)('answers also where the service %s', (_, state) => {
    const services = [
      service('catalog', {
        ...catalog!,
        ...state,
        releases: [...('releases' in state ? state.releases : [])],
      }),
    ]
    const request = { method: 'POST', target, headers: bearer(sandboxKey) }
    const decision = decided(request, { snapshot: withMocks([mock('box')], { services }) })
    expect(going(decision)).toEqual(toMock)
    // It is told who acts, whatever the service would be told.
    expect(decision).toMatchObject({ foreign: false, writes: true })
  })

  test('judges by its own version: calls to it are not held against the contract of the service', () => {
    const validation = { requests: 'refuse', responses: 1, coerce: false } as const
    const routes = catalog!.routes.map((route) => ({ ...route, validation }))
    const services = [service('catalog', { ...catalog!, routes, contract: `sha256:${'0'.repeat(64)}` })]
    const decide = (mocks: SnapshotMock[]) =>
      decided({ target, headers: bearer(sandboxKey) }, { snapshot: withMocks(mocks, { services }) })
    expect(decide([]).route?.validation).toEqual(validation)
    expect(decide([mock('box')]).route?.validation).toBeUndefined()
  })

  test('has to run: where nobody can answer, the call is refused, and does not go to the service', () => {
    const decision = decided(
      { target, headers: bearer(sandboxKey) },
      { snapshot: withMocks([mock('box', { origin: null })]) },
    )
    expect(going(decision)).toBe('upstream_unreachable')
  })

  test('opens nothing: who may not call hears the same as without it', () => {
    for (const request of [
      { target },
      { target, headers: ['Authorization', 'Bearer rp_sandbox_none'] },
      { target: '/leaving/items', headers: bearer(parentKey) },
      { target: '/bin/items', headers: bearer(parentKey) },
      { target: '/box/nothing', headers: bearer(sandboxKey) },
      { target: '/mck_box/box/items', headers: bearer(sandboxKey) },
    ]) {
      const all = ['box', 'leaving', 'bin'].map((organization) => mock(organization))
      expect(summary(decided(request, { snapshot: withMocks(all) }))).toBe(summary(decided(request)))
    }
  })
})

test('whoever acts in production never reaches a mock, whatever control says and the request claims', () => {
  const headers = fc.constantFrom(
    bearer(live),
    bearer(productionRun),
    bearer(bot),
    cookie(botSession),
    cookie(person),
    bearer(parentKey),
    bearer(sandboxKey),
    asService(token({ organization: 'harbor', environment: 'production', actor: 'customer' })),
    asService(token()),
    [],
  )
  const claims = fc.subarray([
    ['Rockpool-Identity', token()],
    ['Rockpool-Release', 'mock'],
    ['baggage', 'rockpool.organization=box,rockpool.environment=sandbox'],
    ['X-Rockpool-Environment', 'sandbox'],
  ])
  const organizations = ['harbor', 'marina', 'box', 'crate', 'bin']
  let [mocked, inProduction] = [0, 0]
  fc.assert(
    fc.property(
      headers,
      claims,
      fc.subarray(organizations),
      fc.constantFrom('harbor', 'harbor', 'box', ...organizations),
      fc.constantFrom('items', 'items', 'offers', 'nothing'),
      fc.constantFrom('GET', 'POST'),
      (credential, more, asked, organization, path, method) => {
        const snapshot = withMocks(asked.map((slug) => mock(slug)))
        const request = {
          method,
          target: `/${organization}/${path}`,
          headers: [...credential, ...more.flat()],
        }
        const decision = decided(request, { snapshot })
        if (decision.kind !== 'forward') return
        const environment = decision.identity?.environment
        const expected = environment === 'sandbox' && asked.includes(organization)
        expect([request, decision.mock !== null]).toEqual([request, expected])
        expect(decision.url === 'http://127.0.0.1:9100').toBe(expected)
        if (expected) expect(decision.identity!.organization).toBe(decision.mock!.organization)
        if (expected) mocked += 1
        if (environment === 'production' && asked.includes(organization)) inProduction += 1
      },
    ),
    { numRuns: 4_000, endOnFailure: true },
  )
  // Or it would prove nothing.
  expect(Math.min(mocked, inProduction)).toBeGreaterThan(50)
})

describe('in the snapshot', () => {
  const opened = (snapshot: unknown) => {
    const applied = openSnapshot(snapshot)
    if (!applied.ok) throw new Error(JSON.stringify(applied.findings))
    return applied.directory
  }
  const identity = { organization: 'box', environment: 'sandbox', actor: 'check' } as const

  test('mocks come, are replaced and go, with what is kept on disk', () => {
    let directory = opened(withMocks([mock('box')]))
    expect(directory.mocks.of(identity, 'catalog')?.id).toBe('mck_box')
    expect(toSnapshot(directory, base.at).mocks).toEqual([mock('box')])
    const change = (set: SnapshotMock[], removed: string[]) => {
      const version = directory.version + 1
      const applied = applyChange(directory, { version, set: { mocks: set }, removed: { mocks: removed } })
      if (!applied.ok) throw new Error(JSON.stringify(applied.findings))
      directory = applied.directory
    }
    change([mock('box', { id: 'mck_other' })], ['mck_box'])
    expect(directory.mocks.of(identity, 'catalog')?.id).toBe('mck_other')
    change([], ['mck_other'])
    expect(directory.mocks.of(identity, 'catalog')).toBeUndefined()
  })

  test('one that an earlier version kept on disk has none', () => {
    const { mocks: _, ...before } = base
    expect(opened(before).mocks.entries.size).toBe(0)
  })

  test.each([
    ['an id that would be another path', { id: '../x' }],
    ['an id that is none of a mock', { id: 'flt_1' }],
    ['a place with a path', { origin: 'http://127.0.0.1:9100/x' }],
    ['a place that is none', { origin: 'file:///etc' }],
    ['an organization that is no slug', { organization: 'Box' }],
  ])('%s is refused', (_, wrong) => {
    expect(checkEntry('mocks', mock('box', wrong))).not.toEqual([])
    expect(openSnapshot(withMocks([mock('box', wrong)])).ok).toBe(false)
  })

  test('two of one id are refused', () => {
    expect(openSnapshot(withMocks([mock('box'), mock('box')])).ok).toBe(false)
  })
})
