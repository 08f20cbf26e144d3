import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { send, startApi, type TestApi } from '../../../test/support/api.ts'
import { service } from '../../../test/support/gateway-entries.ts'
import { createSimulatedClock, migrate, type SimulatedClock } from '../../kernel/index.ts'
import { gatewayMigrations } from '../index.ts'
import type { SnapshotService } from '../types.ts'
import type { DrainProgress } from './drained.ts'
import { releasesOperations } from './handlers.ts'
import { createReleases, withReleases, type Releases } from './releases.ts'

let clock: SimulatedClock
let api: TestApi
let releases: Releases
let services: SnapshotService[]
let progress: DrainProgress
let settles = 0

beforeAll(async () => {
  clock = createSimulatedClock()
  const late = () => releases
  api = await startApi({
    clock,
    operations: releasesOperations({
      releases: {
        put: (...input) => late().put(...input),
        list: (of) => late().list(of),
        weigh: (...input) => late().weigh(...input),
        drain: (...input) => late().drain(...input),
        remove: (...input) => late().remove(...input),
        removeInPlace: (...input) => late().removeInPlace(...input),
        onChange: (listener) => late().onChange(listener),
      },
      drained: { progressOf: () => progress },
      services: () => Promise.resolve(services),
      settled: () => Promise.resolve(void (settles += 1)),
      clock,
    }),
  })
  await migrate(api.database, [gatewayMigrations])
  releases = createReleases({ database: api.database, clock })
})
afterAll(() => api.close())
beforeEach(async () => {
  await api.database.query('delete from gateway.release')
  services = [service('catalog', { url: 'http://127.0.0.1:9000' }), service('orders')]
  progress = { done: false, waiting: ['gateway-1'] }
})

const at = (port: number) => `http://127.0.0.1:${port}`
const all = ['read', 'write', 'admin'] as const
const credentials = new Map<string, Promise<string>>()
function credentialFor(scopes: readonly (typeof all)[number][]): Promise<string> {
  const known = credentials.get(scopes.join()) ?? api.control(scopes)
  credentials.set(scopes.join(), known)
  return known
}
async function call(
  method: string,
  path: string,
  body?: unknown,
  scopes: readonly (typeof all)[number][] = all,
) {
  const credential = await credentialFor(scopes)
  const answer = await send(api.server, method, `/services/${path}`, {
    credential,
    ...(body === undefined ? {} : { body }),
  })
  return { status: answer.status, body: answer.body, detail: answer.body['detail'] as string | undefined }
}
const put = (name: string, url: string, weight?: number) =>
  call('PUT', `catalog/releases/${name}`, { url, ...(weight === undefined ? {} : { weight }) })
const weigh = (weights: unknown) => call('PATCH', 'catalog/releases', { weights })
const list = async () =>
  (await releases.list('catalog')).map(({ name, weight, drain }) => [
    name,
    drain === null ? weight : 'drains',
  ])

describe('a release', () => {
  test('is added, weighed, drained and removed, each once the gateways know', async () => {
    const before = settles
    expect(await put('v1', at(9001), 100)).toMatchObject({
      status: 200,
      body: { service: 'catalog', name: 'v1', url: at(9001), weight: 100, state: 'running', drain: null },
    })
    expect(await put('v2', `${at(9002)}/`)).toMatchObject({ body: { url: at(9002), weight: 0 } })
    expect((await weigh({ v1: 0, v2: 1000 })).body).toMatchObject({
      items: [
        { name: 'v1', weight: 0 },
        { name: 'v2', weight: 1000 },
      ],
    })
    const drained = await call('POST', 'catalog/releases/v1/drain')
    expect(drained.body).toMatchObject({ state: 'draining', drain: { done: false, waiting: ['gateway-1'] } })
    progress = { done: true, waiting: [] }
    expect((await call('GET', 'catalog/releases')).body).toMatchObject({
      items: [{ name: 'v1', state: 'draining', drain: { done: true, waiting: [] } }, { name: 'v2' }],
    })
    expect((await call('DELETE', 'catalog/releases/v1')).status).toBe(204)
    expect(await list()).toEqual([['v2', 1000]])
    expect(settles - before).toBeGreaterThanOrEqual(5)
  })

  test('is not removed while it is in use, and drains on', async () => {
    await put('v1', at(9001), 50)
    await put('v2', at(9002), 50)
    const removing = call('DELETE', 'catalog/releases/v1')
    let over = false
    void removing.finally(() => (over = true))
    while (!over) {
      await clock.advance(1_000)
      await new Promise((resolve) => setImmediate(resolve))
    }
    expect(await removing).toMatchObject({
      status: 504,
      body: { code: 'deadline_exceeded', detail: expect.stringContaining('gateway-1') as string },
    })
    expect(await list()).toEqual([
      ['v1', 'drains'],
      ['v2', 50],
    ])
  })

  test('takes calls again when it is added again, and a removal that waited for its drain takes nothing out', async () => {
    await put('v1', at(9001), 50)
    await put('v2', at(9002), 50)
    const { drain } = await releases.drain('catalog', 'v1', { own: null, by: 'key_1' })
    expect((await weigh({ v1: 10 })).body.findings).toEqual([
      { path: 'weights.v1', message: 'it is being drained: add it again to have it take calls' },
    ])
    expect(await put('v1', at(9001), 10)).toMatchObject({
      body: { state: 'running', weight: 10, drain: null },
    })
    await expect(releases.remove('catalog', 'v1', drain!)).rejects.toThrow('take calls again')
    const anew = await releases.drain('catalog', 'v1', { own: null, by: 'key_1' })
    expect(anew.drain).not.toBe(drain)
    expect((await releases.drain('catalog', 'v1', { own: null, by: 'key_2' })).drain).toBe(anew.drain)
  })

  test('does not move, has its address alone, and is one of ten', async () => {
    await put('v1', at(9001))
    expect(await put('v1', at(9002))).toMatchObject({
      status: 409,
      detail: expect.stringContaining('does not move') as string,
    })
    expect(await put('v2', at(9001))).toMatchObject({
      status: 409,
      detail: expect.stringContaining('v1') as string,
    })
    for (let n = 2; n <= 10; n += 1) expect((await put(`v${n}`, at(9000 + n))).status).toBe(200)
    expect(await put('v11', at(9011))).toMatchObject({ status: 409 })
  })
})

describe('somebody is left to take the calls:', () => {
  const conflict = { status: 409, detail: expect.stringContaining('nothing else would take') as string }

  test('the service itself, unless it does not run, or is what is being drained', async () => {
    await put('v1', at(9000), 100)
    expect(await call('POST', 'catalog/releases/v1/drain')).toMatchObject(conflict)
    await put('v2', at(9002), 100)
    expect((await call('POST', 'catalog/releases/v1/drain')).status).toBe(200)
    expect(await weigh({ v2: 0 })).toMatchObject(conflict)
    expect(await put('v2', at(9002), 0)).toMatchObject(conflict)
    services[0] = service('catalog', { url: null, state: 'stopped' })
    expect(await weigh({ v2: 0 })).toMatchObject(conflict)
    expect(await call('DELETE', 'catalog/releases/v2')).toMatchObject(conflict)
    services[0] = service('catalog', { url: at(9009) })
    expect((await weigh({ v2: 0 })).status).toBe(200)
  })

  test('a release at the service’s own address, the last one with a weight, is taken out without a drain', async () => {
    await put('v1', at(9000), 100)
    await put('v2', at(9002))
    expect((await call('DELETE', 'catalog/releases/v1')).status).toBe(204)
    expect(await list()).toEqual([['v2', 0]])
  })
})

describe('what is refused', () => {
  test.each<[string, string, string, unknown, number]>([
    ['a service that does not exist', 'PUT', 'cellar/releases/v1', { url: at(1) }, 404],
    ['its list', 'GET', 'cellar/releases', undefined, 404],
    ['a name that cannot stand in a header', 'PUT', 'catalog/releases/v%202', { url: at(1) }, 422],
    ['an address with a path', 'PUT', 'catalog/releases/v1', { url: `${at(1)}/v1` }, 422],
    ['where clouds keep their secrets', 'PUT', 'catalog/releases/v1', { url: 'http://169.254.169.254' }, 422],
    ['a weight below 0', 'PUT', 'catalog/releases/v1', { url: at(1), weight: -1 }, 422],
    ['a weight above 1000', 'PUT', 'catalog/releases/v1', { url: at(1), weight: 1001 }, 422],
    ['half a weight', 'PATCH', 'catalog/releases', { weights: { v1: 0.5 } }, 422],
    ['a release that is not there', 'POST', 'catalog/releases/v1/drain', undefined, 404],
  ])('%s', async (_, method, path, body, status) => {
    expect((await call(method, path, body)).status).toBe(status)
    expect(await releases.list()).toEqual([])
  })

  test('weights of which one is not known: all findings, and none is set', async () => {
    await put('v1', at(9001), 100)
    const refused = await weigh({ v1: 1, v2: 2, v3: 3 })
    expect(refused.body.findings?.map(({ path }) => path)).toEqual(['weights.v2', 'weights.v3'])
    expect(await list()).toEqual([['v1', 100]])
  })

  test('whoever may not: addresses are an owner’s, weights and drains a developer’s, and none of it one organization’s', async () => {
    const as = (scopes: readonly ('read' | 'write' | 'admin')[]) =>
      call('PUT', 'catalog/releases/v1', { url: at(9001) }, scopes)
    expect(await as(['read', 'write'])).toMatchObject({ status: 403, body: { code: 'scope_missing' } })
    expect((await as(all)).status).toBe(200)
    for (const [method, path, body] of [
      ['PATCH', 'catalog/releases', { weights: { v1: 1 } }],
      ['POST', 'catalog/releases/v1/drain', undefined],
      ['DELETE', 'catalog/releases/v1', undefined],
    ] as const)
      expect((await call(method, path, body, ['read'])).status).toBe(403)
    const credential = await api.memberOf('harbor', 'owner')
    expect((await send(api.server, 'GET', '/services/catalog/releases', { credential })).status).toBe(403)
    expect(await list()).toEqual([['v1', 0]])
  })
})

test('weights that many set at once are always one of theirs', async () => {
  await put('v1', at(9001), 100)
  await put('v2', at(9002), 0)
  const change = { own: null, by: 'key_1' }
  await Promise.all(
    Array.from({ length: 20 }, (_, n) => releases.weigh('catalog', { v1: 100 - n, v2: n }, change)),
  )
  const [one, other] = await releases.list('catalog')
  expect(one!.weight + other!.weight).toBe(100)
})

test('whoever listens is told of each change', async () => {
  let told = 0
  const listener = await releases.onChange(() => void (told += 1))
  await put('v1', at(9001), 100)
  await expect.poll(() => told).toBeGreaterThan(0)
  await listener.close()
})

test('gateways get them with their services, and no more of them than they need', async () => {
  await put('v1', at(9001), 100)
  expect(withReleases(services, await releases.list()).map((one) => one.releases)).toEqual([
    [{ name: 'v1', url: at(9001), weight: 100, drain: null }],
    [],
  ])
})
