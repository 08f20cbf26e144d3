import { createServer, request as httpRequest } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, onTestFinished, test } from 'vitest'
import {
  credential,
  organization,
  rateLimit,
  sandbox,
  service,
  temporaryFolder,
  testGateway,
  until,
  upstream,
  type TestGateway,
} from '../../../test/support/gateway.ts'
import { bearer, echo, live, routes, send, type Received } from '../../../test/support/gateway-client.ts'
import { silentLog, systemClock } from '../../kernel/index.ts'
import { openLedger } from '../ledger.ts'
import type { Ledger } from '../ledger.ts'
import { createLimits } from '../limits/limits.ts'
import type { Snapshot, SnapshotService } from '../types.ts'
import { engines, type EngineName } from './index.ts'

const check = credential('run')
const marinaKey = credential('live', { allows: { organization: 'marina' } })
const bot = credential('run', {
  allows: { organization: 'harbor' },
  environment: 'production',
  actor: 'bot',
  run: 'run_bot',
  grant: { name: 'order and cancel', writes: 2, card: null },
})
const otherRoutes = routes.map((route) => ({ ...route, path: `/orders${route.path}` }))
const summary = ({ status, headers }: Received) => headers['rockpool-problem'] ?? status

/** A call again and again, until it is answered as wanted. */
async function untilGot(call: () => Promise<Received>, wanted: string | number): Promise<Received> {
  let last: Received | undefined
  await until(`the answer ${wanted}`, async () => summary((last = await call())) === wanted)
  return last!
}

/** A service that is dead, and can be brought back to life at the same place. */
async function dying() {
  let calls = 0
  const server = createServer((_, response) => {
    calls += 1
    response.end('back')
  })
  const listen = (port: number) =>
    new Promise<void>((resolve) => void server.listen(port, '127.0.0.1', resolve))
  await listen(0)
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return { url: `http://127.0.0.1:${port}`, revive: () => listen(port), calls: () => calls }
}

describe.each(Object.keys(engines) as EngineName[])('engine %s: limits', (engine) => {
  /** A gateway whose service `catalog` is at `url`; with what it has under way. */
  async function gatewayOf(
    url: string,
    more: Partial<SnapshotService> = {},
    rest: Partial<Snapshot> = {},
    ledger?: Ledger,
  ) {
    const limits = createLimits({ clock: systemClock, pauseMs: 200 })
    const parts = {
      organizations: [organization('harbor'), organization('marina'), sandbox('box')],
      credentials: [live, marinaKey, check, bot],
      services: [service('catalog', { url, routes, ...more })],
      ...rest,
    }
    const gateway = await testGateway(engine, parts, undefined, { limits, ...(ledger && { ledger }) })
    return { gateway, underWay: () => limits.underWay().get('catalog') ?? 0 }
  }

  /** A service that answers when it is told to. */
  async function holding() {
    const waiting: (() => void)[] = []
    const { url } = await upstream((request, response) => {
      request.resume()
      waiting.push(() => response.end('late'))
    })
    return { url, waiting, release: () => waiting.splice(0).forEach((answer) => answer()) }
  }

  const get = (gateway: TestGateway, key = live, path = '/harbor/items') =>
    send(gateway, { path, headers: bearer(key) })

  describe('rates', () => {
    test('answers tell what is left; who takes more gets 429 with when to come again, and spends no budget by it', async () => {
      const { url } = await upstream(echo)
      const rateLimits = [rateLimit({ per: 'credential', limit: 2, burst: 2, windowMs: 3_600_000 })]
      const { gateway } = await gatewayOf(url, {}, { rateLimits })
      const post = (key: typeof bot) =>
        send(gateway, { method: 'POST', path: '/harbor/items', headers: bearer(key), body: '{}' })
      const first = await post(bot)
      expect([first.status, first.headers['ratelimit-policy'], first.headers['ratelimit']]).toEqual([
        200,
        '"all";q=2;w=3600',
        expect.stringMatching(/^"all";r=1;t=1[78]\d\d$/),
      ])
      expect((await get(gateway, bot)).status).toBe(200)
      const refused = await post(bot)
      expect(refused).toMatchObject({ status: 429, headers: { 'rockpool-problem': 'rate_limited' } })
      expect(refused.headers['ratelimit']).toBe(`"all";r=0;t=${refused.headers['retry-after']}`)
      expect(Number(refused.headers['retry-after'])).toBeGreaterThan(1_700)
      expect(JSON.parse(refused.body)).toMatchObject({
        code: 'rate_limited',
        'violated-policies': ['all'],
        request: refused.headers['rockpool-request'],
      })
      expect((await get(gateway, marinaKey, '/marina/items')).status).toBe(200)
      await until('logged', () => gateway.records.some(({ refused: code }) => code === 'rate_limited'))
      // The grant allows two writes, and the refused one was none of them; nor was it ever in the ledger.
      gateway.state.change({ version: 2, set: {}, removed: { rateLimits: ['all'] } })
      expect([summary(await post(bot)), summary(await post(bot))]).toEqual([200, 'budget_spent'])
      await until('both writes are told', () => gateway.shipped.some(({ status }) => status === 200))
      await gateway.close()
      expect(new Set(gateway.shipped.map(({ id }) => id)).size).toBe(2)
    })

    test('where none applies there are no such headers, and a service’s own pass', async () => {
      const { url } = await upstream((_, response) => {
        response.setHeader('RateLimit', '"own";r=1;t=2')
        response.end()
      })
      const rateLimits = [rateLimit({ operation: 'GETOpen' })]
      const { gateway } = await gatewayOf(url, {}, { rateLimits })
      const plain = await get(gateway)
      expect([plain.headers['ratelimit'], plain.headers['ratelimit-policy']]).toEqual([
        '"own";r=1;t=2',
        undefined,
      ])
      const both = await get(gateway, live, '/harbor/open')
      expect(both.headers['ratelimit']).toMatch(/^"own";r=1;t=2, "all";r=99;t=1$/)
    })

    test('a credential or an organization that nobody knows never gets as far', async () => {
      const { url } = await upstream(echo)
      const rateLimits = [rateLimit({ limit: 1, burst: 1, windowMs: 3_600_000 })]
      const { gateway } = await gatewayOf(url, {}, { rateLimits })
      for (let turn = 0; turn < 5; turn += 1) {
        expect(summary(await get(gateway, credential('live')))).toBe('credential_unknown')
        expect(summary(await send(gateway, { path: `/nobody-${turn}/open` }))).toBe('organization_unknown')
      }
      expect((await send(gateway, { path: '/harbor/open' })).status).toBe(200)
      expect(summary(await send(gateway, { path: '/harbor/open' }))).toBe('rate_limited')
    })
  })

  describe('concurrency', () => {
    test('a slow service fills its own places: another one is served as ever, and bots are shed before customers', async () => {
      const slow = await holding()
      const { url } = await upstream(echo)
      const services = [
        service('catalog', { url: slow.url, routes, concurrency: 4 }),
        service('orders', { url, routes: otherRoutes }),
      ]
      const { gateway, underWay } = await gatewayOf('', {}, { services })
      const held = [get(gateway), get(gateway)]
      await until('two wait', () => slow.waiting.length === 2)
      for (const shed of [await get(gateway, bot), await get(gateway, check, '/box/items')])
        expect([summary(shed), shed.status, shed.headers['retry-after']]).toEqual(['overloaded', 503, '1'])
      held.push(get(gateway), get(gateway))
      await until('all places are taken', () => underWay() === 4)
      expect(summary(await get(gateway))).toBe('overloaded')
      expect(summary(await get(gateway, live, '/orders/harbor/items'))).toBe(200)
      slow.release()
      expect((await Promise.all(held)).map(summary)).toEqual([200, 200, 200, 200])
      await until('all places are free', () => underWay() === 0)
      expect(gateway.records.filter(({ refused }) => refused === 'overloaded')).toHaveLength(3)
    })

    test.each([
      'the client goes away',
      'the service hangs up',
      'its deadline passes',
      'it dies in its answer',
    ])('a place is free again when %s', async (way) => {
      let reached = 0
      const { url } = await upstream((request, response) => {
        reached += 1
        if (way === 'the service hangs up') request.socket.destroy()
        if (way === 'it dies in its answer')
          response.write('half', () => setImmediate(() => response.destroy()))
      })
      const deadlineMs = way === 'its deadline passes' ? 100 : 10_000
      const { gateway, underWay } = await gatewayOf(url, { concurrency: 1, deadlineMs })
      const request = httpRequest({
        host: '127.0.0.1',
        port: gateway.port,
        method: 'POST',
        path: '/harbor/items',
        headers: [...bearer(live), 'Host', 'a', 'Content-Length', '1'],
      })
      request.on('error', () => {}).on('response', (response) => response.on('error', () => {}).resume())
      request.end('x')
      await until('the service has it', () => reached === 1)
      if (way === 'the client goes away') {
        expect(underWay()).toBe(1)
        request.destroy()
      }
      await until('the place is free', () => underWay() === 0)
      await until('logged', () => gateway.records.length === 1)
    })

    test('a place is free again when the ledger cannot take the intent', async () => {
      const { url } = await upstream(echo)
      const full = await openLedger({
        folder: temporaryFolder(),
        ship: () => Promise.resolve(),
        clock: systemClock,
        log: silentLog,
        maxWaiting: 0,
      })
      onTestFinished(() => full.close())
      const { gateway, underWay } = await gatewayOf(url, {}, {}, full)
      const answer = await send(gateway, {
        method: 'POST',
        path: '/box/items',
        headers: bearer(check),
        body: '{}',
      })
      expect([summary(answer), underWay()]).toEqual(['gateway_cut_off', 0])
    })
  })

  describe('the breaker', () => {
    test('opens when a service dies, is tried by single calls, and closes when it is back; others meet nothing of it', async () => {
      const { url } = await upstream(echo)
      const dead = await dying()
      const services = [
        service('catalog', { url: dead.url, routes }),
        service('orders', { url, routes: otherRoutes }),
      ]
      const { gateway } = await gatewayOf('', {}, { services })
      for (let turn = 0; turn < 20; turn += 1)
        expect(summary(await get(gateway))).toBe('upstream_unreachable')
      const refused = await untilGot(() => get(gateway), 'circuit_open')
      expect([refused.status, refused.headers['retry-after']]).toEqual([503, '1'])
      expect(summary(await get(gateway, live, '/orders/harbor/items'))).toBe(200)

      await dead.revive()
      await untilGot(() => get(gateway), 200)
      await untilGot(async () => {
        const many = await Promise.all(Array.from({ length: 10 }, () => get(gateway)))
        return many.find((one) => summary(one) !== 200) ?? many[0]!
      }, 200)
      expect(dead.calls()).toBeGreaterThanOrEqual(10)
    })

    test('a client that stops in the middle of its body does not make a service look dead', async () => {
      const { url } = await upstream((request, response) => {
        request
          .on('error', () => {})
          .on('end', () => response.end())
          .resume()
      })
      const { gateway, underWay } = await gatewayOf(url, { deadlineMs: 100 })
      const requests = Array.from({ length: 25 }, () =>
        httpRequest({
          host: '127.0.0.1',
          port: gateway.port,
          method: 'POST',
          path: '/harbor/items',
          headers: [...bearer(live), 'Host', 'a', 'Content-Length', '9'],
          agent: false,
        }),
      )
      for (const request of requests) {
        request.on('error', () => {}).on('response', (response) => response.resume())
        request.write('half')
      }
      await until('all are given up', () => gateway.records.length === 25 && underWay() === 0)
      expect(summary(await get(gateway))).toBe(200)
      for (const request of requests) request.destroy()
    })
  })
})
