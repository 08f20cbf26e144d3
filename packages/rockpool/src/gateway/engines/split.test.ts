import type { Socket } from 'node:net'
import { setImmediate as turn } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { readFixtures } from '../../../test/support/llhttp.ts'
import { seeded } from '../../../test/support/random.ts'
import {
  openClient,
  openGateway,
  recordingUpstream,
  withHost,
  type Message,
} from '../../../test/support/raw-http.ts'
import { engines, type EngineName } from './index.ts'

// How bytes are split on their way changes nothing: byte by byte and in random pieces, in both directions.

const files = ['sample', 'connection', 'content-length', 'transfer-encoding', 'pipelining']
const seed = 9112

/** Messages without an error, with the number of answers, or of bodies, that they make. */
const accepted = (direction: 'request' | 'response') =>
  files
    .flatMap((file) => readFixtures(`${direction}/${file}`))
    .filter(({ error, type, skipBody }) => error === undefined && type === direction && !skipBody)
    .filter(({ messages }) => messages.length > 0 && messages.every(({ whole, status }) => whole || status))

const requests = [
  ...accepted('request').map(({ title, bytes, messages }) => ({
    title,
    bytes: withHost(bytes),
    count: messages.length,
  })),
  {
    title: 'chunks with everything',
    bytes:
      '\r\nPOST /a HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nExpect: 100-continue\r\n\r\n' +
      '3;x="y;z"\r\na\r\n\r\n0000a;b\r\n0123456789\r\n0;c\r\nX: 1\r\nY: 2\r\n\r\n' +
      'PUT /b HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\n\r\n\r\nx' +
      'GET /c HTTP/1.1\r\nHost: a\r\nX-Long: ' +
      'x'.repeat(300) +
      '\r\nConnection: close\r\n\r\n',
    count: 3,
  },
]

const answers = [
  {
    title: 'interim answers',
    ends: false,
    bytes:
      'HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 102 Processing\r\n\r\n' +
      'HTTP/1.1 200 Words\r\nContent-Length: 3\r\n\r\nabc',
  },
  {
    title: 'chunks with everything',
    ends: false,
    bytes:
      'HTTP/1.1 200 Words\r\nTransfer-Encoding: chunked\r\nTrailer: X\r\n\r\n' +
      '3;x="y;z"\r\na\r\n\r\n0000a;b\r\n0123456789\r\n0;c\r\nX: 1\r\nY: 2\r\n\r\n',
  },
  ...accepted('response').map(({ title, bytes, messages }) => ({
    title,
    bytes,
    // Only the end of the connection ends it.
    ends: messages.some(({ whole }) => !whole),
  })),
]

describe.each(Object.keys(engines) as EngineName[])('engine %s: split bytes', (engine) => {
  test.each(['byte by byte', 'in random pieces'])('requests %s', async (how) => {
    const random = seeded(seed)
    const upstream = await recordingUpstream()
    const gateway = await openGateway(engine, upstream)
    const result = async (pieces: string[], count: number) => {
      upstream.clear()
      const client = await openClient(gateway.port)
      await write(client.socket, pieces)
      const received = await client.answered(count)
      client.socket.destroy()
      return { answers: received.map(essence), requests: upstream.requests().map(essence) }
    }
    for (const { title, bytes, count } of requests) {
      const whole = await result([bytes], count)
      const pieces = how === 'byte by byte' ? [...bytes] : split(bytes, random)
      expect(await result(pieces, count), title).toEqual(whole)
    }
  })

  test.each(['byte by byte', 'in random pieces'])('answers %s', async (how) => {
    const random = seeded(seed)
    let pieces: string[] = []
    let ends = false
    const upstream = await recordingUpstream({
      answer(_, { socket }) {
        void write(socket, pieces).then(() => (ends ? socket.end() : undefined))
        return undefined
      },
    })
    const result = async (parts: string[]) => {
      pieces = parts
      // One for each: bytes behind an answer would meet the next call on their connection.
      const gateway = await openGateway(engine, upstream)
      const client = await openClient(gateway.port)
      client.send('GET /items HTTP/1.1\r\nHost: a\r\n\r\n')
      const received = await client.answered(1)
      client.socket.destroy()
      await gateway.close()
      return received.map(essence)
    }
    for (const { title, bytes, ends: only } of answers) {
      ends = only
      const whole = await result([bytes])
      const parts = how === 'byte by byte' ? [...bytes] : split(bytes, random)
      expect(await result(parts), title).toEqual(whole)
    }
  })
})

/** One write each, and what waits for it has its turn between. */
async function write(socket: Socket, pieces: readonly string[]): Promise<void> {
  for (const piece of pieces) {
    if (!socket.writable) return
    socket.write(piece, 'latin1')
    await turn()
  }
}

/** Pieces of one to thirty bytes, most of them short. */
function split(bytes: string, random: () => number): string[] {
  const pieces: string[] = []
  for (let at = 0; at < bytes.length; at += pieces.at(-1)!.length)
    pieces.push(bytes.slice(at, at + 1 + Math.floor(random() ** 2 * 30)))
  return pieces
}

const varying = /^(rockpool-request|traceparent|date|keep-alive|connection)$/i

/** What may not depend on the split: not the time, the ids, and how a body was cut on its way. */
function essence({ start, headers, body, trailers }: Message) {
  const kept = headers.filter(
    ([name]) => !varying.test(name) && !/^(content-length|transfer-encoding)$/i.test(name),
  )
  const own = start.startsWith('HTTP/1.1 4') || start.startsWith('HTTP/1.1 5')
  return { start, headers: kept, body: own ? '' : body, trailers }
}
