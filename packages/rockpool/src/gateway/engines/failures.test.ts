import { randomBytes } from 'node:crypto'
import { request as httpRequest } from 'node:http'
import { connect } from 'node:net'
import { describe, expect, test } from 'vitest'
import { service, until } from '../../../test/support/gateway.ts'
import { live, routes, gatewayFor, send, bearer, echo } from '../../../test/support/gateway-client.ts'
import { silentAddress } from '../../../test/support/silent-address.ts'
import { engines, type EngineName } from './index.ts'

/** A connection has 2 s (docs/gateway.md, “Engines”); undici looks twice a second, and the machine may be busy. */
const connectCeilingMs = 5_000

describe.each(Object.keys(engines) as EngineName[])('engine %s: when something breaks', (engine) => {
  test('a service that is not there: 502 (RFC 9110 15.6.3)', async () => {
    const gateway = await gatewayFor(engine, echo)
    gateway.state.change({
      version: 2,
      set: { services: [service('catalog', { url: 'http://127.0.0.1:1', routes })] },
      removed: {},
    })
    const received = await send(gateway, { headers: bearer(live) })
    expect([received.status, received.headers['rockpool-problem']]).toEqual([502, 'upstream_unreachable'])
    expect(JSON.parse(received.body)).toMatchObject({
      service: 'catalog',
      request: received.headers['rockpool-request'],
    })
  })

  test('a service at an address that answers nothing to a connection: 502 after 2 s, whatever the method', async () => {
    const gateway = await gatewayFor(engine, echo)
    const url = await silentAddress()
    const set = { services: [service('catalog', { url, routes, deadlineMs: 60_000 })] }
    gateway.state.change({ version: 2, set, removed: {} })
    const began = performance.now()
    const calls = ['GET', 'POST'].map((method) => send(gateway, { method, headers: bearer(live) }))
    for (const { status, headers } of await Promise.all(calls))
      expect([status, headers['rockpool-problem']]).toEqual([502, 'upstream_unreachable'])
    expect(performance.now() - began).toBeLessThan(connectCeilingMs)
  })

  test('a service that hangs up before it answers: 502', async () => {
    const gateway = await gatewayFor(engine, (request) => request.socket.destroy())
    const received = await send(gateway, { method: 'POST', headers: bearer(live), body: 'x' })
    expect([received.status, received.headers['rockpool-problem']]).toEqual([502, 'upstream_failed'])
  })

  test('a service that does not answer in time: 504 (RFC 9110 15.6.5)', async () => {
    let aborted = false
    const gateway = await gatewayFor(
      engine,
      (request) => void request.once('close', () => (aborted = true)),
      100,
    )
    const received = await send(gateway, { headers: bearer(live) })
    expect([received.status, received.headers['rockpool-problem']]).toEqual([504, 'upstream_timeout'])
    await until('the service hears of it', () => aborted)
  })

  test('a service that dies in the middle of its answer: the client can tell', async () => {
    const gateway = await gatewayFor(engine, (_, response) => {
      response.write('half', () => setImmediate(() => response.destroy()))
    })
    await expect(send(gateway, { headers: bearer(live) })).rejects.toThrow(/aborted|reset/i)
    await until('logged', () => gateway.records.length === 1)
    expect(gateway.records[0]).toMatchObject({ status: 200, aborted: 'upstream' })
  })

  test('a service that answers less than it announced: the client can tell (RFC 9112 8)', async () => {
    const gateway = await gatewayFor(engine, (_, response) => {
      response.writeHead(200, { 'content-length': '10' })
      response.write('half', () => setImmediate(() => response.destroy()))
    })
    await expect(send(gateway, { headers: bearer(live) })).rejects.toThrow(/aborted|reset/i)
  })

  test('a service that stops in the middle of its answer is given up', async () => {
    const gateway = await gatewayFor(engine, (_, response) => void response.write('half'), 100)
    await expect(send(gateway, { headers: bearer(live) })).rejects.toThrow(/aborted|reset/i)
    await until('logged', () => gateway.records.length === 1)
    expect(gateway.records[0]).toMatchObject({ status: 200, aborted: 'deadline' })
  })

  test('a client that goes away takes the service’s work with it', async () => {
    let aborted = false
    let reached = false
    const gateway = await gatewayFor(engine, (_, response) => {
      reached = true
      response.once('close', () => (aborted = true))
    })
    const request = httpRequest({
      host: '127.0.0.1',
      port: gateway.port,
      path: '/harbor/items',
      headers: [...bearer(live), 'Host', 'a'],
    })
    request.on('error', () => {})
    request.end()
    await until('the service works', () => reached)
    request.destroy()
    await until('the service hears of it', () => aborted)
    await until('logged', () => gateway.records.length === 1)
    expect(gateway.records[0]).toMatchObject({ status: null, aborted: 'client' })
  })

  test('a client that goes away in the middle of its body', async () => {
    let failed = false
    let started = false
    const gateway = await gatewayFor(engine, (request) => {
      request.once('data', () => (started = true))
      request.once('error', () => (failed = true))
    })
    const request = httpRequest({
      host: '127.0.0.1',
      port: gateway.port,
      method: 'POST',
      path: '/harbor/items',
      headers: [...bearer(live), 'Host', 'a', 'Content-Length', '1000'],
    })
    request.on('error', () => {})
    request.write('half')
    await until('the service reads', () => started)
    request.destroy()
    await until('the service hears of it', () => failed)
  })

  test('a service that refuses a body early: its answer comes through', async () => {
    const gateway = await gatewayFor(engine, (_, response) => {
      response.writeHead(413)
      response.end('too large')
    })
    const received = await send(gateway, {
      method: 'POST',
      headers: bearer(live),
      body: randomBytes(3_000_000),
    })
    expect([received.status, received.body]).toEqual([413, 'too large'])
  })

  test('a body that breaks off its form while the answer is on its way: no second answer goes into it', async () => {
    const gateway = await gatewayFor(engine, (_, response) => void response.write('half'))
    let received = ''
    const head = [
      'POST /harbor/items HTTP/1.1',
      'Host: a',
      bearer(live).join(': '),
      'Transfer-Encoding: chunked',
    ]
    const socket = connect(gateway.port, '127.0.0.1', () =>
      socket.write(`${head.join('\r\n')}\r\n\r\n1\r\nx\r\n`),
    )
    socket.setEncoding('latin1').on('data', (chunk: string) => (received += chunk))
    const closed = new Promise((resolve) => socket.once('close', resolve))
    await until('the answer has begun', () => received.includes('half'))
    socket.write('not a size\r\n')
    await closed
    expect(received.match(/HTTP\/1\.1/g)).toEqual(['HTTP/1.1'])
  })

  test.each([
    ['GET', 200, 3],
    ['POST', 502, 2],
  ])(
    'a kept connection that the service is just closing: %s gives %i (RFC 9110 9.2.2)',
    async (method, status, expected) => {
      let calls = 0
      const served = new WeakSet<object>()
      // The first call on each connection is answered; the next one on it finds it being closed.
      const gateway = await gatewayFor(engine, (request, response) => {
        calls += 1
        if (served.has(request.socket)) return void request.socket.destroy()
        served.add(request.socket)
        response.end('ok')
      })
      expect((await send(gateway, { headers: bearer(live) })).status).toBe(200)
      expect((await send(gateway, { method, headers: bearer(live) })).status).toBe(status)
      expect(calls).toBe(expected)
    },
  )
})
