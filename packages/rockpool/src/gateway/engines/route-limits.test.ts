import type { RequestListener } from 'node:http'
import { describe, expect, test } from 'vitest'
import { bearer, echo, live, routes, send } from '../../../test/support/gateway-client.ts'
import { organization, service, testGateway, until, upstream } from '../../../test/support/gateway.ts'
import { rawClient, statusOf, valuesOf } from '../../../test/support/raw-http.ts'
import type { Route } from '../types.ts'
import { engines, type EngineName } from './index.ts'

// What is written for a route, through the whole gateway.

const open = async (engine: EngineName, limits: Partial<Route>, listener: RequestListener = echo) => {
  let called = 0
  const { url } = await upstream((request, response) => {
    called += 1
    listener(request, response)
  })
  const gateway = await testGateway(engine, {
    organizations: [organization('harbor')],
    credentials: [live],
    services: [service('catalog', { url, routes: routes.map((route) => ({ ...route, ...limits })) })],
  })
  return { gateway, called: () => called }
}

describe.each(Object.keys(engines) as EngineName[])('engine %s: limits of a route', (engine) => {
  test('a body as long as it may be is served, a longer one is 413, and goes nowhere', async () => {
    const { gateway, called } = await open(engine, { maxBodyBytes: 10 })
    const post = (body: string) => send(gateway, { method: 'POST', headers: bearer(live), body })
    expect((await post('x'.repeat(10))).status).toBe(200)
    const refused = await post('x'.repeat(11))
    expect([refused.status, refused.headers['rockpool-problem']]).toEqual([413, 'body_too_large'])
    expect(JSON.parse(refused.body)).toMatchObject({ code: 'body_too_large', status: 413 })
    await until('told', () => gateway.records.length === 2)
    expect(gateway.records[1]).toMatchObject({ status: 413, refused: 'body_too_large', service: 'catalog' })
    expect(called()).toBe(1)
  })

  test('whoever may not call is told that first', async () => {
    const { gateway } = await open(engine, { maxBodyBytes: 10 })
    const body = 'x'.repeat(11)
    expect((await send(gateway, { method: 'POST', body })).status).toBe(401)
  })

  test('a body in chunks is 413 once it is too long, and the connection closes', async () => {
    const { gateway } = await open(engine, { maxBodyBytes: 10 })
    const client = await rawClient(gateway.port, ['POST'])
    const key = bearer(live).join(': ')
    client.send(`POST /harbor/items HTTP/1.1\r\nHost: a\r\n${key}\r\nTransfer-Encoding: chunked\r\n\r\n`)
    client.send('5\r\nhello\r\n')
    client.send('6\r\nworld!\r\n')
    const [answer] = await client.closed()
    expect([statusOf(answer!), valuesOf(answer!.headers, 'rockpool-problem')]).toEqual([
      413,
      ['body_too_large'],
    ])
    await until('told', () => gateway.records.length === 1)
    expect(gateway.records[0]).toMatchObject({ status: 413, refused: 'body_too_large', aborted: 'client' })
  })

  test('the time in all is 504, whatever progress there is', async () => {
    const listener: RequestListener = (_, response) => {
      const timer = setInterval(() => response.writeProcessing(), 20)
      response.once('close', () => clearInterval(timer))
    }
    const { gateway } = await open(engine, { totalMs: 200 }, listener)
    const late = await send(gateway, { headers: bearer(live) })
    expect([late.status, late.headers['rockpool-problem']]).toEqual([504, 'upstream_timeout'])
    expect(JSON.parse(late.body)).toMatchObject({ detail: 'the call was not over within 200 ms' })
    await until('told', () => gateway.records.length === 1)
    expect(gateway.records[0]).toMatchObject({ status: 504, aborted: 'deadline' })
  })

  test('it counts for server-sent events where it is written', async () => {
    const listener: RequestListener = (_, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      response.write('data: 1\n\n')
    }
    const { gateway } = await open(engine, { totalMs: 200 }, listener)
    await expect(send(gateway, { headers: bearer(live) })).rejects.toThrow(/aborted|hang up/)
    await until('told', () => gateway.records.length === 1)
    expect(gateway.records[0]).toMatchObject({ status: 200, aborted: 'deadline' })
  })
})
