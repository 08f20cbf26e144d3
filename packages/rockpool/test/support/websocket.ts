import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'
import { onTestFinished } from 'vitest'

// A service that leaves HTTP (RFC 9110 7.8), and what it may speak then: bytes as they are, or WebSocket (RFC 6455).

export interface SwitchingService {
  url: string
  /** Heads of requests, as they came. */
  heads: string[]
  connections: Socket[]
}

export interface SwitchScript {
  /** What is answered to a head; the 101 that was asked for unless given. `undefined`: nothing yet. */
  answer?: (head: string, socket: Socket) => string | undefined
  /** What is done with the connection after a 101; nothing behind the head has been read from it. */
  serve?: (socket: Socket, head: string) => void
}

/** A service on loopback that switches protocols; closed after the test. Either side may end before the other. */
export async function switchingService(script: SwitchScript = {}): Promise<SwitchingService> {
  const { answer = switchAnswer, serve = echoBytes } = script
  const heads: string[] = []
  const connections: Socket[] = []
  const server = createServer({ noDelay: true, allowHalfOpen: true }, (socket) => {
    connections.push(socket)
    socket.on('error', () => {})
    let read = Buffer.alloc(0)
    const onData = (bytes: Buffer) => {
      read = Buffer.concat([read, bytes])
      const end = read.indexOf('\r\n\r\n')
      if (end < 0) return
      const head = read.toString('latin1', 0, end)
      const rest = read.subarray(end + 4)
      read = Buffer.alloc(0)
      heads.push(head)
      const text = answer(head, socket)
      if (text !== undefined) socket.write(text, 'latin1')
      if (text?.startsWith('HTTP/1.1 101 ') !== true) return
      socket.off('data', onData).pause()
      if (rest.length > 0) socket.unshift(rest)
      socket.resume()
      serve(socket, head)
    }
    socket.on('data', onData)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    server.close()
    for (const socket of connections) socket.destroy()
  })
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, heads, connections }
}

/** To what was asked for, and for WebSocket with what proves it (RFC 6455 4.2.2). */
export function switchAnswer(head: string): string {
  const valueOf = (name: string) => new RegExp(`^${name}: *(.*)$`, 'im').exec(head)?.[1]
  const lines = ['HTTP/1.1 101 Switching Protocols', 'Connection: Upgrade', `Upgrade: ${valueOf('Upgrade')}`]
  const key = valueOf('Sec-WebSocket-Key')
  if (key !== undefined) lines.push(`Sec-WebSocket-Accept: ${acceptOf(key)}`)
  return `${lines.join('\r\n')}\r\n\r\n`
}

function acceptOf(key: string): string {
  return createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64')
}

/** The client's end of a tunnel: it has read the answer's head, and nothing behind it. Destroyed after the test. */
export async function enterTunnel(port: number, request: string): Promise<Socket> {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true, allowHalfOpen: true })
  onTestFinished(() => void socket.destroy())
  socket.on('error', () => {}).write(request)
  let read = Buffer.alloc(0)
  for (let end = -1; end < 0; end = read.indexOf('\r\n\r\n')) {
    await once(socket, 'readable')
    read = Buffer.concat([read, (socket.read() as Buffer | null) ?? Buffer.alloc(0)])
    if (socket.readableEnded) throw new Error(`no tunnel: ${read.toString('latin1')}`)
  }
  const rest = read.subarray(read.indexOf('\r\n\r\n') + 4)
  if (rest.length > 0) socket.unshift(rest)
  return socket
}

/** Gives back all that comes, and ends when the other side has. */
export function echoBytes(socket: Socket): void {
  socket.pipe(socket)
}

const opcodes = { close: 8, ping: 9, pong: 10 }

/** Gives back each message as it came (RFC 6455 5), answers pings, and ends after the closing handshake. */
export function echoMessages(socket: Socket): void {
  let pieces: Buffer[] = []
  let size = 0
  let wanted = 0
  socket.on('data', (bytes: Buffer) => {
    pieces.push(bytes)
    size += bytes.length
    if (size < wanted) return
    let read = Buffer.concat(pieces)
    for (;;) {
      const frame = readFrame(read)
      if ('wanted' in frame) {
        pieces = [read]
        size = read.length
        wanted = frame.wanted
        return
      }
      read = read.subarray(frame.size)
      const { first, payload } = frame
      const opcode = first & 15
      if (opcode === opcodes.ping) socket.write(frameOf((first & 0xf0) | opcodes.pong, payload))
      else if (opcode !== opcodes.pong) socket.write(frameOf(first, payload))
      if (opcode === opcodes.close) socket.end()
    }
  })
}

/** A whole frame of a client, unmasked; its first byte has the flags and the opcode. Or how many bytes there have to be. */
function readFrame(bytes: Buffer): { first: number; payload: Buffer; size: number } | { wanted: number } {
  if (bytes.length < 2) return { wanted: 2 }
  const short = bytes[1]! & 127
  if ((bytes[1]! & 128) === 0) throw new Error('a frame of a client is not masked (RFC 6455 5.1)')
  const lengthBytes = short === 126 ? 2 : short === 127 ? 8 : 0
  const maskAt = 2 + lengthBytes
  if (bytes.length < maskAt + 4) return { wanted: maskAt + 4 }
  const length =
    lengthBytes === 0 ? short : lengthBytes === 2 ? bytes.readUInt16BE(2) : Number(bytes.readBigUInt64BE(2))
  const size = maskAt + 4 + length
  if (bytes.length < size) return { wanted: size }
  const mask = bytes.subarray(maskAt, maskAt + 4)
  const payload = Buffer.from(bytes.subarray(maskAt + 4, size))
  for (let index = 0; index < length; index++) payload[index]! ^= mask[index & 3]!
  return { first: bytes[0]!, payload, size }
}

function frameOf(first: number, payload: Buffer): Buffer {
  const { length } = payload
  const lengthBytes = length < 126 ? 0 : length < 65_536 ? 2 : 8
  const head = Buffer.alloc(2 + lengthBytes)
  head[0] = first
  head[1] = lengthBytes === 0 ? length : lengthBytes === 2 ? 126 : 127
  if (lengthBytes === 2) head.writeUInt16BE(length, 2)
  if (lengthBytes === 8) head.writeBigUInt64BE(BigInt(length), 2)
  return Buffer.concat([head, payload])
}
