import fc from 'fast-check'
import { Hono } from 'hono'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { send, startApi, type TestApi } from '../../../test/support/api.ts'
import { until } from '../../../test/support/gateway.ts'
import { accessRecord, records } from '../../../test/support/traffic.ts'
import {
  createSimulatedClock,
  migrate,
  silentLog,
  toProblem,
  type Log,
  type SimulatedClock,
} from '../../kernel/index.ts'
import { gatewayMigrations, requestsOperations } from '../index.ts'
import { createTrafficCollector, type TrafficCollector } from './collector.ts'
import { createTrafficRoutes } from './route.ts'
import { mostKept } from './store.ts'
import { createTraffic, type Traffic } from './traffic.ts'
import type { Shipment } from './types.ts'

const start = Date.parse('2026-11-22T14:42:00.000Z')
const hour = { from: new Date(start - 3_600_000), to: new Date(start + 3_600_000) }
const week = { from: new Date(start - 6 * 86_400_000), to: new Date(start + 3_600_000) }
const query = `from=${hour.from.toISOString()}&to=${hour.to.toISOString()}`

let clock: SimulatedClock
let api: TestApi
let traffic: Traffic
let ship: (shipment: Shipment) => Promise<void>

beforeAll(async () => {
  clock = createSimulatedClock(start)
  const late: { traffic?: Traffic; organizations?: TestApi['organizations'] } = {}
  api = await startApi({
    operations: requestsOperations({
      traffic: {
        summary: (range) => late.traffic!.summary(range),
        requests: (filter) => late.traffic!.requests(filter),
        request: (id) => late.traffic!.request(id),
      },
      organizations: { get: (slug) => late.organizations!.get(slug) },
    }),
  })
  await migrate(api.database, [gatewayMigrations])
  traffic = createTraffic({ database: api.database, clock })
  Object.assign(late, { traffic, organizations: api.organizations })
  const app = new Hono()
  app.onError((error, c) => c.text(toProblem(error).code, 500))
  const routes = createTrafficRoutes({ traffic })
  const mounted = new Hono()
  routes.mount(mounted)
  app.route(routes.prefix, mounted)
  ship = async (shipment) => {
    const answer = await app.request('/internal/traffic', { method: 'POST', body: JSON.stringify(shipment) })
    if (answer.status !== 204) throw new Error(await answer.text())
  }
})
afterAll(() => api.close())
beforeEach(() =>
  api.database.query(
    'truncate gateway.traffic, gateway.traffic_quarter, gateway.traffic_key, gateway.traffic_source, gateway.traffic_request',
  ),
)

const id = (n: number) => `req_01a203b4-0000-7000-8000-${String(n).padStart(12, '0')}`
const collector = (shipped = ship, maxCells = 10_000) =>
  createTrafficCollector({ ship: shipped, clock, log: silentLog, maxCells })

async function told(gateway: TrafficCollector): Promise<void> {
  await clock.advance(2_000)
  await until('it was told', () => gateway.waiting() === 0)
}

test('what gateways counted is what control sums up, when calls get lost on the way there and on the way back', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(records, { minLength: 1, maxLength: 3 }),
      fc.array(fc.constantFrom('arrives', 'is lost', 'answer is lost'), { maxLength: 6 }),
      async (parts, fates) => {
        await api.database.query(
          'truncate gateway.traffic, gateway.traffic_quarter, gateway.traffic_source, gateway.traffic_request',
        )
        const left = [...fates]
        const gateway = collector(async (shipment) => {
          const fate = left.shift() ?? 'arrives'
          if (fate !== 'is lost') await ship(shipment)
          if (fate !== 'arrives') throw new Error(fate)
        }, 20)
        for (const part of parts) {
          for (const record of part)
            gateway.add({ ...record, refused: record.path === null ? 'route_unknown' : null })
          await clock.advance(2_000)
        }
        // A lost answer is noticed by a simulated clock only when it is moved.
        await until('all was told', async () => {
          await clock.advance(30_000)
          return gateway.waiting() === 0
        })
        const { totals, reconciled } = await traffic.summary(hour)
        expect(totals.all.count + totals.inside.count + totals.dropped).toBe(parts.flat().length)
        expect(totals.all.count).toBe(totals.customers.count + totals.own.count)
        expect((await traffic.summary(week)).totals).toEqual(totals)
        if (parts.flat().length > 0)
          expect(reconciled).toMatchObject({ told: parts.flat().length, missing: 0 })
      },
    ),
    { numRuns: 15 },
  )
})

test('a summary of days is read from what is added up by the quarter of an hour, one of hours from the minutes', async () => {
  const gateway = collector()
  for (const [n, time] of ['14:14:59', '14:15:00', '14:16:30', '14:29:59', '14:30:00'].entries())
    gateway.add(accessRecord({ time: `2026-11-22T${time}.000Z`, ms: 10 ** (n % 3) }))
  await told(gateway)
  gateway.add(accessRecord({ time: '2026-11-22T14:20:00.000Z', ms: 1 }))
  await told(gateway)
  const [ofHour, ofWeek] = [await traffic.summary(hour), await traffic.summary(week)]
  expect(ofWeek.totals).toEqual(ofHour.totals)
  expect(ofWeek.totals.all).toMatchObject({ count: 6, p50: 1 })
  const twoDays = { from: new Date(start - 2 * 86_400_000), to: new Date(start) }
  const points = (await traffic.summary(twoDays)).series.map(({ at, customers }) => [at, customers.count])
  expect(points).toEqual([
    ['2026-11-22T14:00:00.000Z', 1],
    ['2026-11-22T14:15:00.000Z', 4],
    ['2026-11-22T14:30:00.000Z', 1],
  ])
  // Millions of minutes are not looked at for it.
  await api.database.query('truncate gateway.traffic')
  expect((await traffic.summary(week)).totals).toEqual(ofHour.totals)
  expect((await traffic.summary(hour)).totals.all.count).toBe(0)
})

test('a shipment that comes twice at once, to two controls, counts once', async () => {
  const shipments: Shipment[] = []
  const gateway = collector(async (shipment) => void shipments.push(shipment))
  gateway.add(accessRecord())
  await clock.advance(2_000)
  await Promise.all([1, 2, 3, 4].map(() => ship(shipments[0]!)))
  expect((await traffic.summary(hour)).totals.all.count).toBe(1)
})

test('control away costs the gateway no waiting and no more room than was set; what was lost is told', async () => {
  const gateway = collector(() => Promise.reject(new Error('control is away')), 50)
  for (let n = 0; n < 1_000; n++) {
    const time = new Date(start + n * 60_000).toISOString()
    gateway.add(accessRecord({ time, path: `/{organization}/things/${n % 90}` }))
  }
  expect(gateway.waiting()).toBe(1_000)
})

test('what control refuses for good blocks nothing behind it, is told as dropped, and is logged once', async () => {
  const lines: string[] = []
  const log = { ...silentLog, error: (_: object, text: string) => void lines.push(text) } as unknown as Log
  let status = 422
  const refusing = (shipment: Shipment) =>
    shipment.cells.some(({ path }) => path === '/refused')
      ? Promise.reject(new Error('refused', { cause: { status } }))
      : ship(shipment)
  const gateway = createTrafficCollector({ ship: refusing, clock, log })
  for (let turn = 0; turn < 2; turn++) {
    for (let n = 0; n < 3; n++) gateway.add(accessRecord({ path: '/refused' }))
    await clock.advance(2_000)
    gateway.add(accessRecord())
    await until('all was told', async () => {
      await clock.advance(2_000)
      return gateway.waiting() === 0
    })
  }
  const { totals, reconciled } = await traffic.summary(hour)
  expect([totals.all.count, totals.dropped]).toEqual([2, 6])
  expect(reconciled).toMatchObject({ told: 8, missing: 0 })
  expect(lines).toEqual(['control refuses figures of traffic: they are dropped'])

  status = 401
  gateway.add(accessRecord({ path: '/refused' }))
  for (let n = 0; n < 5; n++) await clock.advance(30_000)
  expect(gateway.waiting()).toBe(1)
  await gateway.close()
})

test('figures are by service, environment and actor, and of calls between services apart', async () => {
  const gateway = collector()
  for (let n = 0; n < 15; n++) gateway.add(accessRecord({ request: id(n), ms: n < 14 ? 4 : 900 }))
  gateway.add(accessRecord({ request: id(20), status: 503, refused: 'service_unavailable' }))
  gateway.add(
    accessRecord({
      request: id(21),
      status: 401,
      refused: 'credential_unknown',
      environment: null,
      organization: null,
      actor: null,
      credential: null,
    }),
  )
  gateway.add(accessRecord({ request: id(22), caller: 'orders' }))
  const sandboxed = {
    organization: 'harbor-box',
    parent: 'harbor',
    environment: 'sandbox',
    actor: 'check',
    run: 'run_1',
  } as const
  gateway.add(accessRecord({ ...sandboxed, request: id(23), time: '2026-11-22T14:44:01.000Z' }))
  await told(gateway)

  const summary = await traffic.summary(hour)
  expect(summary.totals.all).toMatchObject({ count: 18, errors: 1, refused: 1 })
  expect(summary.totals.customers).toMatchObject({ count: 17, p50: 4 })
  expect(summary.totals.customers.p99).toBeGreaterThan(700)
  expect(summary.totals.own).toMatchObject({ count: 1, p50: 12 })
  expect(summary.totals.inside.count).toBe(1)
  expect(
    summary.services.map(({ service, environment, customers, own, inside }) => [
      service,
      environment,
      customers.count,
      own.count,
      inside.count,
    ]),
  ).toEqual([
    ['catalog', 'production', 16, 0, 1],
    ['catalog', 'sandbox', 0, 1, 0],
    ['catalog', null, 1, 0, 0],
  ])
  expect(summary.actors).toContainEqual(expect.objectContaining({ actor: 'check', side: 'own', count: 1 }))
  // 14:43 had nothing: it is no zero.
  expect(summary.series.map(({ at }) => at)).toEqual(['2026-11-22T14:42:00.000Z', '2026-11-22T14:44:00.000Z'])
  expect(summary.step).toBe(60)

  const { items } = await traffic.requests({ limit: 50 })
  expect(items).toHaveLength(19)
  expect(items[0]!.id).toBe(id(23))
  expect((await traffic.requests({ limit: 50, status: 'failed' })).items.map((item) => item.id)).toEqual([
    id(20),
  ])
  expect((await traffic.requests({ limit: 50, side: 'own' })).items.map((item) => item.id)).toEqual([id(23)])
  const then = { from: '2026-11-22T14:43:00.000Z', to: '2026-11-22T14:44:02.000Z' }
  expect((await traffic.requests({ limit: 50, ...then })).items.map((item) => item.id)).toEqual([id(23)])
  expect((await traffic.requests({ limit: 50, to: then.from })).items).toHaveLength(18)
  const page = await traffic.requests({ limit: 10 })
  expect((await traffic.requests({ limit: 10, cursor: page.next! })).items[0]!.id).toBe(id(8))
})

test('each shipment is told once to those who listen, however much is in it', async () => {
  const heard: string[] = []
  const listener = await api.database.listen('rockpool_changes', (payload) => heard.push(payload))
  const gateway = collector()
  for (let n = 0; n < 200; n++)
    gateway.add(accessRecord({ request: id(n), path: `/{organization}/things/${n}` }))
  await clock.advance(2_000)
  await until('it was told', () => heard.length > 0)
  await api.database.query(`notify rockpool_changes, 'end'`)
  await until('all was heard', () => heard.includes('end'))
  await listener.close()
  expect(heard).toEqual(['requests', 'end'])
})

test('after seven days it is forgotten, and of a kind with too many requests the oldest', async () => {
  const gateway = collector()
  gateway.add(accessRecord({ request: id(1) }))
  await told(gateway)
  await api.database.query(
    `insert into gateway.traffic_request (id, kind, at, record)
     select 'req_x' || lpad(n::text, 9, '0'), 'refused', $1, '{}' from generate_series(1, $2) n`,
    [new Date(start), mostKept.refused + 5],
  )
  await traffic.forget()
  const counted = async () =>
    (
      await api.database.one<{ n: number }>(
        'select count(*) as n from gateway.traffic_request where kind = $1',
        ['refused'],
      )
    ).n
  expect(await counted()).toBe(mostKept.refused)
  expect(await traffic.request('req_x000000005')).toBeUndefined()
  expect(await traffic.request('req_x000000006')).toBeDefined()

  const forgetAt = (now: number) =>
    createTraffic({ database: api.database, clock: { ...clock, now: () => now } }).forget()
  const left = async () =>
    (
      await api.database.one<{ n: number }>(`select (select count(*) from gateway.traffic) +
        (select count(*) from gateway.traffic_request) as n`)
    ).n
  const added = async () =>
    (
      await api.database.one<{ n: number }>(`select (select count(*) from gateway.traffic_quarter) +
        (select count(*) from gateway.traffic_key) as n`)
    ).n
  await forgetAt(start + 7 * 86_400_000 + 60_001)
  // What is added up by the quarter of an hour goes when the last of its minutes is over.
  expect([await left(), await added()]).toEqual([0, 2])
  await forgetAt(start + 7 * 86_400_000 + 15 * 60_000)
  expect(await added()).toBe(0)
})

describe('who may see what', () => {
  beforeEach(async () => {
    await api.organizations.ensure({ slug: 'reef', name: 'Reef', environment: 'production' })
    const gateway = collector()
    gateway.add(accessRecord({ request: id(1) }))
    gateway.add(
      accessRecord({ request: id(2), organization: 'harbor-box', parent: 'harbor', environment: 'sandbox' }),
    )
    gateway.add(accessRecord({ request: id(3), organization: 'reef' }))
    gateway.add(
      accessRecord({
        request: id(4),
        organization: null,
        environment: null,
        actor: null,
        status: 401,
        refused: 'credential_unknown',
      }),
    )
    await told(gateway)
  })

  const get = async (credential: string, path: string) =>
    (await send(api.server, 'GET', path, { credential })).body
  const ids = (body: Record<string, unknown>) => (body['items'] as { id: string }[]).map((item) => item.id)

  test('a viewer of an organization sees its requests and those of its sandboxes, and no others', async () => {
    const viewer = await api.memberOf('harbor', 'viewer')
    expect(ids(await get(viewer, '/requests'))).toEqual([id(2), id(1)])
    expect(await get(viewer, `/requests/summary?${query}`)).toMatchObject({
      totals: { all: { count: 2 } },
      reconciled: { told: null, missing: 0 },
    })
    expect(await get(viewer, `/requests/${id(2)}`)).toMatchObject({ id: id(2), side: 'own' })
    for (const hidden of [id(3), id(4), 'req_none'])
      expect(await get(viewer, `/requests/${hidden}`)).toMatchObject({ code: 'not_found' })
    expect(await get(viewer, '/requests?organization=reef')).toMatchObject({
      code: 'organization_not_allowed',
    })
    expect(await get(viewer, `/requests/summary?${query}&organization=reef`)).toMatchObject({
      code: 'organization_not_allowed',
    })
  })

  test('a credential of the installation sees all, and can ask for one organization', async () => {
    const all = await api.control(['read'])
    expect(ids(await get(all, '/requests'))).toHaveLength(4)
    expect(ids(await get(all, '/requests?organization=reef'))).toEqual([id(3)])
    expect(await get(all, `/requests/summary?${query}`)).toMatchObject({
      totals: { all: { count: 4 }, customers: { count: 3 } },
      reconciled: { told: 4, missing: 0 },
    })
  })

  test('where a service runs is told to a credential of the installation alone', async () => {
    const upstreams = async (credential: string) =>
      ((await get(credential, '/requests'))['items'] as { upstream: string | null }[]).map(
        ({ upstream }) => upstream,
      )
    const viewer = await api.memberOf('harbor', 'viewer')
    const all = await api.control(['read'])
    expect(await upstreams(viewer)).toEqual([null, null])
    expect(await get(viewer, `/requests/${id(1)}`)).toMatchObject({ upstream: null, connectMs: 0 })
    expect(await upstreams(all)).toEqual(Array.from({ length: 4 }, () => '127.0.0.1:41234'))
    expect(await get(all, `/requests/${id(1)}`)).toMatchObject({ upstream: '127.0.0.1:41234' })
  })

  test('a time that is backwards or too long is refused, with every finding', async () => {
    const all = await api.control(['read'])
    const wrong = await get(
      all,
      `/requests/summary?from=2026-11-22T14:00:00Z&to=2026-11-01T14:00:00Z&service=`,
    )
    expect(wrong).toMatchObject({ code: 'invalid_input' })
    expect(
      await get(all, `/requests/summary?from=2026-11-01T14:00:00Z&to=2026-11-22T14:00:00Z`),
    ).toMatchObject({ code: 'invalid_input' })
  })
})

/** Every member that a gateway tells of a request is kept, and comes back. */
test('a request comes back as it was told: which way it went, and where its time did', async () => {
  const gateway = collector()
  const way = { upstream: '[::1]:8080', retries: 1, ms: 900, decideMs: 250, connectMs: 40, upstreamMs: 600 }
  gateway.add(accessRecord({ request: id(1), ...way }))
  await told(gateway)
  const credential = await api.control(['read'])
  expect((await send(api.server, 'GET', `/requests/${id(1)}`, { credential })).body).toMatchObject(way)
})

test('a gateway of before tells no way and no phases: the rest of it is kept', async () => {
  const shipments: Shipment[] = []
  const gateway = collector(async (shipment) => void shipments.push(shipment))
  gateway.add(accessRecord({ request: id(1) }))
  await clock.advance(2_000)
  const [shipment] = shipments
  const { upstream, retries, decideMs, connectMs, ...before } = shipment!.samples[0]!
  expect([upstream, retries, decideMs, connectMs]).toEqual(['127.0.0.1:41234', 0, 0, 0])
  await ship({ ...shipment!, samples: [before as Shipment['samples'][0]] })
  const { time: _, request, ...kept } = before
  const none = { upstream: null, retries: 0, decideMs: null, connectMs: null }
  const credential = await api.control(['read'])
  const asked = async () => (await send(api.server, 'GET', `/requests/${request}`, { credential })).body
  expect(await asked()).toMatchObject({ ...kept, ...none })
  // One that a control of before has kept.
  await api.database.query(
    `update gateway.traffic_request
        set record = record - 'upstream' - 'retries' - 'decideMs' - 'connectMs' where id = $1`,
    [request],
  )
  expect(await asked()).toMatchObject({ ...kept, ...none })
})

test('what a gateway may tell is bounded, and what is not declared is not kept', async () => {
  await expect(ship({ source: 'x', number: 0, told: -1, cells: [], samples: [] })).rejects.toThrow(
    /invalid_input/,
  )
  const shipments: Shipment[] = []
  const gateway = collector(async (shipment) => void shipments.push(shipment))
  gateway.add(accessRecord({ request: id(1) }))
  await clock.advance(2_000)
  const [shipment] = shipments
  Object.assign(shipment!.samples[0]!, { rawPath: '/harbor/items?secret=1' })
  await ship(shipment!)
  expect(JSON.stringify(await api.database.query('select * from gateway.traffic_request'))).not.toContain(
    'secret',
  )
})
