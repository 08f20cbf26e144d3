import { describe, expect, test } from 'vitest'
import { base, bearer, bot, decided, live, run } from '../../../test/support/decision.ts'
import { rateLimit, service, snapshotOf } from '../../../test/support/gateway-entries.ts'
import { createSimulatedClock } from '../../kernel/index.ts'
import type { Decision } from '../decision.ts'
import { openSnapshot } from '../snapshot.ts'
import type { Directory } from '../snapshot.ts'
import type { Snapshot } from '../types.ts'
import type { Ending } from './breaker.ts'
import { createLimits } from './limits.ts'
import type { Admission, Ticket } from './limits.ts'

type Forward = Extract<Decision, { kind: 'forward' }>
const catalog = base.services[0]!

function directoryOf(parts: Partial<Snapshot>): Directory {
  const opened = openSnapshot(snapshotOf({ ...base, ...parts }))
  if (!opened.ok) throw new Error(JSON.stringify(opened.findings))
  return opened.directory
}

function forward(target: string, headers: string[] = []): Forward {
  const decision = decided({ target, headers })
  if (decision.kind !== 'forward') throw new Error(JSON.stringify(decision))
  return decision
}

const customer = forward('/harbor/items', bearer(live))
const anonymous = forward('/harbor/offers')
const check = forward('/box/items', bearer(run))
const robot = forward('/harbor/items', bearer(bot))
const orders = { ...customer, service: 'orders', url: 'http://127.0.0.1:9002' }

function limited(parts: Partial<Snapshot> = {}) {
  const clock = createSimulatedClock()
  const limits = createLimits({ clock, random: () => 0.5 })
  const directory = directoryOf(parts)
  const admit = (call: Forward): Admission => limits.admit(directory, call, '192.0.2.1', clock.now())
  return { clock, limits, admit }
}

const ten = { services: [{ ...catalog, concurrency: 10 }, service('orders', { concurrency: 10 })] }
const outcome = (admission: Admission) => admission.refusal?.code ?? 'ok'

function ticketOf(admission: Admission): Ticket {
  if (admission.refusal) throw admission.refusal
  return admission.ticket
}

describe('concurrency', () => {
  test('bots are shed first, then sandboxes, then the anonymous, customers last', () => {
    const { admit } = limited(ten)
    const seen: string[][] = []
    for (let underWay = 0; underWay <= 10; underWay += 1) {
      const classes = { robot, check, anonymous, customer }
      seen.push(
        Object.entries(classes).flatMap(([name, call]) => {
          const admission = admit(call)
          if (!admission.refusal) admission.ticket.release('answered')
          return admission.refusal ? [] : [name]
        }),
      )
      admit(customer)
    }
    const all = ['robot', 'check', 'anonymous', 'customer']
    expect(seen).toEqual([
      ...Array.from({ length: 5 }, () => all),
      all.slice(1),
      all.slice(1),
      all.slice(2),
      all.slice(2),
      all.slice(3),
      [],
    ])
  })

  test('a service that is full takes no place at another', () => {
    const { admit, limits } = limited(ten)
    while (outcome(admit(customer)) === 'ok');
    expect(outcome(admit(orders))).toBe('ok')
    expect(Object.fromEntries(limits.underWay())).toEqual({ catalog: 10, orders: 1 })
  })

  test('a place is given back once, however often it is released', () => {
    const { admit, limits } = limited(ten)
    admit(customer)
    const ticket = ticketOf(admit(customer))
    for (const ending of ['answered', 'failed', 'untold'] as Ending[]) ticket.release(ending)
    expect(limits.underWay().get('catalog')).toBe(1)
  })

  test('says what to do', () => {
    const { admit } = limited({ services: [{ ...catalog, concurrency: 1 }] })
    admit(customer)
    const admission = admit(check)
    expect(admission).toMatchObject({ headers: ['Retry-After', '1'] })
    expect(admission.refusal?.toJSON()).toMatchObject({
      status: 503,
      code: 'overloaded',
      service: 'catalog',
      detail:
        'service catalog has its hands full (at most 1 at once, of which sandboxes get the first 70 %): wait 1 s, then send it again',
    })
  })
})

describe('the breaker', () => {
  const fail = (admit: (call: Forward) => Admission, call: Forward, times = 20) => {
    for (let turn = 0; turn < times; turn += 1) ticketOf(admit(call)).release('unreachable')
  }

  test('refuses with when to come again, and customers of another service meet nothing of it', () => {
    const { admit } = limited(ten)
    fail(admit, customer)
    const admission = admit(customer)
    expect(admission).toMatchObject({ headers: ['Retry-After', '2'] })
    expect(admission.refusal?.toJSON()).toMatchObject({
      status: 503,
      code: 'circuit_open',
      service: 'catalog',
    })
    expect(outcome(admit(orders))).toBe('ok')
  })

  test('a service that moved begins anew', () => {
    const { admit } = limited(ten)
    fail(admit, customer)
    expect(outcome(admit({ ...customer, url: 'http://127.0.0.1:9003' }))).toBe('ok')
  })

  test('failures of an organization’s sandboxes are those of one caller', () => {
    const { admit } = limited(ten)
    ticketOf(admit({ ...customer, organization: { ...customer.organization!, slug: 'marina' } })).release(
      'answered',
    )
    for (let turn = 0; turn < 60; turn += 1) {
      const organization = { ...check.organization!, slug: `box-${turn}` }
      ticketOf(admit({ ...check, organization })).release('failed')
    }
    expect(outcome(admit(customer))).toBe('ok')
  })
})

describe('what is refused', () => {
  const parts = { ...ten, rateLimits: [rateLimit({ limit: 30, burst: 30, windowMs: 60_000 })] }

  test('by rate: 429 with when to come again, and the violated policy', () => {
    const { admit, limits } = limited({
      ...ten,
      rateLimits: [rateLimit({ limit: 1, burst: 1, windowMs: 60_000 })],
    })
    expect(ticketOf(admit(customer)).headers.list).toEqual([
      'RateLimit-Policy',
      '"all";q=1;w=60',
      'RateLimit',
      '"all";r=0;t=60',
    ])
    const admission = admit(customer)
    expect(admission).toMatchObject({
      headers: ['Retry-After', '60', 'RateLimit-Policy', '"all";q=1;w=60', 'RateLimit', '"all";r=0;t=60'],
    })
    expect(admission.refusal?.toJSON()).toMatchObject({
      status: 429,
      code: 'rate_limited',
      'violated-policies': ['all'],
      detail:
        'the rate limit “all” (1 in 60 s for each organization) is reached: wait 60 s, then send it again',
    })
    expect(limits.underWay().get('catalog')).toBe(1)
  })

  test('because the service is full, or fails, uses up nothing of the rate', () => {
    const { admit } = limited(parts)
    const tickets = Array.from({ length: 10 }, () => ticketOf(admit(customer)))
    for (let turn = 0; turn < 100; turn += 1) expect(outcome(admit(customer))).toBe('overloaded')
    for (const ticket of tickets) ticket.release('answered')
    const after = ticketOf(admit(customer))
    expect(after.headers.list.at(-1)).toContain('r=19;')
    after.release('answered')
    for (let turn = 0; turn < 12; turn += 1) ticketOf(admit(customer)).release('unreachable')
    const refused = admit(customer)
    expect([outcome(refused), refused.refusal && refused.headers.at(-1)]).toEqual([
      'circuit_open',
      expect.stringContaining('r=7;'),
    ])
  })
})

test('services that are gone are forgotten once their calls are over', () => {
  const clock = createSimulatedClock()
  const limits = createLimits({ clock })
  const tickets = Array.from({ length: 50 }, (_, turn) => {
    const name = `service-${turn}`
    const directory = directoryOf({ services: [service(name)] })
    return ticketOf(limits.admit(directory, { ...customer, service: name }, '', clock.now()))
  })
  expect(limits.underWay().size).toBe(50)
  for (const ticket of tickets.slice(1)) ticket.release('answered')
  limits.admit(directoryOf({}), customer, '', clock.now())
  expect(Object.fromEntries(limits.underWay())).toEqual({ 'service-0': 1, catalog: 1 })
})
