import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createAdaptorServer } from '@hono/node-server'
import { Hono } from 'hono'
import { expect, onTestFinished, test } from 'vitest'
import { readAll, service, temporaryFolder, until, upstream } from '../../../test/support/gateway.ts'
import { startOrganizations } from '../../../test/support/organizations.ts'
import { migrate, silentLog, systemClock, toProblem } from '../../kernel/index.ts'
import { gatewayMigrations } from '../index.ts'
import { createGatewayRoutes } from '../internal-routes.ts'
import { startGateway, type GatewayProcess } from '../process.ts'
import { createPublisher, type Publisher } from '../publisher.ts'
import { createLeases } from './leases.ts'
import { createLeaseRoutes } from './route.ts'

// Gateways, control on a real Postgres, and a service that counts, joined by what really joins them.

const routes = ['GET', 'POST'].map((method) => ({
  method,
  path: '/{organization}/items',
  operationId: `${method}Items`,
  anonymous: false,
}))

async function start() {
  const { organizations, database, close } = await startOrganizations()
  onTestFinished(close)
  await migrate(database, [gatewayMigrations])
  let writes = 0
  const { url } = await upstream((request, response) => {
    void readAll(request).then(() => {
      if (request.method === 'POST') writes += 1
      response.end('{}')
    })
  })
  let server: Server | undefined
  let publisher: Publisher | undefined
  let port = 0

  /** A control; after `die` a new one, at the same address. */
  async function live() {
    const listener = { close: () => Promise.resolve() }
    const list = () => Promise.resolve([service('catalog', { url, routes })])
    const services = { list, onChange: () => Promise.resolve(listener) }
    publisher = createPublisher({
      organizations,
      services,
      clock: systemClock,
      log: silentLog,
      heartbeatMs: 50,
    })
    await publisher.start()
    const app = new Hono()
    app.onError((error) => Response.json(toProblem(error), { status: toProblem(error).status }))
    const ledger = { append: () => Promise.resolve() }
    for (const { prefix, mount } of [
      ...createGatewayRoutes({ publisher, organizations, ledger, log: silentLog }),
      createLeaseRoutes({ leases: createLeases({ database, organizations, clock: systemClock }) }),
    ]) {
      const part = new Hono()
      mount(part)
      app.route(prefix, part)
    }
    server = createAdaptorServer({ fetch: app.fetch, createServer }) as Server
    server.listen(port, '127.0.0.1')
    await once(server, 'listening')
    port = (server.address() as AddressInfo).port
  }
  async function die() {
    const gone = server
    server = undefined
    gone?.closeAllConnections()
    gone?.close()
    if (gone) await once(gone, 'close')
    await publisher?.stop()
    publisher = undefined
  }
  await live()
  onTestFinished(die)

  async function gatewayOf(name: string, folder = temporaryFolder()): Promise<GatewayProcess> {
    const gateway = await startGateway({
      name,
      host: '127.0.0.1',
      port: 0,
      controlUrl: `http://127.0.0.1:${port}`,
      roleToken: 'token',
      folder,
      accessLog: { write: () => true, once: () => {} },
      clock: systemClock,
      log: silentLog,
    })
    onTestFinished(() => gateway.stop())
    await until('it serves', () => gateway.notReady() === undefined)
    return gateway
  }

  /** The credential of a run that may write so often. */
  async function runOf(most: number): Promise<string> {
    const { text } = await organizations.createCredential(null, {
      kind: 'run',
      allows: { organization: 'harbor' },
      environment: 'production',
      actor: 'bot',
      run: 'run_bot',
      grant: { name: 'order', writes: most, card: null },
      endsAt: new Date(Date.now() + 60_000),
    })
    await publisher!.settled(5_000)
    return text
  }
  const endRun = async () => {
    await organizations.revokeWhere(null, { run: 'run_bot' })
    await publisher!.settled(5_000)
  }
  const taken = async () =>
    (await database.one<{ taken: number }>('select taken from gateway.write_budget')).taken
  const leases = () => database.query('select writes, given_back from gateway.write_lease')
  return { die, live, gatewayOf, runOf, endRun, taken, leases, writes: () => writes }
}

async function write(gateway: GatewayProcess, key: string) {
  const response = await fetch(`http://127.0.0.1:${gateway.port}/harbor/items`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}` },
  })
  const { code, detail } = (await response.json()) as { code?: string; detail?: string }
  return { status: response.status, code, detail, retryAfter: response.headers.get('retry-after') }
}

test('a run that writes at two gateways at once writes as often as its grant says, and not once more', async () => {
  const { gatewayOf, runOf, writes, taken } = await start()
  const gateways = [await gatewayOf('gateway-1'), await gatewayOf('gateway-2')] as const
  const key = await runOf(10)
  const all = await Promise.all(Array.from({ length: 40 }, (_, index) => write(gateways[index % 2]!, key)))
  expect(all.filter(({ status }) => status === 200)).toHaveLength(10)
  expect(all.filter(({ code }) => code === 'budget_spent')).toHaveLength(30)
  expect([writes(), await taken()]).toEqual([10, 10])
  for (const gateway of gateways) expect(await write(gateway, key)).toMatchObject({ code: 'budget_spent' })
})

test('what one gateway does not use another one gets, without a refused write', async () => {
  const { gatewayOf, runOf, writes } = await start()
  const gateways = [await gatewayOf('gateway-1'), await gatewayOf('gateway-2')] as const
  const key = await runOf(10)
  // Here one of a lease of three; the last two there are those that come back.
  expect((await write(gateways[0], key)).status).toBe(200)
  for (let call = 0; call < 9; call += 1) expect((await write(gateways[1], key)).status).toBe(200)
  expect(await write(gateways[0], key)).toMatchObject({ status: 429, code: 'budget_spent' })
  expect(writes()).toBe(10)
})

test('when a run is over, what it did not write is given back', async () => {
  const { gatewayOf, runOf, endRun, taken, leases } = await start()
  const gateway = await gatewayOf('gateway-1')
  const key = await runOf(10)
  expect((await write(gateway, key)).status).toBe(200)
  await endRun()
  expect(await write(gateway, key)).toMatchObject({ status: 401 })
  await until('it is given back', async () => (await taken()) === 1)
  expect(await leases()).toEqual([{ writes: 3, given_back: 2 }])
})

test('with control dead the lease can be spent, then it is “no lease, no write”; reads and what comes after go on', async () => {
  const { die, live, gatewayOf, runOf, writes } = await start()
  const gateway = await gatewayOf('gateway-1')
  const key = await runOf(10)
  expect((await write(gateway, key)).status).toBe(200)
  await die()
  // A lease of three.
  expect([(await write(gateway, key)).status, (await write(gateway, key)).status]).toEqual([200, 200])
  const refused = await write(gateway, key)
  expect(refused).toMatchObject({ status: 503, code: 'gateway_cut_off', retryAfter: '1' })
  expect(refused.detail).toContain('no lease, no write')
  expect(writes()).toBe(3)
  await live()
  await until('it writes again', async () => (await write(gateway, key)).status === 200)
})

test('a gateway that dies with a lease does not write it a second time: its writes are lost, not doubled', async () => {
  const { die, live, gatewayOf, runOf, writes, taken } = await start()
  const folder = temporaryFolder()
  const first = await gatewayOf('gateway-1', folder)
  const key = await runOf(10)
  expect((await write(first, key)).status).toBe(200)
  // It can tell nobody what it has left: two of three.
  await die()
  await first.stop()
  await live()
  const second = await gatewayOf('gateway-1', folder)
  for (let call = 0; call < 7; call += 1) expect((await write(second, key)).status).toBe(200)
  // Control has no more to lend, and the first one's two come back from nobody.
  expect([writes(), await taken()]).toEqual([8, 10])
})
