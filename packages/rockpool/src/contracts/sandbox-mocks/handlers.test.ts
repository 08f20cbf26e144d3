import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { send, startApi } from '../../../test/support/api.ts'
import type { TestApi } from '../../../test/support/api.ts'
import { refusal } from '../../../test/support/organizations.ts'
import { thingsContract } from '../../../test/support/registry.ts'
import { createSimulatedClock, migrate } from '../../kernel/index.ts'
import type { Problem, RunScope } from '../../kernel/index.ts'
import { contractsMigrations, createRegistry, createSandboxMocks, sandboxMocksOperations } from '../index.ts'
import type { OperationOutline, Registry, SandboxMocks, VersionRoute } from '../index.ts'

let t: TestApi
let registry: Registry
let mocks: SandboxMocks
let writer: string
const clock = createSimulatedClock()
let settles = 0
let reads = 0
const toRoute = ({ id, method, path }: OperationOutline) => ({
  operationId: id,
  method,
  path,
  anonymous: false,
})

beforeAll(async () => {
  // The operations are mounted before there is a database to give to them.
  const late = <T extends object>(get: () => T) =>
    new Proxy({} as T, { get: (_, name) => get()[name as keyof T] })
  t = await startApi({
    clock,
    operations: sandboxMocksOperations({
      mocks: late(() => mocks),
      registry: late(() => registry),
      organizations: late(() => t.organizations),
      services: () => Promise.resolve(['things', 'empty'].map((name) => ({ name }))),
      routesOf: (address) => {
        reads += 1
        return registry.outline(address).then((outline) => outline.map(toRoute))
      },
      isServed: true,
      settled: () => Promise.resolve(void (settles += 1)),
    }),
  })
  await migrate(t.database, [contractsMigrations])
  registry = createRegistry({ database: t.database, clock })
  mocks = createSandboxMocks({ database: t.database, organizations: t.organizations, clock })
  writer = await t.control(['read', 'write'])
  for (const version of ['1.0.0', '1.1.0'])
    await registry.keep('things', thingsContract(version, ['a', version]), 'key_1')
})
afterAll(() => t.close())
beforeEach(() => t.database.query('delete from contracts.sandbox_mock'))

const put = (body: object = {}, sandbox = 'harbor-box', service = 'things', credential = writer) =>
  send(t.server, 'PUT', `/sandboxes/${sandbox}/mocks/${service}`, { credential, body })
const asking = {
  organization: 'harbor-box',
  service: 'things',
  version: '1.0.0',
  seed: '',
  askedBy: 'key_1',
  routes: [{ method: 'GET', path: '/things', operationId: 'listThings', anonymous: false }],
} as const
const addressOf = async (version: string) => (await registry.find('things', version)).address

describe('asking for a mock', () => {
  test('leads to one version for good, and counts at the gateways before it is answered', async () => {
    const before = settles
    const asked = await put({ version: 'latest', seed: 'friday' })
    expect(asked).toMatchObject({
      status: 200,
      body: { organization: 'harbor-box', service: 'things', version: '1.1.0', seed: 'friday' },
    })
    expect(asked.body['address']).toBe(await addressOf('1.1.0'))
    expect(settles).toBe(before + 1)
    const listed = await send(t.server, 'GET', '/sandboxes/harbor-box/mocks', { credential: writer })
    const { operations, ...mock } = asked.body
    expect(listed.body).toEqual({ items: [mock] })
    expect(operations).toEqual([{ id: 'listThings', method: 'GET', path: '/things' }])
  })

  test('keeps what leads to it, read once of a version, in however many sandboxes that is mocked', async () => {
    await t.organizations.ensure({ slug: 'other-box', name: 'B', environment: 'sandbox', parent: 'harbor' })
    const before = reads
    const address = await addressOf('1.0.0')
    expect(await mocks.routes(address)).toBeUndefined()
    for (const sandbox of ['harbor-box', 'other-box', 'harbor-box'])
      expect((await put({ version: '1.0.0' }, sandbox)).status).toBe(200)
    expect(reads).toBe(before + 1)
    expect(await mocks.routes(address)).toEqual(asking.routes)
  })

  test('anew reads what leads to it, where an earlier version of Rockpool did not', async () => {
    const { id } = (await put({ version: '1.0.0' })).body
    await t.database.query('update contracts.sandbox_mock set routes = null, route_bytes = 0')
    const again = (await put({ version: '1.0.0' })).body
    expect(again['id']).not.toBe(id)
    expect(await mocks.routes(await addressOf('1.0.0'))).toEqual(asking.routes)
  })

  test('by the credential of a run is for the sandbox of that run alone, and needs the scope mocks', async () => {
    await t.organizations.ensure({ slug: 'other-box', name: 'B', environment: 'sandbox', parent: 'harbor' })
    const runOf = async (scopes: RunScope[]) => {
      const made = await t.organizations.createCredential(null, {
        kind: 'run',
        allows: { organization: 'harbor-box' },
        environment: 'sandbox',
        actor: 'check',
        run: 'run_1',
        scopes,
        endsAt: new Date(clock.now() + 60_000),
      })
      return made.text
    }
    const credential = await runOf(['mocks'])
    expect(await put({}, 'harbor-box', 'things', credential)).toMatchObject({
      status: 200,
      body: { askedBy: 'run_1' },
    })
    for (const sandbox of ['other-box', 'harbor', 'nobody'])
      expect(await put({}, sandbox, 'things', credential)).toMatchObject({
        status: 403,
        body: { code: 'organization_not_allowed' },
      })
    expect(await put({}, 'harbor-box', 'things', await runOf(['faults']))).toMatchObject({
      status: 403,
      body: { code: 'scope_missing' },
    })
    const off = await send(t.server, 'DELETE', '/sandboxes/harbor-box/mocks/things', { credential })
    expect(off.status).toBe(204)
  })

  test('again changes nothing; for something else it is another mock', async () => {
    const first = (await put({ version: '1.0.0' })).body['id']
    expect((await put({ version: '1.0.0' })).body['id']).toBe(first)
    for (const other of [{ version: '1.0.0', seed: 'b' }, { version: '1.1.0' }]) {
      const { id } = (await put(other)).body
      expect(id).not.toBe(first)
      expect(await mocks.list()).toMatchObject([{ id }])
    }
  })

  test('without a version means what runs in production, else the latest', async () => {
    expect((await put()).body).toMatchObject({ version: '1.1.0' })
    const address = await addressOf('1.0.0')
    await t.database.query(
      `insert into contracts.running (service, address, since, told_by) values ('things', $1, now(), 'key_1')`,
      [address],
    )
    expect((await put()).body).toMatchObject({ version: '1.0.0', address })
    await t.database.query('delete from contracts.running')
  })

  test.each<[string, string, string, object, number, string]>([
    ['production', 'harbor', 'things', {}, 403, 'environment_mismatch'],
    ['an organization that is not there', 'nobody', 'things', {}, 404, 'organization_unknown'],
    ['a service that is not there', 'harbor-box', 'cellar', {}, 404, 'not_found'],
    ['a service without a contract', 'harbor-box', 'empty', {}, 404, 'not_found'],
    ['a version that is not there', 'harbor-box', 'things', { version: '9.0.0' }, 404, 'not_found'],
    ['a seed with control characters', 'harbor-box', 'things', { seed: '\0' }, 422, 'invalid_input'],
    ['something unasked', 'harbor-box', 'things', { port: 1 }, 422, 'invalid_input'],
  ])('is refused for %s', async (_, sandbox, service, body, status, code) => {
    expect(await put(body, sandbox, service)).toMatchObject({ status, body: { code } })
    expect(await mocks.list()).toEqual([])
  })

  test('is refused where nobody is there to answer', async () => {
    const [handled] = sandboxMocksOperations({
      mocks,
      registry,
      organizations: t.organizations,
      services: () => Promise.resolve([{ name: 'things' }]),
      routesOf: () => Promise.resolve([]),
      isServed: false,
      settled: () => Promise.resolve(),
    })
    const without = await startApi({ operations: [handled!] })
    onTestFinished(() => without.close())
    const credential = await without.control(['write'])
    const path = '/sandboxes/harbor-box/mocks/things'
    expect(await send(without.server, 'PUT', path, { credential, body: {} })).toMatchObject({
      status: 501,
      body: { code: 'not_possible_here' },
    })
  })

  test('needs a credential that reaches the sandbox, and may write', async () => {
    const reader = await t.control(['read'])
    expect(await put({}, 'harbor-box', 'things', reader)).toMatchObject({ status: 403 })
    await t.organizations.ensure({ slug: 'quay', name: 'Quay', environment: 'production' })
    const elsewhere = await t.memberOf('quay', 'owner')
    expect(await put({}, 'harbor-box', 'things', elsewhere)).toMatchObject({
      status: 403,
      body: { code: 'organization_not_allowed' },
    })
    const owner = await t.memberOf('harbor', 'owner')
    expect((await put({}, 'harbor-box', 'things', owner)).status).toBe(200)
  })

  test('ends when it is turned off; of what there is none, that is said', async () => {
    await put()
    const off = () => send(t.server, 'DELETE', '/sandboxes/harbor-box/mocks/things', { credential: writer })
    expect((await off()).status).toBe(204)
    expect(await mocks.list()).toEqual([])
    expect(await off()).toMatchObject({ status: 404, body: { code: 'not_found' } })
  })
})

describe('what is kept', () => {
  test('is told to whoever listens, and only when it changes', async () => {
    const address = await addressOf('1.0.0')
    let told = 0
    let wake = () => {}
    const listener = await mocks.onChange(() => {
      told += 1
      wake()
    })
    const heard = async (act: () => Promise<unknown>) => {
      const before = told
      const next = new Promise<void>((resolve) => (wake = resolve))
      await act()
      if (told === before) await next
    }
    await heard(() => mocks.ask({ ...asking, address }))
    await heard(() => mocks.end('harbor-box', 'things'))
    await listener.close()
  })

  test('is counted and erased by sandbox', async () => {
    const address = await addressOf('1.0.0')
    await mocks.ask({ ...asking, address })
    expect(await mocks.count('harbor-box')).toEqual([{ table: 'contracts.sandbox_mock', rows: 1 }])
    expect(await mocks.count('other')).toEqual([{ table: 'contracts.sandbox_mock', rows: 0 }])
    await t.database.transaction((tx) => mocks.erase(tx, 'other'))
    expect(await mocks.list('harbor-box')).toHaveLength(1)
    await t.database.transaction((tx) => mocks.erase(tx, 'harbor-box'))
    expect(await mocks.list('harbor-box')).toEqual([])
  })

  test('of routes has an end: of one version, and of all that are mocked together', async () => {
    const address = await addressOf('1.0.0')
    const path = `/things/${'x'.repeat(1_000)}`
    const many = (count: number, prefix: string): VersionRoute[] =>
      Array.from({ length: count }, (_, index) => ({
        method: 'GET',
        path: `${path}/${prefix}${index}`,
        operationId: `get${index}`,
        anonymous: false,
      }))
    const large = await refusal(mocks.ask({ ...asking, address, routes: many(1_000, '') }))
    expect([large.code, large.detail]).toEqual([
      'invalid_input',
      expect.stringMatching(/things 1\.0\.0 has 1000 operations.*gateways keep 1048576/),
    ])
    expect(await mocks.list()).toEqual([])
    const services = Array.from({ length: 10 }, (_, index) => `things-${index}`)
    const asked: unknown[] = []
    for (const service of services)
      asked.push(
        await mocks.ask({ ...asking, service, address, routes: many(900, service) }).then(
          () => 'kept',
          (error: Problem) => error.code,
        ),
      )
    expect(asked).toEqual([...Array.from({ length: 8 }, () => 'kept'), 'conflict', 'conflict'])
    // Those of a version that is kept already cost nothing.
    await t.organizations.ensure({ slug: 'other-box', name: 'B', environment: 'sandbox', parent: 'harbor' })
    const shared = { ...asking, organization: 'other-box', service: services[0]!, address }
    expect(await mocks.ask({ ...shared, routes: many(900, services[0]!) })).toMatchObject({
      service: 'things-0',
    })
  })

  test('of contracts, gives those alone that a mock answers by', async () => {
    const address = await addressOf('1.0.0')
    expect(await mocks.contract(address)).toBeUndefined()
    await mocks.ask({ ...asking, address })
    expect(await mocks.contract(address)).toContain('"main":"things.json"')
  })

  test('never outlives its sandbox, however asking and deletion meet', async () => {
    const address = await addressOf('1.0.0')
    await t.organizations.ensure({
      slug: 'leaving',
      name: 'Leaving',
      environment: 'sandbox',
      parent: 'harbor',
    })
    const ask = () => mocks.ask({ ...asking, organization: 'leaving', address })
    // Whoever asks holds the sandbox as it is: its deletion waits, and finds the row.
    const closing = await t.database.transaction(async (tx) => {
      await t.organizations.hold(tx, 'leaving')
      const closed = t.organizations.setStatus(null, 'leaving', 'deleting')
      await waitingFor(`select from pg_stat_activity where wait_event_type = 'Lock'`)
      expect((await t.organizations.get('leaving')).status).toBe('active')
      return { closed }
    })
    await closing.closed
    expect(await refusal(ask())).toMatchObject({ code: 'organization_deleted' })
    expect(await mocks.list('leaving')).toEqual([])
  })
})

async function waitingFor(sql: string): Promise<void> {
  const deadline = performance.now() + 10_000
  while ((await t.database.query(sql)).length === 0)
    if (performance.now() > deadline) throw new Error(`still nothing: ${sql}`)
}
