import { describe, expect, test } from 'vitest'
import { readAll, service, until } from '../../../test/support/gateway.ts'
import {
  live,
  parentKey,
  routes,
  gatewayFor,
  send,
  bearer,
  echo,
} from '../../../test/support/gateway-client.ts'
import { engines, type EngineName } from './index.ts'

describe.each(Object.keys(engines) as EngineName[])('engine %s keeps and tells', (engine) => {
  describe('what it keeps', () => {
    test('a line of the access log tells the template, not the path', async () => {
      const gateway = await gatewayFor(engine, echo)
      const received = await send(gateway, {
        method: 'POST',
        path: '/harbor/items?secret=1',
        headers: bearer(live),
        body: 'hello',
      })
      await until('logged', () => gateway.records.length === 1)
      const [record] = gateway.records
      expect(record).toMatchObject({
        request: received.headers['rockpool-request'],
        method: 'POST',
        path: '/{organization}/items',
        service: 'catalog',
        status: 200,
        organization: 'harbor',
        environment: 'production',
        actor: 'customer',
        run: null,
        credential: live.id,
        bytesIn: 5,
        bytesOut: received.body.length,
        refused: null,
        aborted: null,
      })
      expect(JSON.stringify(record)).not.toContain('secret')
      expect(record!.upstreamMs).not.toBeNull()
    })

    test('the ledger knows what unsafe calls of a sandbox created, and nothing of production', async () => {
      const gateway = await gatewayFor(engine, (request, response) => {
        void readAll(request).then(() => {
          response.writeHead(201, { 'content-type': 'application/json', location: '/box/items/item_1' })
          response.end('{"name":"x","id":"item_1"}')
        })
      })
      const call = { headers: [...bearer(parentKey), 'Idempotency-Key', 'k1'], path: '/box/items?q=1' }
      expect((await send(gateway, { ...call, method: 'POST', body: '{}' })).status).toBe(201)
      await send(gateway, call)
      await send(gateway, { method: 'POST', headers: bearer(live), body: '{}' })
      await until('shipped', () => gateway.shipped.some(({ outcome }) => outcome === 'done'))
      expect(new Set(gateway.shipped.map(({ id }) => id)).size).toBe(1)
      expect(gateway.shipped.at(-1)).toMatchObject({
        run: null,
        organization: 'box',
        service: 'catalog',
        method: 'POST',
        path: '/box/items',
        idempotencyKey: 'k1',
        status: 201,
        location: '/box/items/item_1',
        resource: 'item_1',
        outcome: 'done',
      })
    })

    test('a call whose answer never came is doubtful; one that never went out is done', async () => {
      const gateway = await gatewayFor(engine, (request) => request.socket.destroy())
      await send(gateway, { method: 'DELETE', path: '/box/items', headers: bearer(parentKey) })
      await until('shipped', () => gateway.shipped.some(({ outcome }) => outcome === 'doubtful'))
      gateway.state.change({
        version: 2,
        set: { services: [service('catalog', { url: 'http://127.0.0.1:1', routes })] },
        removed: {},
      })
      await send(gateway, { method: 'DELETE', path: '/box/items', headers: bearer(parentKey) })
      await until('shipped', () => gateway.shipped.at(-1)?.outcome === 'done')
      expect(gateway.shipped.at(-1)).toMatchObject({ status: 502, location: null, resource: null })
    })
  })

  test('a revoked key counts with the change, for kept connections too', async () => {
    const gateway = await gatewayFor(engine, echo)
    expect((await send(gateway, { headers: bearer(live) })).status).toBe(200)
    expect(gateway.state.change({ version: 2, set: {}, removed: { credentials: [live.sha256] } })).toEqual([])
    expect((await send(gateway, { headers: bearer(live) })).status).toBe(401)
  })

  test('its health tells whether it serves, to whoever asks', async () => {
    const gateway = await gatewayFor(engine, echo)
    const received = await send(gateway, { path: '/.rockpool/health' })
    expect(received.status).toBe(200)
    expect(JSON.parse(received.body)).toMatchObject({
      ready: true,
      reason: null,
      version: 1,
      ledgerWaiting: 0,
      logLinesDropped: 0,
    })
    expect((await send(gateway, { path: '/.rockpool/events', method: 'POST' })).status).toBe(404)
  })

  test('a close lets what is in flight finish', async () => {
    let finish: (() => void) | undefined
    const gateway = await gatewayFor(engine, (_, response) => void (finish = () => response.end('done')))
    const answer = send(gateway, { headers: bearer(live) })
    await until('the service works', () => finish !== undefined)
    const closed = gateway.close(5_000)
    finish!()
    expect((await answer).body).toBe('done')
    await closed
    await expect(send(gateway, {})).rejects.toThrow(/ECONNREFUSED/)
  })
})
