import { createHash, randomBytes } from 'node:crypto'
import { Readable } from 'node:stream'
import { Agent, Pool, request as ask } from 'undici'
import { describe, expect, onTestFinished, test } from 'vitest'
import { makeCertificate } from '../../../test/support/certificates.ts'
import { readAll, temporaryFolder, until } from '../../../test/support/gateway.ts'
import { echo, gatewayFor, live, orders } from '../../../test/support/gateway-client.ts'
import {
  listenerGatewayFor,
  socketEngines,
  type SocketEngineName,
} from '../../../test/support/gateway-http2.ts'
import { engines, type EngineName } from '../engines/index.ts'

// Node's own fetch, and undici, as clients.

const authorization = `Bearer ${live.text}`
const bytes = randomBytes(3_000_000)
const sumOf = (data: Uint8Array) => createHash('sha256').update(data).digest('hex')

describe.each(Object.keys(engines) as EngineName[])('engine %s: fetch', (engine) => {
  test('sends a stream, and reads one back', async () => {
    const gateway = await gatewayFor(engine, (request, response) => void request.pipe(response))
    const body = Readable.toWeb(Readable.from(slices(bytes, 60_001))) as ReadableStream
    const init = { method: 'PUT', headers: { authorization }, body, duplex: 'half' } as RequestInit
    const response = await fetch(`${gateway.url}/harbor/items`, init)
    expect(response.status).toBe(200)
    expect(sumOf(new Uint8Array(await response.arrayBuffer()))).toBe(sumOf(bytes))
  })

  test('sees redirects, cookies and several headers of one name as the service gave them', async () => {
    const gateway = await gatewayFor(engine, (_, response) => {
      response.writeHead(302, [
        ['location', '/harbor/items?2'],
        ['set-cookie', 'a=1'],
        ['set-cookie', 'b=2'],
        ['vary', 'x'],
        ['vary', 'y'],
      ])
      response.end()
    })
    const init: RequestInit = { headers: { authorization }, redirect: 'manual' }
    const response = await fetch(`${gateway.url}/harbor/items`, init)
    expect([response.status, response.headers.get('location')]).toEqual([302, '/harbor/items?2'])
    expect(response.headers.getSetCookie()).toEqual(['a=1', 'b=2'])
    expect(response.headers.get('vary')).toBe('x, y')
  })

  test('that is aborted while the answer comes ends the call to the service', async () => {
    let gone = false
    const gateway = await gatewayFor(engine, (_, response) => {
      response.once('close', () => (gone = true))
      response.write('begun')
    })
    const abort = new AbortController()
    const init: RequestInit = { headers: { authorization }, signal: abort.signal }
    const response = await fetch(`${gateway.url}/harbor/items`, init)
    abort.abort()
    await expect(response.text()).rejects.toThrow(/abort/)
    await until('the service hears of it', () => gone)
  })
})

describe.each(Object.keys(engines) as EngineName[])('engine %s: undici', (engine) => {
  test('without pipelining: many calls at once on few connections, each with its own answer', async () => {
    const gateway = await gatewayFor(engine, echo)
    const pool = new Pool(gateway.url, { connections: 4, pipelining: 0 })
    onTestFinished(() => pool.destroy())
    const told = await Promise.all(
      Array.from({ length: 200 }, async (_, index) => {
        const method = index % 2 === 0 ? 'POST' : 'GET'
        const body = method === 'POST' ? `body ${index}` : null
        const options = { method, path: `/harbor/items?${index}`, headers: { authorization }, body } as const
        const { statusCode, body: answer } = await pool.request(options)
        const { url, body: seen } = (await answer.json()) as { url: string; body: string }
        return { statusCode, url, seen }
      }),
    )
    expect(told).toEqual(
      told.map((_, index) => ({
        statusCode: 200,
        url: `/harbor/items?${index}`,
        seen: index % 2 === 0 ? `body ${index}` : '',
      })),
    )
  })

  test('with pipelining: answers come in the order of the calls', async () => {
    const gateway = await gatewayFor(engine, (request, response) => {
      const wait = request.url!.endsWith('0') ? 20 : 0
      setTimeout(() => response.end(request.url), wait)
    })
    const pool = new Pool(gateway.url, { connections: 1, pipelining: 5 })
    onTestFinished(() => pool.destroy())
    const told = await Promise.all(
      Array.from({ length: 30 }, async (_, index) => {
        const path = `/harbor/items?${index}`
        const { statusCode, body } = await pool.request({ method: 'GET', path, headers: { authorization } })
        return [statusCode, (await body.text()) === path]
      }),
    )
    expect(told).toEqual(told.map(() => [200, true]))
  })

  test('gets trailers of an answer, and sends the credential of a service', async () => {
    const gateway = await gatewayFor(engine, (request, response) => {
      void readAll(request).then(() => {
        response.writeHead(200, { trailer: 'x-sum' })
        response.write('body')
        response.addTrailers({ 'x-sum': '1' })
        response.end()
      })
    })
    const answer = await ask(`${gateway.url}/harbor/items`, { headers: { authorization } })
    await answer.body.text()
    expect(answer.trailers).toEqual({ 'x-sum': '1' })
    const headers = { authorization: `Bearer ${orders.text}` }
    const refused = await ask(`${gateway.url}/harbor/items`, { headers })
    expect([refused.statusCode, refused.headers['rockpool-problem']]).toEqual([403, 'identity_missing'])
    await refused.body.dump()
  })
})

test.each(Object.keys(socketEngines) as SocketEngineName[])(
  'undici speaks HTTP/2 to the listener of engine %s',
  async (engine) => {
    const tls = makeCertificate(temporaryFolder())
    const gateway = await listenerGatewayFor(echo, { engine, tls })
    const dispatcher = new Agent({ allowH2: true, connect: { ca: tls.ca } })
    onTestFinished(() => dispatcher.destroy())
    const options = { method: 'POST', body: 'hello', headers: { authorization }, dispatcher } as const
    const { statusCode, body } = await ask(`https://127.0.0.1:${gateway.port}/harbor/items`, options)
    expect([statusCode, ((await body.json()) as { body: string }).body]).toEqual([200, 'hello'])
  },
)

function* slices(data: Buffer, size: number): Generator<Buffer> {
  for (let at = 0; at < data.length; at += size) yield data.subarray(at, at + size)
}
