import type { Actor, Environment, Identity } from '@rockpool/sdk/wire'
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
import { fault } from '../../../test/support/gateway-entries.ts'
import { checkEntry, openSnapshot } from '../snapshot.ts'
import { faultKinds } from './effect.ts'
import { suffer } from './suffer.ts'
import type { FaultEffect, FaultTerms, SnapshotFault } from './types.ts'

const until = new Date(now + 60_000).toISOString()
const effects: Record<FaultEffect['kind'], FaultEffect> = {
  unavailable: { kind: 'unavailable' },
  slow: { kind: 'slow' },
  delay: { kind: 'delay', ms: 700, jitterMs: 0 },
  abort: { kind: 'abort' },
  status: { kind: 'status', status: 418 },
  wrong_field: { kind: 'wrong_field', pointer: '/price', value: 1 },
  reset: { kind: 'reset', afterBytes: 10 },
  throttle: { kind: 'throttle', bytesPerSecond: 1000 },
}
const ofRun = { run: 'run_1', organization: 'box' }
const faultOf = (kind: FaultEffect['kind'], more: Partial<FaultTerms> = {}) =>
  fault(effects[kind], { endsAt: until, ...more })
const broken = (faults: SnapshotFault[]) => ({ snapshot: { ...base, faults } })

const environments: Environment[] = ['production', 'sandbox']
const actors: Actor[] = ['customer', 'member', 'service', 'check', 'bot', 'load', 'anonymous']
const everyone = faultKinds.flatMap((kind) =>
  environments.flatMap((environment) => actors.map((actor) => ({ kind, environment, actor }))),
)

describe.each(everyone)('$kind: $actor in $environment', ({ kind, environment, actor }) => {
  const organization = environment === 'sandbox' ? 'box' : 'harbor'
  const identity = { organization, environment, actor, run: 'run_1' } as Identity
  const met = (fault: SnapshotFault) =>
    suffer(
      new Map([[fault.id, fault]]),
      { service: 'catalog', operation: 'listItems', identity, request: 'req_1' },
      now,
    )

  test('is hit, or not', () => {
    const inSandbox = environment === 'sandbox'
    expect(met(faultOf(kind)) !== null).toBe(inSandbox && actor === 'check')
    expect(met(faultOf(kind, { of: ofRun })) !== null).toBe(
      inSandbox && (actor === 'check' || actor === 'load'),
    )
    // Whatever a fault says about itself.
    expect(met(faultOf(kind, { of: { run: 'run_1', organization } })) !== null).toBe(
      inSandbox && (actor === 'check' || actor === 'load'),
    )
  })
})

// The same through the whole decision, by every credential that there is.
describe.each(faultKinds)('%s of a run', (kind) => {
  const faults = [faultOf(kind, { of: ofRun })]
  test.each<[string, string, string[]]>([
    ['its own', '/box/items', bearer(run)],
    ['a service’s for it', '/box/items', asService(token())],
    ['its browser’s', '/box/items', cookie(runSession)],
    ['its load’s', '/box/items', asService(token({ actor: 'load' }))],
  ])('hits %s call', (_, target, headers) => {
    expect(decided({ target, headers }, broken(faults))).toMatchObject({ suffered: { fault: 'flt_1' } })
    expect(decided({ target, headers }, broken([]))).toMatchObject({ kind: 'forward', suffered: null })
  })

  test.each<[string, string, string[]]>([
    ['another run of a check', '/box/items', asService(token({ run: 'run_2' }))],
    ['an attempt in another sandbox', '/crate/items', asService(token({ organization: 'crate' }))],
    ['a customer of the sandbox', '/box/items', bearer(sandboxKey)],
    ['a customer of all sandboxes', '/box/items', bearer(parentKey)],
    ['a bot in the sandbox', '/box/items', asService(token({ actor: 'bot' }))],
    ['a person', '/box/items', cookie(person)],
    ['a customer', '/harbor/items', bearer(live)],
    ['nobody', '/harbor/offers', []],
    ['nobody, in the sandbox', '/box/offers', []],
    ['nobody, of no organization', '/news', []],
    ['a bot', '/harbor/items', bearer(bot)],
    ['a bot’s browser', '/harbor/items', cookie(botSession)],
  ])('does not hit %s', (_, target, headers) => {
    const with_ = decided({ target, headers }, broken(faults))
    expect(with_).toMatchObject({ kind: 'forward', delayMs: 0, suffered: null })
    expect(with_).toEqual(decided({ target, headers }, broken([])))
  })

  test('that says it is for a production organization is no entry, and hits nobody there either', () => {
    const of = { run: 'run_1', organization: 'harbor' }
    const production = { ...faultOf(kind, { of }), environment: 'production' }
    expect(checkEntry('faults', production)).toEqual([
      { path: 'environment', message: 'a fault is for sandboxes only' },
    ])
    expect(openSnapshot({ ...base, faults: [production] }).ok).toBe(false)
    const headers = asService(token({ organization: 'harbor', environment: 'production' }))
    const decision = decided({ target: '/harbor/items', headers }, broken([faultOf(kind, { of })]))
    expect(decision).toMatchObject({ kind: 'forward', suffered: null })
    // No run gets that far by its own credential: it has no business in production without a grant.
    const own = decided(
      { target: '/harbor/items', headers: bearer(productionRun) },
      broken([faultOf(kind, { of })]),
    )
    expect(summary(own)).toBe('organization_not_allowed')
  })
})

describe('what a call meets', () => {
  const request = { target: '/box/items', headers: bearer(run) }
  const met = (...faults: SnapshotFault[]) => {
    const decision = decided(request, broken(faults))
    if (decision.kind === 'options') throw new Error('it is not one for OPTIONS')
    return decision
  }

  test('is over at the end of the lease, to the millisecond', () => {
    expect(met(faultOf('abort', { endsAt: new Date(now + 1).toISOString() })).suffered).not.toBeNull()
    expect(met(faultOf('abort', { endsAt: new Date(now).toISOString() })).suffered).toBeNull()
  })

  test('may be one operation of the service alone', () => {
    expect(met(faultOf('abort', { operation: 'listItems' })).kind).toBe('refuse')
    expect(met(faultOf('abort', { operation: 'createItem' })).kind).toBe('forward')
    expect(met(faultOf('abort', { service: 'orders' })).kind).toBe('forward')
  })

  test('says what is broken, for whom, and until when', () => {
    const decision = met(faultOf('unavailable', { operation: 'listItems', of: ofRun }))
    expect(decision.kind === 'refuse' && decision.problem.toJSON()).toMatchObject({
      status: 503,
      code: 'fault_injected',
      detail: 'catalog.listItems is broken on purpose for this run, for another 60 s',
      service: 'catalog',
      operation: 'listItems',
      run: 'run_1',
      fault: 'flt_1',
      until,
    })
  })

  test('adds up: the longest delay, the least of bytes and rate, every wrong field; whatever their order', () => {
    const faults = [
      fault({ kind: 'delay', ms: 500, jitterMs: 0 }, { id: 'flt_1', endsAt: until }),
      fault({ kind: 'delay', ms: 200, jitterMs: 0 }, { id: 'flt_2', endsAt: until }),
      fault({ kind: 'reset', afterBytes: 9 }, { id: 'flt_3', endsAt: until }),
      fault({ kind: 'reset', afterBytes: 5 }, { id: 'flt_4', endsAt: until }),
      fault({ kind: 'throttle', bytesPerSecond: 200 }, { id: 'flt_5', endsAt: until }),
      fault({ kind: 'wrong_field', pointer: '/a', value: 1 }, { id: 'flt_6', endsAt: until }),
      fault({ kind: 'wrong_field', pointer: '/b', drop: true }, { id: 'flt_7', endsAt: until }),
    ]
    const { suffered } = met(...faults)
    expect(suffered).toMatchObject({
      fault: 'flt_1',
      delayMs: 500,
      instead: null,
      spoiled: {
        wrongFields: [
          { pointer: '/a', value: 1 },
          { pointer: '/b', drop: true },
        ],
        resetAfterBytes: 5,
        bytesPerSecond: 200,
      },
    })
    expect(met(...faults.toReversed()).suffered).toEqual(suffered)
    // What answers by itself comes first, and says so.
    const status = fault({ kind: 'status', status: 500 }, { id: 'flt_8', endsAt: until })
    expect(met(...faults, status)).toMatchObject({
      kind: 'refuse',
      suffered: { fault: 'flt_8', delayMs: 0, instead: { as: { status: 500 } }, spoiled: null },
    })
  })

  test('is a share of the calls, the same ones however often they are decided about', () => {
    const third = [faultOf('unavailable', { percent: 30 })]
    const hit = (name: string) => decided(request, { ...broken(third), request: name }).kind === 'refuse'
    const names = Array.from({ length: 2_000 }, (_, index) => `req_${index.toString(16).padStart(12, '0')}`)
    const hits = names.filter(hit)
    expect(hits.length).toBeGreaterThan(500)
    expect(hits.length).toBeLessThan(700)
    expect(names.filter(hit)).toEqual(hits)
    expect(decided(request, broken([faultOf('unavailable', { percent: 100 })])).kind).toBe('refuse')
  })

  test('waits a while that is its own, from ms up to ms and jitter', () => {
    const jitter = [fault({ kind: 'delay', ms: 100, jitterMs: 50 }, { endsAt: until })]
    const waits = Array.from({ length: 500 }, (_, index) => {
      const decision = decided(request, { ...broken(jitter), request: `req_${index}` })
      return decision.kind === 'forward' ? decision.delayMs : Number.NaN
    })
    expect(Math.min(...waits)).toBe(100)
    expect(Math.max(...waits)).toBe(150)
    expect(new Set(waits).size).toBeGreaterThan(40)
  })

  test('no credential of production, and none but a run’s, is believed that says it may break things', () => {
    const scopes = ['faults']
    for (const held of [live, sandboxKey, bot, runSession])
      expect(checkEntry('credentials', { ...held, scopes })).toEqual([
        { path: `credentials.${held.id}`, message: 'the scope faults is for a run in a sandbox' },
      ])
    expect(checkEntry('credentials', { ...run, scopes })).toEqual([])
  })

  test('what an earlier version kept on disk is for all checks', () => {
    const old = { id: 'flt_0', service: 'catalog', kind: 'unavailable', endsAt: until }
    const opened = openSnapshot({ ...base, faults: [old] })
    expect(opened.ok && [...opened.directory.faults.values()]).toEqual([
      { ...old, operation: null, percent: 100, environment: 'sandbox', of: null },
    ])
  })
})
