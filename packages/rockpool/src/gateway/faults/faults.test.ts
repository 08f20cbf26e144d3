import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { send, startApi, type TestApi } from '../../../test/support/api.ts'
import { refusal } from '../../../test/support/organizations.ts'
import { createSimulatedClock, migrate, type SimulatedClock } from '../../kernel/index.ts'
import { gatewayMigrations } from '../index.ts'
import { createFaults, type Faults } from './faults.ts'
import { faultsOperations } from './handlers.ts'

let clock: SimulatedClock
let api: TestApi
let faults: Faults
let settles = 0

beforeAll(async () => {
  clock = createSimulatedClock()
  const late = (): Faults => faults
  api = await startApi({
    clock,
    operations: faultsOperations({
      faults: {
        create: (input) => late().create(input),
        list: (recentMs) => late().list(recentMs),
        end: (id) => late().end(id),
        onChange: (listener) => late().onChange(listener),
      },
      services: () => Promise.resolve([{ name: 'catalog' }, { name: 'orders' }]),
      settled: () => Promise.resolve(void (settles += 1)),
    }),
  })
  await migrate(api.database, [gatewayMigrations])
  faults = createFaults({ database: api.database, clock })
})
afterAll(() => api.close())
beforeEach(() => api.database.query('delete from gateway.fault'))

const catalog = { service: 'catalog', kind: 'unavailable', seconds: 60, createdBy: 'key_1' } as const
const at = (ms: number) => new Date(clock.now() + ms).toISOString()

describe('a fault', () => {
  test('ends by itself, and is remembered for a while', async () => {
    const fault = await faults.create(catalog)
    expect(fault).toMatchObject({ service: 'catalog', kind: 'unavailable', endsAt: at(60_000) })
    expect(await faults.list()).toEqual([fault])
    await clock.advance(60_000)
    expect(await faults.list()).toEqual([])
    expect(await faults.list(120_000)).toEqual([fault])
  })

  test('is ended at once, twice without harm', async () => {
    const { id } = await faults.create(catalog)
    await clock.advance(1000)
    await faults.end(id)
    await clock.advance(1000)
    await faults.end(id)
    expect(await faults.list()).toEqual([])
    expect(await faults.list(10_000)).toMatchObject([{ id, endsAt: at(-1000) }])
    expect(await refusal(faults.end('flt_x'))).toMatchObject({ code: 'not_found' })
  })

  test('is one of twenty at most, however many come at once', async () => {
    const made = await Promise.allSettled(Array.from({ length: 30 }, () => faults.create(catalog)))
    expect(made.filter(({ status }) => status === 'fulfilled')).toHaveLength(20)
    expect(await refusal(faults.create(catalog))).toMatchObject({ code: 'conflict' })
  })

  test('is told to whoever listens, when it begins and when it is ended', async () => {
    let told = 0
    let wake = () => {}
    const listener = await faults.onChange(() => {
      told += 1
      wake()
    })
    const next = async (act: () => Promise<unknown>) => {
      const before = told
      const heard = new Promise<void>((resolve) => (wake = resolve))
      await act()
      if (told === before) await heard
    }
    await next(() => faults.create(catalog))
    await next(async () => faults.end((await faults.list())[0]!.id))
    await listener.close()
    expect(told).toBeGreaterThanOrEqual(2)
  })
})

describe('the operations', () => {
  const post = async (body: unknown, scopes: ('read' | 'write')[] = ['read', 'write']) =>
    send(api.server, 'POST', '/faults', { credential: await api.control(scopes), body })

  test('break a service, say so, and mend it, once the gateways know', async () => {
    const before = settles
    const created = await post({ service: 'orders' })
    expect(created).toMatchObject({
      status: 201,
      body: { service: 'orders', kind: 'unavailable', endsAt: at(60_000) },
    })
    const credential = await api.control(['read', 'write'])
    const list = await send(api.server, 'GET', '/faults', { credential })
    expect(list.body).toEqual({ items: [created.body] })
    const id = created.body['id'] as string
    expect((await send(api.server, 'DELETE', `/faults/${id}`, { credential })).status).toBe(204)
    expect((await send(api.server, 'GET', '/faults', { credential })).body).toEqual({ items: [] })
    expect(settles - before).toBe(2)
  })

  test.each<[string, object, number]>([
    ['a service that does not exist', { service: 'cellar' }, 404],
    ['no time', { service: 'orders', seconds: 0 }, 422],
    ['more than five minutes', { service: 'orders', seconds: 301 }, 422],
    ['another kind', { service: 'orders', kind: 'burning' }, 422],
    ['something unasked', { service: 'orders', organization: 'harbor' }, 422],
  ])('refuse %s', async (_, body, status) => {
    expect((await post(body)).status).toBe(status)
    expect(await faults.list()).toEqual([])
  })

  test('need the scope write, and a credential of the whole installation', async () => {
    expect(await post({ service: 'orders' }, ['read'])).toMatchObject({
      status: 403,
      body: { code: 'scope_missing' },
    })
    const credential = await api.memberOf('harbor', 'owner')
    const answer = await send(api.server, 'POST', '/faults', { credential, body: { service: 'orders' } })
    expect(answer.status).toBe(403)
    expect(await faults.list()).toEqual([])
  })
})
