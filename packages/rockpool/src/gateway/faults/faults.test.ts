import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { send, startApi, type TestApi } from '../../../test/support/api.ts'
import { refusal } from '../../../test/support/organizations.ts'
import { createSimulatedClock, migrate, type SimulatedClock } from '../../kernel/index.ts'
import type { NewCredentialInput } from '../../organizations/index.ts'
import { gatewayMigrations } from '../index.ts'
import { checkEntry } from '../snapshot.ts'
import { createFaults, type FaultFilter, type Faults } from './faults.ts'
import { faultsOperations } from './handlers.ts'
import { publishedFault } from './published.ts'
import type { FaultEffect } from './types.ts'

let clock: SimulatedClock
let api: TestApi
let faults: Faults
let settles = 0
const routes = [{ operationId: 'listItems' }, { operationId: 'createItem' }]

beforeAll(async () => {
  clock = createSimulatedClock()
  const late = (): Faults => faults
  api = await startApi({
    clock,
    operations: faultsOperations({
      faults: {
        create: (input) => late().create(input),
        list: (filter) => late().list(filter),
        end: (id, run) => late().end(id, run),
        endOfRun: (run) => late().endOfRun(run),
        onChange: (listener) => late().onChange(listener),
      },
      services: () =>
        Promise.resolve([
          { name: 'catalog', routes },
          { name: 'orders', routes },
        ]),
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
    expect(await faults.list({ recentMs: 120_000 })).toEqual([fault])
  })

  test.each<[FaultEffect['kind'], FaultEffect]>([
    ['slow', { kind: 'slow' }],
    ['delay', { kind: 'delay', ms: 500, jitterMs: 10 }],
    ['abort', { kind: 'abort' }],
    ['status', { kind: 'status', status: 404 }],
    ['wrong_field', { kind: 'wrong_field', pointer: '/a/0', value: { deep: [null, '\u00fc'] } }],
    ['wrong_field', { kind: 'wrong_field', pointer: '/a', value: null }],
    ['wrong_field', { kind: 'wrong_field', pointer: '/a', drop: true }],
    ['reset', { kind: 'reset', afterBytes: 1 }],
    ['throttle', { kind: 'throttle', bytesPerSecond: 100 }],
  ])('of the kind %s is kept as it was made, and reaches the gateways so', async (_, effect) => {
    const terms = { operation: 'listItems', percent: 25, of: { run: 'run_1', organization: 'harbor-box' } }
    const fault = await faults.create({ ...catalog, ...terms, ...effect })
    expect(fault).toMatchObject({ ...effect, ...terms, environment: 'sandbox' })
    expect(await faults.list()).toEqual([fault])
    const { createdAt: _at, createdBy: _by, ...published } = fault
    expect(publishedFault(fault)).toEqual(published)
    expect(checkEntry('faults', publishedFault(fault))).toEqual([])
  })

  test('of a run is told with those for all checks, and to no other organization', async () => {
    const all = await faults.create(catalog)
    const own = await faults.create({ ...catalog, of: { run: 'run_1', organization: 'harbor-box' } })
    const other = await faults.create({ ...catalog, of: { run: 'run_2', organization: 'harbor-2' } })
    const ids = async (filter?: FaultFilter) => (await faults.list(filter)).map(({ id }) => id)
    expect(await ids()).toEqual([all.id, other.id, own.id])
    expect(await ids({ limit: 2 })).toEqual([all.id, other.id])
    expect(await ids({ organization: 'harbor-box' })).toEqual([all.id, own.id])
    expect(await ids({ run: 'run_2' })).toEqual([other.id])
    // Nobody ends what is another run's, or for all.
    for (const id of [all.id, other.id])
      expect(await refusal(faults.end(id, 'run_1'))).toMatchObject({ code: 'not_found' })
    await faults.end(own.id, 'run_1')
    await faults.endOfRun('run_2')
    await faults.endOfRun('run_2')
    expect(await ids()).toEqual([all.id])
  })

  test('of a run is one of twenty of that run, and takes no place of those for all', async () => {
    const of = { run: 'run_1', organization: 'harbor-box' }
    const made = await Promise.allSettled(Array.from({ length: 25 }, () => faults.create({ ...catalog, of })))
    expect(made.filter(({ status }) => status === 'fulfilled')).toHaveLength(20)
    await faults.create(catalog)
    await faults.create({ ...catalog, of: { ...of, run: 'run_2' } })
  })

  test('is never of production, whoever writes it down', async () => {
    await faults.create(catalog)
    const moved = api.database.query(`update gateway.fault set environment = 'production'`)
    await expect(moved).rejects.toThrow(/environment/)
  })

  test('is ended at once, twice without harm', async () => {
    const { id } = await faults.create(catalog)
    await clock.advance(1000)
    await faults.end(id)
    await clock.advance(1000)
    await faults.end(id)
    expect(await faults.list()).toEqual([])
    expect(await faults.list({ recentMs: 10_000 })).toMatchObject([{ id, endsAt: at(-1000) }])
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
    ['an operation that does not exist', { service: 'orders', operation: 'burn' }, 404],
    ['a share of nothing', { service: 'orders', percent: 0 }, 422],
    ['a delay without a time', { service: 'orders', kind: 'delay' }, 422],
    ['a delay of more than a minute', { service: 'orders', kind: 'delay', ms: 59_000, jitterMs: 2_000 }, 422],
    ['a status that is no failure', { service: 'orders', kind: 'status', status: 200 }, 422],
    ['a field of another kind', { service: 'orders', kind: 'abort', status: 500 }, 422],
    ['a wrong field without a value', { service: 'orders', kind: 'wrong_field', pointer: '/a' }, 422],
    ['a pointer that is none', { service: 'orders', kind: 'wrong_field', pointer: 'a', drop: true }, 422],
    [
      'a value and none',
      { service: 'orders', kind: 'wrong_field', pointer: '/a', value: 1, drop: true },
      422,
    ],
    [
      'a value that Postgres cannot keep',
      { service: 'orders', kind: 'wrong_field', pointer: '/a', value: '\0' },
      422,
    ],
    [
      'a large value',
      { service: 'orders', kind: 'wrong_field', pointer: '/a', value: 'x'.repeat(10_000) },
      422,
    ],
    ['a reset after nothing', { service: 'orders', kind: 'reset', afterBytes: 0 }, 422],
    ['a rate of nothing', { service: 'orders', kind: 'throttle', bytesPerSecond: 1 }, 422],
  ])('refuse %s', async (_, body, status) => {
    expect((await post(body)).status).toBe(status)
    expect(await faults.list()).toEqual([])
  })

  test('tell all that is wrong at once', async () => {
    const answer = await post({ service: 'orders', kind: 'delay', status: 500, percent: 101 })
    expect(answer.body.findings?.map(({ path }) => path)).toEqual(['body.percent', 'body.ms', 'body.status'])
    const together = await post({ service: 'orders', kind: 'delay', status: 500, pointer: '/a' })
    expect(together.body.findings).toEqual([
      { path: 'body.ms', message: 'is missing: a fault of the kind delay needs it' },
      { path: 'body.status', message: 'does not belong to the kind delay' },
      { path: 'body.pointer', message: 'does not belong to the kind delay' },
    ])
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

describe('by the credential of a run', () => {
  const inProduction: Partial<NewCredentialInput> = {
    environment: 'production',
    allows: { organization: 'harbor' },
    actor: 'bot',
    grant: { name: 'orders', writes: 1, card: null },
  }
  const credentialOf = async (more: Partial<NewCredentialInput> = {}) => {
    const input: NewCredentialInput = {
      kind: 'run',
      allows: { organization: 'harbor-box' },
      environment: 'sandbox',
      actor: 'check',
      run: 'run_1',
      scopes: ['faults'],
      endsAt: new Date(clock.now() + 600_000),
      ...more,
    }
    return (await api.organizations.createCredential(null, input)).text
  }
  const breaks = (credential: string, more: object = {}) =>
    send(api.server, 'POST', '/faults', { credential, body: { service: 'orders', kind: 'abort', ...more } })

  test('things are broken for that run alone, listed for it, and mended by it', async () => {
    const credential = await credentialOf()
    const other = await credentialOf({ run: 'run_2' })
    const made = await breaks(credential, { operation: 'listItems', percent: 50, seconds: 300 })
    expect(made).toMatchObject({
      status: 201,
      body: { kind: 'abort', run: 'run_1', organization: 'harbor-box', operation: 'listItems', percent: 50 },
    })
    const forAll = await faults.create(catalog)
    const path = `/faults/${String(made.body['id'])}`
    expect((await send(api.server, 'GET', '/faults', { credential })).body).toEqual({ items: [made.body] })
    expect((await send(api.server, 'GET', '/faults', { credential: other })).body).toEqual({ items: [] })
    expect((await send(api.server, 'DELETE', path, { credential: other })).status).toBe(404)
    expect((await send(api.server, 'DELETE', `/faults/${forAll.id}`, { credential })).status).toBe(404)
    expect((await send(api.server, 'DELETE', path, { credential })).status).toBe(204)
    expect(await faults.list()).toEqual([forAll])
  })

  test.each<[string, Partial<NewCredentialInput>]>([
    ['without the scope', { scopes: [] }],
    ['in production', { ...inProduction, scopes: [] }],
    ['of all sandboxes', { allows: { sandboxesOf: 'harbor' } }],
  ])('%s, nothing is broken', async (_, more) => {
    expect(await breaks(await credentialOf(more))).toMatchObject({
      status: 403,
      body: { code: 'scope_missing' },
    })
    expect(await faults.list()).toEqual([])
  })

  test.each<[string, Partial<NewCredentialInput>]>([
    ['a run in production', inProduction],
    [
      'a key of a customer',
      {
        kind: 'live',
        environment: 'production',
        allows: { organization: 'harbor' },
        actor: 'customer',
        run: null,
        endsAt: null,
      },
    ],
    ['a sandbox’s key', { kind: 'sandbox', actor: 'customer', run: null, endsAt: null }],
    ['a session', { kind: 'session' }],
  ])('and %s never gets the scope', async (_, more) => {
    expect(await refusal(credentialOf(more))).toMatchObject({
      code: 'invalid_input',
      findings: ['scopes faults is for a run in a sandbox'],
    })
  })

  test('nothing else of control is open, and of a run that has ended nothing at all', async () => {
    const credential = await credentialOf()
    for (const [method, path] of [
      ['GET', '/organizations'],
      ['GET', '/organizations/harbor-box'],
    ] as const)
      expect(await send(api.server, method, path, { credential })).toMatchObject({
        status: 403,
        body: { code: 'scope_missing' },
      })
    await api.organizations.revokeWhere(null, { run: 'run_1' })
    expect(await breaks(credential)).toMatchObject({ status: 401, body: { code: 'credential_ended' } })
  })
})
