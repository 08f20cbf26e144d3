import { describe, expect, test } from 'vitest'
import {
  actorsInWords,
  inWords,
  lastMinute,
  leadOf,
  rate,
  ratesOf,
  secondsOf,
  share,
  slotsOf,
} from './requests.ts'
import type { Figures, KeptRequest, Summary } from './requests.ts'
import { phasesInWords, phasesOf } from './phases.ts'
import { wayOf } from './way.ts'

/** No-break spaces as spaces. */
const plain = (text: string) => text.replaceAll('\u00a0', ' ')

const figures = (more: Partial<Figures> = {}): Figures => ({
  count: 0,
  errors: 0,
  refused: 0,
  gone: 0,
  p50: null,
  p95: null,
  p99: null,
  ...more,
})

const point = (at: string, count: number) => ({
  at: `2026-11-22T14:${at}:00.000Z`,
  customers: figures({ count }),
  own: figures(),
  dropped: 0,
})

const summary: Summary = {
  from: '2026-11-22T14:40:00.000Z',
  to: '2026-11-22T14:44:00.000Z',
  step: 60,
  totals: { all: figures(), customers: figures(), own: figures(), inside: figures(), dropped: 0 },
  services: [],
  actors: [
    { actor: 'check', environment: 'sandbox', side: 'own', ...figures({ count: 240 }) },
    { actor: 'customer', environment: 'sandbox', side: 'own', ...figures({ count: 24 }) },
    { actor: 'customer', environment: 'production', side: 'customers', ...figures({ count: 999 }) },
  ],
  series: [point('40', 120), point('42', 60), point('43', 30)],
  reconciled: null,
}
const now = Date.parse('2026-11-22T14:43:30.000Z')

describe('words', () => {
  test('no percentage of fewer than twenty', () => {
    expect(
      [share(0, 5), share(1, 12), share(1, 100_000), share(58, 303_120), share(3, 20), share(30, 30)].map(
        plain,
      ),
    ).toEqual(['0', '1 of 12', '< 0.01 %', '0.02 %', '15.0 %', '100 %'])
  })

  test('a rate has as many digits as it means', () => {
    expect([0, 84.23, 1, 0.354, 0.0166, 0.0008].map(rate)).toEqual([
      '0',
      '84.2',
      '1.0',
      '0.35',
      '0.02',
      '< 0.01',
    ])
  })

  test('the answer is no when one of a hundred fails, and says when nobody called', () => {
    const well = leadOf(figures({ count: 1000, errors: 2, p50: 18, p99: 171 }), 'in this hour')
    expect(well.answer).toBe('Customers get their answers.')
    expect(plain(well.how)).toBe(
      '0.20 % of 1,000 requests failed, half within 18 ms, 99 of 100 within 171 ms',
    )
    expect(leadOf(figures({ count: 12, errors: 3 }), 'in this hour').answer).toBe(
      '3 of 12 requests of customers failed.',
    )
    expect(leadOf(figures(), 'in this hour').answer).toBe('No customer called in this hour.')
  })

  test('Rockpool’s own requests by who sent them, the busiest first', () => {
    expect(actorsInWords(summary, now)).toBe('checks 1.1, by hand 0.11')
  })

  test('a chart in words tells its bounds and its gaps', () => {
    expect(inWords([1, null, 3], rate)).toBe('between 1.0 and 3.0; nothing was counted in 1 of 3 parts')
    expect(inWords([null], rate)).toBe('nothing was counted')
  })
})

test('a slot without a point is a gap, and the one under way counts by what has passed of it', () => {
  expect(slotsOf(summary).map((slot) => slot?.customers.count)).toEqual([120, undefined, 60, 30])
  expect(ratesOf(summary, 'customers', now)).toEqual([2, null, 1, 1])
  expect(ratesOf(summary, 'customers', Date.parse('2026-11-22T14:43:05.000Z'))).toEqual([2, null, 1, null])
  expect(lastMinute(summary, now)?.customers.count).toBe(60)
})

test('a rate is over all seconds that have passed, also those of gaps, and of one at least', () => {
  expect(secondsOf(summary, now)).toBe(210)
  expect(secondsOf(summary, Date.parse(summary.to) + 3_600_000)).toBe(240)
  expect(secondsOf(summary, Date.parse(summary.from) - 1)).toBe(1)
})

describe('the way of a request', () => {
  const request: KeptRequest = {
    id: 'req_1',
    kind: 'rest',
    at: '2026-11-22T14:42:07.640Z',
    trace: '',
    method: 'POST',
    path: '/{organization}/orders',
    service: 'orders',
    upstream: '127.0.0.1:41234',
    status: 201,
    organization: 'harbor',
    parent: null,
    environment: 'production',
    actor: 'customer',
    side: 'customers',
    run: null,
    credential: 'key_01a203b4-0000-7000-8000-00000000q7zk',
    caller: null,
    bytesIn: 0,
    bytesOut: 0,
    ms: 31,
    decideMs: 2,
    connectMs: 0,
    upstreamMs: 28,
    retries: 0,
    refused: null,
    aborted: null,
    stripped: 0,
    release: null,
  }

  test('one that was answered passed everything', () => {
    expect(wayOf(request).map(({ name, is }) => [name, is])).toEqual([
      ['path', 'passed'],
      ['route', 'passed'],
      ['credential', 'passed'],
      ['organization', 'passed'],
      ['service', 'passed'],
    ])
    expect(wayOf(request).at(-1)).toMatchObject({ text: 'orders answered', took: '28\u00a0ms' })
  })

  test.each([
    ['path_refused', 'path'],
    ['route_unknown', 'route'],
    ['credential_ended', 'credential'],
    ['environment_mismatch', 'organization'],
    ['budget_spent', 'organization'],
    ['upstream_timeout', 'service'],
    ['request_timeout', 'service'],
    ['invalid_input', 'service'],
    ['fault_injected', 'service'],
  ])('%s stands at the %s, and nothing after it was reached', (refused, name) => {
    const way = wayOf({ ...request, refused, upstreamMs: null })
    const here = way.findIndex((station) => station.is === 'here')
    expect(way[here]).toMatchObject({ name, text: refused })
    expect(way.slice(here + 1).every((station) => station.is === 'after')).toBe(true)
  })

  test.each<[string, Partial<KeptRequest>, string]>([
    [
      'one that was answered',
      {},
      '2 ms until it was let through, then 0 ms for a connection, then 28 ms until the answer began, then 1 ms to send it',
    ],
    [
      'one whose service never answered',
      { ms: 2_031, connectMs: 2_000, upstreamMs: null },
      '2 ms until it was let through, then 2.00 s for a connection, then 29 ms without an answer',
    ],
    ...[400, 408, 413].map((status): [string, Partial<KeptRequest>, string] => [
      `one whose body was not served (${status})`,
      { ms: 60_031, status, aborted: 'client', connectMs: 0, upstreamMs: null },
      '2 ms until it was let through, then 0 ms for a connection, then 60.03 s of the client’s, without an answer of the service',
    ]),
    [
      'one whose client left',
      { ms: 1_031, status: null, aborted: 'client', upstreamMs: null },
      '2 ms until it was let through, then 0 ms for a connection, then 1.03 s until the client left',
    ],
    [
      'one that became a tunnel',
      { ms: 60_030, status: 101 },
      '2 ms until it was let through, then 0 ms for a connection, then 28 ms until the answer began, then 60.00 s as a tunnel',
    ],
    [
      'one that a gateway of before told of',
      { decideMs: null, connectMs: null, upstream: null },
      '28 ms until the answer began, then 3 ms to send it',
    ],
    ['one that the gateway answered itself', { decideMs: null, connectMs: null, upstreamMs: null }, ''],
  ])('where the time went of %s', (_, more, expected) => {
    const phases = phasesOf({ ...request, ...more })
    expect(plain(phasesInWords(phases))).toBe(expected)
    const all = phases.reduce((sum, { ms }) => sum + ms, 0)
    expect(all).toBe(phases.length === 0 ? 0 : (more.ms ?? request.ms))
  })
})
