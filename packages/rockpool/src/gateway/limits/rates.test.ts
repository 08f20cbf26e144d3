import { describe, expect, test } from 'vitest'
import {
  base,
  bearer,
  bot,
  decided,
  live,
  now,
  run,
  sandboxKey,
  token,
  asService,
} from '../../../test/support/decision.ts'
import { credential, rateLimit, snapshotOf } from '../../../test/support/gateway-entries.ts'
import type { Decision } from '../decision.ts'
import { applyChange, openSnapshot } from '../snapshot.ts'
import type { Directory } from '../snapshot.ts'
import type { SnapshotRateLimit } from '../types.ts'
import { createRates } from './rates.ts'
import type { RatesOptions } from './rates.ts'

type Forward = Extract<Decision, { kind: 'forward' }>
const marinaKey = credential('live', { allows: { organization: 'marina' } })

function directoryOf(rateLimits: SnapshotRateLimit[]): Directory {
  const opened = openSnapshot(snapshotOf({ ...base, rateLimits }))
  if (!opened.ok) throw new Error(JSON.stringify(opened.findings))
  return opened.directory
}

function to(target: string, headers: string[], method = 'GET'): Forward {
  const credentials = [...base.credentials, marinaKey]
  const decision = decided({ method, target, headers }, { snapshot: snapshotOf({ ...base, credentials }) })
  if (decision.kind !== 'forward') throw new Error(JSON.stringify(decision))
  return decision
}

const calls = {
  live: to('/harbor/items', bearer(live)),
  post: to('/harbor/items', bearer(live), 'POST'),
  marina: to('/marina/items', bearer(marinaKey)),
  box: to('/box/items', bearer(sandboxKey)),
  run: to('/box/items', bearer(run)),
  bot: to('/harbor/items', bearer(bot)),
  anonymous: to('/harbor/offers', []),
  nowhere: to('/news', []),
  service: to('/box/items', asService(token())),
}

/** What each call meets, in turn: limits by name that are over, `ok`, or `-` where none applies. */
function met(rateLimits: SnapshotRateLimit[], options: Partial<RatesOptions> = {}) {
  const rates = createRates({ began: now, clock: { now: () => now }, ...options })
  const directory = directoryOf(rateLimits)
  const one = (call: Forward, remote = '192.0.2.1', at = now) => {
    const judgement = rates.judge(directory, call, remote, at)
    if (judgement === undefined) return '-'
    if (judgement.over) return judgement.over.limit.name
    judgement.take()
    return 'ok'
  }
  return { one, rates, directory }
}

const two = (more: Partial<SnapshotRateLimit> = {}) => rateLimit({ limit: 2, burst: 2, ...more })

describe('for whom', () => {
  test('each organization has its own, each sandbox too', () => {
    const { one } = met([two()])
    expect([calls.live, calls.live, calls.live].map((call) => one(call))).toEqual(['ok', 'ok', 'all'])
    expect([calls.marina, calls.box, calls.run, calls.box].map((call) => one(call))).toEqual([
      'ok',
      'ok',
      'ok',
      'all',
    ])
  })

  test('each credential has its own', () => {
    const { one } = met([two({ per: 'credential' })])
    expect([calls.live, calls.live, calls.live, calls.bot].map((call) => one(call))).toEqual([
      'ok',
      'ok',
      'all',
      'ok',
    ])
    expect([calls.box, calls.run, calls.box, calls.run].map((call) => one(call))).not.toContain('all')
  })

  test('users that an issuer vouches for are counted one by one', () => {
    const { one } = met([two({ per: 'credential' })])
    const as = (user: string) => ({ ...calls.live, identity: { ...calls.live.identity!, user } })
    expect([as('ada'), as('ada'), as('ada'), as('bob')].map((call) => one(call))).toEqual([
      'ok',
      'ok',
      'all',
      'ok',
    ])
  })

  test('the anonymous are counted by address, an IPv6 network as one, and use up nothing of who shows a key', () => {
    const { one } = met([two()])
    const from = (remote: string) => one(calls.anonymous, remote)
    expect(['192.0.2.1', '192.0.2.1', '192.0.2.1', '192.0.2.2'].map(from)).toEqual(['ok', 'ok', 'all', 'ok'])
    expect(['2001:db8::1', '2001:db8::2', '2001:db8::3'].map(from)).toEqual(['ok', 'ok', 'all'])
    expect([one(calls.live), one(calls.nowhere)]).toEqual(['ok', 'ok'])
  })

  test('what services call on was counted already', () => {
    expect(met([two()]).one(calls.service)).toBe('-')
  })

  test.each([
    [{ environment: 'sandbox' as const }, ['-', '-', 'ok', '-', '-']],
    [{ environment: 'production' as const }, ['ok', 'ok', '-', 'ok', '-']],
    [{ organization: 'harbor' }, ['ok', '-', 'ok', 'ok', '-']],
    [{ organization: 'marina' }, ['-', 'ok', '-', '-', '-']],
    [{ service: 'orders' }, ['-', '-', '-', '-', '-']],
    [{ service: 'catalog' }, ['ok', 'ok', 'ok', 'ok', 'ok']],
    [{ operation: 'listItems' }, ['ok', 'ok', 'ok', '-', '-']],
  ])('of a limit for %o', (scope, expected) => {
    const { one } = met([two(scope)])
    const { live: customer, marina, box, anonymous, nowhere } = calls
    expect([customer, marina, box, anonymous, nowhere].map((call) => one(call))).toEqual(expected)
  })

  test('a limit that names an organization takes the place of the one for all, for its sandboxes too', () => {
    const { one } = met([two(), two({ name: 'harbors', organization: 'harbor', limit: 3, burst: 3 })])
    const many = (call: Forward) => Array.from({ length: 4 }, () => one(call))
    expect(many(calls.live)).toEqual(['ok', 'ok', 'ok', 'harbors'])
    expect(many(calls.box)).toEqual(['ok', 'ok', 'ok', 'harbors'])
    expect(many(calls.marina)).toEqual(['ok', 'ok', 'all', 'all'])
  })
})

describe('several limits', () => {
  const second = rateLimit({ name: 'second', limit: 2, burst: 2 })
  const minute = rateLimit({ name: 'minute', limit: 3, burst: 3, windowMs: 60_000 })

  test('all must have room, and what one refuses uses up nothing of the other', () => {
    const { one } = met([second, minute])
    expect([0, 0, 0, 0].map((ms) => one(calls.live, '', now + ms))).toEqual(['ok', 'ok', 'second', 'second'])
    // Two were refused: had they counted, the minute's would be over.
    expect(one(calls.live, '', now + 1_000)).toBe('ok')
    expect(one(calls.live, '', now + 1_000)).toBe('minute')
  })

  test('the headers tell of each: quota and window, what is left, and seconds until it is full, or until the next call', () => {
    const { rates, directory } = met([])
    const change = applyChange(directory, { version: 2, set: { rateLimits: [second, minute] }, removed: {} })
    expect(change.ok).toBe(true)
    const next = () => rates.judge(directory, calls.live, '', now)!
    next().take()
    const judgement = next()
    judgement.take()
    expect(judgement.headers().list).toEqual([
      'RateLimit-Policy',
      '"second";q=2;w=1, "minute";q=3;w=60',
      'RateLimit',
      '"second";r=0;t=1, "minute";r=1;t=40',
    ])
    expect(next().over).toMatchObject({ limit: { name: 'second' }, waitMs: 500 })
  })
})

test('a change of the limits counts with the next call, and what was used stays used', () => {
  const { one, directory } = met([two()])
  one(calls.live)
  one(calls.live)
  applyChange(directory, { version: 2, set: { rateLimits: [two({ burst: 3 })] }, removed: {} })
  expect([one(calls.live), one(calls.live)]).toEqual(['ok', 'all'])
  applyChange(directory, { version: 3, set: {}, removed: { rateLimits: ['all'] } })
  expect(one(calls.live)).toBe('-')
})

test('a crowd of addresses grows nothing beyond its bound, and takes no room from who is known', () => {
  const { one, rates } = met([two({ windowMs: 60_000 })], { mostAddresses: 100 })
  for (let at = 0; at < 5_000; at += 1) one(calls.anonymous, `198.51.${at >> 8}.${at & 255}`)
  expect(rates.size()).toBe(101)
  expect([one(calls.anonymous, '203.0.113.1'), one(calls.live)]).toEqual(['all', 'ok'])
})
