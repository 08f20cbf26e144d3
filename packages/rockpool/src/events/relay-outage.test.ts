import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { consumerService, eventsWorld, numbersByKey, publish } from '../../test/support/events.ts'
import type { ConsumerService, EventsWorld } from '../../test/support/events.ts'
import { silentLog, startPostgres, systemClock } from '../kernel/index.ts'
import type { PostgresServer } from '../kernel/index.ts'
import { createEventSigner, createHttpConsumer, createRelay, goneOrganizations } from './index.ts'
import type { Relay } from './index.ts'

// A PostgreSQL of this file's own, because it is stopped.
const password = 'only-for-this-test'
let folder: string
let server: PostgresServer
let world: EventsWorld
let consumer: ConsumerService
let relay: Relay

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rockpool-outage-'))
  await chmod(folder, 0o755)
  server = await startPostgres({ folder, password, log: silentLog })
  world = await eventsWorld(server.url)
  const keys = await world.organizations.signingKeys.list()
  const signer = createEventSigner(async (key) => {
    await world.organizations.signingKeys.register(key)
    keys.push(key)
  })
  consumer = await consumerService('payments', world.pools['payments']!, { keys: async () => keys })
  relay = createRelay({
    database: world.database,
    sources: ['orders', 'payments'].map((service) => ({ service, url: world.databases.relayUrl(service) })),
    consumers: [
      createHttpConsumer({
        service: 'payments',
        types: ['orders.*'],
        url: () => consumer.url,
        signer,
        clock: systemClock,
      }),
    ],
    gone: goneOrganizations(world.organizations),
    clock: systemClock,
    log: silentLog,
  })
  await relay.start()
}, 90_000)
afterAll(async () => {
  await relay.stop()
  await consumer.close()
  await world.close()
  await server.stop()
  await rm(folder, { recursive: true, force: true })
})

const applied = async () =>
  (
    await world.pools['payments']!.query<{
      event: string
      organization: string
      key: string
      number: string
    }>('select * from applied order by place')
  ).rows

test('PostgreSQL stops and starts again under traffic: everything committed arrives, in order, without a restart', async () => {
  const committed: string[] = []
  const unknown: Promise<unknown>[] = []
  const write = async (ms: number) => {
    for (const end = Date.now() + ms; Date.now() < end;) {
      const one = publish(world.pools['orders']!, { key: `k${committed.length % 3}` }).then((id) =>
        committed.push(id),
      )
      unknown.push(one.catch(() => {}))
      await Promise.race([one.catch(() => {}), delay(20)])
      await delay(5)
    }
  }
  await write(300)
  const { port } = server
  await Promise.all([write(700), server.stop()])
  await write(2_000)
  server = await startPostgres({ folder, password, log: silentLog, port })
  expect(server.port).toBe(port)
  await write(300)
  await Promise.all(unknown)

  expect(committed.length).toBeGreaterThan(20)
  await expect
    .poll(async () => (await applied().catch(() => [])).map(({ event }) => event), {
      timeout: 40_000,
      interval: 50,
    })
    .toEqual(expect.arrayContaining(committed))
  const rows = await applied()
  expect(new Set(rows.map(({ event }) => event)).size).toBe(rows.length)
  for (const [key, numbers] of numbersByKey(rows)) {
    expect([key, numbers]).toEqual([key, numbers.map((_, index) => index + 1)])
  }
  expect((await world.events.held()).map(({ error }) => error)).toEqual([])
  await expect
    .poll(() => world.events.sources(), { timeout: 10_000 })
    .toMatchObject([{ error: null }, { error: null }, { error: null }])
  await world.events.barrier('service:payments')
}, 90_000)
