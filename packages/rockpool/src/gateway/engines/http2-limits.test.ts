import type { RequestListener } from 'node:http'
import { connect } from 'node:tls'
import { describe, expect, onTestFinished, test } from 'vitest'
import { makeCertificate } from '../../../test/support/certificates.ts'
import { bearer, echo, live } from '../../../test/support/gateway-client.ts'
import { listenerGatewayFor, sendHttp2 } from '../../../test/support/gateway-http2.ts'
import { temporaryFolder, until } from '../../../test/support/gateway.ts'
import {
  codeOf,
  errors,
  fields,
  flags,
  frame,
  frameClient,
  headers,
  preface,
  request,
  types,
} from '../../../test/support/http2-frames.ts'

// What a client of HTTP/2 may use up by what it does not send. The other bounds: http2-rfc9113.test.ts, calls.test.ts.

const auth = ['authorization', bearer(live)[1]!]
const get = [...request(), ...auth]
const post = [...request('/harbor/items', 'POST'), ...auth]
/** Answers once the request is whole, and takes no notice of one that breaks off. */
const whole: RequestListener = (received, response) => {
  received.on('error', () => {}).resume()
  received.once('end', () => response.end('whole'))
}
/** Longer than any of these tests. */
const idleMs = 60_000

describe('HTTP/2: a body that stands still', () => {
  test('is told so, its stream is closed without an error, and its connection goes on (RFC 9113 8.1)', async () => {
    const gateway = await listenerGatewayFor(whole, { limits: { bodyIdleMs: 150 } })
    const client = await frameClient(gateway)
    client.write(headers(1, post, 0), frame(types.data, 0, 1, Buffer.from('half')))
    const reset = await client.frame('its reset', ({ type }) => type === types.reset)
    expect([reset.stream, codeOf(reset)]).toEqual([1, errors.none])
    expect(await client.outcome(1)).toBe('status 408')
    const data = client.received.filter(({ type, stream }) => type === types.data && stream === 1)
    expect(data.at(-1)!.flags & flags.endStream).toBe(flags.endStream)
    expect(JSON.parse(Buffer.concat(data.map(({ payload }) => payload)).toString())).toMatchObject({
      code: 'request_timeout',
    })
    client.write(headers(3, get))
    expect(await client.outcome(3)).toBe('status 200')
    await until('logged', () => gateway.records.length === 2)
    expect(gateway.records[0]).toMatchObject({ aborted: 'client', bytesIn: 4 })
  })

  test('of one stream takes nothing from the others on its connection', async () => {
    const gateway = await listenerGatewayFor(whole, { limits: { bodyIdleMs: 300 } })
    const client = await frameClient(gateway)
    client.write(headers(1, post, 0), headers(3, post, 0))
    const drip = setInterval(() => client.write(frame(types.data, 0, 3, Buffer.from('x'))), 20)
    expect(await client.outcome(1).finally(() => clearInterval(drip))).toBe('status 408')
    client.write(frame(types.data, flags.endStream, 3))
    expect(await client.outcome(3)).toBe('status 200')
  })
})

describe('HTTP/2: a connection that does not come to a request', () => {
  test('is closed where it never says its SETTINGS (RFC 9113 3.4)', async () => {
    const gateway = await listenerGatewayFor(echo, { limits: { headMs: 150, idleMs } })
    const client = await frameClient(gateway, false)
    client.write(preface)
    await client.goneWith()
  })

  test('is closed where it says nothing at all behind the handshake of TLS', async () => {
    const tls = makeCertificate(temporaryFolder())
    const gateway = await listenerGatewayFor(echo, { tls, limits: { headMs: 150, idleMs } })
    const socket = connect({ host: '127.0.0.1', port: gateway.port, ca: tls.ca, ALPNProtocols: ['h2'] })
    onTestFinished(() => void socket.destroy())
    let isClosed = false
    socket.on('error', () => {}).once('close', () => (isClosed = true))
    socket.resume()
    await until('it is closed', () => isClosed)
    expect(socket.alpnProtocol).toBe('h2')
  })

  test('is closed where a head does not come to its end', async () => {
    const gateway = await listenerGatewayFor(echo, { limits: { headMs: 150, idleMs } })
    const client = await frameClient(gateway)
    client.write(frame(types.headers, flags.endStream, 1, fields(get)))
    expect(await client.goneWith()).toBe(errors.none)
    expect(gateway.records).toEqual([])
  })

  test('takes no call with it that was served before', async () => {
    let finish: (() => void) | undefined
    const gateway = await listenerGatewayFor((_, response) => void (finish = () => response.end('whole')), {
      limits: { headMs: 150, idleMs },
    })
    const client = await frameClient(gateway)
    client.write(headers(1, get))
    await until('it is served', () => finish !== undefined)
    client.write(frame(types.headers, flags.endStream, 3, fields(get)))
    const goaway = await client.frame('GOAWAY', ({ type }) => type === types.goaway)
    expect(codeOf(goaway)).toBe(errors.none)
    finish!()
    const last = await client.frame(
      'the end of the answer',
      ({ type, stream, flags: set }) => type === types.data && stream === 1 && (set & flags.endStream) !== 0,
    )
    expect(last.stream).toBe(1)
    await client.goneWith()
  })

  test('stays where its heads are whole, however long an answer takes', async () => {
    const headMs = 100
    const gateway = await listenerGatewayFor(
      (_, response) => void setTimeout(() => response.end('late'), 5 * headMs),
      { limits: { headMs, idleMs } },
    )
    const client = await frameClient(gateway)
    // Refused as malformed, which begins a stream too.
    client.write(headers(1, [...get, 'connection', 'close']), headers(3, get))
    const answer = await client.frame('an answer', ({ type, stream }) => type === types.data && stream === 3)
    expect(answer.payload.toString()).toBe('late')
    expect(client.received.filter(({ type }) => type === types.goaway)).toEqual([])
  })
})

describe('HTTP/2: the number of fields', () => {
  // Four of every request, of which one becomes its host; the key; and these.
  const many = (count: number) => Array.from({ length: count }, (_, index) => [`x-${index}`, '']).flat()

  test('is 200 at most, as with HTTP/1.1', async () => {
    const gateway = await listenerGatewayFor(echo)
    const served = await sendHttp2(gateway, { headers: [...bearer(live), ...many(198)] })
    expect(served.status).toBe(200)
    const refused = await sendHttp2(gateway, { headers: [...bearer(live), ...many(199)] })
    expect([refused.status, refused.headers['rockpool-problem']]).toEqual([431, 'headers_too_large'])
  })

  test('does not count into how many pieces a cookie came (RFC 9113 8.2.3)', async () => {
    const gateway = await listenerGatewayFor(echo)
    const crumbs = Array.from({ length: 400 }, (_, index) => ['cookie', `c${index}=1`]).flat()
    const client = await frameClient(gateway)
    client.write(headers(1, [...get, ...crumbs]))
    expect(await client.outcome(1)).toBe('status 200')
  })
})
