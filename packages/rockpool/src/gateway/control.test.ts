import { once } from 'node:events'
import { readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { createAdaptorServer } from '@hono/node-server'
import { Hono } from 'hono'
import { expect, onTestFinished, test } from 'vitest'
import { readAll, service, temporaryFolder, until, upstream } from '../../test/support/gateway.ts'
import { startOrganizations, type TestOrganizations } from '../../test/support/organizations.ts'
import {
  createSimulatedClock,
  migrate,
  silentLog,
  systemClock,
  toProblem,
  type Clock,
} from '../kernel/index.ts'
import { createFaults, type Faults } from './faults/faults.ts'
import { gatewayMigrations } from './index.ts'
import { createGatewayRoutes } from './internal-routes.ts'
import { addressOf } from './judging/address.ts'
import { startGateway, type GatewayProcess, type GatewayProcessOptions } from './process.ts'
import { createPublisher, type Publisher } from './publisher.ts'
import type { LedgerEntry, SnapshotService } from './types.ts'

const routes = ['GET', 'POST'].map((method) => ({
  method,
  path: '/{organization}/items',
  operationId: `${method}Items`,
  anonymous: false,
}))

interface Control extends TestOrganizations {
  publisher: Publisher
  ledger: LedgerEntry[]
  faults: Faults
  url: string
  services: SnapshotService[]
  /** Texts of contracts, by address. */
  contracts: Map<string, string>
  servicesChanged(): void
  /** Ends the process, as far as anybody outside can see: nothing of it answers any more. */
  die(): Promise<void>
  /** A control that starts anew, at the same address. */
  revive(): Promise<void>
}

/** Control's side on a real Postgres, with services given by hand. */
async function startControl(clock: Clock = systemClock): Promise<Control> {
  const parts = await startOrganizations()
  await migrate(parts.database, [gatewayMigrations])
  const faults = createFaults({ database: parts.database, clock: systemClock })
  const echo = await upstream((request, response) => {
    void readAll(request).then(() => {
      response.writeHead(201, { 'content-type': 'application/json' })
      response.end(JSON.stringify({ id: 'item_1', identity: request.headers['rockpool-identity'] }))
    })
  })
  const services = [service('catalog', { url: echo.url, routes })]
  const listeners = new Set<() => void>()
  const ledger: LedgerEntry[] = []
  let server: Server | undefined
  let port = 0
  const control: Control = {
    ...parts,
    publisher: undefined as unknown as Publisher,
    ledger,
    faults,
    url: '',
    services,
    contracts: new Map(),
    servicesChanged: () => listeners.forEach((listener) => listener()),
    async die() {
      const gone = server
      server = undefined
      gone?.closeAllConnections()
      gone?.close()
      if (gone) await once(gone, 'close')
      await control.publisher.stop()
    },
    async revive() {
      control.publisher = createPublisher({
        organizations: parts.organizations,
        services: {
          list: () => Promise.resolve([...services]),
          onChange: (listener) => {
            listeners.add(listener)
            return Promise.resolve({ close: () => Promise.resolve(void listeners.delete(listener)) })
          },
        },
        faults,
        clock,
        log: silentLog,
        heartbeatMs: 50,
        rereadMs: 200,
      })
      await control.publisher.start()
      const app = new Hono()
      app.onError((error) => {
        const refusal = toProblem(error)
        return Response.json(refusal, { status: refusal.status })
      })
      const { publisher } = control
      const append = (entries: readonly LedgerEntry[]) => Promise.resolve(void ledger.push(...entries))
      for (const { prefix, mount } of createGatewayRoutes({
        publisher,
        organizations: parts.organizations,
        contracts: { text: (address) => control.contracts.get(address) },
        ledger: { append },
        log: silentLog,
      })) {
        const part = new Hono()
        mount(part)
        app.route(prefix, part)
      }
      server = createAdaptorServer({ fetch: app.fetch, createServer }) as Server
      server.listen(port, '127.0.0.1')
      await once(server, 'listening')
      port = (server.address() as AddressInfo).port
      control.url = `http://127.0.0.1:${port}`
    },
  }
  await control.revive()
  onTestFinished(async () => {
    await control.die()
    await parts.close().catch(() => {})
  })
  return control
}

async function startTestGateway(
  control: Pick<Control, 'url'>,
  more: Partial<GatewayProcessOptions> = {},
): Promise<GatewayProcess & { folder: string }> {
  const folder = more.folder ?? temporaryFolder()
  const gateway = await startGateway({
    name: 'gateway-1',
    host: '127.0.0.1',
    port: 0,
    controlUrl: control.url,
    roleToken: 'token',
    accessLog: { write: () => true, once: () => {} },
    clock: systemClock,
    log: silentLog,
    ...more,
    folder,
  })
  onTestFinished(() => gateway.stop())
  return { ...gateway, folder }
}

const ready = (gateway: GatewayProcess) => until('it serves', () => gateway.notReady() === undefined)

async function call(
  gateway: GatewayProcess,
  key: string,
  path = '/harbor/items',
  init: Omit<RequestInit, 'headers'> & { headers?: Record<string, string> } = {},
) {
  const headers = { authorization: `Bearer ${key}`, ...init.headers }
  const response = await fetch(`http://127.0.0.1:${gateway.port}${path}`, { ...init, headers })
  const body = (await response.json()) as { code?: string; detail?: string; identity?: string }
  return { status: response.status, code: body.code, detail: body.detail, identity: body.identity }
}

const liveKey = (control: Control) =>
  control.organizations.createCredential(null, {
    kind: 'live',
    organization: 'harbor',
    allows: { organization: 'harbor' },
    environment: 'production',
    actor: 'customer',
  })
const runCredential = (control: Control) =>
  control.organizations.createCredential(null, {
    kind: 'run',
    organization: 'harbor-box',
    allows: { organization: 'harbor-box' },
    environment: 'sandbox',
    actor: 'check',
    run: 'run_1',
    endsAt: new Date(Date.now() + 60_000),
  })

// The promised 100 ms is asserted where little else runs: test/order-flow.test.ts. Here: nothing of ours lies in between.
test('a key made or revoked counts by being pushed, without any time passing on our clocks', async () => {
  const clock = createSimulatedClock(Date.now())
  const control = await startControl(clock)
  const gateway = await startTestGateway(control, { clock })
  await ready(gateway)
  for (let round = 0; round < 5; round++) {
    const { credential, text } = await liveKey(control)
    await until('it is served', async () => (await call(gateway, text)).status === 201)
    await control.organizations.revokeCredential(credential.id)
    await until('it is refused', async () => (await call(gateway, text)).status === 401)
  }
})

test('a service that moves, stops or cannot run counts at once', async () => {
  const control = await startControl()
  const gateway = await startTestGateway(control)
  await ready(gateway)
  const { text } = await liveKey(control)
  const [running] = control.services
  control.services[0] = { ...running!, url: null, state: 'unavailable', reason: 'python3 is missing' }
  control.servicesChanged()
  await control.publisher.settled(5_000)
  expect(await call(gateway, text)).toMatchObject({
    status: 503,
    code: 'service_unavailable',
    detail: expect.stringContaining('python3 is missing') as string,
  })
  control.services[0] = running!
  await control.publisher.settled(5_000)
  expect((await call(gateway, text)).status).toBe(201)
})

test('a route that two services claim stays with the one that had it, and holds up nothing else', async () => {
  const control = await startControl()
  const gateway = await startTestGateway(control)
  await ready(gateway)
  control.services.unshift(service('another', { routes }))
  const { text } = await liveKey(control)
  expect(await control.publisher.settled(5_000)).toBe(true)
  expect(control.publisher.findings().map(({ path }) => path)).toEqual([
    'services.another.routes.0',
    'services.another.routes.1',
  ])
  expect((await call(gateway, text)).status).toBe(201)
})

test('an identity minted by one gateway is good at another for a service that calls on', async () => {
  const control = await startControl()
  const [one, other] = [
    await startTestGateway(control),
    await startTestGateway(control, { name: 'gateway-2' }),
  ]
  await Promise.all([ready(one), ready(other)])
  const key = await liveKey(control)
  const caller = await control.organizations.createCredential(null, {
    kind: 'service',
    allows: { none: true },
    actor: 'service',
    service: 'catalog',
  })
  await control.publisher.settled(5_000)
  const { identity } = await call(one, key.text)
  const onward = await call(other, caller.text, '/harbor/items', {
    headers: { 'rockpool-identity': identity! },
  })
  expect(onward.status).toBe(201)
  expect(onward.identity).not.toBe(identity)
})

test('what a run created reaches control', async () => {
  const control = await startControl()
  const gateway = await startTestGateway(control)
  await ready(gateway)
  const { text } = await runCredential(control)
  await control.publisher.settled(5_000)
  expect((await call(gateway, text, '/harbor-box/items', { method: 'POST' })).status).toBe(201)
  await until('it is there', () => control.ledger.some(({ outcome }) => outcome === 'done'))
  expect(control.ledger.at(-1)).toMatchObject({
    run: 'run_1',
    organization: 'harbor-box',
    resource: 'item_1',
    status: 201,
  })
})

test('when a credential was last used is told, at the latest when the gateway stops', async () => {
  const control = await startControl()
  const gateway = await startTestGateway(control)
  await ready(gateway)
  const { credential, text } = await liveKey(control)
  await control.publisher.settled(5_000)
  await call(gateway, text)
  await gateway.stop()
  await until(
    'it is kept',
    async () => (await control.organizations.getCredential(credential.id)).lastUsedAt !== null,
  )
})

test('cut off from control, keys are served and runs are refused; reconnected, both are served', async () => {
  const control = await startControl()
  const gateway = await startTestGateway(control, { cutOff: { runMs: 500, keyMs: 3_600_000 } })
  await ready(gateway)
  const key = await liveKey(control)
  const run = await runCredential(control)
  await control.publisher.settled(5_000)
  // Heartbeats keep it good for longer than the limit.
  const connected = performance.now()
  while (performance.now() - connected < 700)
    expect((await call(gateway, run.text, '/harbor-box/items')).status).toBe(201)

  await control.die()
  await until(
    'runs are refused',
    async () => (await call(gateway, run.text, '/harbor-box/items')).code === 'gateway_cut_off',
  )
  expect((await call(gateway, key.text)).status).toBe(201)

  await control.revive()
  await until(
    'runs are served',
    async () => (await call(gateway, run.text, '/harbor-box/items')).status === 201,
  )
})

test('cut off after a promised age, keys are refused as well', async () => {
  const control = await startControl()
  const gateway = await startTestGateway(control, { cutOff: { runMs: 100, keyMs: 300 } })
  await ready(gateway)
  const { text } = await liveKey(control)
  await control.publisher.settled(5_000)
  await control.die()
  await until('keys are refused', async () => (await call(gateway, text)).code === 'gateway_cut_off')
})

test('with Postgres gone and control alive, the truth grows old all the same', async () => {
  const control = await startControl()
  const gateway = await startTestGateway(control, { cutOff: { runMs: 500, keyMs: 3_600_000 } })
  await ready(gateway)
  const key = await liveKey(control)
  const run = await runCredential(control)
  await control.publisher.settled(5_000)
  // Its pool is closed: nothing of it can be read any more.
  await control.database.close()
  await until(
    'runs are refused',
    async () => (await call(gateway, run.text, '/harbor-box/items')).code === 'gateway_cut_off',
  )
  expect((await call(gateway, key.text)).status).toBe(201)
})

test('a gateway that restarts while control is dead says why it does not serve', async () => {
  const control = await startControl()
  const first = await startTestGateway(control)
  await ready(first)
  const { text } = await liveKey(control)
  await control.publisher.settled(5_000)
  await first.stop()
  const file = join(first.folder, 'snapshot.json')
  expect((await stat(file)).mode & 0o777).toBe(0o600)
  expect(await readFile(file, 'utf8')).not.toContain(text)
  await control.die()

  const second = await startTestGateway(control, { folder: first.folder })
  expect(await call(second, text)).toMatchObject({
    status: 503,
    code: 'gateway_not_ready',
    detail: expect.stringContaining('signing key') as string,
  })
  await control.revive()
  await ready(second)
  expect((await call(second, text)).status).toBe(201)
})

test('where calls are held against a contract, none goes unjudged until it is here; the next version takes its place', async () => {
  const control = await startControl()
  const gateway = await startTestGateway(control)
  await ready(gateway)
  const { text } = await liveKey(control)
  const [plain] = control.services
  const follow = async (title: string, limit: object) => {
    const document = JSON.stringify({
      openapi: '3.1.0',
      info: { title, version: '1' },
      paths: {
        '/{organization}/items': {
          parameters: [
            { name: 'organization', in: 'path', required: true, schema: { type: 'string' } },
            { name: 'limit', in: 'query', schema: limit },
          ],
          get: { operationId: 'GETItems', responses: { 200: { description: 'ok' } } },
        },
      },
    })
    const contract = addressOf(document)
    const validation = { requests: 'refuse', responses: 0, coerce: false } as const
    const judged = routes.map((route) => (route.method === 'GET' ? { ...route, validation } : route))
    control.services[0] = { ...plain!, contract, routes: judged }
    control.servicesChanged()
    await control.publisher.settled(5_000)
    return { contract, document }
  }
  const ask = (limit: string) => call(gateway, text, `/harbor/items?limit=${limit}`)

  const first = await follow('first', { type: 'integer' })
  expect(await ask('1')).toMatchObject({
    status: 503,
    code: 'gateway_not_ready',
    detail: expect.stringContaining('contract of catalog') as string,
  })
  // What is not held against it is served meanwhile.
  expect((await call(gateway, text, '/harbor/items', { method: 'POST' })).status).toBe(201)
  const waiting = ask('1')
  control.contracts.set(first.contract, first.document)
  expect((await waiting).status).toBe(201)
  expect(await ask('x')).toMatchObject({ status: 422, code: 'invalid_input' })
  const kept = () => readdir(join(gateway.folder, 'contracts'))
  const before = await kept()

  await control.die()
  expect((await ask('1')).status).toBe(201)
  await control.revive()
  const strings = { type: 'string', pattern: '^[a-z]+$' }
  const second = await follow('second', strings)
  control.contracts.set(second.contract, second.document)
  await until('the second counts', async () => (await ask('x')).status === 201)
  expect((await ask('1')).status).toBe(422)
  expect(await kept()).toHaveLength(1)
  expect(await kept()).not.toEqual(before)
})

test('a damaged snapshot on disk is passed over', async () => {
  const control = await startControl()
  const folder = temporaryFolder()
  await writeFile(join(folder, 'snapshot.json'), '{"version":')
  const gateway = await startTestGateway(control, { folder })
  await ready(gateway)
})

test('a gateway that does not acknowledge holds up a mutation for as long as allowed, no longer', async () => {
  const control = await startControl()
  const disconnect = control.publisher.connect('gw_silent', () => {})
  await liveKey(control)
  const began = performance.now()
  expect(await control.publisher.settled(100)).toBe(false)
  expect(performance.now() - began).toBeGreaterThanOrEqual(90)
  disconnect()
  expect(await control.publisher.settled(100)).toBe(true)
})

test('a browser signs in by a ticket, once: its cookie counts with the very next request', async () => {
  const control = await startControl()
  const gateway = await startTestGateway(control)
  await ready(gateway)
  const { text } = await control.organizations.createTicket(null, {
    purpose: 'gateway',
    credential: {
      kind: 'session',
      organization: 'harbor-box',
      allows: { organization: 'harbor-box' },
      environment: 'sandbox',
      actor: 'check',
      run: 'run_1',
      endsAt: new Date(Date.now() + 60_000),
    },
    ttlMs: 60_000,
    createdBy: 'run_1',
  })
  const base = `http://127.0.0.1:${gateway.port}`
  const open = (query: string, init: RequestInit = {}) =>
    fetch(`${base}/.rockpool/sign-in${query}`, { redirect: 'manual', ...init })

  // What cannot be followed safely does not use the ticket up.
  for (const to of [
    '//evil.example',
    '/\\evil.example',
    'https://evil.example',
    '/a%0Ab',
    '',
    '/%09/evil.example',
  ])
    expect((await open(`?ticket=${text}&to=${to}`)).status, to).toBe(400)
  expect((await open(`?ticket=${text}&to=/a&to=/b`)).status).toBe(400)
  expect((await open(`?ticket=${text}`, { method: 'HEAD' })).status).toBe(405)
  expect((await open(`?ticket=${text}&ticket=${text}`)).status).toBe(403)

  const answer = await open(`?ticket=${text}&to=/harbor-box/items%3Fpage=2`)
  expect(answer.status).toBe(303)
  expect(answer.headers.get('location')).toBe('/harbor-box/items?page=2')
  expect(answer.headers.get('cache-control')).toBe('no-store')
  expect(answer.headers.get('referrer-policy')).toBe('no-referrer')
  const cookie = answer.headers.get('set-cookie')!
  expect(cookie).toMatch(
    /^rockpool_session=rp_session_\w+; Path=\/; Max-Age=(60|59|58); HttpOnly; SameSite=Lax$/,
  )
  const shown = await fetch(`${base}/harbor-box/items`, { headers: { cookie: cookie.split(';')[0]! } })
  expect(shown.status).toBe(201)

  const again = await open(`?ticket=${text}`)
  expect(await again.json()).toMatchObject({ status: 403, code: 'ticket_refused' })
  const page = await open(`?ticket=${text}`, { headers: { accept: 'text/html,*/*' } })
  expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8')
  expect(page.headers.get('content-security-policy')).toContain(`default-src 'none'`)
  expect(await page.text()).toContain('ask for a new one')

  // The session ends with the run.
  await control.organizations.revokeWhere(null, { run: 'run_1' })
  await control.publisher.settled(5_000)
  const late = await fetch(`${base}/harbor-box/items`, { headers: { cookie: cookie.split(';')[0]! } })
  expect(late.status).toBe(401)
})

test('while control is gone nobody signs in, and the ticket is not used up', async () => {
  const control = await startControl()
  const gateway = await startTestGateway(control)
  await ready(gateway)
  const { text } = await control.organizations.createTicket(null, {
    purpose: 'gateway',
    credential: {
      kind: 'session',
      organization: 'harbor',
      allows: { organization: 'harbor' },
      environment: 'production',
      actor: 'member',
      endsAt: new Date(Date.now() + 60_000),
    },
    ttlMs: 60_000,
    createdBy: 'key_test',
  })
  const open = () =>
    fetch(`http://127.0.0.1:${gateway.port}/.rockpool/sign-in?ticket=${text}`, { redirect: 'manual' })
  await control.die()
  expect(await (await open()).json()).toMatchObject({ status: 503, code: 'control_unreachable' })
  await control.revive()
  expect((await open()).status).toBe(303)
})

test('what is broken on purpose is broken for checks, and whole for everybody else, within moments', async () => {
  const control = await startControl()
  const gateway = await startTestGateway(control)
  await ready(gateway)
  const key = await liveKey(control)
  const run = await runCredential(control)
  const fault = await control.faults.create({
    service: 'catalog',
    kind: 'unavailable',
    seconds: 60,
    createdBy: 'key_test',
  })
  await control.publisher.settled(5_000)
  expect(await call(gateway, run.text, '/harbor-box/items')).toMatchObject({
    status: 503,
    code: 'fault_injected',
    detail: expect.stringMatching(/^catalog is broken on purpose for checks, for another \d+ s$/) as string,
  })
  expect((await call(gateway, key.text)).status).toBe(201)
  await control.faults.end(fault.id)
  await control.publisher.settled(5_000)
  expect((await call(gateway, run.text, '/harbor-box/items')).status).toBe(201)
})

test('what is slow on purpose lets a check wait for 3 s, and is not told to anybody as broken', async () => {
  const control = await startControl()
  const gateway = await startTestGateway(control)
  await ready(gateway)
  const key = await liveKey(control)
  const run = await runCredential(control)
  await control.faults.create({ service: 'catalog', kind: 'slow', seconds: 60, createdBy: 'key_test' })
  await control.publisher.settled(5_000)
  const began = performance.now()
  expect((await call(gateway, key.text)).status).toBe(201)
  const quick = performance.now()
  expect((await call(gateway, run.text, '/harbor-box/items')).status).toBe(201)
  expect(performance.now() - quick).toBeGreaterThan(2_900)
  expect(quick - began).toBeLessThan(2_900)
})

test('who waits at what is slow on purpose is judged anew after it: a credential that was revoked meanwhile is refused', async () => {
  const control = await startControl()
  const gateway = await startTestGateway(control)
  await ready(gateway)
  const run = await runCredential(control)
  await control.faults.create({ service: 'catalog', kind: 'slow', seconds: 60, createdBy: 'key_test' })
  await control.publisher.settled(5_000)
  const waiting = call(gateway, run.text, '/harbor-box/items')
  await control.organizations.revokeCredential(run.credential.id)
  await control.publisher.settled(5_000)
  expect(await waiting).toMatchObject({ status: 401, code: 'credential_unknown' })
})
