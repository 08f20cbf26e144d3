import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { startRegistry, thingsContract } from '../../../test/support/registry.ts'
import type { TestRegistry } from '../../../test/support/registry.ts'
import { Problem, silentLog } from '../../kernel/index.ts'
import type { Bundle } from '../bundle.ts'
import { createRegistry } from '../registry/index.ts'
import type { Registry } from '../registry/index.ts'
import { daysBefore } from '../traffic/index.ts'
import type { ShippedRow } from './types.ts'
import { createUsageBook, createUsageKeeper } from './usage.ts'
import type { UsageBook } from './usage.ts'

// On a real database: what gateways tell, and what the registry says of it.

let t: TestRegistry
let usage: UsageBook
let registry: Registry
const gone = new Set<string>()

beforeAll(async () => {
  t = await startRegistry()
  const living = (_: unknown, slugs: readonly string[]) =>
    Promise.resolve(new Set(slugs.filter((slug) => !gone.has(slug))))
  usage = createUsageBook({ database: t.database, living, clock: t.clock })
  registry = createRegistry({ database: t.database, clock: t.clock, traffic: usage })
})
afterAll(() => t.close())
beforeEach(async () => {
  gone.clear()
  await t.database.query(
    'truncate contracts.usage, contracts.usage_source, contracts.contract, contracts.watcher cascade',
  )
})

const today = () => new Date(t.clock.now()).toISOString().slice(0, 10)
const operation = 'GET /things'
const kind = 'parameter query kind'

function row(more: Partial<ShippedRow>): ShippedRow {
  return {
    side: 'customers',
    service: 'things',
    operation,
    direction: 'request',
    place: 'operation',
    kind: 'call',
    value: null,
    organization: null,
    day: today(),
    count: 1,
    times: 1,
    lastSeen: new Date(t.clock.now()).toISOString(),
    ...more,
  }
}

/** That somebody sent a kind. */
const sent = (organization: string, value: string, more: Partial<ShippedRow> = {}): ShippedRow[] => [
  row({ organization, ...more }),
  row({ organization, place: kind, kind: 'sent', ...more }),
  row({ organization, place: kind, kind: 'value', value: JSON.stringify(value), ...more }),
]

/** That the operation was watched on all of the 90 days before today. */
const watched = (side: ShippedRow['side'] = 'customers') =>
  Array.from({ length: 90 }, (_, index) =>
    row({ side, kind: 'observed', day: daysBefore(today(), index + 1) }),
  )

const keep = (rows: ShippedRow[], source = randomUUID(), number = 1) => usage.keep({ source, number, rows })
const push = (bundle: Bundle) =>
  registry.push({ service: 'things', bundle, name: null, branch: null, note: null, by: 'mem_1' })
const refusedWith = async (bundle: Bundle): Promise<string> => {
  const error: unknown = await push(bundle).catch((reason: unknown) => reason)
  if (!(error instanceof Problem)) throw new Error('it was not refused')
  return error.findings[0]!.message
}
const [wide, narrow] = [thingsContract('1.0.0', ['a', 'b']), thingsContract('1.1.0', ['a'])]
const rows = () =>
  t.database.query<{ organization: string | null; side: string; count: number }>(
    `select organization, side, count::integer from contracts.usage where kind = 'call' order by side, organization`,
  )

describe('a shipment', () => {
  test('adds to what is there; told again it counts once, an older one not at all', async () => {
    const source = randomUUID()
    await keep(sent('harbor', 'b'), source, 1)
    await keep(sent('harbor', 'b'), source, 1)
    await keep(sent('harbor', 'b'), source, 2)
    await keep(sent('harbor', 'b'), source, 1)
    await keep(sent('harbor', 'b', { count: 5 }))
    expect(await rows()).toEqual([{ organization: 'harbor', side: 'customers', count: 7 }])
  })

  test('from many gateways at once loses nothing, and neither does one that comes many times', async () => {
    const sources = Array.from({ length: 8 }, () => randomUUID())
    const all = [...sources, ...sources, ...sources]
    await Promise.all(all.map((source) => keep([...sent('harbor', 'b'), ...sent('acme', 'b')], source)))
    expect((await rows()).map(({ count }) => count)).toEqual([8, 8])
  })

  test('that holds a key twice, or a place of thousands of letters, is kept', async () => {
    const place = `schema ${'x'.repeat(3_900)} /a`
    await keep([row({ place, organization: 'harbor' }), row({ place, organization: 'harbor' })])
    expect(await rows()).toEqual([{ organization: 'harbor', side: 'customers', count: 2 }])
  })
})

describe('whom a difference meets', () => {
  test('is told by whoever refuses a push: organizations in production by name, sandboxes and runs not at all', async () => {
    await push(wide)
    await keep([...watched(), ...sent('harbor', 'b'), ...sent('acme', 'b', { count: 3 })])
    await keep([...sent('crew', 'b', { side: 'own' }), ...sent('orders', 'b', { side: 'services' })])
    expect(await refusedWith(narrow)).toContain(
      '2 organizations sent this value today, in 4 calls: acme, harbor',
    )
  })

  test('is nobody only where each of 90 days was watched and nothing was cut', async () => {
    await push(wide)
    const found = () => refusedWith(narrow)
    expect(await found()).not.toMatch(/unknown|nobody/)
    await keep(watched().slice(1))
    expect(await found()).toContain('whom it meets is unknown')
    await keep(watched().slice(0, 1))
    expect(await found()).toContain('nobody in 90 days')
    await keep(sent('harbor', 'a'))
    expect(await found()).toContain('nobody in 90 days')
    await keep([row({ kind: 'cut' })])
    expect(await found()).toContain('whom it meets is unknown')
  })

  test('is told of any two versions by the API’s own question', async () => {
    await push(wide)
    await push(thingsContract('2.0.0', ['a']))
    await keep(sent('harbor', 'b'))
    const asked = { limit: 100, lines: false }
    const { differences } = await registry.compare('things', { from: '1.0.0', to: '2.0.0' }, asked)
    const gone = differences.find(({ rule }) => rule.includes('enum-value-removed'))!
    expect(gone.traffic).toMatchObject({ names: ['harbor'], lastSeen: today() })
  })
})

describe('watchers for a service', () => {
  test('are told where its calls meet a difference or nothing is known of it, and not where they do not', async () => {
    for (const consumer of ['orders', 'billing'])
      await registry.watch({ service: 'things', by: 'mem_1', consumer })
    await push(wide)
    const side = 'services'
    await keep([...watched(side), ...sent('orders', 'b', { side }), ...sent('billing', 'a', { side })])
    await push(thingsContract('2.0.0', ['a']))
    const told = (await registry.notices()).items.map(({ watcher }) => watcher.consumer)
    expect(told).toEqual(['orders'])
    await keep([row({ side, kind: 'cut' })])
    await push(thingsContract('3.0.0', ['c']))
    expect((await registry.notices({ consumer: 'billing' })).items).toHaveLength(1)
  })
})

describe('an organization that is deleted', () => {
  test('takes what was counted of it along, and nothing comes back; a service of its name stays', async () => {
    await keep([...sent('harbor', 'b'), ...sent('acme', 'b'), ...sent('harbor', 'b', { side: 'services' })])
    gone.add('harbor')
    expect(await usage.count('harbor')).toEqual([{ table: 'contracts.usage', rows: 3 }])
    const erased = await t.database.transaction((tx) => usage.erase(tx, 'harbor'))
    expect(erased).toEqual([{ table: 'contracts.usage', rows: 3 }])
    await keep(sent('harbor', 'b'))
    expect(await usage.count('harbor')).toEqual([{ table: 'contracts.usage', rows: 0 }])
    expect((await rows()).map(({ organization }) => organization)).toEqual(['acme', 'harbor'])
  })
})

test('drift is of customers’ and Rockpool’s own calls together, those of services counted once, with the patch', async () => {
  await push(wide)
  const status = { direction: 'response', place: 'response 500', kind: 'status' } as const
  await keep([
    row({ ...status, organization: 'harbor', day: daysBefore(today(), 3) }),
    row({ ...status, organization: 'harbor', side: 'own' }),
    row({ ...status, organization: 'orders', side: 'services' }),
  ])
  const { version, drift } = await registry.drift('things', '1.0.0')
  expect(version.name).toBe('1.0.0')
  expect(drift.findings).toMatchObject([
    { kind: 'undocumented status', times: 2, organizations: 1, since: daysBefore(today(), 3) },
  ])
  expect(drift.patches).toMatchObject([{ file: 'things.json', diff: expect.stringContaining('+') }])
  const mended = { main: 'things.json', files: { 'things.json': drift.patches[0]!.text! } }
  const branch = { name: 'mended', endsAt: null }
  await registry.push({ service: 'things', bundle: mended, name: null, branch, note: null, by: 'mem_1' })
  expect((await registry.drift('things', 'branch:mended')).drift.findings).toEqual([])
})

test('what is older than 90 days and a bit is forgotten, what is asked for stays', async () => {
  await keep([
    ...watched(),
    row({ organization: 'old', day: daysBefore(today(), 93) }),
    row({ organization: 'kept', day: daysBefore(today(), 92) }),
  ])
  const keeper = createUsageKeeper({ usage, clock: t.clock, log: silentLog })
  keeper.start()
  await keeper.stop()
  expect((await rows()).map(({ organization }) => organization)).toEqual(['kept'])
  const [{ days } = { days: 0 }] = await t.database.query<{ days: number }>(
    `select count(*)::integer as days from contracts.usage where kind = 'observed'`,
  )
  expect(days).toBe(90)
})
