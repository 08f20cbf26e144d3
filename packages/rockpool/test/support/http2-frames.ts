import { connect, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import { setTimeout as pause } from 'node:timers/promises'
import { onTestFinished } from 'vitest'
import { until } from './gateway.ts'
import type { Http2Sent } from './http2-generator.ts'

// HTTP/2 frame by frame (RFC 9113 4.1), for what no client of good manners sends.

export const types = {
  data: 0,
  headers: 1,
  priority: 2,
  reset: 3,
  settings: 4,
  push: 5,
  ping: 6,
  goaway: 7,
  window: 8,
  continuation: 9,
} as const
export const flags = { endStream: 1, ack: 1, endHeaders: 4, padded: 8, priority: 0x20 } as const
export const preface = 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'
/** RFC 9113 7. */
export const errors = {
  none: 0,
  protocol: 1,
  flowControl: 3,
  streamClosed: 5,
  frameSize: 6,
  refused: 7,
  cancel: 8,
  compression: 9,
  calm: 11,
} as const

export interface Frame {
  type: number
  flags: number
  stream: number
  payload: Buffer
}

export function frame(type: number, flag: number, stream: number, payload: Buffer = Buffer.alloc(0)): Buffer {
  const head = Buffer.alloc(9)
  head.writeUIntBE(payload.length, 0, 3)
  head[3] = type
  head[4] = flag
  head.writeUInt32BE(stream, 5)
  return Buffer.concat([head, payload])
}

export const number32 = (value: number): Buffer => {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(value >>> 0)
  return bytes
}

/** Bytes by their digits; blanks are for the eye. */
export const hex = (text: string): Buffer => Buffer.from(text.replaceAll(' ', ''), 'hex')

/** Fields as literals without indexing (RFC 7541 6.2.2), names and values in turns, as they are. */
export function fields(pairs: readonly string[]): Buffer {
  const parts: Buffer[] = []
  for (let index = 0; index < pairs.length; index += 2)
    parts.push(Buffer.from([0]), text(pairs[index]!), text(pairs[index + 1]!))
  return Buffer.concat(parts)
}

function text(value: string): Buffer {
  const bytes = Buffer.from(value, 'latin1')
  if (bytes.length < 127) return Buffer.concat([Buffer.from([bytes.length]), bytes])
  const length: number[] = [127]
  let rest = bytes.length - 127
  for (; rest >= 128; rest = Math.floor(rest / 128)) length.push((rest % 128) + 128)
  return Buffer.concat([Buffer.from([...length, rest]), bytes])
}

export const request = (path = '/harbor/items', method = 'GET'): string[] => [
  ':method',
  method,
  ':scheme',
  'http',
  ':path',
  path,
  ':authority',
  'api.example',
]

/** A whole head. */
export const headers = (stream: number, pairs: readonly string[], flag: number = flags.endStream): Buffer =>
  frame(types.headers, flag | flags.endHeaders, stream, fields(pairs))

export const setting = (id: number, value: number): Buffer => {
  const bytes = Buffer.alloc(6)
  bytes.writeUInt16BE(id, 0)
  bytes.writeUInt32BE(value, 2)
  return bytes
}
export const settings = (...given: [id: number, value: number][]): Buffer =>
  frame(types.settings, 0, 0, Buffer.concat(given.map(([id, value]) => setting(id, value))))
export const zeros = (count: number): Buffer => Buffer.alloc(count)
export const ping = frame(types.ping, 0, 0, zeros(8))
export const priority = (stream: number, on: number, weight = 15): Buffer =>
  frame(types.priority, 0, stream, Buffer.concat([number32(on), Buffer.from([weight])]))
export const data = (flag: number, ...parts: (string | Buffer)[]): Buffer =>
  frame(types.data, flag, 1, Buffer.concat(parts.map((part) => Buffer.from(part as string))))

/** The error code of RST_STREAM or GOAWAY. */
export const codeOf = ({ type, payload }: Frame): number =>
  payload.readUInt32BE(type === types.goaway ? 4 : 0)

export interface FrameClient {
  socket: Socket
  received: Frame[]
  closed: boolean
  write(...parts: (Buffer | string)[]): void
  /** The first frame that fits. */
  frame(what: string, fits: (frame: Frame) => boolean): Promise<Frame>
  /** What a peer gets to know of a stream: the code of its reset, or that it has a head. */
  outcome(stream: number): Promise<string>
  /** Waits until nothing more comes of a stream: its end, its reset, or that of the connection; or as long as is said. */
  over(stream: number, withinMs: number): Promise<void>
  /** The code of the GOAWAY, once the connection is closed; null: closed without one. */
  goneWith(): Promise<number | null>
}

/**
 * A connection that has sent the preface and SETTINGS, unless `greet` is false; it acknowledges nothing by itself. With `ca`
 * by TLS and ALPN, else by prior knowledge.
 */
export async function frameClient(
  gateway: { port: number },
  greet = true,
  ca?: string,
): Promise<FrameClient> {
  const client = await openFrameClient(gateway, greet, ca)
  onTestFinished(() => void client.socket.destroy())
  return client
}

/** The same, for many in one test: who opens it destroys it. */
export async function openFrameClient(
  gateway: { port: number },
  greet = true,
  ca?: string,
): Promise<FrameClient> {
  const address = { port: gateway.port, host: '127.0.0.1' }
  const socket = ca === undefined ? connect(address) : connectTls({ ...address, ca, ALPNProtocols: ['h2'] })
  socket.setNoDelay(true)
  const received: Frame[] = []
  let rest = Buffer.alloc(0)
  const client: FrameClient = {
    socket,
    received,
    closed: false,
    write(...parts) {
      if (!socket.destroyed)
        socket.write(
          Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : part))),
        )
    },
    async frame(what, fits) {
      await until(what, () => received.some(fits) || client.closed)
      const found = received.find(fits)
      if (!found) throw new Error(`closed before: ${what}`)
      return found
    },
    async outcome(stream) {
      const ofStream = (one: Frame) =>
        (one.stream === stream && (one.type === types.headers || one.type === types.reset)) ||
        one.type === types.goaway
      const found = await client.frame(`an outcome of stream ${stream}`, ofStream)
      if (found.type === types.goaway) return `goaway ${codeOf(found)}`
      return found.type === types.reset ? `reset ${codeOf(found)}` : `status ${statusOf(found)}`
    },
    async over(stream, withinMs) {
      const ends = ({ type, flags: set }: Frame) =>
        type === types.reset || (type <= types.headers && (set & flags.endStream) !== 0)
      const isOver = () => client.closed || received.some((one) => one.stream === stream && ends(one))
      const deadline = performance.now() + withinMs
      while (!isOver() && performance.now() < deadline) await pause(1)
    },
    async goneWith() {
      await until('the connection is closed', () => client.closed)
      // The last one is what counts (RFC 9113 6.8).
      const goaway = received.findLast(({ type }) => type === types.goaway)
      return goaway ? codeOf(goaway) : null
    },
  }
  socket.on('error', () => {})
  socket.once('close', () => (client.closed = true))
  socket.on('data', (chunk: Buffer) => {
    rest = Buffer.concat([rest, chunk])
    while (rest.length >= 9 && rest.length >= 9 + rest.readUIntBE(0, 3)) {
      const length = rest.readUIntBE(0, 3)
      received.push({
        type: rest[3]!,
        flags: rest[4]!,
        stream: rest.readUInt32BE(5),
        payload: rest.subarray(9, 9 + length),
      })
      rest = rest.subarray(9 + length)
    }
  })
  await new Promise((resolve) => socket.once(ca === undefined ? 'connect' : 'secureConnect', resolve))
  if (greet) client.write(preface, frame(types.settings, 0, 0))
  return client
}

/** A whole request, however wrong. */
export function sendFrames(client: FrameClient, stream: number, sent: Http2Sent): void {
  const { fields: head, data, trailers } = sent
  const last = trailers.length > 0 ? 0 : flags.endStream
  const frames = [headers(stream, head, data.length > 0 ? 0 : last)]
  for (const [index, piece] of data.entries())
    frames.push(frame(types.data, index === data.length - 1 ? last : 0, stream, Buffer.from(piece, 'latin1')))
  if (trailers.length > 0) frames.push(headers(stream, trailers))
  client.write(...frames)
}

/** Of the first field of an answer, by HPACK's static table (RFC 7541 appendix A), or as a literal of its name there. */
function statusOf({ payload }: Frame): string {
  const indexed = ['200', '204', '206', '304', '400', '404', '500'][payload[0]! - 0x88]
  if (indexed !== undefined) return indexed
  const literal = payload.subarray(2, 2 + (payload[1]! & 0x7f))
  return (payload[1]! & 0x80) === 0 ? literal.toString() : huffmanDigits(literal)
}

/** Digits in HPACK's Huffman code (RFC 7541 appendix B): 0, 1 and 2 have five bits, the others six. */
function huffmanDigits(bytes: Buffer): string {
  const bits = [...bytes].map((byte) => byte.toString(2).padStart(8, '0')).join('')
  let digits = ''
  for (let at = 0; at + 5 <= bits.length;) {
    const five = Number.parseInt(bits.slice(at, at + 5), 2)
    const six = Number.parseInt(bits.slice(at, at + 6), 2)
    if (five <= 2) digits += five
    else if (six >= 0b011001 && six <= 0b011111) digits += six - 0b011001 + 3
    else break
    at += five <= 2 ? 5 : 6
  }
  return digits
}
