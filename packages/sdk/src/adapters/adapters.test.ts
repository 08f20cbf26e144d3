import { createConnection } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { frameworks, streamedChunks, type App } from '../../test/support/apps.ts'
import { call, until } from '../../test/support/client.ts'
import { serviceDatabase, type ServiceDatabase } from '../../test/support/database.ts'
import { delivered, organizationDeleting } from '../../test/support/events.ts'
import { createSigner } from '../../test/support/signer.ts'
import { gateway, keptLog, relay, testRockpool } from '../../test/support/service.ts'
import type { Rockpool } from '../types.ts'

const nowS = Math.floor(Date.now() / 1000)
const stranger = createSigner('gateway-1', 'gateway')
const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url')
const unsigned = `${encode({ alg: 'none', typ: 'rockpool-identity+jwt', kid: 'gateway-1' })}.${gateway.sign().split('.')[1]}.`

const refusals: [what: string, token: string, code: string][] = [
  ['expired', gateway.sign({ iat: nowS - 120, exp: nowS - 60 }), 'identity_expired'],
  ['signed by another key', stranger.sign(), 'identity_forged'],
  ['signed by an unknown key', createSigner('gateway-2', 'gateway').sign(), 'identity_unknown_key'],
  ['meant for another service', gateway.sign({ aud: 'catalog' }), 'identity_wrong_audience'],
  ['not signed at all', unsigned, 'identity_malformed'],
  ['signed by the relay', relay.sign(), 'identity_wrong_trust'],
  ['larger than 4 KB', `${gateway.sign()}${'A'.repeat(5_000)}`, 'identity_malformed'],
  ['empty', '', 'identity_malformed'],
  ['garbage', 'x.y.z', 'identity_malformed'],
]

let database: ServiceDatabase
beforeAll(async () => {
  database = await serviceDatabase()
})
afterAll(() => database.drop())

describe.each(frameworks)('the adapter for %s', (_, start) => {
  const log = keptLog()
  let rockpool: Rockpool
  let app: App
  let worked = 0
  let work: () => Promise<unknown>
  const looked: unknown[] = []

  beforeAll(async () => {
    rockpool = testRockpool({ database: database.pool, log })
    app = await start(rockpool, {
      work: () => {
        worked += 1
        return work()
      },
      look: () => looked.push(rockpool.currentIdentity()?.organization),
    })
  })
  afterAll(() => app.close())

  const post = (headers: Record<string, string | string[]>, path = '/harbor/work') =>
    call(`${app.url}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'text/plain', ...headers },
      body: ['x'],
    })

  test('runs the handler as the identity of the request', async () => {
    work = async () => {
      await new Promise((resolve) => setImmediate(resolve))
      return rockpool.identity()
    }
    const token = gateway.sign({ environment: 'sandbox', actor: 'check', run: 'run_1', service: 'orders' })
    const reply = await post({ 'rockpool-identity': token, 'rockpool-request': 'req_7' })
    expect(reply.status).toBe(200)
    expect(reply.json).toEqual({
      organization: 'harbor',
      environment: 'sandbox',
      actor: 'check',
      run: 'run_1',
      service: 'orders',
      request: 'req_7',
    })
  })

  test('takes the identity from its header in any letter case', async () => {
    work = async () => rockpool.identity()
    expect((await post({ 'rOcKpOoL-iDeNtItY': gateway.sign() })).json).toMatchObject({
      organization: 'harbor',
    })
  })

  test.each(refusals)('refuses an identity that is %s', async (_what, token, code) => {
    const before = worked
    for (const header of ['Rockpool-Identity', 'rOcKpOoL-iDeNtItY']) {
      const reply = await post({ [header]: token })
      expect(reply.status).toBe(401)
      expect(reply.headers['content-type']).toBe('application/problem+json')
      expect(reply.json).toMatchObject({ code, status: 401, type: `https://rockpool.dev/problems/${code}` })
    }
    expect(worked).toBe(before)
  })

  test('refuses a request without an identity, whatever else it carries', async () => {
    const before = worked
    const reply = await post({
      rockpool_identity: gateway.sign(),
      'x-rockpool-identity': gateway.sign(),
      'Rockpool-Organization': 'harbor',
      'Rockpool-Environment': 'production',
      baggage: 'rockpool.organization=harbor,rockpool.actor=customer',
    })
    expect(reply.status).toBe(401)
    expect(reply.json).toMatchObject({ code: 'identity_missing' })
    expect(worked).toBe(before)
  })

  test('refuses two identities, even two good ones', async () => {
    const reply = await post({
      'Rockpool-Identity': [gateway.sign(), gateway.sign({ organization: 'other' })],
    })
    expect(reply.json).toMatchObject({ code: 'identity_malformed' })
  })

  test('takes nothing from other reserved headers and from baggage', async () => {
    work = async () => rockpool.identity()
    const reply = await post({
      'Rockpool-Identity': gateway.sign({ environment: 'sandbox', organization: 'mine' }),
      'Rockpool-Environment': 'production',
      'Rockpool-Organization': 'harbor',
      baggage: 'rockpool.organization=harbor,rockpool.environment=production',
    })
    expect(reply.json).toMatchObject({ organization: 'mine', environment: 'sandbox' })
  })

  test('answers the paths named without an identity, and there too refuses a forged one', async () => {
    expect((await call(`${app.url}/health?verbose`)).json).toEqual({ ok: true })
    const reply = await call(`${app.url}/health`, { headers: { 'rockpool-identity': stranger.sign() } })
    expect(reply.status).toBe(401)
    expect((await call(`${app.url}/health/`)).status).toBe(401)
  })

  test('keeps the identity for a request body that comes in pieces', async () => {
    looked.length = 0
    const reply = await call(`${app.url}/harbor/upload?n=1`, {
      method: 'POST',
      headers: { 'rockpool-identity': gateway.sign(), 'content-type': 'application/octet-stream' },
      body: ['one', 'two', 'three'],
    })
    expect(reply.json).toEqual({ bytes: 11 })
    expect(looked.length).toBeGreaterThan(0)
    expect(new Set(looked)).toEqual(new Set(['harbor']))
  })

  test('keeps the identity for a response that is made while it is read', async () => {
    looked.length = 0
    const reply = await call(`${app.url}/harbor/stream?n=1`, {
      headers: { 'rockpool-identity': gateway.sign() },
    })
    expect(reply.text).toBe('chunk 1\nchunk 2\nchunk 3\nchunk 4\nchunk 5\n')
    expect(looked.length).toBeGreaterThanOrEqual(streamedChunks)
    expect(new Set(looked)).toEqual(new Set(['harbor']))
  })

  test('answers an effect without a stand-in as a problem that names the effect', async () => {
    const mail = rockpool.effect('mail.send', { production: async () => 'sent' })
    work = () => mail()
    const reply = await post({ 'rockpool-identity': gateway.sign({ environment: 'sandbox' }) })
    expect(reply.status).toBe(501)
    expect(reply.headers['content-type']).toMatch('application/problem+json')
    expect(reply.json).toMatchObject({ code: 'effect_no_stand_in' })
    expect(reply.json['detail']).toMatch('mail.send')
  })

  test('says nothing of an unexpected error to the caller', async () => {
    work = () => Promise.reject(new Error('the password is hunter2'))
    const reply = await post({ 'rockpool-identity': gateway.sign() })
    expect(reply.status).toBe(500)
    expect(reply.text).not.toMatch('hunter2')
  })

  test('says its name at /.rockpool/health', async () => {
    expect((await call(`${app.url}/.rockpool/health`)).json).toEqual({ service: 'shop' })
    expect((await call(`${app.url}/.rockpool/health`, { method: 'POST' })).status).toBe(405)
    expect((await call(`${app.url}/.rockpool/anything`)).json).toMatchObject({
      code: 'not_found',
      status: 404,
    })
  })

  test.each([
    ['no JSON', '{', 400],
    ['no batch', '{}', 400],
    ['no events in it', '{"events":[{"event":{}}]}', 400],
    ['too many events', JSON.stringify({ events: Array.from({ length: 101 }, () => ({})) }), 400],
    ['too many bytes', `{"events":[${' '.repeat(4 * 1024 * 1024)}]}`, 413],
  ])('refuses a delivery with %s', async (_what, body, status) => {
    const reply = await call(`${app.url}/.rockpool/events`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'content-length': String(body.length) },
      body: [body],
    })
    expect(reply.status).toBe(status)
  })

  test('takes a delivery from the relay', async () => {
    const reply = await call(`${app.url}/.rockpool/events`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: ['{"events":[]}'],
    })
    expect(reply.json).toEqual({ results: [] })
  })

  /** By the event that a relay sends; it waits for work in flight. */
  const erase = async (organization: string): Promise<void> => {
    const event = organizationDeleting(organization)
    const delivery = delivered(event)
    const reply = await call(`${app.url}/.rockpool/events`, {
      method: 'POST',
      body: [JSON.stringify({ events: [delivery] })],
    })
    expect(reply.json).toEqual({ results: [{ id: event.id, outcome: 'applied' }] })
  }

  test('ends the work of a request for the head of a stream alone', async () => {
    const organization = `head-${app.url.split(':').at(-1)}`
    const headers = { 'rockpool-identity': gateway.sign({ organization }) }
    const reply = await call(`${app.url}/${organization}/stream?n=1`, { method: 'HEAD', headers })
    expect([reply.status, reply.text]).toEqual([200, ''])
    await erase(organization)
    expect(log.lines.filter(({ message }) => message.includes('still in flight'))).toEqual([])
  }, 20_000)

  test('ends the work of a request whose client goes away, so that its organization can be erased', async () => {
    let reached = (): void => {}
    const began = new Promise<void>((resolve) => (reached = resolve))
    let release = (): void => {}
    work = async () => {
      reached()
      await new Promise<void>((resolve) => (release = resolve))
      return {}
    }
    const organization = `gone-${app.url.split(':').at(-1)}`
    const socket = createConnection(Number(new URL(app.url).port), '127.0.0.1')
    socket.on('error', () => {})
    socket.write(
      `POST /${organization}/work?n=1 HTTP/1.1\r\nHost: x\r\nRockpool-Identity: ${gateway.sign({ organization })}\r\nContent-Type: text/plain\r\nContent-Length: 1\r\n\r\nx`,
    )
    await began
    socket.destroy()
    release()
    await erase(organization)
    await until(() =>
      expect(log.lines.filter(({ message }) => message.includes('still in flight'))).toEqual([]),
    )

    const refused = await call(`${app.url}/${organization}/work`, {
      method: 'POST',
      headers: { 'rockpool-identity': gateway.sign({ organization }) },
    })
    expect(refused.status).toBe(410)
    expect(refused.json).toMatchObject({ code: 'organization_deleted' })
  })
})
