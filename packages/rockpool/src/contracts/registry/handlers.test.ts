import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { send, startApi } from '../../../test/support/api.ts'
import type { TestApi } from '../../../test/support/api.ts'
import { thingsContract } from '../../../test/support/registry.ts'
import { createSimulatedClock, migrate } from '../../kernel/index.ts'
import type { SimulatedClock } from '../../kernel/index.ts'
import { textOfBundle } from '../bundle.ts'
import { contractsMigrations } from '../index.ts'
import { registryOperations } from './handlers.ts'
import { createRegistry } from './registry.ts'
import type { Registry } from './registry.ts'

let t: TestApi
let clock: SimulatedClock
let registry: Registry
let writer: string
let reader: string

beforeAll(async () => {
  clock = createSimulatedClock()
  // The operations are mounted before there is a database to give to the registry.
  const late = new Proxy({} as Registry, { get: (_, name: keyof Registry) => registry[name] })
  t = await startApi({ clock, operations: registryOperations({ registry: late }) })
  await migrate(t.database, [contractsMigrations])
  registry = createRegistry({ database: t.database, clock })
  writer = await t.control(['read', 'write'])
  reader = await t.control(['read'])
})
afterAll(() => t.close())
beforeEach(() => t.database.query('truncate contracts.contract, contracts.watcher cascade'))

const get = (path: string, credential = reader) => send(t.server, 'GET', path, { credential })
const post = (path: string, raw: string | Buffer, credential = writer) =>
  send(t.server, 'POST', path, { credential, raw })
const versions = '/contracts/things/versions'
const wide = textOfBundle(thingsContract('1.0.0', ['a', 'b']))
const narrow = textOfBundle(thingsContract('1.1.0', ['a']))

describe('contracts over HTTP', () => {
  test('are weighed by differences of any versions, which are judged first', async () => {
    const weights = '/contracts/things/weights'
    const difference = {
      fingerprint: '0f3a',
      rule: 'request-parameter-enum-value-removed',
      place: 'parameter query kind',
      details: { before: 'b' },
      uses: [{ operation: { method: 'GET', path: '/things' } }],
    }
    const ask = (differences: object[]) => post(weights, JSON.stringify({ differences }), reader)
    expect(await ask([difference])).toMatchObject({ status: 200, body: { items: [] } })
    expect(await ask([{ ...difference, rule: 'no-such-rule' }])).toMatchObject({
      status: 422,
      body: { findings: [{ message: expect.stringContaining('is no rule') }] },
    })
    expect(await ask(Array.from({ length: 201 }, () => difference))).toMatchObject({ status: 422 })
  })

  test('have no drift where nobody watches, and none of a version that is not there', async () => {
    await post(versions, wide)
    expect(await get('/contracts/things/drift?version=1.0.0')).toMatchObject({
      status: 200,
      body: { version: { name: '1.0.0' }, findings: [], patches: [] },
    })
    expect(await get('/contracts/things/drift')).toMatchObject({ status: 404 })
  })

  test('are pushed, listed, read and compared', async () => {
    expect(await post(versions, wide)).toMatchObject({
      status: 200,
      body: { isNew: true, version: { name: '1.0.0', pushedBy: expect.stringMatching(/^key_/) } },
    })
    expect(await post(`${versions}?branch=feature%2Fx`, narrow)).toMatchObject({ status: 200 })
    expect((await get('/contracts')).body).toMatchObject({
      items: [{ service: 'things', latest: { name: '1.0.0' }, production: [], pushes: 2 }],
      next: null,
    })
    expect((await get(`${versions}?limit=1`)).body).toMatchObject({ items: [{ branch: 'feature/x' }] })
    const branch = encodeURIComponent('branch:feature/x')
    expect((await get(`${versions}/${branch}`)).body).toMatchObject({ infoVersion: '1.1.0' })
    const { headers, body } = await get(`${versions}/1.0/bundle`)
    expect([headers['content-type'], body]).toEqual(['application/json', JSON.parse(wide)])
    expect((await get(`/contracts/things/differences?from=1.0.0&to=${branch}&limit=1`)).body).toMatchObject({
      counts: { breaks: 1 },
      differences: [{ weight: 'breaks', operation: 'GET /things', sentence: 'the value b is gone' }],
    })
  })

  test('are refused with a code of their own where they break callers, until that is approved', async () => {
    await post(versions, wide)
    const refused = await post(versions, narrow)
    expect(refused).toMatchObject({
      status: 409,
      body: {
        code: 'contract_breaks',
        openBreaks: 1,
        findings: [{ path: 'GET /things parameter query kind' }],
      },
    })
    const [{ fingerprint }] = refused.body['breaks'] as [{ fingerprint: string }]
    const body = { fingerprints: [fingerprint, fingerprint], reason: 'nobody sends b' }
    const approved = await send(t.server, 'POST', '/contracts/things/approvals', { credential: writer, body })
    expect(approved).toMatchObject({ status: 201, body: { items: [{ fingerprint, revokedAt: null }] } })
    const [{ id }] = approved.body['items'] as [{ id: string }]
    const revoke = () => send(t.server, 'DELETE', `/contracts/things/approvals/${id}`, { credential: writer })
    const first = await revoke()
    expect(first).toMatchObject({ status: 200, body: { revokedAt: expect.any(String) } })
    await clock.advance(1_000)
    expect((await revoke()).body).toEqual(first.body)
    expect((await post(versions, narrow)).status).toBe(409)
    await send(t.server, 'POST', '/contracts/things/approvals', { credential: writer, body })
    expect((await post(versions, narrow)).status).toBe(200)
    expect((await get('/contracts/things/approvals')).body['items']).toHaveLength(2)
  })

  test('are told side by side: three answers, places with the lines that stand there, and what lets them pass', async () => {
    await post(versions, wide)
    await post(`${versions}?branch=x`, narrow)
    const address = '/contracts/things/differences?from=1.0&to=branch:x'
    const { body } = await get(`${address}&lines=true`)
    expect(body).toMatchObject({
      aspects: { breaks: 1, code: 1, meaning: 0 },
      operations: [{ operation: 'GET /things', differences: 1 }],
      operationsInAll: 1,
      matching: 2,
      before: 0,
      next: null,
    })
    const [told] = body['differences'] as [Record<string, { lines: object[] }> & { fingerprint: string }]
    expect(told).toMatchObject({
      wire: 'breaks',
      source: 'breaks',
      meaning: 'keeps',
      approval: null,
      met: null,
    })
    expect(told['before']).toMatchObject({
      file: 'things.json',
      line: 17,
      pointer: expect.stringContaining('/enum'),
    })
    expect(told['before']!.lines).toHaveLength(8)
    expect(told['before']!.lines[2]).toEqual({ line: 17, text: '    "enum": [' })
    const without = (await get(address)).body['differences'] as [{ before: object }]
    expect(without[0].before).toMatchObject({ line: 17, lines: [] })

    const approve = { fingerprints: [told.fingerprint.slice(0, 16)], reason: 'nobody sends b' }
    await send(t.server, 'POST', '/contracts/things/approvals', { credential: writer, body: approve })
    const [approved] = (await get(address)).body['differences'] as object[]
    expect(approved).toMatchObject({ fingerprint: told.fingerprint, approval: { reason: 'nobody sends b' } })
  })

  test('are asked for by aspect, by operation, by fingerprint, and in pages', async () => {
    const operations = (...names: string[]) => ({
      '/others': Object.fromEntries(names.map((name) => [name, { responses: { 204: { description: '' } } }])),
    })
    const one = thingsContract('1.0.0', ['a', 'b', 'c'], { 'x-a': 1 })
    const parse = JSON.parse(one.files['things.json']!) as { paths: object }
    const others = { ...parse, paths: { ...parse.paths, ...operations('get', 'put') } }
    await post(versions, textOfBundle({ ...one, files: { 'things.json': JSON.stringify(others) } }))
    await post(`${versions}?branch=x`, textOfBundle(thingsContract('1.1.0', ['a', 'd'])))
    type Told = { differences: { fingerprint: string; operation: string; weight: string }[]; next: string }
    const ask = async (query: string) => {
      const { body } = await get(`/contracts/things/differences?from=1.0.0&to=branch:x&${query}`)
      return body as unknown as Told & Record<string, unknown>
    }
    const all = await ask('')
    const weighed = all.differences.map(({ weight }) => weight)
    expect(weighed.filter((weight) => weight === 'breaks')).toHaveLength(4)
    expect(weighed.indexOf('breaks')).toBe(0)
    expect(all).toMatchObject({
      matching: all.differences.length,
      operations: [
        { operation: 'GET /others', differences: 1 },
        { operation: 'PUT /others', differences: 1 },
        { operation: 'GET /things', differences: 3 },
      ],
    })
    const some = await ask('only=breaks&operation=GET%20/things')
    expect(some).toMatchObject({ matching: 2, aspects: all['aspects'], counts: all['counts'] })
    expect(new Set(some.differences.map(({ operation }) => operation))).toEqual(new Set(['GET /things']))
    expect((await ask('operation=GET%20/nowhere')).differences).toEqual([])
    const last = all.differences.at(-1)!
    expect((await ask(`fingerprint=${last.fingerprint.slice(0, 16)}`)).differences).toEqual([last])

    const paged: object[] = []
    for (let cursor = ''; ;) {
      const page = await ask(`limit=2${cursor}`)
      expect(page).toMatchObject({ before: paged.length, matching: all.differences.length })
      paged.push(...page.differences)
      if (page.next === null) break
      cursor = `&cursor=${page.next}`
    }
    expect(paged).toEqual(all.differences)
    expect(await ask('cursor=nonsense')).toMatchObject({ code: 'invalid_input' })
  })

  test('have watchers, who read what they were told', async () => {
    const watch = (body: object) =>
      send(t.server, 'POST', '/contracts/things/watchers', { credential: writer, body })
    const own = await watch({})
    await watch({ consumer: 'orders' })
    await post(versions, wide)
    await post(versions, textOfBundle(thingsContract('2.0.0', ['a'])))
    expect((await get('/contract-notices?consumer=orders')).body['items']).toHaveLength(1)
    expect((await get('/contract-notices?mine=true', writer)).body['items']).toHaveLength(2)
    expect((await get('/contract-notices?mine=true')).body['items']).toEqual([])
    const path = `/contracts/things/watchers/${String(own.body['id'])}`
    expect((await send(t.server, 'DELETE', path, { credential: writer })).status).toBe(204)
    expect((await get('/contracts/things/watchers')).body).toMatchObject({ items: [{ consumer: 'orders' }] })
  })

  test('are read by who may read, pushed and approved by who may write, and by nobody of one organization', async () => {
    expect((await post(versions, wide, reader)).body.code).toBe('scope_missing')
    const body = { fingerprints: ['0'.repeat(16)], reason: 'x' }
    const approve = (credential: string) =>
      send(t.server, 'POST', '/contracts/things/approvals', { credential, body })
    expect((await approve(reader)).body.code).toBe('scope_missing')
    const owner = await t.memberOf('harbor', 'owner')
    expect((await get('/contracts', owner)).body.code).toBe('organization_not_allowed')
    expect((await approve(owner)).body.code).toBe('organization_not_allowed')
  })
})

describe('what is hostile', () => {
  test('is refused before it is read: 100 MB, announced or not', async () => {
    const large = Buffer.alloc(100 * 1024 * 1024, ' ')
    expect((await post(versions, large)).body.code).toBe('body_too_large')
    const headers = { 'transfer-encoding': 'chunked' }
    const unannounced = await send(t.server, 'POST', versions, { credential: writer, raw: large, headers })
    expect(unannounced.body.code).toBe('body_too_large')
  }, 60_000)

  test.each([
    ['half of it', '{', 'malformed_request'],
    ['not UTF-8', Buffer.from('{"main": "\xff"}', 'latin1'), 'malformed_request'],
    ['a list', '[]', 'invalid_input'],
    ['a million lists', '['.repeat(1_000_000), 'malformed_request'],
    ['a name that leads out', '{"main": "../x", "files": {"../x": "a"}}', 'invalid_input'],
    ['a name without a file', '{"main": "__proto__", "files": {"__proto__": "a"}}', 'invalid_input'],
    ['aliases in a circle', '{"main": "a", "files": {"a": "&a [*a, *a]"}}', 'invalid_input'],
    ['a null character', '{"main": "a", "files": {"a": "openapi: 3.1.0\\u0000"}}', 'invalid_input'],
  ])('is refused with what is wrong: %s', async (_, raw, code) => {
    const { body, status } = await post(versions, raw)
    expect([body.code, status < 500]).toEqual([code, true])
    expect((await get('/contracts')).body['items']).toEqual([])
  })

  test.each([
    '../x',
    'a/b',
    '__proto__',
    'Ünder',
    'x'.repeat(99),
    '%00',
    "x'; drop table contracts.push; --",
  ])('a service cannot be named “%s”', async (name) => {
    const { status } = await post(`/contracts/${encodeURIComponent(name)}/versions`, wide)
    expect(status).toBeOneOf([400, 404, 422])
    const found = await get(`/contracts/${encodeURIComponent(name)}/versions/latest`)
    expect(found.status).toBeOneOf([400, 404, 422])
  })

  test('a watcher watches what can be a service alone', async () => {
    const watch = (service: string, body: object) =>
      send(t.server, 'POST', `/contracts/${service}/watchers`, { credential: writer, body })
    expect((await watch('__proto__', {})).status).toBe(422)
    expect((await watch('things', { consumer: 'x'.repeat(101) })).status).toBe(422)
  })

  test('a file may be named __proto__, and is answered as it was pushed', async () => {
    const document = JSON.stringify({ openapi: '3.1.0', info: { title: 'A', version: '1.0.0' }, paths: {} })
    const raw = `{"main":"__proto__","files":{"__proto__":${JSON.stringify(document)}}}`
    expect((await post(versions, raw)).status).toBe(200)
    const { body } = await get(`${versions}/1.0.0/bundle`)
    expect(Object.getOwnPropertyDescriptor(body['files'], '__proto__')?.value).toBe(document)
  })
})

test('a watcher is told at no address that the configuration does not name', async () => {
  const watchers = '/contracts/things/watchers'
  const watch = (to: string) => post(watchers, JSON.stringify({ consumer: 'orders', to }))
  expect(await watch('https://hooks.example.com/contracts')).toMatchObject({
    status: 422,
    body: {
      findings: [
        { path: 'to', message: expect.stringContaining("notify: ['https://hooks.example.com']") as string },
      ],
    },
  })
  expect(await watch('x'.repeat(2_001))).toMatchObject({ status: 422 })
  expect(await get(watchers)).toMatchObject({ status: 200, body: { items: [] } })
})
