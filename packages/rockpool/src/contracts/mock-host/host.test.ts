import { signIdentity } from '@rockpool/sdk/wire'
import type { IdentityClaims } from '@rockpool/sdk/wire'
import { generateKeyPairSync } from 'node:crypto'
import type { KeyPairKeyObjectResult } from 'node:crypto'
import { afterEach, expect, test, vi } from 'vitest'
import { problem, silentLog, systemClock } from '../../kernel/index.ts'
import { addressOf, textOfBundle } from '../bundle.ts'
import type { Bundle } from '../bundle.ts'
import { startMockHost } from './host.ts'
import type { MockHost, MockHostOptions } from './host.ts'
import { createMockSource } from './source.ts'
import type { HostedMock, MockSource } from './types.ts'

const schema = {
  type: 'object',
  required: ['id', 'name'],
  properties: { id: { type: 'string' }, name: { type: 'string' } },
}
const content = { 'application/json': { schema } }
function contract(title: string): Bundle {
  const document = {
    openapi: '3.1.0',
    info: { title, version: '1.0.0' },
    paths: {
      '/{organization}/things': {
        get: {
          responses: {
            200: {
              description: '',
              content: { 'application/json': { schema: { type: 'array', items: schema } } },
            },
          },
        },
        post: {
          requestBody: { required: true, content },
          responses: { 201: { description: '', content } },
        },
      },
      '/{organization}/things/{id}': { get: { responses: { 200: { description: '', content } } } },
    },
  }
  return { main: 'things.json', files: { 'things.json': JSON.stringify(document) } }
}
const bundle = contract('Things')
const address = addressOf(bundle)

let host: MockHost | undefined
afterEach(() => host?.close())

interface World {
  mocks: HostedMock[]
  keys: Map<string, KeyPairKeyObjectResult>
  texts: Map<string, string>
  isGone: boolean
  fetched: string[]
}

/** Control as the host sees it, and what it says. */
function world(): World & { source: MockSource } {
  const said: World = {
    mocks: [{ id: 'mck_1', organization: 'box', service: 'things', address, seed: '' }],
    keys: new Map([['gateway-1', generateKeyPairSync('ed25519')]]),
    texts: new Map([[address, textOfBundle(bundle)]]),
    isGone: false,
    fetched: [],
  }
  const told = <T>(value: () => T): Promise<T> =>
    said.isGone ? Promise.reject(problem('control_unreachable', 'control is gone')) : Promise.resolve(value())
  return Object.assign(said, {
    source: {
      list: () => told(() => [...said.mocks]),
      keys: () =>
        told(() =>
          [...said.keys].map(([kid, { publicKey }]) => ({
            kid,
            trust: 'gateway' as const,
            jwk: { kty: 'OKP' as const, crv: 'Ed25519' as const, x: publicKey.export({ format: 'jwk' }).x! },
          })),
        ),
      contract: (wanted: string) =>
        told(() => {
          said.fetched.push(wanted)
          return said.texts.get(wanted)!
        }),
    },
  })
}

async function start(source: MockSource, more: Partial<MockHostOptions> = {}) {
  host = await startMockHost({
    source,
    host: '127.0.0.1',
    port: 0,
    clock: systemClock,
    log: silentLog,
    ...more,
  })
  return `http://127.0.0.1:${host.port}`
}

function identityOf(said: World, claims: Partial<IdentityClaims> = {}, kid = 'gateway-1'): string {
  const iat = Math.floor(Date.now() / 1000)
  const { privateKey } = said.keys.get(kid)!
  return signIdentity(
    {
      organization: 'box',
      environment: 'sandbox',
      actor: 'check',
      iss: 'gateway',
      aud: 'things',
      iat,
      exp: iat + 60,
      ...claims,
    },
    { kid, privateKey },
  )
}

async function call(url: string, identity?: string, body?: unknown, id = 'mck_1') {
  const response = await fetch(`${url}/${id}/box/things`, {
    method: body === undefined ? 'GET' : 'POST',
    headers: {
      ...(identity === undefined ? {} : { 'Rockpool-Identity': identity }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  return { status: response.status, body: (await response.json()) as unknown }
}

test('what a sandbox made is there for it, by the contract that it asked for', async () => {
  const said = world()
  const url = await start(said.source)
  const identity = identityOf(said)
  expect(await call(url, identity)).toEqual({ status: 200, body: [] })
  const made = await call(url, identity, { id: 'a', name: 'b' })
  expect(made).toEqual({ status: 201, body: { id: 'a', name: 'b' } })
  expect(await call(url, identity)).toEqual({ status: 200, body: [made.body] })
  expect(await call(url, identity, { name: 1 })).toMatchObject({ status: 422 })
  expect(said.fetched).toEqual([address])
})

test.each<[string, (said: World) => string | undefined, string]>([
  ['nobody', () => undefined, 'identity_missing'],
  ['what is no identity', () => 'e30.e30.e30', 'identity_refused'],
  [
    'whoever acts in production',
    (said) => identityOf(said, { environment: 'production', actor: 'customer' }),
    'environment_mismatch',
  ],
  ['another sandbox', (said) => identityOf(said, { organization: 'crate' }), 'identity_refused'],
  ['an identity for another service', (said) => identityOf(said, { aud: 'orders' }), 'identity_refused'],
  ['an old identity', (said) => identityOf(said, { iat: 1_000, exp: 1_060 }), 'identity_refused'],
  [
    'a key that control does not know',
    (said) => {
      const stranger = new Map([['gateway-1', generateKeyPairSync('ed25519')]])
      return identityOf({ ...said, keys: stranger })
    },
    'identity_refused',
  ],
])('%s is refused', async (_, identity, code) => {
  const said = world()
  const url = await start(said.source)
  expect(await call(url, identity(said))).toMatchObject({ status: 403, body: { code } })
  expect(host!.size()).toBe(0)
})

test('what was asked for a moment ago is known with the first call, and so is the key of a new gateway', async () => {
  const said = world()
  const url = await start(said.source)
  await call(url, identityOf(said))
  said.mocks.push({ ...said.mocks[0]!, id: 'mck_2', seed: 'other' })
  said.keys.set('gateway-2', generateKeyPairSync('ed25519'))
  expect(await call(url, identityOf(said, {}, 'gateway-2'), undefined, 'mck_2')).toMatchObject({
    status: 200,
  })
})

test('turned off, it answers no more, and forgets what it was told', async () => {
  const said = world()
  const url = await start(said.source)
  await call(url, identityOf(said), { id: 'a', name: 'b' })
  expect(host!.size()).toBe(1)
  const [mock] = said.mocks.splice(0)
  await vi.waitFor(() => expect(host!.size()).toBe(0), 5_000)
  expect(await call(url, identityOf(said))).toMatchObject({
    status: 503,
    body: { code: 'service_unavailable' },
  })
  said.mocks.push({ ...mock!, id: 'mck_3' })
  expect(await call(url, identityOf(said), undefined, 'mck_3')).toEqual({ status: 200, body: [] })
})

test('with control gone, what was loaded answers on; what was not is there when control is', async () => {
  const said = world()
  said.mocks.push({ ...said.mocks[0]!, id: 'mck_2', address: addressOf(contract('Others')) })
  said.texts.set(addressOf(contract('Others')), textOfBundle(contract('Others')))
  const url = await start(said.source)
  await call(url, identityOf(said), { id: 'a', name: 'b' })
  said.isGone = true
  expect((await call(url, identityOf(said))).body).toHaveLength(1)
  expect((await call(url, identityOf(said), undefined, 'mck_2')).status).toBe(503)
  said.isGone = false
  expect((await call(url, identityOf(said), undefined, 'mck_2')).status).toBe(200)
})

test('a contract that is not what its address says is not answered by', async () => {
  const said = world()
  said.texts.set(address, textOfBundle(contract('Forged')))
  const url = await start(said.source)
  expect(await call(url, identityOf(said))).toMatchObject({ status: 500, body: { code: 'internal' } })
})

test('only so many are kept: the one that was used longest ago begins anew', async () => {
  const said = world()
  for (const id of ['mck_2', 'mck_3']) said.mocks.push({ ...said.mocks[0]!, id })
  const url = await start(said.source, { mostMocks: 2 })
  const identity = identityOf(said)
  const lengthOf = async (id: string) => ((await call(url, identity, undefined, id)).body as []).length
  for (const id of ['mck_1', 'mck_2']) await call(url, identity, { id: 'a', name: 'b' }, id)
  expect(await lengthOf('mck_1')).toBe(1)
  expect(await lengthOf('mck_3')).toBe(0)
  expect(host!.size()).toBe(2)
  expect(await lengthOf('mck_1')).toBe(1)
  expect(await lengthOf('mck_2')).toBe(0)
})

test('contracts of more bytes than there is room for are answered by one after the other', async () => {
  const said = world()
  const other = contract('Others')
  said.mocks.push({ ...said.mocks[0]!, id: 'mck_2', address: addressOf(other) })
  said.texts.set(addressOf(other), textOfBundle(other))
  const url = await start(said.source, { mostBytes: 1 })
  for (const id of ['mck_1', 'mck_2', 'mck_1'])
    expect((await call(url, identityOf(said), undefined, id)).status).toBe(200)
  expect(host!.size()).toBe(1)
  expect(said.fetched).toHaveLength(3)
})

test('a body of more than a megabyte is refused', async () => {
  const said = world()
  const url = await start(said.source)
  const name = 'x'.repeat(1024 * 1024)
  expect(await call(url, identityOf(said), { id: 'a', name })).toMatchObject({ status: 413 })
})

test('control that cannot be reached is told as that', async () => {
  const source = createMockSource({ controlUrl: 'http://127.0.0.1:1', roleToken: 'none' })
  await expect(source.contract(address)).rejects.toMatchObject({ code: 'control_unreachable' })
})
