import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { makeCertificate, type TestCertificate } from '../../../test/support/certificates.ts'
import { bearer, echo, live } from '../../../test/support/gateway-client.ts'
import { listenerGatewayFor, sendHttp2 } from '../../../test/support/gateway-http2.ts'
import { until } from '../../../test/support/gateway.ts'
import {
  errors,
  fields,
  flags,
  frame,
  frameClient,
  headers,
  number32,
  preface,
  request,
  settings,
  types,
  type FrameClient,
} from '../../../test/support/http2-frames.ts'

const auth = ['authorization', bearer(live)[1]!]
const pseudo = (method: string, scheme: string, path: string, authority: string) => [
  ':method',
  method,
  ':scheme',
  scheme,
  ':path',
  path,
  ':authority',
  authority,
]
const post = [...request('/harbor/items', 'POST'), ...auth]
const times = <T>(count: number, make: (index: number) => T): T[] =>
  Array.from({ length: count }, (_, index) => make(index))
/** Lets what was sent take its way, as a client does that is not in one breath. */
const turn = () => new Promise((resolve) => setImmediate(resolve))

let folder: string
let certificate: TestCertificate
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'rockpool-http2-'))
  certificate = makeCertificate(folder)
})
afterAll(() => rmSync(folder, { recursive: true }))

describe.each(['prior knowledge', 'TLS and ALPN'])('RFC 9113: a request, by %s', (by) => {
  test.each<[string, string[], string]>([
    ['8.3.1 a whole one', request(), 'status 401'],
    ['8.2 a name in upper case', [...request(), 'X-Upper', '1'], 'reset 1'],
    ['8.2.2 connection', [...request(), 'connection', 'close'], 'reset 1'],
    ['8.2.2 keep-alive', [...request(), 'keep-alive', 'x'], 'reset 1'],
    ['8.2.2 proxy-connection', [...request(), 'proxy-connection', 'x'], 'reset 1'],
    ['8.2.2 transfer-encoding', [...request(), 'transfer-encoding', 'chunked'], 'reset 1'],
    ['8.2.2 upgrade', [...request(), 'upgrade', 'websocket'], 'reset 1'],
    ['8.2.2 te: trailers', [...request(), 'te', 'trailers'], 'status 401'],
    ['8.2.2 te: gzip', [...request(), 'te', 'gzip'], 'reset 1'],
    ['8.3 a pseudo-header after a header', ['x', 'y', ...request()], 'reset 1'],
    ['8.3 one twice', [...request(), ':path', '/'], 'reset 1'],
    ['8.3 an unknown one', [':x', 'y', ...request()], 'reset 1'],
    ['8.3 one of answers', [':status', '200', ...request()], 'reset 1'],
    ['8.3.1 no :path', [':method', 'GET', ':scheme', 'http', ':authority', 'a'], 'reset 1'],
    ['8.3.1 an empty :path', pseudo('GET', 'http', '', 'a'), 'reset 1'],
    ['8.3.1 a :path without its slash', pseudo('GET', 'http', 'harbor', 'a'), 'reset 1'],
    ['8.3.1 a :path with a fragment', pseudo('GET', 'http', '/harbor/items#x', 'a'), 'status 400'],
    ['8.3.1 no :scheme', [':method', 'GET', ':path', '/', ':authority', 'a'], 'reset 1'],
    ['8.3.1 a :scheme that is not served', pseudo('GET', 'ftp', '/', 'a'), 'status 400'],
    ['8.3.1 no :method', [':scheme', 'http', ':path', '/', ':authority', 'a'], 'reset 1'],
    ['8.3.1 no host at all', [':method', 'GET', ':scheme', 'http', ':path', '/'], 'reset 1'],
    ['8.3.1 a host in place of :authority', [...request().slice(0, 6), 'host', 'a'], 'status 401'],
    ['8.3.1 a host that is :authority', [...request(), 'host', 'API.example'], 'status 401'],
    ['8.3.1 a host that is another', [...request(), 'host', 'other.example'], 'status 400'],
    ['8.3.1 two hosts', [...request().slice(0, 6), 'host', 'a', 'host', 'a'], 'reset 1'],
    ['8.3.1 an :authority with two ports', pseudo('GET', 'http', '/', 'a:80:80'), 'status 400'],
    ['8.3.1 a host that is none', [...request().slice(0, 6), 'host', 'a:80:80'], 'status 400'],
    ['8.3.1 a user in :authority', pseudo('GET', 'http', '/', 'user@a'), 'reset 1'],
    ['8.5 CONNECT', [':method', 'CONNECT', ':authority', 'a:443'], 'status 501'],
    [
      'RFC 8441 extended CONNECT',
      [':protocol', 'websocket', ...pseudo('CONNECT', 'http', '/', 'a')],
      'reset 1',
    ],
    ['8.1.1 a length without a body', [...request(), 'content-length', '3'], 'reset 1'],
    ['8.1.1 two lengths', [...request(), 'content-length', '0', 'content-length', '0'], 'reset 1'],
  ])('%s', async (_, pairs, expected) => {
    const tls = by === 'TLS and ALPN' ? certificate : undefined
    const gateway = await listenerGatewayFor(echo, { tls })
    const client = await frameClient(gateway, true, tls?.ca)
    client.write(headers(1, pairs))
    expect(await client.outcome(1)).toBe(expected)
  })
})

describe('RFC 9113: what goes on of a request', () => {
  test.each([
    ['NUL', 'a\0b'],
    ['CR', 'a\rb'],
    ['LF', 'a\nx-b: b'],
    ['a space before it', ' a'],
  ])('8.2.1: a value with %s goes on to nobody', async (_, value) => {
    const gateway = await listenerGatewayFor((received, response) => {
      response.statusCode = received.rawHeaders.some((text) => /^x-[ab]$/.test(text)) ? 500 : 200
      response.end()
    })
    const client = await frameClient(gateway)
    client.write(headers(1, [...request(), ...auth, 'x-a', value]))
    expect(await client.outcome(1)).toBe('status 200')
  })

  test('8.2.3: cookies that came apart are one header for the service, without ours', async () => {
    let raw: string[] = []
    const gateway = await listenerGatewayFor((received, response) => {
      raw = received.rawHeaders
      response.end()
    })
    const crumbs = ['cookie', 'a=1', 'x', 'y', 'cookie', 'rockpool_session=z', 'cookie', 'b=2']
    await sendHttp2(gateway, { headers: [...bearer(live), ...crumbs] })
    expect(raw.filter((_, index) => raw[index - 1] === 'cookie')).toEqual(['a=1; b=2'])
  })

  test.each<[string, Buffer[]]>([
    [
      '8.1.1 less than its length',
      [
        headers(1, [...post, 'content-length', '5'], 0),
        frame(types.data, flags.endStream, 1, Buffer.from('abc')),
      ],
    ],
    [
      '8.1.1 more than its length',
      [
        headers(1, [...post, 'content-length', '3'], 0),
        frame(types.data, 0, 1, Buffer.from('abc')),
        frame(types.data, flags.endStream, 1, Buffer.from('d')),
      ],
    ],
    ['8.1 trailers that end nothing', [headers(1, post, 0), headers(1, ['a', 'b'], 0)]],
    ['8.1 a pseudo-header in trailers', [headers(1, post, 0), headers(1, [':path', '/'])]],
  ])('%s: its stream is reset, and the service gets no whole one', async (_, frames) => {
    let whole = false
    const gateway = await listenerGatewayFor((received) => {
      received.resume().on('error', () => {})
      received.once('end', () => (whole = received.complete))
    })
    const client = await frameClient(gateway)
    client.write(...frames)
    expect(await client.outcome(1)).toBe(`reset ${errors.protocol}`)
    expect(whole).toBe(false)
  })

  test.each<[string, string[], Buffer]>([
    ['8.1.1 less than its length', ['content-length', '5'], frame(types.data, flags.endStream, 1)],
    [
      '8.1.1 more than its length',
      ['content-length', '5'],
      frame(types.data, flags.endStream, 1, Buffer.from('more')),
    ],
    ['8.1 trailers that end nothing', [], headers(1, ['a', 'b'], 0)],
    ['8.1 a pseudo-header in trailers', [], headers(1, [':path', '/'])],
  ])('%s, once the service reads: it hears of the error, and of no end', async (_, more, wrong) => {
    const ends: string[] = []
    let started = false
    const gateway = await listenerGatewayFor((received) => {
      received.once('data', () => (started = true))
      received.once('end', () => ends.push('end')).once('error', () => ends.push('error'))
    })
    const client = await frameClient(gateway)
    client.write(headers(1, [...post, ...more], 0), frame(types.data, 0, 1, Buffer.from('ab')))
    await until('the service reads', () => started)
    client.write(wrong)
    expect(await client.outcome(1)).toBe(`reset ${errors.protocol}`)
    await until('the service hears of it', () => ends.length > 0)
    expect(ends).toEqual(['error'])
    await until('logged', () => gateway.records.length === 1)
    expect(gateway.records[0]).toMatchObject({ aborted: 'client' })
  })

  test.each([
    ['an error', errors.cancel],
    ['no error', errors.none],
  ])('8.1: a body that a reset with %s breaks off does not pass for a whole one', async (_, code) => {
    const ends: string[] = []
    let started = false
    const gateway = await listenerGatewayFor((received) => {
      received.once('data', () => (started = true))
      received.once('end', () => ends.push('end')).once('error', () => ends.push('error'))
    })
    const client = await frameClient(gateway)
    client.write(headers(1, post, 0), frame(types.data, 0, 1, Buffer.from('half')))
    await until('the service reads', () => started)
    client.write(frame(types.reset, 0, 1, number32(code)))
    await until('the service hears of it', () => ends.length > 0)
    expect(ends).toEqual(['error'])
    await until('logged', () => gateway.records.length === 1)
    expect(gateway.records[0]).toMatchObject({ aborted: 'client' })
  })
})

describe('RFC 9113: a connection ends with the error of its section', () => {
  test.each<[string, Buffer[], number]>([
    ['4.2 a frame that is too large', [frame(types.data, 0, 1, Buffer.alloc(16_385))], errors.frameSize],
    [
      '4.3 fields that cannot be decompressed',
      [frame(types.headers, 5, 1, Buffer.alloc(6, 0xff))],
      errors.compression,
    ],
    ['5.1 DATA on an idle stream', [frame(types.data, 0, 1, Buffer.from('x'))], errors.protocol],
    ['5.1 RST_STREAM on an idle stream', [frame(types.reset, 0, 1, number32(8))], errors.protocol],
    [
      '5.1 DATA after the end',
      [headers(1, [...request(), ...auth]), frame(types.data, 1, 1)],
      errors.streamClosed,
    ],
    ['5.1.1 a stream that is the server’s', [headers(2, request())], errors.protocol],
    [
      '6.1 padding beyond the frame',
      [headers(1, post, 0), frame(types.data, 8, 1, Buffer.from([9, 1]))],
      errors.protocol,
    ],
    ['6.5 SETTINGS of a wrong size', [frame(types.settings, 0, 0, Buffer.alloc(3))], errors.frameSize],
    [
      '6.5.2 ENABLE_PUSH that is 2',
      [frame(types.settings, 0, 0, Buffer.from([0, 2, 0, 0, 0, 2]))],
      errors.protocol,
    ],
    ['6.6 PUSH_PROMISE of a client', [frame(types.push, 4, 1, number32(2))], errors.protocol],
    ['6.7 PING of a wrong size', [frame(types.ping, 0, 0, Buffer.alloc(6))], errors.frameSize],
    ['6.7 PING on a stream', [frame(types.ping, 0, 1, Buffer.alloc(8))], errors.protocol],
    [
      '6.9 WINDOW_UPDATE by 0',
      [headers(1, post, 0), frame(types.window, 0, 1, number32(0))],
      errors.protocol,
    ],
    [
      '6.9.1 a window beyond its limit',
      [frame(types.window, 0, 0, number32(2 ** 31 - 1))],
      errors.flowControl,
    ],
    [
      '6.9.1 more DATA than the window',
      [headers(1, post, 0), ...times(5, () => frame(types.data, 0, 1, Buffer.alloc(16_000)))],
      errors.flowControl,
    ],
    [
      '6.10 a frame between HEADERS and CONTINUATION',
      [frame(types.headers, 1, 1, fields(request())), frame(types.ping, 0, 0, Buffer.alloc(8))],
      errors.protocol,
    ],
  ])('%s', async (_, frames, code) => {
    const gateway = await listenerGatewayFor(() => {})
    const client = await frameClient(gateway)
    client.write(...frames)
    expect(await client.goneWith()).toBe(code)
  })

  test('3.4: a preface without SETTINGS', async () => {
    const gateway = await listenerGatewayFor(echo)
    const client = await frameClient(gateway, false)
    client.write(preface, frame(types.ping, 0, 0, Buffer.alloc(8)))
    expect(await client.goneWith()).toBe(errors.protocol)
  })

  test('5.5: a frame of an unknown type is passed over', async () => {
    const gateway = await listenerGatewayFor(echo)
    const client = await frameClient(gateway)
    client.write(frame(0x77, 0, 0, Buffer.alloc(8)), headers(1, request()))
    expect(await client.outcome(1)).toBe('status 401')
  })
})

describe('RFC 9113 10.5: a flood is bounded', () => {
  const resets = (from: number, count: number) =>
    times(count, (index) => {
      const stream = 2 * (from + index) + 1
      return Buffer.concat([
        headers(stream, [...request(), ...auth]),
        frame(types.reset, 0, stream, number32(errors.cancel)),
      ])
    })
  const floods: [string, (client: FrameClient) => Promise<void> | void, (number | null)[]][] = [
    [
      'of resets in one breath (CVE-2023-44487)',
      (client) => client.write(...resets(0, 300)),
      [errors.calm, null],
    ],
    [
      'of resets one after the other',
      async (client) => {
        for (let from = 0; from < 300 && !client.closed; from += 1) {
          client.write(...resets(from, 1))
          await turn()
        }
      },
      [errors.calm, null],
    ],
    ...[errors.cancel, errors.none].map((code): (typeof floods)[number] => [
      `of resets of calls under way, with code ${code}`,
      async (client) => {
        for (let stream = 1; stream < 600 && !client.closed; stream += 2) {
          client.write(headers(stream, [...request(), ...auth]))
          await turn()
          client.write(frame(types.reset, 0, stream, number32(code)))
          await turn()
        }
      },
      [errors.calm, null],
    ]),
    [
      'of PING (CVE-2019-9512)',
      (client) => client.write(...times(1_100, () => frame(types.ping, 0, 0, Buffer.alloc(8)))),
      [errors.calm, 2, null],
    ],
    [
      'of acknowledgements of a PING that was not sent',
      (client) => client.write(...times(1_100, () => frame(types.ping, flags.ack, 0, Buffer.alloc(8)))),
      [errors.calm, null],
    ],
    [
      'of SETTINGS (CVE-2019-9515)',
      (client) => client.write(...times(150, () => frame(types.settings, 0, 0))),
      [errors.calm, null],
    ],
    [
      'of CONTINUATION (VU#421644)',
      (client) =>
        client.write(
          frame(types.headers, flags.endStream, 1, fields(request())),
          ...times(1_000, () => frame(types.continuation, 0, 1, fields(['a', 'b']))),
        ),
      [2, null],
    ],
    [
      'of empty DATA (CVE-2019-9518)',
      (client) => client.write(headers(1, post, 0), ...times(300, () => frame(types.data, 0, 1))),
      [2, null],
    ],
    [
      'of malformed requests',
      (client) =>
        client.write(...times(300, (index) => headers(2 * index + 1, [...request(), 'connection', 'x']))),
      [2, null],
    ],
  ]
  test.each(floods)('%s', async (_, flood, codes) => {
    const gateway = await listenerGatewayFor((received) => void received.resume())
    const client = await frameClient(gateway)
    await flood(client)
    expect(codes).toContain(await client.goneWith())
    // Others are served meanwhile.
    expect((await sendHttp2(gateway, {})).status).toBe(401)
  })

  test('5.1.2: of streams at once, 100 are served, and the others are refused unseen', async () => {
    let calls = 0
    const gateway = await listenerGatewayFor((_, response) => {
      calls += 1
      if (calls === 100) response.end()
    })
    const client = await frameClient(gateway)
    client.write(...times(120, (index) => headers(2 * index + 1, [...request(), ...auth])))
    await until('100 are at the service', () => calls === 100)
    const refused = client.received.filter(({ type }) => type === types.reset)
    expect(refused).toHaveLength(20)
    expect(refused.every(({ payload }) => payload.readUInt32BE(0) === errors.refused)).toBe(true)
  })

  test('5.1.2: streams whose answer is not taken count as well', async () => {
    const gateway = await listenerGatewayFor(echo)
    const client = await frameClient(gateway)
    client.write(settings([4, 0]), ...times(101, (index) => headers(2 * index + 1, request())))
    expect(await client.outcome(201)).toBe(`reset ${errors.refused}`)
    const ofType = (wanted: number) => client.received.filter(({ type }) => type === wanted)
    await until('the others are answered', () => ofType(types.headers).length === 100)
    expect(ofType(types.reset)).toHaveLength(1)
  })

  test('a connection without a stream is ended, whatever it pings', async () => {
    const gateway = await listenerGatewayFor(echo, { limits: { idleMs: 200 } })
    const client = await frameClient(gateway)
    const pinging = setInterval(() => client.write(frame(types.ping, 0, 0, Buffer.alloc(8))), 20)
    expect(await client.goneWith().finally(() => clearInterval(pinging))).toBe(errors.none)
  })

  test('a client has so many connections, and another one is closed', async () => {
    const gateway = await listenerGatewayFor(echo, { limits: { maxConnectionsPerClient: 2 } })
    const [first] = [await frameClient(gateway), await frameClient(gateway)]
    await first.frame('SETTINGS', ({ type }) => type === types.settings)
    const third = await frameClient(gateway)
    await third.goneWith()
    first.socket.destroy()
    await until('there is room again', async () => {
      const next = await frameClient(gateway)
      next.write(headers(1, request()))
      return (await next.outcome(1).catch(() => '')) === 'status 401'
    })
  })
})
