import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createAdaptorServer } from '@hono/node-server'
import { Hono } from 'hono'
import { expect, onTestFinished, test } from 'vitest'
import { service, temporaryFolder, until, upstream } from '../../../test/support/gateway.ts'
import { claimsAt, iss, jwksServer, testKey, tokenBy, type TestKey } from '../../../test/support/issuer.ts'
import { startOrganizations } from '../../../test/support/organizations.ts'
import { migrate, silentLog, systemClock, type IssuerConfig } from '../../kernel/index.ts'
import { gatewayMigrations } from '../index.ts'
import { createGatewayRoutes } from '../internal-routes.ts'
import { startGateway } from '../process.ts'
import { createPublisher } from '../publisher.ts'
import { createIssuerKeys } from './issuer-keys.ts'
import { createIssuerRoutes } from './route.ts'

const [k1, k2, k3] = ['k1', 'k2', 'k3'].map((kid) => testKey('ES256', { kid, which: kid })) as [
  TestKey,
  TestKey,
  TestKey,
]
const routes = [{ method: 'GET', path: '/{organization}/items', operationId: 'listItems', anonymous: false }]

/** An issuer, control's side on a real Postgres, and a gateway, joined by what really joins them. */
async function start(...published: TestKey[]) {
  const login = { keys: published, asked: 0 }
  const jwks = await jwksServer((_, response) => {
    login.asked += 1
    response.end(JSON.stringify({ keys: login.keys.map(({ key }) => key) }))
  })
  const { organizations, database, close } = await startOrganizations()
  onTestFinished(close)
  await migrate(database, [gatewayMigrations])
  // Of the issuer’s keys alone: minutes pass at once.
  let aheadMs = 0
  const issuer: IssuerConfig = {
    issuer: iss,
    jwks,
    audience: ['api'],
    organization: { claim: 'org' },
    name: 'login',
    subject: 'sub',
    prefix: '',
    algorithms: ['ES256'],
    clockSkew: '60s',
    environment: 'production',
    forwardToken: false,
  }
  const clock = { ...systemClock, now: () => Date.now() + aheadMs }
  const issuerKeys = createIssuerKeys({ issuers: [issuer], database, clock, log: silentLog })
  await issuerKeys.refresh()
  const { url } = await upstream((_, response) => response.end('{}'))
  const list = () => Promise.resolve([service('catalog', { url, routes })])
  const onChange = () => Promise.resolve({ close: () => Promise.resolve() })
  const publisher = createPublisher({
    organizations,
    services: { list, onChange },
    issuers: issuerKeys,
    clock: systemClock,
    log: silentLog,
  })
  await publisher.start()
  onTestFinished(() => publisher.stop())
  const ledger = { append: () => Promise.resolve() }
  const app = new Hono()
  for (const { prefix, mount } of [
    ...createGatewayRoutes({ publisher, organizations, ledger, log: silentLog }),
    createIssuerRoutes({ issuerKeys }),
  ]) {
    const part = new Hono()
    mount(part)
    app.route(prefix, part)
  }
  const server = createAdaptorServer({ fetch: app.fetch, createServer }) as Server
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  const gateway = await startGateway({
    name: 'gateway-1',
    host: '127.0.0.1',
    port: 0,
    controlUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    roleToken: 'token',
    accessLog: { write: () => true, once: () => {} },
    clock: systemClock,
    log: silentLog,
    folder: temporaryFolder(),
  })
  onTestFinished(() => gateway.stop())
  await until('it serves', () => gateway.notReady() === undefined)
  const call = async (key: TestKey) => {
    const authorization = `Bearer ${tokenBy(key, claimsAt(Date.now()))}`
    const response = await fetch(`http://127.0.0.1:${gateway.port}/harbor/items`, {
      headers: { authorization },
    })
    await response.arrayBuffer()
    return response.status
  }
  const pass = (ms: number) => {
    aheadMs += ms
    return issuerKeys.refresh()
  }
  return { login, database, call, pass }
}

test('a key that is published before it is used counts without a refused call, and the old one beside it', async () => {
  const { login, call, pass } = await start(k1)
  expect(await call(k1)).toBe(200)
  login.keys = [k1, k2]
  await pass(300_000)
  await until('the new one counts', async () => {
    expect(await call(k1)).toBe(200)
    return (await call(k2)) === 200
  })
  login.keys = [k2]
  await pass(300_000)
  await until('the old one counts no more', async () => {
    expect(await call(k2)).toBe(200)
    return (await call(k1)) === 401
  })
})

test('a key that is used before anybody knew of it counts after one look, which its first token asks for', async () => {
  const { login, database, call, pass } = await start(k1)
  login.keys = [k1, k3]
  for (let n = 0; n < 5; n += 1) expect(await call(k3)).toBe(401)
  await until('control has heard of it', async () => {
    const [row] = await database.query<{ wanted: boolean }>(
      'select wanted_at is not null as wanted from gateway.issuer_keys',
    )
    return row!.wanted
  })
  expect(login.asked).toBe(1)
  await pass(30_000)
  await until('it counts', async () => (await call(k3)) === 200)
  expect(await call(k1)).toBe(200)
  expect(login.asked).toBe(2)
})
