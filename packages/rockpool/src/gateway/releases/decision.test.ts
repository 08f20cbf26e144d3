import { describe, expect, test } from 'vitest'
import {
  base,
  bearer,
  bot,
  botSession,
  cookie,
  decided,
  live,
  now,
  orders,
  parentKey,
  routes,
  run,
  sandboxKey,
  summary,
  token,
} from '../../../test/support/decision.ts'
import { service, snapshotOf } from '../../../test/support/gateway-entries.ts'
import { createSimulatedClock } from '../../kernel/index.ts'
import { createLimits } from '../limits/limits.ts'
import { openSnapshot } from '../snapshot.ts'
import type { SnapshotRelease, SnapshotService } from '../types.ts'
import { mayName, releaseOf } from './choose.ts'

const release = (name: string, weight: number, drain: string | null = null): SnapshotRelease => ({
  name,
  url: `http://127.0.0.1:${7000 + name.charCodeAt(name.length - 1)}`,
  weight,
  drain,
})
describe('a decision', () => {
  const releases = [release('v1', 100), release('v2', 0), release('v0', 0, 'drn_1')]
  const snapshotWith = (more: Partial<SnapshotService>) =>
    snapshotOf({
      ...base,
      services: [service('catalog', { url: 'http://127.0.0.1:9001', routes, releases, ...more })],
    })
  const ask = (
    headers: string[],
    more: Partial<SnapshotService> = {},
    request: { method?: string; target?: string } = {},
  ) => {
    const decision = decided({ target: '/box/items', headers, ...request }, { snapshot: snapshotWith(more) })
    return decision.kind === 'forward' ? `${decision.release} ${decision.url}` : summary(decision)
  }
  const named = (name: string) => ['Rockpool-Release', name]
  const v1 = `v1 ${releases[0]!.url}`
  const v2 = `v2 ${releases[1]!.url}`

  test('sends a call to the release with the weight, however the service itself is', () => {
    expect(ask(bearer(live), {}, { target: '/harbor/items' })).toBe(v1)
    expect(ask(bearer(live), { state: 'stopped', url: null }, { target: '/harbor/items' })).toBe(v1)
    const unweighted = { releases: [release('v2', 0)] }
    expect(ask(bearer(live), unweighted, { target: '/harbor/items' })).toBe('null http://127.0.0.1:9001')
    expect(
      ask(bearer(live), { ...unweighted, url: null, state: 'stopped' }, { target: '/harbor/items' }),
    ).toBe('upstream_unreachable')
  })

  test('lets checks and bots name one, before any customer’s call goes there', () => {
    expect(ask([...bearer(run), ...named('v2')])).toBe(v2)
    expect(ask([...bearer(bot), ...named('v2')], {}, { target: '/harbor/items' })).toBe(v2)
    expect(ask([...cookie(botSession), ...named('v2')], {}, { target: '/harbor/items' })).toBe(v2)
    expect(ask(bearer(run))).toBe(v1)
  })

  test('takes no notice of who else names one', () => {
    for (const headers of [bearer(live), bearer(parentKey), bearer(sandboxKey)]) {
      const target = headers[1] === bearer(live)[1] ? '/harbor/items' : '/box/items'
      expect(ask([...headers, ...named('v2')], {}, { target })).toBe(v1)
      expect(ask([...headers, ...named('nonsense')], {}, { target })).toBe(v1)
    }
    const onward = [...bearer(orders), 'Rockpool-Identity', token()]
    expect(ask([...onward, ...named('v2')])).toBe(v1)
    expect(ask(named('v2'), {}, { target: '/harbor/offers' })).toBe(v1)
    expect(ask(named('v2'), {}, { target: '/news' })).toBe(v1)
  })

  test('refuses a name that is not there, or drains, and tells those that are', () => {
    for (const name of ['v3', 'v0']) {
      const snapshot = snapshotWith({})
      const refused = decided(
        { target: '/box/items', headers: [...bearer(run), ...named(name)] },
        { snapshot },
      )
      expect(refused).toMatchObject({
        problem: {
          code: 'release_unknown',
          status: 400,
          extra: { service: 'catalog', releases: ['v1', 'v2'] },
        },
      })
    }
    expect(ask([...bearer(run), ...named('v1')], { releases: [] })).toBe('release_unknown')
  })

  test.each([
    ['catalog=v2', 'v2'],
    ['orders=v7, catalog=v2', 'v2'],
    ['orders=v7', 'v1'],
    ['v2', 'v2'],
  ])('reads pairs for several services: %s', (value, expected) => {
    expect(ask([...bearer(run), ...named(value)])).toBe(expected === 'v2' ? v2 : v1)
  })

  test.each([
    '',
    'v1, v2',
    'catalog=v1, v2',
    'catalog=v1, catalog=v2',
    'catalog=',
    'catalog=v1=v2',
    'catalog=v 2',
    'v2;x',
    Array.from({ length: 51 }, (_, n) => `s${n}=v1`).join(),
  ])('refuses what is no name: %j', (value) => {
    expect(ask([...bearer(run), ...named(value)])).toBe('malformed_request')
  })

  test('two headers that name two are refused, and two that agree on pairs are one list', () => {
    expect(ask([...bearer(run), ...named('v1'), ...named('v2')])).toBe('malformed_request')
    expect(ask([...bearer(run), ...named('catalog=v2'), ...named('orders=v1')])).toBe(v2)
  })

  test('keeps a sandbox where it is: it is an organization of its own', () => {
    const even = { releases: [release('v1', 50), release('v2', 50)] }
    for (const target of ['/box/items', '/crate/items']) {
      const first = ask(bearer(parentKey), even, { target })
      for (let again = 0; again < 3; again += 1) expect(ask(bearer(parentKey), even, { target })).toBe(first)
      const slug = target.split('/')[1]!
      expect(first).toContain(releaseOf({ name: 'catalog', ...even }, slug)!.name)
    }
  })
})

test('who may name a release has the credential of a run, and acts for no customer', () => {
  expect([run, bot, botSession].map(mayName)).toEqual([true, true, true])
  expect([null, live, sandboxKey, parentKey, orders].map(mayName)).toEqual([
    false,
    false,
    false,
    false,
    false,
  ])
  expect(mayName({ ...run, actor: 'customer' })).toBe(false)
})

test('releases fail each for itself: one that does not answer is left alone, and the other is not', () => {
  const clock = createSimulatedClock(now)
  const limits = createLimits({ clock })
  const snapshot = snapshotOf({
    ...base,
    services: [service('catalog', { routes, releases: [release('v1', 100), release('v2', 0)] })],
  })
  const opened = openSnapshot(snapshot)
  const admitted = (name: string) => {
    const headers = [...bearer(run), 'Rockpool-Release', name]
    const decision = decided({ target: '/box/items', headers }, { snapshot })
    if (decision.kind !== 'forward' || !opened.ok) throw new Error(summary(decision))
    return limits.admit(opened.directory, decision, '127.0.0.1', clock.now())
  }
  for (let n = 0; n < 30; n += 1) {
    const admission = admitted('v2')
    if (admission.refusal === null) admission.ticket.release('unreachable')
  }
  expect(admitted('v2').refusal?.code).toBe('circuit_open')
  expect(admitted('v1').refusal).toBeNull()
})
