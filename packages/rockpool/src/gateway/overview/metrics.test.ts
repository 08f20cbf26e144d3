import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readExposition } from '../../../test/support/exposition.ts'
import { accessRecord, records } from '../../../test/support/traffic.ts'
import { createCounters } from './counters.ts'
import { toExposition } from './exposition.ts'
import { familiesOf, type PublishedFacts } from './metrics.ts'
import type { GatewayFacts, KnownGateway } from './types.ts'

const now = Date.parse('2026-11-22T14:42:00.000Z')
const control: PublishedFacts = {
  release: '0.0.0',
  version: 7,
  asOf: now - 400,
  holds: { organizations: 1, credentials: 2, services: 3, routes: 4 },
  findings: 0,
}

function gateway(facts: Partial<GatewayFacts> = {}, more: Partial<KnownGateway> = {}): KnownGateway {
  const whole: GatewayFacts = {
    name: 'one',
    engine: 'node',
    addresses: ['127.0.0.1:8470'],
    key: 'gateway-x',
    started: '2026-11-22T14:00:00.000Z',
    notReady: null,
    draining: false,
    ageMs: 1_000,
    cutOff: { runMs: 10_000, keyMs: 86_400_000 },
    holds: control.holds,
    ledgerWaiting: 3,
    trafficWaiting: 0,
    logLinesDropped: 0,
    refused: null,
    counters: createCounters().values(),
    ...facts,
  }
  return { gateway: 'gw_1', connected: true, version: 7, heard: now, facts: whole, ...more }
}

const read = (...gateways: KnownGateway[]) => readExposition(toExposition(familiesOf(gateways, control, now)))
const valueOf = (families: ReturnType<typeof read>, name: string, labels = {}) =>
  families.get(name)?.samples.find((sample) => {
    expect(sample.labels).not.toHaveProperty('organization')
    return Object.entries(labels).every(([label, value]) => sample.labels[label] === value)
  })?.value

test('whatever was counted, the text is valid to its last line, and its sums are the requests', () => {
  fc.assert(
    fc.property(records, fc.string(), (all, name) => {
      const counters = createCounters({ most: 20 })
      for (const record of all)
        counters.add({ ...record, service: record.service && `${record.service} ${name}`, refused: name })
      const families = read(gateway({ name: `g${name}`, counters: counters.values() }), gateway())
      const requests = families.get('rockpool_gateway_requests_total')?.samples ?? []
      expect(requests.reduce((sum, { value }) => sum + value, 0)).toBe(all.length)
      // No organization and no path of the requests stands anywhere.
      expect(JSON.stringify([...families.values()].map(({ samples }) => samples))).not.toMatch(/harbor|\/\{/)
    }),
    { numRuns: 10 },
  )
})

test.each(['a"b', 'a\\b', 'a\nb', 'a",x="b', 'a} 1', '\\n', 'Ä '])('a name like %j ends no label', (name) => {
  expect(valueOf(read(gateway({ name })), 'rockpool_gateway_up', { gateway: name })).toBe(1)
})

test('the duration’s histogram is cumulative, in seconds', () => {
  const counters = createCounters()
  for (const ms of [1, 4, 4, 700]) counters.add(accessRecord({ ms }))
  const families = read(gateway({ counters: counters.values() }))
  const name = 'rockpool_gateway_request_duration_seconds'
  const bucket = (le: string) => families.get(name)!.samples.find(({ labels }) => labels['le'] === le)?.value
  expect([bucket('0.001'), bucket('0.005'), bucket('0.5'), bucket('1'), bucket('+Inf')]).toEqual([
    1, 3, 3, 4, 4,
  ])
  expect(families.get(name)!.samples.find((sample) => sample.name === `${name}_sum`)?.value).toBeCloseTo(
    0.709,
  )
})

test('of two processes of one name the newer one counts; of one that left, only that it is away', () => {
  const counters = createCounters()
  counters.add(accessRecord())
  const families = read(
    gateway({ counters: counters.values() }),
    gateway({ started: '2026-11-22T14:30:00.000Z' }, { gateway: 'gw_2' }),
    gateway({ name: 'gone', counters: counters.values() }, { connected: false, heard: now - 60_000 }),
  )
  expect(families.get('rockpool_gateway_requests_total')).toBeUndefined()
  expect(valueOf(families, 'rockpool_gateway_up', { gateway: 'one' })).toBe(1)
  expect(valueOf(families, 'rockpool_gateway_up', { gateway: 'gone' })).toBe(0)
  expect(valueOf(families, 'rockpool_gateway_cut_off', { gateway: 'gone' })).toBe(1)
  expect(valueOf(families, 'rockpool_gateway_ready', { gateway: 'gone' })).toBeUndefined()
})

test('a gateway that has said nothing yet is up, and not more is claimed of it', () => {
  const families = read(gateway({}, { facts: null, heard: null, version: null }))
  expect(valueOf(families, 'rockpool_gateway_up', { gateway: 'gw_1' })).toBe(1)
  expect(families.get('rockpool_gateway_snapshot_version')).toBeUndefined()
})

test.each([
  ['a sample before its TYPE', 'a 1\n'],
  ['the same series twice', '# HELP a b\n# TYPE a gauge\na{x="1",y="2"} 1\na{y="2",x="1"} 1\n'],
  ['a counter that is not called so', '# HELP a b\n# TYPE a counter\na 1\n'],
  ['an unescaped quote', '# HELP a b\n# TYPE a gauge\na{x="1"2"} 1\n'],
  ['a histogram without +Inf', '# HELP a b\n# TYPE a histogram\na_bucket{le="1"} 1\na_sum 1\na_count 1\n'],
  ['a family in two places', '# HELP a b\n# TYPE a gauge\na 1\n# HELP a b\n# TYPE a gauge\na{x="1"} 1\n'],
  ['no end of line', '# HELP a b\n# TYPE a gauge\na 1'],
])('the reader of these tests takes exception to %s', (_, text) => {
  expect(() => readExposition(text)).toThrow()
})
