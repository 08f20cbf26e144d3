import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { RequestListener } from 'node:http'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { makeCertificate, type TestCertificate } from '../../../test/support/certificates.ts'
import { bearer, echo, live } from '../../../test/support/gateway-client.ts'
import { listenerGatewayFor } from '../../../test/support/gateway-http2.ts'
import { until, type TestGateway } from '../../../test/support/gateway.ts'
import { compressionCases } from '../../../test/support/http2-compression.ts'
import { http2Differences } from '../../../test/support/http2-differences.ts'
import { frameErrors } from '../../../test/support/http2-errors.ts'
import {
  codeOf,
  data,
  errors,
  flags,
  frame,
  frameClient,
  headers,
  number32,
  request,
  settings,
  types,
  zeros,
  type FrameClient,
} from '../../../test/support/http2-frames.ts'
import { play, type CallFields, type Http2Case } from '../../../test/support/http2-play.ts'
import { closedErrors, harmless, stateErrors } from '../../../test/support/http2-states.ts'

// RFC 9113 and RFC 7541 frame by frame: what h2spec looks at (github.com/summerwind/h2spec), and more.

const auth = ['authorization', bearer(live)[1]!]
/** Answered by the gateway itself, at once, whatever of its body is to come: h2spec shows no credential. */
const refused: CallFields = { get: request('/x'), post: request('/harbor/items', 'POST') }
/** At a service that does not answer. */
const held: CallFields = {
  get: [...request(), ...auth],
  post: [...request('/harbor/items', 'POST'), ...auth],
}

let folder: string
let certificate: TestCertificate
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'rockpool-http2-'))
  certificate = makeCertificate(folder)
})
afterAll(() => rmSync(folder, { recursive: true }))

describe.each([
  { by: 'prior knowledge', tls: false, inOneBreath: true },
  { by: 'prior knowledge', tls: false, inOneBreath: false },
  { by: 'TLS and ALPN', tls: true, inOneBreath: false },
])('HTTP/2 by $by, in one breath: $inOneBreath', ({ tls, inOneBreath }) => {
  async function check(one: Http2Case): Promise<void> {
    const gateway = await listenerGatewayFor(() => {}, tls ? { tls: certificate } : {})
    const client = await frameClient(gateway, !one.bare, tls ? certificate.ca : undefined)
    const right = http2Differences[one.name] ?? one.right
    const seen = await play(client, { ...one, right }, inOneBreath)
    if (!seen.some((reaction) => right.includes(reaction))) expect(seen).toEqual(right)
  }

  describe('RFC 9113: frames that are wrong', () => {
    test.each(frameErrors(refused))('$name, of a call that is refused', check)
    test.each(frameErrors(held))('$name, of a call that is held', check)
  })
  describe('RFC 9113: frames in a state that is not for them', () => {
    test.each(stateErrors(held))('$name', check)
    // In one breath they come before the answer.
    if (!inOneBreath) test.each(closedErrors(refused))('$name', check)
  })
  describe('RFC 9113: frames that are harmless', () => {
    test.each(harmless(refused))('$name', check)
  })
  describe('RFC 7541: blocks of fields', () => {
    test.each(compressionCases([]))('$name', check)
  })
})

test('every difference of node:http2 is one of a case', () => {
  const cases = [frameErrors(held), stateErrors(held), closedErrors(refused)].flat()
  const names = new Set(cases.map(({ name }) => name))
  expect(Object.keys(http2Differences).filter((name) => !names.has(name))).toEqual([])
})

describe.each(['prior knowledge', 'TLS and ALPN'])('HTTP/2 by %s', (by) => {
  const tls = by === 'TLS and ALPN'
  const gatewayOf = (listener: RequestListener): Promise<TestGateway> =>
    listenerGatewayFor(listener, tls ? { tls: certificate } : {})
  const clientOf = (gateway: TestGateway) => frameClient(gateway, true, tls ? certificate.ca : undefined)
  const refusedClient = async () => clientOf(await gatewayOf(echo))
  const pingOf = (text: string) => frame(types.ping, 0, 0, Buffer.from(text.padEnd(8)))
  const pongs = (client: FrameClient) =>
    client.received.filter(({ type }) => type === types.ping).map(({ payload }) => payload.toString().trim())

  test('3.4: the server begins with SETTINGS, and acknowledges those of the client', async () => {
    const client = await refusedClient()
    const isAck = ({ type, flags: flag }: { type: number; flags: number }) =>
      type === types.settings && flag === flags.ack
    await client.frame('its acknowledgement', isAck)
    expect(client.received[0]).toMatchObject({ type: types.settings, flags: 0, stream: 0 })
    // 6.5.3: each of them.
    client.write(settings([4, 100]), settings([4, 200]))
    await until('all are acknowledged', () => client.received.filter(isAck).length === 3)
    expect(client.received.filter(isAck).every(({ payload }) => payload.length === 0)).toBe(true)
  })

  test('6.7: PING is acknowledged with what it says, an acknowledgement is not', async () => {
    const client = await refusedClient()
    const unasked = frame(types.ping, flags.ack, 0, Buffer.from('unasked!'))
    client.write(pingOf('one'), unasked, pingOf('two'))
    await until('both are back', () => pongs(client).includes('two'))
    expect(pongs(client)).toEqual(['one', 'two'])
    expect(client.received.find(({ type }) => type === types.ping)!.flags).toBe(flags.ack)
    client.write(unasked, headers(1, refused.get))
    expect(await client.outcome(1)).toBe('status 404')
  })

  test('5.4.1, 6.8: GOAWAY of an error names the last stream, and the connection is closed', async () => {
    const client = await refusedClient()
    client.write(headers(1, refused.get), headers(3, refused.get), frame(types.ping, 0, 1, zeros(8)))
    expect(await client.goneWith()).toBe(errors.protocol)
    const goaway = client.received.find((one) => one.type === types.goaway)!
    expect([goaway.payload.readUInt32BE(0), codeOf(goaway)]).toEqual([3, errors.protocol])
  })

  test('6.8: a client that says GOAWAY gets the answer that is under way', async () => {
    let finish: (() => void) | undefined
    const gateway = await gatewayOf((_, response) => void (finish = () => response.end('done')))
    const client = await clientOf(gateway)
    client.write(headers(1, held.get))
    await until('the service works', () => finish !== undefined)
    client.write(frame(types.goaway, 0, 0, Buffer.concat([number32(0), number32(errors.none)])))
    client.write(pingOf('seen'))
    await until('it is seen', () => client.closed || pongs(client).length === 1)
    finish!()
    await client.frame('the answer', ({ type, stream }) => type === types.headers && stream === 1)
    expect(await client.goneWith()).toBe(errors.none)
  })

  describe('5.4.2: an error of one stream is no other’s', () => {
    test.each<[string, Buffer[], string]>([
      [
        '8.1.1 a body beyond its length',
        [headers(3, [...held.post, 'content-length', '1'], 0), frame(types.data, 0, 3, Buffer.from('test'))],
        `reset ${errors.protocol}`,
      ],
      ['8.2 a name in upper case', [headers(3, [...held.get, 'X', 'y'])], `reset ${errors.protocol}`],
      [
        '8.1 trailers that end nothing',
        [headers(3, held.post, 0), headers(3, ['x', 'y'], 0)],
        `reset ${errors.protocol}`,
      ],
    ])('%s', async (_, wrong, outcome) => {
      let finish: (() => void) | undefined
      const gateway = await gatewayOf((_request, response) => void (finish ??= () => response.end('done')))
      const client = await clientOf(gateway)
      client.write(headers(1, held.get))
      await until('the service works', () => finish !== undefined)
      client.write(...wrong)
      expect(await client.outcome(3)).toBe(outcome)
      finish!()
      expect(await client.outcome(1)).toBe('status 200')
    })
  })

  describe('6.9: of an answer goes out what its window takes', () => {
    /** The sizes of the DATA of stream 1, with what the last of them is. */
    const sizes = (client: FrameClient) =>
      client.received
        .filter(({ type, stream }) => type === types.data && stream === 1)
        .map(({ payload }) => payload.length)
    const open = (by_: number) => frame(types.window, 0, 1, number32(by_))
    async function settled(client: FrameClient, wanted: number[]): Promise<void> {
      await until('the window is used', () => sizes(client).length >= wanted.length)
      // What is too much would come before this.
      client.write(pingOf('settled'))
      await until('it is back', () => pongs(client).length > 0)
      client.received.splice(
        client.received.findIndex(({ type }) => type === types.ping),
        1,
      )
      expect(sizes(client)).toEqual(wanted)
    }

    test('6.9.1: one byte', async () => {
      const client = await refusedClient()
      client.write(settings([4, 1]), headers(1, refused.get))
      await settled(client, [1])
      client.write(open(2))
      await settled(client, [1, 2])
    })

    test('6.5.3: of two values the later one counts', async () => {
      const client = await refusedClient()
      client.write(settings([4, 100], [4, 1]), headers(1, refused.get))
      await settled(client, [1])
    })

    test('6.9.2: SETTINGS change the windows of streams that are open', async () => {
      const client = await refusedClient()
      client.write(settings([4, 0]), headers(1, refused.get))
      expect(await client.outcome(1)).toBe('status 404')
      await settled(client, [])
      client.write(settings([4, 1]))
      await settled(client, [1])
    })

    test('6.9.2: a window that they make negative has to be opened again', async () => {
      const client = await refusedClient()
      client.write(settings([4, 3]), headers(1, refused.get))
      await settled(client, [3])
      client.write(settings([4, 2]), open(1))
      await settled(client, [3])
      client.write(open(1))
      await settled(client, [3, 1])
    })
  })

  describe('8.1: an answer that comes before the body is whole', () => {
    test('a client whose body is nearly there sends it whole, and no reset follows', async () => {
      const client = await refusedClient()
      client.write(headers(1, refused.post, 0))
      expect(await client.outcome(1)).toBe('status 401')
      client.write(data(0, zeros(1_000)), data(flags.endStream, 'end'), headers(3, refused.get))
      expect(await client.outcome(3)).toBe('status 404')
      expect(client.received.filter(({ type }) => type === types.reset)).toEqual([])
    })

    test.each([
      ['that has much to send', 5],
      ['that stops in the middle', 1],
    ])('a client %s is told to send no more', async (_, pieces) => {
      const client = await refusedClient()
      client.write(headers(1, refused.post, 0))
      expect(await client.outcome(1)).toBe('status 401')
      const reset = () => client.received.find(({ type }) => type === types.reset)
      for (let sent = 0; sent < pieces; sent += 1) {
        client.write(data(0, zeros(16_000)))
        client.write(pingOf(`${sent}`))
        await until('it is there', () => pongs(client).includes(`${sent}`))
      }
      await until('it is told', () => reset() !== undefined)
      expect(codeOf(reset()!)).toBe(errors.none)
    })
  })

  test('RFC 7541 2.3.2: what a client indexed means the same to the service afterwards', async () => {
    const seen: string[] = []
    const gateway = await gatewayOf((received, response) => {
      seen.push(received.headers['x-a'] as string)
      response.end()
    })
    const client = await clientOf(gateway)
    const text = (value: string) => Buffer.concat([Buffer.from([value.length]), Buffer.from(value)])
    const indexing = Buffer.concat([Buffer.from([0x40]), text('x-a'), text('first')])
    const whole = flags.endStream | flags.endHeaders
    const call = (stream: number, block: Buffer) => {
      const { length } = frame(0, 0, 0)
      return frame(
        types.headers,
        whole,
        stream,
        Buffer.concat([headers(1, held.get).subarray(length), block]),
      )
    }
    client.write(call(1, indexing), call(3, Buffer.from([0xbe])))
    client.write(call(5, Buffer.concat([Buffer.from([0x7e]), text('second')])))
    // The newest is the first.
    client.write(call(7, Buffer.from([0xbe])), call(9, Buffer.from([0xbf])))
    for (const stream of [1, 3, 5, 7, 9]) expect(await client.outcome(stream)).toBe('status 200')
    expect(seen.sort()).toEqual(['first', 'first', 'first', 'second', 'second'])
  })
})
