import fc from 'fast-check'
import { expect, test } from 'vitest'
import { accessRecord, records } from '../../../test/support/traffic.ts'
import type { AccessRecord } from '../access-log.ts'
import { classOf } from '../traffic/cells.ts'
import { createCounters } from './counters.ts'

const kinds: Readonly<Record<string, string>> = { GET: 'read', POST: 'write' }

/** Requests counted the plain way: one text for each. */
function counted(given: readonly AccessRecord[]): unknown[] {
  const counts = new Map<string, number>()
  for (const { service, environment, caller, method, status } of given) {
    const from = caller === null ? 'client' : 'service'
    const id = JSON.stringify({
      service,
      environment,
      from,
      method: kinds[method] ?? 'other',
      status: classOf(status),
    })
    counts.set(id, (counts.get(id) ?? 0) + 1)
  }
  return [...counts].map(([id, count]) => ({ ...(JSON.parse(id) as object), count }))
}

const services = fc.constantFrom('catalog', 'orders', 'stock', null)

test('counters hold what the plain way adds up to, in the order of their first request', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(records, services), { maxLength: 4 }), (parts) => {
      const given = parts.flatMap(([part, service]) =>
        part.map((record) => ({ ...record, service, refused: 'route_unknown' })),
      )
      const counters = createCounters()
      for (const record of given) counters.add(record)
      const values = counters.values()
      expect(values.requests).toEqual(counted(given))
      expect(values.refused).toEqual(
        given.length === 0 ? [] : [{ code: 'route_unknown', count: given.length }],
      )
    }),
  )
})

test('what did not fit never counts as what did, and goes on counting', () => {
  const counters = createCounters({ most: 1 })
  for (let n = 0; n < 5; n++) for (const service of ['a', 'b', 'c']) counters.add(accessRecord({ service }))
  expect(counters.values().requests.map(({ service, count }) => [service, count])).toEqual([
    ['a', 5],
    ['(other)', 10],
  ])
})
