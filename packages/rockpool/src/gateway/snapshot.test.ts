import { describe, expect, test } from 'vitest'
import { credential, organization, sandbox, service, snapshotOf } from '../../test/support/gateway.ts'
import { systemClock } from '../kernel/index.ts'
import { createSigner } from './identity.ts'
import { createState } from './state.ts'
import type { SnapshotChange } from './types.ts'

const { publicKey } = createSigner()
const key = credential('live')
const routes = [{ method: 'GET', path: '/items', operationId: 'listItems', anonymous: false }]
const good = snapshotOf({
  organizations: [organization('harbor')],
  credentials: [key],
  services: [service('catalog', { routes })],
  keys: [publicKey],
})

function opened() {
  const state = createState({ clock: systemClock, kid: publicKey.kid })
  expect(state.open(good, 1000)).toEqual([])
  return state
}
const change = (parts: Partial<SnapshotChange>): SnapshotChange => ({
  version: 2,
  set: {},
  removed: {},
  ...parts,
})

test('a change sets and removes entries of every kind', () => {
  const state = opened()
  const added = credential('sandbox')
  const { text: _, ...entry } = added
  const services = [service('orders', { routes: [{ ...routes[0]!, path: '/orders' }] })]
  const findings = state.change(
    change({
      set: { organizations: [sandbox('box')], credentials: [entry], services },
      removed: { credentials: [key.sha256], services: ['catalog'] },
    }),
  )
  expect(findings).toEqual([])
  const { directory } = state.ground()!
  expect(directory.version).toBe(2)
  expect([...directory.organizations.keys()]).toEqual(['harbor', 'box'])
  expect([...directory.credentials.keys()]).toEqual([added.sha256])
  expect(directory.router.find('GET', ['orders']).kind).toBe('match')
  expect(directory.router.find('GET', ['items']).kind).toBe('none')
})

describe('is refused with findings, and what was good goes on:', () => {
  const conflicting = service('orders', { routes })
  const { text: _, ...sandboxOfProduction } = credential('sandbox', { environment: 'production' })
  const { text: __, ...namelessRun } = credential('run', { run: null })
  test.each<[string, SnapshotChange, string]>([
    ['a change that does not follow', change({ version: 4 }), 'version'],
    [
      'an environment that would change',
      change({ set: { organizations: [organization('harbor', { environment: 'sandbox' })] } }),
      'organizations.harbor.environment',
    ],
    [
      'a route that another service has',
      change({ set: { services: [conflicting] } }),
      'services.orders.routes.0',
    ],
    [
      'a sandbox key for production',
      change({ set: { credentials: [sandboxOfProduction] } }),
      `credentials.${sandboxOfProduction.id}`,
    ],
    [
      'a run credential without a run',
      change({ set: { credentials: [namelessRun] } }),
      `credentials.${namelessRun.id}`,
    ],
    [
      'a service URL that is none',
      change({ set: { services: [service('catalog', { url: 'file:///etc' })] } }),
      'set.services.0.url',
    ],
    [
      'nonsense',
      { version: 2, set: { organizations: 'all' } } as unknown as SnapshotChange,
      'set.organizations',
    ],
  ])('%s', (_name, bad, path) => {
    const state = opened()
    const findings = state.change({ ...bad, removed: { credentials: [key.sha256], ...bad.removed } })
    expect(findings.map((finding) => finding.path)).toContain(path)
    const { directory } = state.ground()!
    expect(directory.version).toBe(1)
    expect(directory.credentials.has(key.sha256)).toBe(true)
    expect(directory.organizations.get('harbor')!.environment).toBe('production')
    expect(directory.router.find('GET', ['items'])).toMatchObject({ match: { service: 'catalog' } })
  })

  test('a whole snapshot', () => {
    const state = opened()
    expect(state.open({ ...good, version: 9, services: [...good.services, conflicting] }, 2000)).toHaveLength(
      1,
    )
    expect(
      state.open({ ...good, version: 9, organizations: [organization('a'), organization('a')] }, 2000),
    ).toHaveLength(1)
    expect(state.open(null, 2000)).not.toEqual([])
    expect(state.ground()).toMatchObject({ asOf: 1000, directory: { version: 1 } })
  })
})

test('a gateway is ready once a snapshot names its own key', () => {
  const state = createState({ clock: systemClock, kid: publicKey.kid })
  expect(state.notReady()).toContain('no configuration')
  state.open({ ...good, keys: [] }, 1000)
  expect(state.notReady()).toContain('signing key')
  state.change(change({ set: { keys: [publicKey] } }))
  expect(state.notReady()).toBeUndefined()
})

test('what is kept on disk opens as the same', () => {
  const state = opened()
  const kept = JSON.parse(JSON.stringify(state.snapshot())) as unknown
  const other = createState({ clock: systemClock, kid: publicKey.kid })
  expect(other.open(kept, 1000)).toEqual([])
  expect(other.snapshot()).toEqual(state.snapshot())
})

test('a snapshot that an earlier version kept on disk has no rate limits, and services with the usual concurrency', () => {
  const { rateLimits: _, ...kept } = good
  const services = kept.services.map(({ concurrency: __, ...entry }) => entry)
  const state = createState({ clock: systemClock, kid: publicKey.kid })
  expect(state.open({ ...kept, services }, 1000)).toEqual([])
  const { directory } = state.ground()!
  expect([directory.rateLimits.size, directory.services.get('catalog')?.concurrency]).toEqual([0, 256])
})
