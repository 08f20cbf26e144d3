import type { Socket } from 'node:net'
import type { Duties, End, EngineLimits, Exchange, Failure, Fault, Forward } from '../engine.ts'
import { Framing } from './framing.ts'
import type { BodyOptions } from './framing.ts'
import { HeadReader, tooLarge } from './head-reader.ts'
import { incomplete, malformed, readRequest } from './head.ts'
import type { RequestMessage, ResponseMessage } from './head.ts'
import type { Pool, Waiting } from './pool.ts'
import { joined } from './read-buffer.ts'
import type { Caller, Upstream } from './upstream.ts'
import type { Watch, Watched } from './watch.ts'
import { answerHead, continueText, interimHead, ownAnswer, requestHead, trailerText } from './write.ts'
import type { AnswerEnding } from './write.ts'

/** A body that nobody wants is read and thrown away for this long, so that the client can read why. */
const lingerMs = 5_000
/** A client that takes nothing for so long is given up. */
const slowReaderMs = 300_000
const smallBytes = 16 * 1024
const repeatable = new Set(['GET', 'HEAD', 'OPTIONS'])
const discard = { pass: () => {} }
const nothing = { contentOnly: false, taste: null }
const none = Buffer.alloc(0)

/** What the connections of one engine share. */
export interface Ground {
  duties: Duties
  limits: EngineLimits
  pool: Pool
  watch: Watch
  /** The engine goes: each connection ends with the request that it is at. */
  isDraining: boolean
}

/*
 *   waiting ──head──► opening ──plan──► calling ──answer's end──► flushing ──► waiting
 *      │                 │                 │
 *      └── malformed ────┴─── refused ─────┴──► lingering (says why, reads the rest, closes)
 */
type Phase = 'waiting' | 'opening' | 'calling' | 'flushing' | 'lingering' | 'gone'

/** One connection of a client, with one request at a time; what it sends ahead is held back. */
export class Client implements Watched, Caller, Waiting {
  due: number
  private readonly socket: Socket
  private readonly ground: Ground
  private readonly remote: string
  private readonly encrypted: boolean
  private phase: Phase = 'waiting'
  private readonly head = new HeadReader({ skipsEmptyLines: true })
  private isFirst = true
  private held: Buffer | null = null

  private request: RequestMessage | undefined
  private readonly body = new Framing()
  private exchange: Exchange | null = null
  private forward: Forward | undefined
  private end: End = { bytesIn: 0, bytesOut: 0, aborted: null }
  private upstream: Upstream | null = null
  private isQueued = false
  private isRetried = false
  /** A head for the service that is not sent yet: it goes with what of the body is here. */
  private requestText = ''
  private wantsContinue = false
  private hasAnswered = false
  private answerText = ''
  private chunksAnswer = false
  private endsConnection = false
  /** The service is held back, since the client takes no more. */
  private isStalled = false
  private stalledSince = 0

  constructor(socket: Socket, ground: Ground) {
    this.socket = socket
    this.ground = ground
    this.remote = socket.remoteAddress ?? ''
    this.encrypted = 'encrypted' in socket
    this.due = performance.now() + ground.limits.headMs
    socket.on('data', (bytes) => this.consume(bytes))
    socket.on('drain', () => this.clientDrained())
    socket.on('end', () => this.leave())
    // 'close' follows.
    socket.on('error', () => {})
    socket.on('close', () => this.leave())
    ground.watch.add(this)
  }

  get method(): string {
    return this.request!.method
  }

  get isSent(): boolean {
    return this.body.over
  }

  /** Ends after the request that it is at, if it is at one. */
  drain(): void {
    this.endsConnection = true
    if (this.phase === 'waiting' && !this.head.hasBegun) this.linger()
  }

  destroy(): void {
    this.socket.destroy()
  }

  // What the client sends

  private consume(bytes: Buffer): void {
    let at = 0
    while (at < bytes.length) {
      if (this.phase === 'waiting') at = this.readHead(bytes, at)
      else if (this.phase === 'calling' && !this.body.over && this.upstream !== null)
        at = this.sendBody(bytes, at)
      else if (this.phase === 'lingering' || this.phase === 'gone') return
      else {
        this.hold(bytes.subarray(at))
        break
      }
    }
    this.sendHead()
  }

  /** Until it is its turn; no more is read meanwhile. */
  private hold(bytes: Buffer): void {
    this.held = this.held === null ? bytes : Buffer.concat([this.held, bytes])
    this.socket.pause()
  }

  private release(): void {
    const { held } = this
    this.held = null
    if (!this.isBlocked()) this.socket.resume()
    if (held !== null) this.consume(held)
  }

  /** The service takes no more of the body at the moment. */
  private isBlocked(): boolean {
    return this.upstream !== null && this.upstream.socket.writableNeedDrain
  }

  /** Gives where what it did not need begins. */
  private readHead(bytes: Buffer, from: number): number {
    const { head } = this
    const wasBegun = head.hasBegun
    const end = head.read(bytes, from, bytes.length)
    if (end === malformed) return this.refuse('malformed', bytes)
    if (end === tooLarge) return this.refuse('headers too large', bytes)
    if (end !== incomplete) return this.begin(head.text, bytes, end)
    if (!wasBegun && head.hasBegun && !this.isFirst) this.due = performance.now() + this.ground.limits.headMs
    return bytes.length
  }

  private begin(text: string, bytes: Buffer, from: number): number {
    const request = readRequest(text)
    if (typeof request === 'string') return this.refuse(request, bytes)
    if (request.method === 'CONNECT') return this.refuse('connect', bytes)
    const { method, target, headers, chunked, length } = request
    this.request = request
    this.isFirst = false
    this.phase = 'opening'
    this.due = Infinity
    this.end = { bytesIn: 0, bytesOut: 0, aborted: null }
    this.hasAnswered = false
    this.isRetried = false
    this.endsConnection = !request.persists || this.ground.isDraining
    const form = chunked ? 'chunked' : length > 0 ? 'length' : 'none'
    this.body.begin({ form, length, contentOnly: false, taste: null })
    const { remote, encrypted } = this
    const opened = this.ask(() => this.ground.duties.open({ method, target, headers, remote, encrypted }))
    if (opened === undefined) return bytes.length
    if (!(opened instanceof Promise)) return this.carry(opened, bytes, from)
    void opened
      .catch((error: unknown) => this.broke(error))
      .then((exchange) => {
        if (!exchange) return
        // It went away while something was still on its way to the disk.
        if (this.phase === 'gone')
          this.ask(() => exchange.ended({ bytesIn: 0, bytesOut: 0, aborted: 'client' }))
        else {
          const held = this.held ?? none
          this.held = null
          const at = this.carry(exchange, held, 0)
          if (at < held.length) this.held = held.subarray(at)
          this.release()
          this.sendHead()
        }
      })
    return from
  }

  /** Answers, or begins to forward. Gives where what it did not need begins. */
  private carry(exchange: Exchange, bytes: Buffer, from: number): number {
    this.exchange = exchange
    if ('answer' in exchange.plan) {
      const rest = this.body.over ? from : this.body.feed(bytes, from, bytes.length, discard)
      this.sendAnswer(exchange.plan.answer)
      return rest < 0 || this.phase === 'lingering' ? bytes.length : rest
    }
    this.phase = 'calling'
    this.forward = exchange.plan.forward
    this.wantsContinue = this.request!.expectsContinue && !this.body.over
    this.call(false)
    return from
  }

  private sendBody(bytes: Buffer, from: number): number {
    const before = this.body.size
    const at = this.body.feed(bytes, from, bytes.length, this.toService)
    if (at < 0) {
      this.end.aborted = 'client'
      if (this.hasAnswered) this.destroy()
      else this.refuse('malformed', bytes)
      return bytes.length
    }
    this.end.bytesIn += this.body.size - before
    this.sawProgress()
    if (this.body.endIsOwed && this.upstream !== null) {
      this.body.endIsOwed = false
      this.sendHead()
      // Its trailers stay here: nobody downstream was asked whether it wants them.
      this.upstream.socket.write('\r\n')
    }
    return at
  }

  private readonly toService = {
    pass: (bytes: Buffer, from: number, to: number) => {
      const { upstream } = this
      if (upstream === null || from === to) return
      const head = this.requestText
      this.requestText = ''
      const piece = head === '' ? bytes.subarray(from, to) : joined(head, bytes, from, to)
      if (!upstream.socket.write(piece)) this.socket.pause()
    },
  }

  // The call to the service

  private call(fresh: boolean): void {
    const forward = this.forward!
    const lane = this.ground.pool.lane(forward.origin)
    const upstream = lane.take(this, fresh)
    this.isQueued = upstream === undefined
    this.upstream = upstream ?? null
    this.sawProgress()
    if (upstream === undefined) return
    upstream.call(this)
    this.requestText = requestHead(forward, lane.authority, this.request!.chunked ? 'chunked' : 'as it is')
    if (this.wantsContinue) {
      this.wantsContinue = false
      this.socket.write(continueText)
    }
  }

  /** Its turn has come among those that wait for a connection. */
  proceed(): void {
    if (!this.isQueued) return
    this.call(false)
    this.release()
    this.sendHead()
  }

  private sendHead(): void {
    if (this.requestText === '' || this.upstream === null) return
    const text = this.requestText
    this.requestText = ''
    if (!this.upstream.socket.write(text, 'latin1')) this.socket.pause()
  }

  drained(): void {
    if (this.phase !== 'calling' || this.held !== null) return
    this.socket.resume()
    this.sawProgress()
  }

  interim(message: ResponseMessage): void {
    // 100 is the gateway's own to say; the others (103) are for whom they concern.
    const { exchange } = this
    if (message.status === 100 || this.request!.minor === 0 || !exchange?.interim) return
    const headers = this.ask(() => exchange.interim!(message.headers))
    if (headers !== undefined) this.writeAnswer(interimHead(message.status, headers), null)
  }

  answered(message: ResponseMessage): Omit<BodyOptions, 'length' | 'form'> {
    const { status, chunked, length } = message
    const request = this.request!
    const exchange = this.exchange!
    this.sawProgress()
    let headers: string[]
    try {
      headers = exchange.answered(status, message.headers)
    } catch (error) {
      this.dropUpstream()
      this.fail('broken', detailOf(error), 'upstream')
      return nothing
    }
    this.hasAnswered = true
    const hasBody = request.method !== 'HEAD' && status !== 204 && status !== 304
    const isOpen = hasBody && !chunked && length < 0
    const isOld = request.minor === 0
    // What the client still sends has nowhere to go once the answer is over.
    if (!this.body.over || (isOld && hasBody && length < 0)) this.endsConnection = true
    this.chunksAnswer = isOpen && !isOld
    const contentOnly = isOld || !chunked
    this.answerText = answerHead(status, headers, {
      chunked: hasBody && !isOld && (chunked || isOpen),
      connection: this.connection(),
      hasDate: message.hasDate,
    })
    const { take } = exchange
    return { contentOnly, taste: take && ((content) => this.ask(() => take(content))) }
  }

  pass(bytes: Buffer, from: number, to: number): void {
    if (from === to) return
    const upstream = this.upstream!
    const head = this.answerText
    this.answerText = ''
    let piece: Buffer
    if (this.chunksAnswer) piece = chunk(head, bytes, from, to)
    else piece = head === '' ? bytes.subarray(from, to) : upstream.buffer.behind(head, bytes, from, to)
    this.writeAnswer(piece, this.chunksAnswer ? null : bytes)
  }

  /** `read`: what was read, where the piece lies in it. */
  private writeAnswer(piece: Buffer | string, read: Buffer | null): void {
    const { socket, upstream } = this
    // What has to wait anyway is copied where it is little: it would keep the whole of what it was read into.
    const isCopied = typeof piece !== 'string' && piece.length < smallBytes && socket.writableLength > 0
    let isTaken: boolean
    if (typeof piece === 'string') isTaken = socket.write(piece, 'latin1')
    else isTaken = socket.write(isCopied ? Buffer.from(piece) : piece)
    if (upstream === null) return
    if (read !== null && !isCopied && socket.writableLength > 0) upstream.keepsRead(read)
    if (isTaken || this.isStalled) return
    this.isStalled = true
    this.stalledSince = performance.now()
    upstream.socket.pause()
  }

  /** What came at once has been passed on; a head without a body yet does not wait for it. */
  passed(): void {
    this.sawProgress()
    if (this.answerText === '') return
    const text = this.answerText
    this.answerText = ''
    this.writeAnswer(text, null)
  }

  over(trailers: string[], endIsOwed: boolean): void {
    const exchange = this.exchange!
    this.end.bytesOut = this.upstream!.answerSize
    this.upstream = null
    if (this.chunksAnswer) this.socket.write('0\r\n\r\n')
    else if (endIsOwed) {
      const outgoing = this.ask(() => exchange.trailers(trailers))
      if (outgoing !== undefined) this.socket.write(trailerText(outgoing), 'latin1')
    }
    this.finish()
  }

  lost(failure: Failure, detail: string, isStale: boolean): void {
    const bytesOut = this.upstream?.answerSize ?? 0
    this.upstream = null
    const again = isStale && !this.isRetried && this.request!.length <= 0 && !this.request!.chunked
    if (again && repeatable.has(this.method)) {
      this.isRetried = true
      this.call(true)
      this.sendHead()
      return
    }
    // Half an answer cannot be taken back: an end that the client can tell from a whole one is all that is left.
    if (this.hasAnswered) {
      this.end.bytesOut = bytesOut
      this.close('upstream')
    } else this.fail(failure, detail, 'upstream')
  }

  private fail(failure: Failure, detail: string, aborted: End['aborted']): void {
    this.end.aborted ??= aborted
    const answer = this.ask(() => this.exchange!.failed(failure, detail))
    if (answer !== undefined) this.sendAnswer(answer)
  }

  // The answer's end

  private sendAnswer(answer: Parameters<typeof ownAnswer>[0]): void {
    this.requestText = ''
    this.hasAnswered = true
    if (!this.body.over) this.endsConnection = true
    this.end.bytesOut = this.method === 'HEAD' ? 0 : Buffer.byteLength(answer.body)
    this.socket.write(ownAnswer(answer, this.method, this.connection()))
    this.finish()
  }

  private connection(): AnswerEnding['connection'] {
    if (this.ground.isDraining) this.endsConnection = true
    if (this.endsConnection) return 'close'
    return this.request!.minor === 0 ? 'keep-alive' : null
  }

  /** All is written; it is over once all is sent. */
  private finish(): void {
    this.forward = undefined
    this.isStalled = false
    // Its end is told when it has closed, as that of whoever hung up.
    if (this.socket.destroyed) return
    if (this.socket.writableLength === 0) return this.done()
    this.phase = 'flushing'
    this.due = performance.now() + slowReaderMs
    this.socket.write('', (error) => {
      if (this.phase === 'flushing' && !error) this.done()
    })
  }

  private done(): void {
    this.tellEnd()
    if (this.phase === 'gone') return
    if (this.endsConnection) return this.linger()
    this.phase = 'waiting'
    this.due = performance.now() + this.ground.limits.idleMs
    if (this.held !== null || this.socket.isPaused()) this.release()
  }

  /** Nothing more is said; what still comes is read for a while: a reset would take the answer with it. */
  private linger(): void {
    this.phase = 'lingering'
    this.held = null
    this.due = performance.now() + lingerMs
    this.socket.end()
    this.socket.resume()
  }

  /** To what is no request that could be opened, or ceased to be one. */
  private refuse(fault: Fault, bytes: Buffer): number {
    this.dropUpstream()
    this.endsConnection = true
    this.head.forget()
    const answer = this.ask(() => this.ground.duties.malformed(fault))
    if (answer === undefined) return bytes.length
    const method = this.exchange === null ? '' : this.method
    if (this.exchange !== null && method !== 'HEAD') this.end.bytesOut = Buffer.byteLength(answer.body)
    this.socket.write(ownAnswer(answer, method, 'close'))
    this.tellEnd()
    this.linger()
    return bytes.length
  }

  private tellEnd(): void {
    const { exchange } = this
    this.exchange = null
    if (exchange !== null) this.ask(() => exchange.ended(this.end))
  }

  /** What the duties say. A fault of theirs costs this connection, and no other. */
  private ask<T>(question: () => T): T | undefined {
    try {
      return question()
    } catch (error) {
      return this.broke(error)
    }
  }

  /** It closes next, and with that all that it holds is given back. */
  private broke(error: unknown): undefined {
    process.emitWarning(`a fault in what is done for a request: ${detailOf(error)}`)
    this.socket.destroy()
  }

  // Deadlines and losses

  private patienceMs(): number {
    const { deadlineMs } = this.forward!
    return this.waitsForBody() ? Math.min(deadlineMs, this.ground.limits.bodyIdleMs) : deadlineMs
  }

  private sawProgress(): void {
    if (this.forward) this.due = performance.now() + this.patienceMs()
  }

  private clientDrained(): void {
    if (!this.isStalled) return
    this.isStalled = false
    this.sawProgress()
    this.upstream?.socket.resume()
  }

  late(now: number): void {
    if (this.phase === 'waiting' && this.head.hasBegun) this.refuse('slow', none)
    else if (this.phase !== 'calling') this.close(this.phase === 'flushing' ? 'client' : null)
    else if (this.isStalled && now - this.stalledSince < slowReaderMs) this.due = now + this.patienceMs()
    else if (this.isStalled) this.close('client')
    else if (this.hasAnswered) this.close('deadline')
    else if (this.waitsForBody() && this.ground.limits.bodyIdleMs < this.forward!.deadlineMs) {
      this.end.aborted = 'client'
      this.refuse('slow', none)
    } else {
      this.dropUpstream()
      this.fail('deadline', 'no progress', 'deadline')
    }
  }

  /** It is the client's turn: its body is wanted, and the service takes it. */
  private waitsForBody(): boolean {
    return !this.body.over && this.upstream !== null && !this.socket.isPaused()
  }

  /** The client hung up, or was hung up on. */
  private leave(): void {
    if (this.phase !== 'gone') this.close(this.exchange === null ? null : 'client')
  }

  private close(aborted: End['aborted'] = null): void {
    if (aborted !== null) this.end.aborted ??= aborted
    this.phase = 'gone'
    this.ground.watch.delete(this)
    if (this.hasAnswered && this.upstream !== null) this.end.bytesOut = this.upstream.answerSize
    this.dropUpstream()
    // For a client of HTTP/1.0 an answer without a length ends with the connection: only a reset tells half of it.
    const isHalf = this.exchange !== null && this.hasAnswered && this.request!.minor === 0
    if (isHalf && !this.encrypted) this.socket.resetAndDestroy()
    else this.socket.destroy()
    this.tellEnd()
  }

  private dropUpstream(): void {
    if (this.isQueued) this.ground.pool.lane(this.forward!.origin).leave(this)
    this.isQueued = false
    this.requestText = ''
    this.answerText = ''
    const { upstream } = this
    this.upstream = null
    upstream?.abandon()
  }
}

/** A chunk of its own (RFC 9112 7.1), behind a head where one is due. */
function chunk(head: string, bytes: Buffer, from: number, to: number): Buffer {
  const before = Buffer.from(`${head}${(to - from).toString(16)}\r\n`, 'latin1')
  return Buffer.concat([before, bytes.subarray(from, to), crlf])
}

const crlf = Buffer.from('\r\n')

function detailOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
