import { generateKeyPairSync } from 'node:crypto'
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startOrganizations, type TestOrganizations } from '../../test/support/organizations.ts'
import { openDatabase, silentLog, systemClock } from '../kernel/index.ts'
import { createOrganizations } from '../organizations/index.ts'
import { createKeySet } from './jwks.ts'

/** A way to Postgres that can be cut, so that connections fail, or held, so that they hang. */
async function wayTo(target: URL) {
  const sockets = new Set<Socket>()
  let state: 'open' | 'cut' | 'held' = 'open'
  const server = createServer((client) => {
    if (state === 'cut') return client.destroy()
    const upstream = connect(Number(target.port), target.hostname)
    for (const socket of [client, upstream]) {
      sockets.add(socket)
      socket.on('error', () => {}).on('close', () => sockets.delete(socket))
    }
    client.pipe(upstream).pipe(client)
    if (state === 'held') client.pause()
    return undefined
  })
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  const url = new URL(target)
  url.port = String((server.address() as AddressInfo).port)
  return {
    url: url.href,
    set(next: typeof state) {
      state = next
      for (const socket of sockets) {
        if (next === 'cut') socket.destroy()
        if (next === 'held') socket.unpipe().pause()
      }
    },
    close() {
      for (const socket of sockets) socket.destroy()
      server.close()
    },
  }
}

let t: TestOrganizations
beforeAll(async () => {
  t = await startOrganizations()
})
afterAll(() => t.close())

async function register(kid: string): Promise<void> {
  const { x } = generateKeyPairSync('ed25519').publicKey.export({ format: 'jwk' })
  await t.organizations.signingKeys.register({
    kid,
    trust: 'gateway',
    jwk: { kty: 'OKP', crv: 'Ed25519', x: x! },
  })
}

test('a key is told the moment it is registered, and after that also while Postgres is cut off or hangs', async () => {
  const way = await wayTo(new URL(t.url))
  const database = openDatabase({ url: way.url, log: silentLog, applicationName: 'jwks' })
  const organizations = createOrganizations({ database, clock: systemClock, log: silentLog })
  const keySet = createKeySet({ organizations, log: silentLog })
  const kids = async () => (await keySet.read()).keys.map(({ kid }) => kid)
  await keySet.start()

  await register('one')
  expect(await kids()).toEqual(['one'])
  expect((await keySet.read()).keys[0]).toEqual({
    kty: 'OKP',
    crv: 'Ed25519',
    x: expect.stringMatching(/^[\w-]{43}$/),
    kid: 'one',
    use: 'sig',
    alg: 'EdDSA',
    'rockpool:trust': 'gateway',
  })

  way.set('cut')
  await register('two')
  expect(await kids()).toEqual(['one'])
  way.set('open')
  await expect.poll(kids, { timeout: 10_000 }).toEqual(['one', 'two'])

  way.set('held')
  const asked = performance.now()
  expect(await kids()).toEqual(['one', 'two'])
  expect(performance.now() - asked).toBeLessThan(1_000)

  way.set('cut')
  await keySet.close()
  await database.close()
  way.close()
})

test('without Postgres from the beginning it says so, and does not tell an empty set', async () => {
  const way = await wayTo(new URL(t.url))
  way.set('cut')
  const database = openDatabase({ url: way.url, log: silentLog, applicationName: 'jwks' })
  const organizations = createOrganizations({ database, clock: systemClock, log: silentLog })
  await expect(createKeySet({ organizations, log: silentLog }).read()).rejects.toMatchObject({
    code: 'database_unreachable',
    status: 503,
  })
  await database.close()
  way.close()
})
