import { expect, onTestFinished, test } from 'vitest'
import { freshDatabase } from '../../../test/support/database.ts'
import { createSimulatedClock, migrate, openDatabase, silentLog } from '../../kernel/index.ts'
import { contractsMigrations } from '../index.ts'
import { createMockFidelities } from './fidelity.ts'
import type { OperationFidelity } from './types.ts'

const address = `sha256:${'a'.repeat(64)}`

async function open() {
  const fresh = await freshDatabase()
  const database = openDatabase({ url: fresh.url, log: silentLog, applicationName: 'test' })
  onTestFinished(async () => {
    await database.close()
    await fresh.drop()
  })
  await migrate(database, [contractsMigrations])
  const clock = createSimulatedClock(0)
  return { database, clock, fidelities: createMockFidelities({ database, clock }) }
}

const one = (operation: string, more: Partial<OperationFidelity> = {}): OperationFidelity => ({
  operation,
  method: 'GET',
  path: `/${operation}`,
  result: 'faithful',
  reason: null,
  findings: [],
  ...more,
})
const finding = { what: 'field', at: '/a', message: '/a is there', breaks: false } as const

test('nothing is known of a service that no run has looked at', async () => {
  const { fidelities } = await open()
  expect(await fidelities.of('orders')).toEqual({
    service: 'orders',
    operations: 0,
    faithful: 0,
    differs: 0,
    lastSeen: null,
    items: [],
  })
})

test('the newest run counts, for its own service alone; when an operation was faithful is remembered', async () => {
  const { fidelities, clock } = await open()
  await fidelities.publish({
    service: 'orders',
    address,
    run: 'run_1',
    results: [one('b'), one('a'), one('gone')],
  })
  await fidelities.publish({ service: 'catalog', address, run: 'run_1', results: [one('b')] })
  await clock.advance(60_000)
  const results = [
    one('b', { result: 'differs', findings: [finding] }),
    one('a', { result: 'not tried', reason: 'no' }),
  ]
  await fidelities.publish({ service: 'orders', address, run: 'run_2', results })
  expect(await fidelities.of('orders')).toMatchObject({
    operations: 2,
    faithful: 0,
    differs: 1,
    lastSeen: '1970-01-01T00:01:00.000Z',
    items: [
      { operation: 'b', run: 'run_2', findings: [finding], faithfulAt: '1970-01-01T00:00:00.000Z' },
      { operation: 'a', reason: 'no', faithfulAt: '1970-01-01T00:00:00.000Z' },
    ],
  })
  expect(await fidelities.of('catalog')).toMatchObject({ operations: 1, faithful: 1 })
})

test('what cannot be kept whole leaves what was known', async () => {
  const { fidelities } = await open()
  await fidelities.publish({ service: 'orders', address, run: 'run_1', results: [one('a')] })
  const twice = [one('b'), one('c', { result: 'not tried', reason: null })]
  await expect(
    fidelities.publish({ service: 'orders', address, run: 'run_2', results: twice }),
  ).rejects.toThrow()
  expect((await fidelities.of('orders')).items).toMatchObject([{ operation: 'a', run: 'run_1' }])
})

test('runs that end at once leave what one of them saw, and no mixture', async () => {
  const { fidelities } = await open()
  const runs = Array.from({ length: 8 }, (_, index) => `run_${index}`)
  const publish = (run: string, index: number) => {
    const names = index % 2 === 0 ? ['a', 'b', 'c'] : ['c', 'b', 'd']
    return fidelities.publish({ service: 'orders', address, run, results: names.map((name) => one(name)) })
  }
  await Promise.all(runs.map(publish))
  const { items } = await fidelities.of('orders')
  expect(items).toHaveLength(3)
  expect(new Set(items.map(({ run }) => run)).size).toBe(1)
})
