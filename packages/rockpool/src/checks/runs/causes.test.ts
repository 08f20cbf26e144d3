import { expect, test } from 'vitest'
import type { HeldEvent } from '../../events/index.ts'
import type { Attempt } from '../types.ts'
import { createCauses, faultCauses, gatewayCauses, heldCauses, serviceCauses } from './causes.ts'

const held = (changes: Partial<HeldEvent> = {}): HeldEvent => ({
  consumer: 'service:catalog',
  position: 1,
  id: 'evt_1',
  type: 'orders.order_refunded',
  source: 'orders',
  organization: 'harbor-x',
  key: 'o1',
  attempts: 1,
  error: { code: 'invalid', message: 'data.quantity must be an integer' },
  nextAt: null,
  deadAt: null,
  ...changes,
})

const fault = {
  service: 'catalog',
  operation: null,
  kind: 'unavailable',
  of: null,
  endsAt: '2026-01-01T00:00:00.000Z',
} as const

test('a service that does not run is a cause, with its reason; one that cannot run here is not', () => {
  expect(
    serviceCauses([
      { name: 'payments', state: 'stopped', reason: 'asked for' },
      { name: 'orders', state: 'running', reason: null },
      { name: 'quotes', state: 'unavailable', reason: 'python3 is missing' },
      { name: 'catalog', state: 'failed', reason: null },
    ]),
  ).toEqual(['payments is stopped: asked for', 'catalog is failed'])
})

test('an event that a service could not apply is a cause; those behind it are not', () => {
  expect(
    heldCauses([
      held(),
      held({ error: null, attempts: 0 }),
      held({ consumer: 'effects', deadAt: '2026-01-01T00:00:00Z' }),
    ]),
  ).toEqual([
    'catalog could not apply order_refunded: data.quantity must be an integer',
    'effects could not apply order_refunded: data.quantity must be an integer (it is no longer tried)',
  ])
})

test('what cannot be asked withholds nothing else', async () => {
  const causes = createCauses({
    services: () => Promise.reject(new Error('away')),
    faults: { list: () => Promise.reject(new Error('away')) },
    events: { held: () => Promise.resolve([held()]) },
  })
  expect(await causes.of('harbor-x', 'check')).toHaveLength(1)
})

test('what somebody broke on purpose is named, before everything else', async () => {
  const of = { run: 'run_1' }
  expect(
    faultCauses([
      fault,
      { ...fault, service: 'orders', kind: 'slow' },
      { ...fault, operation: 'listItems', kind: 'wrong_field', of },
      { ...fault, kind: 'reset', of },
    ]),
  ).toEqual([
    'catalog is broken on purpose for checks until 2026-01-01T00:00:00.000Z',
    'orders is slow on purpose for checks until 2026-01-01T00:00:00.000Z',
    'catalog.listItems is wrong on purpose for this run until 2026-01-01T00:00:00.000Z',
    'catalog is broken on purpose for this run until 2026-01-01T00:00:00.000Z',
  ])
  const causes = createCauses({
    services: () => Promise.resolve([{ name: 'payments', state: 'stopped', reason: null }]),
    faults: { list: () => Promise.resolve([fault]) },
    events: { held: () => Promise.resolve([]) },
  })
  expect(await causes.of('harbor-x', 'check')).toEqual([
    'catalog is broken on purpose for checks until 2026-01-01T00:00:00.000Z',
    'payments is stopped',
  ])
  // A bot in production never met it.
  expect(await causes.of('harbor', 'bot')).toEqual(['payments is stopped'])
})

test('what the gateway broke on purpose is told by the time of its end, once for all the calls that met it', () => {
  const call = (detail: string, until: unknown) => ({
    type: 'call',
    service: 'catalog',
    operation: 'listItems',
    problem: 'fault_injected',
    answer: { headers: {}, body: { detail, service: 'catalog', until } },
  })
  const attempt = (...entries: object[]) => [{ evidence: { entries } }] as unknown as Attempt[]
  const left = ['another 59 s', 'another 58 s', 'another 57 s']
  const line = 'catalog is broken on purpose for checks until 2026-01-01T00:00:00.000Z'
  const lines = gatewayCauses(attempt(...left.map((text) => call(text, '2026-01-01T00:00:00.000Z'))))
  expect(lines).toEqual([`catalog.listItems: fault_injected, ${line}`])
  // Beside it control says the same, and that is left out by its end.
  expect(lines[0]!.endsWith(faultCauses([fault])[0]!)).toBe(true)
  expect(gatewayCauses(attempt(call('as it said', undefined)))).toEqual([
    'catalog.listItems: fault_injected, as it said',
  ])
})
