import { expect, onTestFinished, test } from 'vitest'
import { startOrganizations } from '../../test/support/organizations.ts'
import { thingsContract } from '../../test/support/registry.ts'
import { contractsMigrations, createRegistry, createSandboxMocks } from '../contracts/index.ts'
import { createPublisher } from '../gateway/index.ts'
import { migrate, silentLog, systemClock } from '../kernel/index.ts'
import type { Config } from '../kernel/index.ts'
import { publishedMocks } from './published-mocks.ts'

const origin = 'http://127.0.0.1:8473'
const services = {
  things: {
    limits: { listThings: { total: '5s' } },
    validation: { requests: 'refuse' },
  },
} as unknown as Config['services']

/** What a gateway is told of mocks, on a real database. */
async function world() {
  const t = await startOrganizations()
  const { database, organizations } = t
  await migrate(database, [contractsMigrations])
  const clock = systemClock
  const { address } = await createRegistry({ database, clock }).keep(
    'things',
    thingsContract('1.0.0', ['a']),
    'key_1',
  )
  const mocks = createSandboxMocks({ database, organizations, clock })
  const publisher = createPublisher({
    organizations,
    services: { list: () => Promise.resolve([]), onChange: () => Promise.resolve({ close: async () => {} }) },
    mocks: publishedMocks({ mocks, services, origin }),
    clock,
    log: silentLog,
  })
  await publisher.start()
  const told: unknown[] = []
  const routes: unknown[] = []
  const disconnect = publisher.connect('one', (message) => {
    if (message.type === 'heartbeat') return
    told.push(message.type === 'snapshot' ? message.mocks : [message.set.mocks, message.removed.mocks])
    const { mockRoutes } = message.type === 'snapshot' ? message : message.set
    routes.push(message.type === 'snapshot' ? mockRoutes : [mockRoutes, message.removed.mockRoutes])
    publisher.acknowledge({ gateway: 'one', version: message.version, lastUsed: {} })
  })
  onTestFinished(async () => {
    disconnect()
    await publisher.stop()
    await t.close()
  })
  const ask = (seed: string, organization = 'harbor-box') =>
    mocks.ask({
      organization,
      service: 'things',
      address,
      version: '1.0.0',
      seed,
      askedBy: 'key_1',
      routes: [
        { method: 'GET', path: '/{organization}/things', operationId: 'listThings', anonymous: false },
      ],
    })
  return { told, routes, name: `things@${address}`, organizations, mocks, publisher, ask }
}

test('a mock is at the gateways when its asking is settled, replaced by the next one, and gone with its end', async () => {
  const { told, mocks, publisher, ask, name } = await world()
  expect(told).toEqual([[]])
  const entry = { organization: 'harbor-box', service: 'things', version: '1.0.0', origin, routes: name }
  const first = await ask('')
  expect(await publisher.settled(5_000)).toBe(true)
  expect(told.at(-1)).toEqual([[{ id: first.id, ...entry }], undefined])
  const second = await ask('friday')
  expect(await publisher.settled(5_000)).toBe(true)
  expect(told.at(-1)).toEqual([[{ id: second.id, ...entry }], [first.id]])
  await mocks.end('harbor-box', 'things')
  expect(await publisher.settled(5_000)).toBe(true)
  expect(told.at(-1)).toEqual([undefined, [second.id]])
})

test('the routes of a version are told once, with the limits of its operations, and go with its last mock', async () => {
  const { routes, name, organizations, mocks, publisher, ask } = await world()
  const settled = async () => expect(await publisher.settled(5_000)).toBe(true)
  await organizations.ensure({ slug: 'other-box', name: 'B', environment: 'sandbox', parent: 'harbor' })
  await ask('')
  await settled()
  // Of a service that is not configured any more nothing leads to its mocks.
  const without = publishedMocks({ mocks, services: {}, origin })
  expect(await without.list()).toMatchObject({ mocks: [{ service: 'things' }], routes: [] })
  const path = '/{organization}/things'
  const route = { method: 'GET', path, operationId: 'listThings', anonymous: false, totalMs: 5_000 }
  expect(routes.at(-1)).toEqual([[{ name, service: 'things', routes: [route] }], undefined])
  for (const change of [ask('', 'other-box'), ask('friday')]) {
    await change
    await settled()
    expect(routes.at(-1)).toEqual([undefined, undefined])
  }
  await mocks.end('harbor-box', 'things')
  await settled()
  expect(routes.at(-1)).toEqual([undefined, undefined])
  await mocks.end('other-box', 'things')
  await settled()
  expect(routes.at(-1)).toEqual([undefined, [name]])
})

test('what another control writes is heard of, too', async () => {
  const { told, ask } = await world()
  const { id } = await ask('')
  await expect.poll(() => told.at(-1), { timeout: 4_000 }).toMatchObject([[{ id }], undefined])
})
