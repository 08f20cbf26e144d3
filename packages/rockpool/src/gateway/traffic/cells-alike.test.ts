import fc from 'fast-check'
import { expect, test } from 'vitest'
import { accessRecord, records } from '../../../test/support/traffic.ts'
import { answeredMs } from '../access-log.ts'
import type { AccessRecord } from '../access-log.ts'
import { classOf, createCells } from './cells.ts'
import { bounds } from './latency.ts'
import type { Cell } from './types.ts'

const known = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])

/** Cells added up the plain way: one text for each request. */
function addedUp(given: readonly AccessRecord[]): Cell[] {
  const cells = new Map<string, Cell>()
  for (const record of given) {
    const key = {
      service: record.service,
      organization: record.parent ?? record.organization,
      environment: record.environment,
      actor: record.actor,
      inside: record.caller !== null,
      method: known.has(record.method) ? record.method : 'other',
      path: record.path,
      class: classOf(record.status),
      minute: record.time.slice(0, 16),
    }
    const id = JSON.stringify(key)
    const cell = cells.get(id) ?? { ...key, bands: [] }
    cells.set(id, cell)
    const past = bounds.findIndex((bound) => answeredMs(record) <= bound)
    const band = past < 0 ? bounds.length : past
    const counted = cell.bands.find(([other]) => other === band)
    if (counted) counted[1] += 1
    else cell.bands.push([band, 1])
  }
  return [...cells.values()].map((cell) => ({ ...cell, bands: cell.bands.sort(([a], [b]) => a - b) }))
}

/** As the others, of several services, minutes that come back, and with durations of every kind. */
const mixed = fc.array(
  fc.tuple(records, fc.constantFrom('catalog', 'orders', null), fc.constantFrom(0, 8.5, -3, 1_000, 1_001)),
  { maxLength: 4 },
)

test('cells hold what the plain way adds up to, in the order of their first request, between every two takings', () => {
  fc.assert(
    fc.property(mixed, fc.integer({ min: 5, max: 200 }), (parts, each) => {
      const cells = createCells(10_000)
      const given = parts.flatMap(([part, service, more]) =>
        part.map((record, n) => ({ ...record, service, ms: n % 3 === 0 ? more : record.ms })),
      )
      for (let from = 0; from < given.length; from += each) {
        const some = given.slice(from, from + each)
        for (const record of some) cells.add(record)
        expect(cells.take(Infinity)).toEqual(addedUp(some))
      }
    }),
  )
})

test('a cell that was taken, or had to make room, gets no more requests', () => {
  const cells = createCells(2)
  const count = (taken: readonly Cell[]) => taken.map(({ path, bands }) => [path, bands[0]![1]])
  cells.add(accessRecord({ path: '/a' }))
  cells.add(accessRecord({ path: '/b' }))
  expect(count(cells.take(1))).toEqual([['/a', 1]])
  cells.add(accessRecord({ path: '/a' }))
  cells.add(accessRecord({ path: '/b' }))
  cells.add(accessRecord({ path: '/c' }))
  cells.add(accessRecord({ path: '/b' }))
  expect(count(cells.take(Infinity))).toEqual([
    [null, 3],
    ['/c', 1],
    ['/b', 1],
  ])
  expect(cells.requests()).toBe(0)
})

test('an organization of a name that reads like none at all ends nothing', () => {
  const cells = createCells(100)
  for (const status of [200, 404, 500])
    for (const organization of [null, 'null', null]) cells.add(accessRecord({ organization, status }))
  expect(cells.take(Infinity).map(({ bands }) => bands[0]![1])).toEqual([3, 3, 3])
})
