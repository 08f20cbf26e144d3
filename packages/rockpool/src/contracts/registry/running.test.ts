import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { startRegistry, thingsContract } from '../../../test/support/registry.ts'
import type { TestRegistry } from '../../../test/support/registry.ts'
import { refusal } from '../../../test/support/organizations.ts'
import { addressOf } from '../bundle.ts'
import type { Bundle } from '../bundle.ts'
import { runningOf } from './running.ts'

let t: TestRegistry
beforeAll(async () => {
  t = await startRegistry()
})
afterAll(() => t.close())
beforeEach(() => t.database.query('truncate contracts.contract cascade'))

const [one, two] = [thingsContract('1.0.0', ['a', 'b']), thingsContract('1.1.0', ['a', 'b', 'c'])]
const by = 'the installation local'
const push = (bundle: Bundle) =>
  t.registry.push({ service: 'things', bundle, name: null, branch: null, note: null, by })
const see = (own: Bundle | null, ...releases: [name: string, weight: number][]) =>
  t.registry.see(
    {
      service: 'things',
      own: own && addressOf(own),
      releases: releases.map(([name, weight]) => ({ name, weight })),
    },
    by,
  )
const rows = () =>
  t.database.query<{ release: string | null; address: string; ended: boolean }>(
    'select release, address, until is not null as ended from contracts.running order by id',
  )
const running = async () =>
  (await rows()).flatMap(({ release, address, ended }) => (ended ? [] : [[release, address]]))

describe('what runs', () => {
  test('is kept whatever it breaks, under its version where that is free', async () => {
    expect(await t.registry.keep('things', two, by)).toMatchObject({ name: '1.1.0', pushedBy: by })
    const narrower = thingsContract('1.1.0', ['a'])
    expect(await t.registry.keep('things', narrower, by)).toMatchObject({ name: null, infoVersion: '1.1.0' })
    expect(await t.registry.keep('things', thingsContract('friday', ['a']), by)).toMatchObject({ name: null })
    const again = await Promise.all(
      [two, narrower].map((bundle) => t.registry.keep('things', bundle, 'another')),
    )
    expect(again.map(({ id }) => id)).toEqual([1, 2].map((n) => again[0]!.id + n - 1))
    expect(again.map(({ pushedBy }) => pushedBy)).toEqual([by, by])
  })

  test('is told since when and as what, and told again it stays as it is', async () => {
    await push(one)
    const since = new Date(t.clock.now())
    const told = { service: 'things', address: addressOf(one), release: null, at: since, by }
    await t.registry.runs(told)
    await t.registry.runs({ ...told, at: new Date(since.getTime() + 1_000) })
    expect((await t.registry.find('things', 'production')).running).toEqual([
      { release: null, since: since.toISOString() },
    ])
    expect(await rows()).toHaveLength(1)
    const { code } = await refusal(t.registry.runs({ ...told, address: addressOf(two) }))
    expect(code).toBe('not_found')
  })

  test('ends when something else runs in its place', async () => {
    await push(one)
    await push(two)
    await see(one)
    await see(two)
    await see(two)
    expect(await rows()).toEqual([
      { release: null, address: addressOf(one), ended: true },
      { release: null, address: addressOf(two), ended: false },
    ])
    expect((await t.registry.find('things', 'production')).name).toBe('1.1.0')
  })

  test('are the releases that have a weight, by the names of versions, instead of the service’s own', async () => {
    await push(one)
    await push(two)
    await see(one, ['1.1.0', 0])
    expect(await running()).toEqual([[null, addressOf(one)]])
    await see(one, ['v1.0.0', 90], ['1.1.0', 10])
    expect(await running()).toEqual([
      ['v1.0.0', addressOf(one)],
      ['1.1.0', addressOf(two)],
    ])
    await see(one, ['v1.0.0', 0], ['1.1.0', 100])
    expect(await running()).toEqual([['1.1.0', addressOf(two)]])
    const { items } = await t.registry.services()
    expect(items).toMatchObject([
      { service: 'things', production: [{ name: '1.1.0' }], latest: { name: '1.1.0' } },
    ])
  })

  test('is what a push is compared with, each of several', async () => {
    await push(one)
    await push(two)
    await see(null, ['1.0.0', 50], ['1.1.0', 50])
    const narrow = thingsContract('1.2.0', ['a', 'b'])
    const { code, detail } = await refusal(push(narrow))
    expect(code).toBe('contract_breaks')
    expect(detail).toContain('which runs in production as 1.0.0 and of things@1.1.0, which runs')
    await see(null, ['1.0.0', 50])
    expect((await push(narrow)).comparedWith).toMatchObject([{ name: '1.0.0', because: 'production' }])
  })

  test('is not what an older line is compared with', async () => {
    await push(one)
    await push(thingsContract('2.0.0', ['z']))
    await see(thingsContract('2.0.0', ['z']))
    expect((await push(thingsContract('1.0.1', ['a', 'b']))).comparedWith).toMatchObject([
      { name: '1.0.0', because: 'earlier' },
    ])
  })
})

test('of a release that nobody pushed, the service’s own contract is the best that is known', () => {
  const named = new Map([['1.0.0', 'x']])
  const own = { address: 'own', release: null }
  const known = { address: 'x', release: '1.0.0' }
  const of = (...releases: [string, number][]) =>
    runningOf({ own: 'own', releases: releases.map(([name, weight]) => ({ name, weight })) }, named)
  expect(of()).toEqual([own])
  expect(of(['blue', 1])).toEqual([own])
  expect(of(['blue', 1], ['1.0.0', 1])).toEqual([own, known])
  expect(of(['blue', 0], ['1.0.0', 1])).toEqual([known])
})
