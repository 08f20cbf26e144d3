import { expect, test } from 'vitest'
import { brokenWords, type FaultItem } from './faults.ts'

const fault = (more: Partial<FaultItem>): FaultItem => ({
  id: 'flt_1',
  service: 'catalog',
  operation: null,
  kind: 'unavailable',
  percent: 100,
  run: null,
  organization: null,
  createdBy: 'mem_1',
  createdAt: '2026-11-22T14:00:00.000Z',
  endsAt: '2026-11-22T14:01:00.000Z',
  ...more,
})

test.each<[Partial<FaultItem>, string]>([
  [{}, 'catalog is broken'],
  [{ kind: 'slow' }, 'catalog is slow'],
  [{ kind: 'delay', ms: 500, operation: 'listItems' }, 'catalog.listItems is slow'],
  [{ kind: 'abort' }, 'catalog breaks off before it answers'],
  [{ kind: 'status', status: 500, percent: 20 }, 'catalog answers 500, in 20 of 100 calls'],
  [{ kind: 'wrong_field', pointer: '/a', drop: true }, 'catalog answers a wrong field'],
  [{ kind: 'reset', afterBytes: 10 }, 'catalog breaks off its answers'],
  [{ kind: 'throttle', bytesPerSecond: 100 }, 'catalog answers slowly'],
])('what is broken on purpose is told in words: %j', (more, expected) => {
  expect(brokenWords(fault(more))).toBe(expected)
})
