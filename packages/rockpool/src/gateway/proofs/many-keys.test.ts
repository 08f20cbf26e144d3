import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createAdaptorServer } from '@hono/node-server'
import { Hono } from 'hono'
import { expect, onTestFinished, test } from 'vitest'
import { until, upstream } from '../../../test/support/gateway.ts'
import { startOrganizations } from '../../../test/support/organizations.ts'
import { startGatewayProcess } from '../../../test/support/partition.ts'
import { large, serviceOf } from '../../../test/support/scale.ts'
import { silentLog, systemClock, type Database } from '../../kernel/index.ts'
import { createGatewayRoutes } from '../internal-routes.ts'
import { createPublisher, type Publisher } from '../publisher.ts'

// 100,000 keys in Postgres, 20,000 routes, a gateway in a process of its own: a change costs what it is about.

/** Promised in docs/gateway.md. */
const ceilingMs = 100

const insertKeys = (database: Database, count: number) =>
  database.query(
    `insert into organizations.credential
       (id, sha256, hint, kind, organization, allows_organization, environment, actor)
     select 'key_' || n, encode(sha256(n::text::bytea), 'hex'), '', 'live', 'harbor', 'harbor', 'production', 'customer'
     from generate_series(1, $1) n`,
    [count],
  )

async function serve(
  publisher: Publisher,
  organizations: Parameters<typeof createGatewayRoutes>[0]['organizations'],
) {
  const app = new Hono()
  const ledger = { append: () => Promise.resolve() }
  for (const { prefix, mount } of createGatewayRoutes({ publisher, organizations, ledger, log: silentLog })) {
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
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

test(`a key counts within ${ceilingMs} ms of being made, and of being revoked, among 100,000`, async () => {
  const { organizations, database, close } = await startOrganizations()
  onTestFinished(close)
  await insertKeys(database, large.keys)
  const { url } = await upstream((_, response) => response.end('{}'))
  const services = Array.from({ length: large.services }, (_, index) => serviceOf(index, large, url))
  const publisher = createPublisher({
    organizations,
    services: {
      list: () => Promise.resolve(services),
      onChange: () => Promise.resolve({ close: () => Promise.resolve() }),
    },
    clock: systemClock,
    log: silentLog,
    // All that is read by time is due all the while.
    heartbeatMs: 100,
    rereadMs: 200,
    compareMs: 500,
  })
  await publisher.start()
  onTestFinished(() => publisher.stop())
  const controlUrl = await serve(publisher, organizations)
  const gateway = await startGatewayProcess({ engine: 'splice', controlUrl })
  const status = async (key: string) =>
    (await fetch(`${gateway.url}/harbor/s7/r3/new`, { headers: { authorization: `Bearer ${key}` } })).status
  const first = await organizations.createCredential(null, live)
  await until('it serves', async () => (await status(first.text).catch(() => 0)) === 200, 60_000)

  /** The best of some times: other processes hold up this one and the gateway's too. */
  const promised = async (change: () => Promise<unknown>, prepare = () => Promise.resolve()) => {
    for (let tries = 0; tries < 8; tries++) {
      await prepare()
      const began = performance.now()
      await change()
      if (await publisher.settled(Math.max(0, ceilingMs - (performance.now() - began)))) return
      await publisher.settled(10_000)
    }
    throw new Error(`not within ${ceilingMs} ms`)
  }
  const create = () => organizations.createCredential(null, live)
  let key = first
  for (let round = 0; round < 5; round++) {
    await promised(async () => (key = await create()))
    expect(await status(key.text)).toBe(200)
    await promised(
      () => organizations.revokeCredential(key.credential.id),
      async () => {
        key = await create()
        await publisher.settled(10_000)
      },
    )
    expect(await status(key.text)).toBe(401)
  }
  expect(publisher.findings()).toEqual([])
}, 120_000)

const live = {
  kind: 'live',
  organization: 'harbor',
  allows: { organization: 'harbor' },
  environment: 'production',
  actor: 'customer',
} as const
