import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { freshDatabase } from '../../../test/support/database.ts'
import { until } from '../../../test/support/gateway.ts'
import { iss, jwksServer, testKey, type TestKey } from '../../../test/support/issuer.ts'
import {
  createSimulatedClock,
  migrate,
  openDatabase,
  silentLog,
  type Database,
  type IssuerConfig,
  type SimulatedClock,
} from '../../kernel/index.ts'
import { gatewayMigrations } from '../index.ts'
import { createIssuerKeys } from './issuer-keys.ts'

let database: Database
let fresh: Awaited<ReturnType<typeof freshDatabase>>
let clock: SimulatedClock

beforeAll(async () => {
  fresh = await freshDatabase()
  database = openDatabase({ url: fresh.url, log: silentLog, applicationName: 'issuers' })
  await migrate(database, [gatewayMigrations])
})
afterAll(async () => {
  await database.close()
  await fresh.drop()
})
beforeEach(async () => {
  clock = createSimulatedClock()
  await database.query('delete from gateway.issuer_keys')
})

const [k1, k2] = [testKey('ES256'), testKey('ES256', { which: 'second', kid: 'k2' })]

/** An issuer on loopback that publishes what it is told to, and counts who asks. */
async function issuer(...first: TestKey[]) {
  const state = { keys: first, broken: false, asked: 0, url: '' }
  state.url = await jwksServer((_, response) => {
    state.asked += 1
    response
      .writeHead(state.broken ? 503 : 200)
      .end(JSON.stringify({ keys: state.keys.map(({ key }) => key) }))
  })
  return state
}

function configOf(jwks: string, more: Partial<IssuerConfig> = {}): IssuerConfig {
  return {
    issuer: iss,
    jwks,
    audience: ['api'],
    organization: { claim: 'org' },
    name: 'login.example.test',
    subject: 'sub',
    prefix: '',
    algorithms: ['ES256'],
    clockSkew: '1m',
    environment: 'production',
    forwardToken: false,
    ...more,
  }
}

const keeping = (...issuers: IssuerConfig[]) => createIssuerKeys({ issuers, database, clock, log: silentLog })
const kids = async (kept: ReturnType<typeof keeping>) =>
  (await kept.list()).map(({ keys }) => keys.map(({ kid }) => kid).join())

describe('the keys of an issuer', () => {
  test('are read at once, again after five minutes, and not before', async () => {
    const login = await issuer(k1)
    const kept = keeping(configOf(login.url))
    expect(await kept.list()).toMatchObject([{ issuer: iss, clockSkewS: 60, keys: [] }])
    await kept.refresh()
    await kept.refresh()
    expect(await kids(kept)).toEqual(['k1'])
    expect((await kept.list())[0]!.keys).toEqual([k1.key])
    await clock.advance(299_999)
    await kept.refresh()
    expect(login.asked).toBe(1)
    login.keys = [k1, k2]
    await clock.advance(1)
    await kept.refresh()
    expect(login.asked).toBe(2)
    expect(await kids(kept)).toEqual(['k1,k2'])
  })

  test('are read sooner when a gateway misses one: once in 30 s, however often it asks', async () => {
    const login = await issuer(k1)
    const kept = keeping(configOf(login.url))
    await kept.refresh()
    login.keys = [k1, k2]
    await kept.want([iss, 'https://evil.example/'])
    await kept.refresh()
    expect(login.asked).toBe(1)
    await clock.advance(30_000)
    for (let n = 0; n < 5; n += 1) {
      await kept.want([iss])
      await kept.refresh()
    }
    expect(login.asked).toBe(2)
    expect(await kids(kept)).toEqual(['k1,k2'])
  })

  test('count on through an outage, which is told; a key that is published no more is gone with the next set', async () => {
    const login = await issuer(k1)
    const kept = keeping(configOf(login.url))
    await kept.refresh()
    login.broken = true
    await clock.advance(300_000)
    await kept.refresh()
    expect(await kids(kept)).toEqual(['k1'])
    expect(await database.query('select error from gateway.issuer_keys')).toEqual([
      { error: 'it answered 503' },
    ])
    Object.assign(login, { broken: false, keys: [k2] })
    await clock.advance(30_000)
    await kept.refresh()
    expect(await kids(kept)).toEqual(['k2'])
    expect(await database.query('select error from gateway.issuer_keys')).toEqual([{ error: null }])
  })

  test('that never could be read are asked for every five seconds', async () => {
    const login = await issuer(k1)
    login.broken = true
    const kept = keeping(configOf(login.url))
    await kept.refresh()
    await clock.advance(4_999)
    await kept.refresh()
    expect(login.asked).toBe(1)
    login.broken = false
    await clock.advance(1)
    await kept.refresh()
    expect(await kids(kept)).toEqual(['k1'])
  })

  test('are not those of the place where they were published before', async () => {
    const [old, next] = [await issuer(k1), await issuer(k2)]
    await keeping(configOf(old.url)).refresh()
    next.broken = true
    const kept = keeping(configOf(next.url))
    expect(await kids(kept)).toEqual([''])
    await kept.refresh()
    expect(await kids(kept)).toEqual([''])
    next.broken = false
    await clock.advance(5_000)
    await kept.refresh()
    expect(await kids(kept)).toEqual(['k2'])
  })

  test('are kept without a private half, wherever one would stand', async () => {
    const jwk = k1.privateKey.export({ format: 'jwk' })
    const url = await jwksServer((_, response) =>
      response.end(JSON.stringify({ keys: [{ ...jwk, kid: 'k1' }] })),
    )
    const kept = keeping(configOf(url))
    await kept.refresh()
    const rows = await database.query('select row_to_json(i)::text as row from gateway.issuer_keys i')
    expect(await kids(kept)).toEqual(['k1'])
    expect(JSON.stringify([rows, await kept.list()])).not.toContain(jwk.d!)
  })

  test('are read once by several controls, and one broken issuer holds up no other', async () => {
    const login = await issuer(k1)
    const other = 'https://other.example.test/'
    const configs = [configOf('http://127.0.0.1:1/', { issuer: other, name: 'other' }), configOf(login.url)]
    const controls = [keeping(...configs), keeping(...configs), keeping(...configs)]
    await Promise.all(controls.map((control) => control.refresh()))
    expect(login.asked).toBe(1)
    expect(await kids(controls[0]!)).toEqual(['', 'k1'])
  })

  test('tell those who listen when they change', async () => {
    const login = await issuer(k1)
    const kept = keeping(configOf(login.url))
    let told = 0
    const listener = await kept.onChange(() => (told += 1))
    await kept.refresh()
    await until('it is told', () => told > 0)
    await listener.close()
  })
})
