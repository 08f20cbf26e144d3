import { connect } from 'node:net'
import type { Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import { peerOf } from '../address.ts'
import type { Failure } from '../engine.ts'
import { Framing } from './framing.ts'
import type { BodyOptions, BodySink } from './framing.ts'
import { HeadReader } from './head-reader.ts'
import { incomplete, readResponse } from './head.ts'
import type { ResponseMessage } from './head.ts'
import { ReadBuffer } from './read-buffer.ts'
import type { Watch, Watched } from './watch.ts'

const connectMs = 2_000
/** How long an idle connection is kept for a service that says nothing, and how much earlier than it says. */
const keptMs = 4_000
const earlierMs = 1_000
const smallBytes = 16 * 1024

/** Whose call it is. It hears of the answer in this order: interims, head, body, over; or that the connection is lost. */
export interface Caller extends BodySink {
  readonly method: string
  /** Something of the request has gone to the service. */
  readonly isAsked: boolean
  /** All of the request has gone to the service. */
  readonly isSent: boolean
  /** The connection stands now; not told where it stood before the call. */
  connected(): void
  interim(message: ResponseMessage): void
  /** The service leaves HTTP (101). Gives who takes its bytes from here on; null: nobody asked for that. */
  switched(message: ResponseMessage): Peer | null
  /** The answer's head. Gives how its body is passed on. */
  answered(message: ResponseMessage): Omit<BodyOptions, 'length' | 'form'>
  /** What was read at once has been passed on. */
  passed(): void
  over(trailers: string[], endIsOwed: boolean): void
  /** `isStale`: the connection was used before, and has said nothing to this call. */
  lost(failure: Failure, detail: string, isStale: boolean): void
  /** The service takes more. */
  drained(): void
}

/** The other end of a connection that has left HTTP. */
export interface Peer extends BodySink {
  /** The service takes more. */
  drained(): void
  /** The service has ended its side. */
  ended(): void
  /** The connection is closed. */
  lost(): void
}

/** Where a connection leads, and who keeps it between its calls. */
export interface Keeper {
  host: string
  port: number
  isTls: boolean
  /** `host:port` of the origin. */
  address: string
  /** Its call is over, and it may have another. */
  idle(upstream: Upstream): void
  /** It has left HTTP, and will have no call any more. */
  left(upstream: Upstream): void
  gone(upstream: Upstream): void
}

/** One connection to a service, with one call at a time. */
export class Upstream implements Watched {
  due: number
  readonly buffer = new ReadBuffer()
  readonly socket: Socket
  /** `host:port` of its peer; while there is none, of the origin. */
  address: string
  isConnected = false
  private readonly keeper: Keeper
  private readonly watch: Watch
  private readonly framing = new Framing()
  private caller: Caller | null = null
  private peer: Peer | null = null
  private calls = 0
  private hasHead = false
  private persists = true
  private keepMs = keptMs
  private readonly head = new HeadReader({ skipsEmptyLines: false })
  private silent = true
  private error: NodeJS.ErrnoException | undefined

  constructor(keeper: Keeper, watch: Watch) {
    this.keeper = keeper
    this.address = keeper.address
    this.watch = watch
    this.due = performance.now() + connectMs
    const { host, port, isTls } = keeper
    if (isTls) {
      const servername = /^[\d.]+$|:/.test(host) ? '' : host
      this.socket = connectTls({ host, port, servername, ALPNProtocols: ['http/1.1'] })
      this.socket.on('secureConnect', () => this.connected())
      this.socket.on('data', (bytes) => this.read(bytes, bytes.length))
      this.socket.setNoDelay(true)
    } else {
      this.socket = connect({
        host,
        port,
        noDelay: true,
        onread: {
          buffer: () => this.buffer.bytes,
          callback: (size) => {
            const { bytes } = this.buffer
            this.read(bytes, size)
            if (size === bytes.length) this.buffer.grow()
            return true
          },
        },
      })
      this.socket.on('connect', () => this.connected())
    }
    this.socket.on('drain', () => (this.caller ?? this.peer)?.drained())
    this.socket.on('end', () => this.ended())
    this.socket.on('error', (error) => (this.error = error))
    this.socket.on('close', () => this.closed())
    watch.add(this)
  }

  call(caller: Caller): void {
    this.caller = caller
    this.calls++
    this.hasHead = false
    this.silent = true
    if (this.isConnected) this.due = Infinity
  }

  /** The caller is gone, or has no use for the rest: so is the connection. */
  abandon(): void {
    this.caller = null
    this.destroy()
  }

  get isUsable(): boolean {
    return !this.socket.destroyed && this.socket.writable
  }

  /** Content bytes of the answer so far. */
  get answerSize(): number {
    return this.framing.size
  }

  /** Writes what was read to a client. `read`: what the piece lies in. False: no more before the client's `drain`. */
  writeTo(client: Socket, piece: Buffer, read: Buffer): boolean {
    // What has to wait anyway is copied where it is little: it would keep the whole of what it was read into.
    const isCopied = piece.length < smallBytes && client.writableLength > 0
    const isTaken = client.write(isCopied ? copyOf(piece) : piece)
    if (!isCopied && client.writableLength > 0 && read === this.buffer.bytes) this.buffer.giveAway()
    return isTaken
  }

  destroy(): void {
    this.socket.destroy()
  }

  /** So that the service can tell it from an end; by TLS it can anyway. */
  reset(): void {
    if (this.keeper.isTls) this.socket.destroy()
    else this.socket.resetAndDestroy()
  }

  late(): void {
    if (this.isConnected) return this.destroy()
    this.error ??= Object.assign(new Error('no connection within 2 s'), { code: 'ETIMEDOUT' })
    this.destroy()
  }

  private connected(): void {
    this.isConnected = true
    this.due = Infinity
    this.address = peerOf(this.socket, this.keeper.address)
    this.caller?.connected()
  }

  private read(bytes: Buffer, size: number): void {
    if (this.caller === null || !this.caller.isAsked) return this.readUnasked(bytes, size)
    this.silent = false
    let at = this.hasHead ? 0 : this.readHeads(bytes, size)
    if (at < 0) return
    at = this.framing.feed(bytes, at, size, this.caller)
    if (at < 0) return this.fail('the body of its answer is malformed')
    // The caller may have given up within.
    if (this.caller === null) return
    this.caller.passed()
    // Or now, having seen how much it is.
    if (this.caller !== null && this.framing.over) this.finish(at < size)
  }

  /** Of a tunnel; or nobody asked for anything: whatever it is, it belongs to no call. */
  private readUnasked(bytes: Buffer, size: number): void {
    if (this.peer === null) this.destroy()
    else this.peer.pass(bytes, 0, size)
  }

  /** Reads heads until the final one. Gives where its body begins; -1: not yet, or never. */
  private readHeads(bytes: Buffer, size: number): number {
    let at = 0
    while (this.caller !== null) {
      at = this.head.read(bytes, at, size)
      if (at === incomplete) return -1
      if (at < 0) return this.failHead()
      const message = readResponse(this.head.text)
      if (message === undefined) return this.failHead()
      if (message.status === 101) return this.leaveHttp(message, bytes, at, size)
      if (message.status >= 200) return this.begin(message) ? at : -1
      this.caller.interim(message)
    }
    return -1
  }

  private leaveHttp(message: ResponseMessage, bytes: Buffer, from: number, to: number): -1 {
    const peer = this.caller!.switched(message)
    if (peer === null) return this.failHead()
    this.caller = null
    this.peer = peer
    this.keeper.left(this)
    if (from < to) peer.pass(bytes, from, to)
    return -1
  }

  private begin(message: ResponseMessage): boolean {
    const caller = this.caller!
    const { status, length } = message
    this.hasHead = true
    this.persists = message.persists
    this.keepMs = message.keepAliveS < 0 ? keptMs : Math.max(0, message.keepAliveS * 1000 - earlierMs)
    const options = caller.answered(message)
    // The caller may have given up.
    if (this.caller === null) return false
    const hasNone = caller.method === 'HEAD' || status === 204 || status === 304
    const form = hasNone ? 'none' : message.chunked ? 'chunked' : length >= 0 ? 'length' : 'close'
    this.framing.begin({ ...options, form, length: Math.max(0, length) })
    if (form === 'close') this.persists = false
    return true
  }

  private finish(hasMore: boolean): void {
    const caller = this.caller!
    const { trailers, endIsOwed } = this.framing
    this.caller = null
    if (this.persists && !hasMore && caller.isSent && this.isUsable) {
      // It was held back for a client that has all of its answer now.
      if (this.socket.isPaused()) this.socket.resume()
      this.due = performance.now() + this.keepMs
      if (this.socket.writableLength === 0) this.keeper.idle(this)
      // The service may never read what has not gone out yet, and the next call would wait behind it.
      else this.socket.end()
    } else this.destroy()
    caller.over(trailers, endIsOwed)
  }

  private ended(): void {
    if (this.peer !== null) this.peer.ended()
    else if (this.caller !== null && this.hasHead && this.framing.lastsUntilClose) this.finish(true)
    else this.destroy()
  }

  private closed(): void {
    this.watch.delete(this)
    this.keeper.gone(this)
    const { caller, peer } = this
    if (peer !== null) return peer.lost()
    if (caller === null) return
    this.caller = null
    const failure = this.isConnected ? 'broken' : 'unreachable'
    const detail = `${this.error?.code ?? ''} ${this.error?.message ?? 'it hung up'}`.trim()
    caller.lost(failure, detail, this.calls > 1 && this.silent)
  }

  private failHead(): -1 {
    this.fail('the head of its answer is malformed')
    return -1
  }

  private fail(detail: string): void {
    const { caller } = this
    this.caller = null
    this.destroy()
    caller?.lost('broken', detail, false)
  }
}

/** Not of Node's pool: it may wait for long, and would keep 64 KB of it. */
function copyOf(piece: Buffer): Buffer {
  const copy = Buffer.allocUnsafeSlow(piece.length)
  piece.copy(copy)
  return copy
}
