import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { startRegistry, thingsContract } from '../../../test/support/registry.ts'
import type { TestRegistry } from '../../../test/support/registry.ts'
import { refusal } from '../../../test/support/organizations.ts'
import type { Bundle } from '../bundle.ts'

let t: TestRegistry
/** Consumers whose calls meet nothing that is different. */
const unmet = new Set(['billing'])
beforeAll(async () => {
  t = await startRegistry({
    weights: () => Promise.resolve(new Map()),
    isMetBy: (_, __, consumer) => Promise.resolve(consumer === 'mail' ? null : !unmet.has(consumer)),
    all: () => Promise.resolve({ rows: [], isCut: false }),
  })
})
afterAll(() => t.close())
beforeEach(() => t.database.query('truncate contracts.contract, contracts.watcher cascade'))

const push = (bundle: Bundle) =>
  t.registry.push({ service: 'things', bundle, name: null, branch: null, note: null, by: 'mem_1' })
const watch = (by: string, consumer: string | null = null) =>
  t.registry.watch({ service: 'things', by, consumer })
const [one, two] = [thingsContract('1.0.0', ['a', 'b']), thingsContract('2.0.0', ['a'])]

test('a push that has differences is told each watcher once, all of it in one notice', async () => {
  await watch('mem_1')
  await watch('mem_2')
  await push(one)
  expect((await t.registry.notices()).items).toEqual([])
  await push(two)
  await push(two)
  const { items } = await t.registry.notices()
  expect(items.map(({ watcher }) => watcher.watchedBy).sort()).toEqual(['mem_1', 'mem_2'])
  expect(items[0]).toMatchObject({
    push: { service: 'things', name: '2.0.0', pushedBy: 'mem_1' },
    counts: { breaks: 1 },
    differences: [{ weight: 'breaks', operation: 'GET /things', sentence: 'the value b is gone' }],
  })
  expect(items[0]!.differences.length).toBe(Object.values(items[0]!.counts).reduce((sum, n) => sum + n))
})

test('consumers whose calls are not affected are not told; those of whom nothing is known are', async () => {
  for (const consumer of ['billing', 'mail', 'orders']) await watch('mem_1', consumer)
  await push(one)
  await push(two)
  const { items } = await t.registry.notices()
  expect(items.map(({ watcher }) => String(watcher.consumer)).sort()).toEqual(['mail', 'orders'])
  expect((await t.registry.notices({ consumer: 'orders' })).items).toHaveLength(1)
  expect((await t.registry.notices({ by: 'mem_2' })).items).toEqual([])
})

test('a branch, a refused push, and one without differences tell nobody', async () => {
  await watch('mem_1')
  await push(one)
  const branch = { name: 'x', endsAt: null }
  await t.registry.push({ service: 'things', bundle: two, name: null, branch, note: null, by: 'mem_1' })
  await refusal(push(thingsContract('1.1.0', ['a'])))
  const same = { ...thingsContract('1.0.0', ['a', 'b']) }
  await t.registry.push({
    service: 'things',
    bundle: same,
    name: { kind: 'revision', name: '0a1b2c3' },
    branch: null,
    note: null,
    by: 'mem_1',
  })
  expect((await t.registry.notices()).items).toEqual([])
})

test('who watches already goes on as before; who does no longer is told nothing', async () => {
  const first = await watch('mem_1')
  await t.clock.advance(1_000)
  expect(await watch('mem_1')).toEqual(first)
  expect(await watch('mem_1', 'orders')).not.toEqual(first)
  expect(await t.registry.watchers('things')).toHaveLength(2)
  await t.registry.unwatch('things', first.id)
  expect((await refusal(t.registry.unwatch('things', first.id))).code).toBe('not_found')
  expect(await t.registry.watchers('things')).toMatchObject([{ consumer: 'orders' }])
})

test('notices are read page by page, the newest first', async () => {
  await watch('mem_1')
  for (const major of [1, 2, 3, 4]) await push(thingsContract(`${major}.0.0`, [`k${major}`]))
  const first = await t.registry.notices({ limit: 2 })
  expect(first.items.map(({ push: { name } }) => name)).toEqual(['4.0.0', '3.0.0'])
  const second = await t.registry.notices({ limit: 2, cursor: first.next! })
  expect(second).toMatchObject({ items: [{ push: { name: '2.0.0' } }], next: null })
})
