import { cp, writeFile } from 'node:fs/promises'
import { request } from 'node:http'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { count, limitMs } from './support/counts.ts'
import { customer } from './support/customer.ts'
import { copyShop, startInstallation } from './support/installation.ts'
import type { Installation } from './support/installation.ts'
import { liveKey, makeSandbox, serviceUrl } from './support/shop.ts'

// Who calls: signed by the gateway, never taken from a client, and never mixed up inside a service.

let shop: Installation
let live: string
let sandbox: { organization: string; key: string }

beforeAll(async () => {
  const copy = await copyShop()
  await cp(new URL('./fixtures/mirror', import.meta.url), join(copy.folder, 'mirror'), { recursive: true })
  const config = join(copy.folder, 'mirrored.config.ts')
  await writeFile(
    config,
    `import shop from './rockpool.config.ts'
     export default { ...shop, services: { ...shop.services, mirror: {
       folder: './mirror', contract: './mirror/openapi.yaml', start: ['node', 'server.ts'], database: true } } }\n`,
  )
  shop = await startInstallation({ shop: copy, config })
  live = (await liveKey(shop)).text
  sandbox = await makeSandbox(shop)
})
afterAll(async () => {
  await shop?.stop()
  await shop?.remove()
})

interface Mirrored {
  headers: string[]
  trailers: string[]
  identity: { organization: string; environment: string; actor: string; run?: string }
}

const forged = { organization: 'harbor', environment: 'production', actor: 'member' }
const fake = `eyJhbGciOiJub25lIn0.${Buffer.from(JSON.stringify({ ...forged, aud: 'mirror' })).toString('base64url')}.`

/** A request whose headers go out exactly as they are written here. */
function raw(
  method: string,
  path: string,
  headers: string[],
  trailers?: Record<string, string>,
): Promise<Mirrored> {
  return new Promise((resolve, reject) => {
    const outgoing = request(new URL(path, shop.gateway), { method, headers, agent: false }, (response) => {
      let text = ''
      response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk))
      response.on('end', () =>
        response.statusCode === 200 ? resolve(JSON.parse(text) as Mirrored) : reject(new Error(text)),
      )
    })
    outgoing.on('error', reject)
    if (trailers) {
      outgoing.write('body')
      outgoing.addTrailers(trailers)
    }
    outgoing.end()
  })
}

test.each([
  ['Rockpool-Identity', fake],
  ['rOcKpOoL-iDeNtItY', fake],
  ['ROCKPOOL_IDENTITY', fake],
  ['Rockpool-Anything', 'x'],
  ['baggage', 'rockpool.organization=harbor,rockpool.environment=production,mine=kept'],
  ['bAgGaGe', 'RockPool.Actor=member;x=1, mine=kept'],
])('a client that sends %s gains nothing', async (name, value) => {
  const host = new URL(shop.gateway).host
  const seen = await raw('GET', `/${sandbox.organization}/mirror`, [
    'Host',
    host,
    'Authorization',
    `Bearer ${sandbox.key}`,
    name,
    value,
  ])
  expect(seen.identity).toEqual(
    expect.objectContaining({
      organization: sandbox.organization,
      environment: 'sandbox',
      actor: 'customer',
    }),
  )
  const text = JSON.stringify(seen.headers)
  expect(text).not.toContain(fake)
  expect(text).not.toContain('harbor,')
  expect(text).not.toContain(sandbox.key)
  expect(text).not.toMatch(/RockPool\.Actor|rockpool\.environment=production|Rockpool-Anything/)
  const names = seen.headers
    .filter((_, index) => index % 2 === 0)
    .map((header) => header.toLowerCase().replaceAll('_', '-'))
  expect(names.filter((header) => header === 'rockpool-identity')).toHaveLength(1)
  if (value.includes('mine=kept')) expect(text).toContain('mine=kept')
})

test('a mark in the trailers gains nothing either', async () => {
  const headers = [
    'Host',
    new URL(shop.gateway).host,
    'Authorization',
    `Bearer ${sandbox.key}`,
    'Transfer-Encoding',
    'chunked',
    'Trailer',
    'Rockpool-Identity',
  ]
  const seen = await raw('POST', `/${sandbox.organization}/mirror`, headers, { 'Rockpool-Identity': fake })
  expect(JSON.stringify(seen)).not.toContain(fake)
})

test('an identity captured at one service is refused by another, and by the gateway', async () => {
  const seen = await raw('GET', '/harbor/mirror', [
    'Host',
    new URL(shop.gateway).host,
    'Authorization',
    `Bearer ${live}`,
  ])
  const at = seen.headers.findIndex((header) => header.toLowerCase() === 'rockpool-identity')
  const captured = seen.headers[at + 1]!
  const direct = async (service: string, path: string) => {
    const answer = await fetch(new URL(path, await serviceUrl(shop, service)), {
      headers: { 'rockpool-identity': captured },
    })
    return { status: answer.status, body: (await answer.json()) as { code?: string } }
  }
  // It is genuine: its own service takes it.
  expect((await direct('mirror', '/harbor/mirror')).status).toBe(200)
  expect(await direct('catalog', '/harbor/items')).toMatchObject({
    status: 401,
    body: { code: 'identity_wrong_audience' },
  })
  const atGateway = await customer(shop.gateway).call('GET', '/harbor/items', undefined, {
    'rockpool-identity': captured,
  })
  expect(atGateway).toMatchObject({ status: 401, body: { code: 'credential_missing' } })
})

test('a service that is called without an identity refuses', async () => {
  const answer = await fetch(new URL('/harbor/items', await serviceUrl(shop, 'catalog')))
  expect(answer.status).toBe(401)
})

const requests = count('interleaved', 500)

/** Interleaved requests of production and of a sandbox; gives how many saw another organization than their own. */
async function leaks(path: string): Promise<{ leaked: number; answered: number }> {
  const [harbor, tester] = [customer(shop.gateway, live), customer(shop.gateway, sandbox.key)]
  let leaked = 0
  let answered = 0
  let next = 0
  const worker = async () => {
    for (let index = next++; index < requests; index = next++) {
      const [client, organization, environment] =
        index % 2 === 0
          ? ([harbor, 'harbor', 'production'] as const)
          : ([tester, sandbox.organization, 'sandbox'] as const)
      const { status, body } = await client.call('GET', `/${organization}/${path}`)
      if (status !== 200) throw new Error(JSON.stringify(body))
      answered += 1
      if (body.organization !== organization || body.environment !== environment) leaked += 1
    }
  }
  await Promise.all(Array.from({ length: 32 }, worker))
  return { leaked, answered }
}

test(
  `${requests} interleaved production and sandbox requests through one service process: no context leaks`,
  { timeout: limitMs(60_000) },
  async () => {
    expect(await leaks('context')).toEqual({ leaked: 0, answered: requests })
  },
)

test(
  'the control: with the context in a module variable, the same requests do leak',
  { timeout: limitMs(60_000) },
  async () => {
    expect((await leaks('module-variable')).leaked).toBeGreaterThan(0)
  },
)
