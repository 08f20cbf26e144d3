import { expect, test } from 'vitest'
import type { LedgerEntry } from '../sandboxes/index.ts'
import { entryLine, isCreated } from './debt.ts'

const at = '2026-11-22T09:00:00.000Z'
const soon = Date.parse(at) + 1_000
const later = Date.parse(at) + 60_000

const entry = (changes: Partial<LedgerEntry>): LedgerEntry => ({
  id: '019aa3c5-7b1e-7c7a-9d53-5f0f7c1f9b11',
  run: 'run_1',
  organization: 'harbor',
  service: 'orders',
  method: 'POST',
  path: '/harbor/orders',
  idempotencyKey: null,
  at,
  status: 201,
  location: null,
  resource: null,
  outcome: 'done',
  ...changes,
})

test.each<[string, Partial<LedgerEntry>]>([
  ['a POST answered with 201', {}],
  ['a PUT answered with 201', { method: 'PUT' }],
  ['a POST whose answer says where the thing is', { status: 200, location: '/harbor/orders/7' }],
  ['a POST whose answer has an id that its path does not', { status: 202, resource: 'order_7' }],
  ['a POST whose answer is lost', { status: null, outcome: 'doubtful' }],
  ['a POST that the service answered with an error of its own', { status: 500 }],
])('%s created something, or perhaps did', (_, changes) => {
  expect(isCreated(entry(changes), soon)).toBe(true)
})

test.each<[string, Partial<LedgerEntry>]>([
  ['a refused POST', { status: 422 }],
  [
    'a POST that acts on the thing that its path names',
    { status: 200, path: '/harbor/orders/order_7/cancel', resource: 'order_7' },
  ],
  [
    'such a one with a name that a path has to escape',
    { status: 200, path: '/harbor/notes/a%20b/hide', resource: 'a b' },
  ],
  ['a POST that says nothing of a thing', { status: 204 }],
  ['a PATCH', { method: 'PATCH', status: 200, resource: 'order_7' }],
  ['a DELETE whose answer is lost', { method: 'DELETE', status: null, outcome: 'doubtful' }],
  ['a PUT that the service answered with an error', { method: 'PUT', status: 503 }],
])('%s created nothing', (_, changes) => {
  expect(isCreated(entry(changes), later)).toBe(false)
})

test('a call that is still on its way counts once it cannot be any more', () => {
  const underWay = entry({ status: null, outcome: 'intent' })
  expect(isCreated(underWay, soon)).toBe(false)
  expect(isCreated(underWay, later)).toBe(true)
})

test('an entry is told by what it made, or by how it was answered', () => {
  expect(entryLine(entry({ resource: 'order_7' }))).toBe('POST /harbor/orders → order_7')
  expect(entryLine(entry({ location: '/harbor/orders/7' }))).toBe('POST /harbor/orders → /harbor/orders/7')
  expect(entryLine(entry({ status: null, outcome: 'doubtful' }))).toBe(
    'POST /harbor/orders (its answer is not known)',
  )
})
