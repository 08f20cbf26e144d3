import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { send, type Answer } from '../../../test/support/api.ts'
import { readExposition } from '../../../test/support/exposition.ts'
import { service, temporaryFolder, until } from '../../../test/support/gateway.ts'
import { startOrganizations, type TestOrganizations } from '../../../test/support/organizations.ts'
import { createApi, type ApiServer } from '../../api/index.ts'
import {
  createSimulatedClock,
  migrate,
  silentLog,
  systemClock,
  type Scope,
  type SimulatedClock,
} from '../../kernel/index.ts'
import { createGatewayRoutes, gatewayMigrations, startGateway } from '../index.ts'
import { createPublisher, type Publisher } from '../publisher.ts'
import { createTrafficRoutes } from '../traffic/route.ts'
import { createTraffic } from '../traffic/traffic.ts'
import type { SnapshotService } from '../types.ts'
import { createGatewayList } from './gateway-list.ts'
import { overviewOperations } from './handlers.ts'

const route = (method: string, path: string, anonymous = false) => ({
  method,
  path,
  operationId: `${method.toLowerCase()}Things`,
  anonymous,
})

let t: TestOrganizations
let publisher: Publisher
let server: ApiServer
let services: SnapshotService[]
let reader: string

/** Control on a real Postgres, behind its real API. */
beforeAll(async () => {
  t = await startOrganizations()
  const { organizations, database } = t
  await migrate(database, [gatewayMigrations])
  await organizations.ensure({ slug: 'quay', name: 'Quay', environment: 'production' })
  const { url } = await upstreamOfAll()
  services = [
    service('catalog', { url, routes: [route('GET', '/{organization}/items'), route('GET', '/open', true)] }),
    service('orders', {
      state: 'failed',
      reason: 'exited with 1',
      routes: [route('POST', '/{organization}/orders')],
    }),
  ]
  const listener = { close: () => Promise.resolve() }
  publisher = createPublisher({
    organizations,
    services: { list: () => Promise.resolve(services), onChange: () => Promise.resolve(listener) },
    clock: systemClock,
    log: silentLog,
  })
  await publisher.start()
  const gateways = createGatewayList({ connected: publisher.gateways, clock: systemClock })
  const ledger = { append: () => Promise.resolve() }
  const api = createApi({
    operations: overviewOperations({
      publisher,
      gateways,
      organizations,
      secure: false,
      release: '0.0.0',
      clock: systemClock,
    }),
    internal: [
      ...createGatewayRoutes({ publisher, organizations, gateways, ledger, log: silentLog }),
      createTrafficRoutes({ traffic: createTraffic({ database, clock: systemClock }) }),
    ],
    roleTokens: { gateway: 'token' },
    organizations,
    clock: systemClock,
    log: silentLog,
    version: '0.0.0',
  })
  server = await api.listen({ port: 0 })
  reader = await control(['read'])
})
afterAll(async () => {
  await publisher?.stop()
  await server?.close()
  await t?.close()
})

let closeUpstream: () => void
afterAll(() => closeUpstream?.())

async function upstreamOfAll(): Promise<{ url: string }> {
  const { createServer } = await import('node:http')
  const answering = createServer((_, response) => response.end('{}'))
  await new Promise<void>((resolve) => answering.listen(0, '127.0.0.1', resolve))
  closeUpstream = () => {
    answering.closeAllConnections()
    answering.close()
  }
  return { url: `http://127.0.0.1:${(answering.address() as { port: number }).port}` }
}

let members = 0

/** A control credential of the whole installation, or of one organization. */
async function control(scopes: readonly Scope[], organization?: string): Promise<string> {
  const input = { kind: 'control', allows: { none: true }, actor: 'member', scopes } as const
  if (organization === undefined) return (await t.organizations.createCredential(null, input)).text
  const email = `m${++members}@example.org`
  const { id: member } = await t.organizations.addMember({ organization, role: 'viewer', email })
  const endsAt = new Date(Date.now() + 60_000)
  return (await t.organizations.createCredential(null, { ...input, organization, member, endsAt })).text
}

async function liveKey(organization: string) {
  const made = await t.organizations.createCredential(null, {
    kind: 'live',
    organization,
    allows: { organization },
    environment: 'production',
    actor: 'customer',
  })
  await publisher.settled(5_000)
  return made
}

interface Running {
  clock: SimulatedClock
  url: string
  stop(): Promise<void>
  /** Its clock moves on to its next report, which is there then. */
  tells(): Promise<void>
  call(path: string, credential?: string): Promise<{ status: number; body: Record<string, unknown> }>
}

/** A gateway, ready; time passes for it only as the test says. */
async function startOne(name: string, drainMs = 0): Promise<Running> {
  const clock = createSimulatedClock(Date.now())
  const gateway = await startGateway({
    name,
    host: '127.0.0.1',
    port: 0,
    controlUrl: server.url,
    roleToken: 'token',
    folder: temporaryFolder(),
    accessLog: { write: () => true, once: () => {} },
    clock,
    log: silentLog,
    drainMs,
  })
  let stopping: Promise<void> | undefined
  const stop = () => (stopping ??= gateway.stop())
  onTestFinished(stop)
  await until('it serves', () => gateway.notReady() === undefined)
  const url = `http://127.0.0.1:${gateway.port}`
  return {
    clock,
    url,
    stop,
    async tells() {
      const before = (await known(name))?.['heard']
      await clock.advance(5_000)
      await until('it told', async () => (await known(name))?.['heard'] !== before)
    },
    async call(path, credential) {
      const headers = credential ? { authorization: `Bearer ${credential}` } : {}
      const response = await fetch(`${url}${path}`, { headers })
      return { status: response.status, body: (await response.json()) as Record<string, unknown> }
    },
  }
}

const get = (path: string, credential = reader): Promise<Answer> => send(server, 'GET', path, { credential })
const resolved = (body: object, credential = reader) =>
  send(server, 'POST', '/gateway/resolve', { credential, body })

async function known(name: string): Promise<Record<string, unknown> | undefined> {
  const { items } = (await get('/gateways')).body as unknown as { items: Record<string, unknown>[] }
  return items.find((item) => item['name'] === name)
}

async function metrics() {
  const { headers, body } = await get('/metrics')
  expect(headers['content-type']).toBe('text/plain; version=0.0.4; charset=utf-8')
  const families = readExposition(body['text'] as string)
  return (name: string, labels: Record<string, string>) =>
    (families.get(name)?.samples ?? [])
      .filter((sample) => Object.entries(labels).every(([label, value]) => sample.labels[label] === value))
      .reduce((sum, { value }) => sum + value, 0)
}

describe('the gateways', () => {
  test('tell by what they decide, and stay in sight when they leave', async () => {
    const gateway = await startOne('one')
    await until('it is at the newest version', async () => {
      const { body } = await get('/gateways')
      const item = (body['items'] as Record<string, unknown>[]).find(({ name }) => name === 'one')
      return item?.['version'] === body['newest']
    })
    await gateway.tells()
    const jwks = await t.organizations.signingKeys.list()
    expect(await known('one')).toMatchObject({
      connected: true,
      cutOff: null,
      notReady: null,
      draining: false,
      engine: 'splice',
      addresses: [gateway.url.slice('http://'.length)],
      key: expect.toSatisfy((kid: string) => jwks.some((key) => key.kid === kid)) as string,
      holds: { organizations: 3, services: 2, routes: 3 },
      refused: null,
    })
    await gateway.stop()
    await until('it left', async () => (await known('one'))?.['connected'] === false)
  })

  test('count what they do, and the counters rise until their process ends', async () => {
    const gateway = await startOne('two')
    const { text } = await liveKey('harbor')
    const calls = async () => {
      for (const path of ['/harbor/items', '/harbor/items', '/quay/items', '/nothing'])
        await gateway.call(path, text)
      await gateway.tells()
    }
    for (const times of [1, 2]) {
      await calls()
      const value = await metrics()
      const catalog = { gateway: 'two', service: 'catalog', environment: 'production' }
      expect(value('rockpool_gateway_requests_total', { ...catalog, status: '2xx', from: 'client' })).toBe(
        2 * times,
      )
      expect(value('rockpool_gateway_requests_total', { gateway: 'two' })).toBe(4 * times)
      expect(
        value('rockpool_gateway_refusals_total', { gateway: 'two', code: 'organization_not_allowed' }),
      ).toBe(times)
      expect(value('rockpool_gateway_request_duration_seconds', { ...catalog, le: '+Inf' })).toBe(2 * times)
      expect(value('rockpool_gateway_snapshot_version', { gateway: 'two' })).toBe(publisher.version())
    }
  })

  test('serve on while they drain, and say to load balancers that they stop', async () => {
    const gateway = await startOne('three', 60_000)
    expect((await gateway.call('/.rockpool/health')).status).toBe(200)
    const stopped = gateway.stop()
    expect(await gateway.call('/.rockpool/health')).toMatchObject({
      status: 503,
      body: { ready: false, reason: expect.stringContaining('stopping') as string },
    })
    expect(await gateway.call('/.rockpool/health/live')).toMatchObject({ status: 200, body: { live: true } })
    expect((await gateway.call('/open')).status).toBe(200)
    await gateway.tells()
    expect((await known('three'))?.['draining']).toBe(true)
    await gateway.clock.advance(60_000)
    await stopped
    await expect(gateway.call('/open')).rejects.toThrow()
  })

  test('are nobody’s matter who is bound to one organization, or may not read', async () => {
    const [bound, writer] = [await control(['read'], 'harbor'), await control(['write'])]
    for (const path of ['/gateways', '/metrics']) {
      expect((await get(path, bound)).body.code).toBe('organization_not_allowed')
      expect((await get(path, writer)).body.code).toBe('scope_missing')
      expect((await send(server, 'GET', path)).status).toBe(401)
    }
  })
})

test('routes are told page by page, with the state of their service', async () => {
  const first = await get('/gateway/routes?limit=2')
  expect(first.body['items']).toMatchObject([
    { method: 'GET', path: '/open', service: 'catalog', anonymous: true, state: 'running' },
    { method: 'GET', path: '/{organization}/items', service: 'catalog', anonymous: false },
  ])
  const rest = await get(`/gateway/routes?cursor=${String(first.body['next'])}`)
  expect(rest.body).toMatchObject({
    items: [{ method: 'POST', service: 'orders', state: 'failed', reason: 'exited with 1' }],
    next: null,
  })
  const bound = await get('/gateway/routes?service=orders', await control(['read'], 'harbor'))
  expect(bound.body['items']).toMatchObject([{ service: 'orders', state: 'failed', reason: null }])
  expect((await get('/gateway/routes?service=ordrs')).body).toMatchObject({
    code: 'not_found',
    detail: expect.stringContaining('catalog, orders') as string,
  })
  expect((await get('/gateway/routes?cursor=x')).status).toBe(422)
})

describe('resolve', () => {
  test('tells what a gateway then does', async () => {
    const gateway = await startOne('four')
    const { text, credential } = await liveKey('harbor')
    for (const target of ['/harbor/items?q=1', '/quay/items', '/nothing', '/nobody/items', '/a/../b']) {
      const told = await resolved({ method: 'GET', target, as: credential.id })
      // Sent as it stands: fetch would mend the path.
      const real = await send({ port: Number(gateway.url.split(':').at(-1)) } as ApiServer, 'GET', target, {
        credential: text,
      })
      expect([target, told.body.code ?? null]).toEqual([target, real.body.code ?? null])
    }
    expect(
      (await resolved({ method: 'GET', target: '/harbor/items?q=1', as: credential.id })).body,
    ).toMatchObject({
      outcome: 'forward',
      service: 'catalog',
      parameters: { organization: 'harbor' },
      organization: { slug: 'harbor', environment: 'production' },
      identity: { actor: 'customer' },
      upstream: { url: services[0]!.url, target: '/harbor/items?q=1' },
      version: publisher.version(),
    })
  })

  test('never takes a credential’s text, nor repeats it', async () => {
    const { text } = await liveKey('harbor')
    const { status, body } = await resolved({ method: 'GET', target: '/harbor/items', as: text })
    expect(status).toBe(422)
    expect(JSON.stringify(body)).not.toContain(text.slice(0, 12))
  })

  test('tells nobody about what is not theirs', async () => {
    const bound = await control(['read'], 'harbor')
    const [own, other] = [await liveKey('harbor'), await liveKey('quay')]
    const ask = (target: string, as = 'live', more = {}) =>
      resolved({ method: 'GET', target, as, ...more }, bound).then(({ body }) => body)
    expect(await ask('/harbor/items', own.credential.id)).toMatchObject({
      outcome: 'forward',
      upstream: { url: null },
    })
    expect(await ask('/harbor-box/items', 'run')).toMatchObject({ outcome: 'forward' })
    expect(await ask('/quay/items')).toMatchObject({
      code: 'organization_not_allowed',
      type: expect.anything() as string,
    })
    // Whether there is one is told in the same words.
    const words = (detail: unknown) => String(detail).replaceAll(/“[^”]*”/g, '…')
    expect(words((await ask('/nobody/items'))['detail'])).toBe(words((await ask('/quay/items'))['detail']))
    expect(await ask('/open', 'live', { organization: 'quay' })).toMatchObject({
      code: 'organization_not_allowed',
    })
    const unknown = await ask('/open', 'key_unknown')
    expect(unknown).toMatchObject({ code: 'not_found' })
    expect((await ask('/open', other.credential.id))['detail']).toBe(unknown['detail'])
  })
})
