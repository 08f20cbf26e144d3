import type { HeaderFields } from '../../header-fields.ts'
import type { Answer } from '../engine.ts'
import { Collector } from './collector.ts'
import type { BodyOptions } from './framing.ts'
import type { ResponseMessage } from './head.ts'
import { joined } from './read-buffer.ts'
import { Spoiled } from './spoiled.ts'
import type { SpoiledOut } from './spoiled.ts'
import type { Sender } from './outbox.ts'
import type { Turn } from './turn.ts'
import type { Upstream } from './upstream.ts'
import { answerHead, interimHead, ownHead, switchHead, trailerText } from './write.ts'

const none = Buffer.alloc(0)
/** A copy of so much costs less than what is spared by posting it. */
const smallBytes = 4 * 1024

/** Whom an answer comes from. */
export interface AnswerSource {
  /** Null: all of it is here, or nobody is wanted any more. */
  readonly upstream: Upstream | null
  /** The rest of it is not wanted. */
  drop(): void
  /** It goes on: what is waited for has its time anew. */
  sawProgress(): void
}

type Passing = Omit<BodyOptions, 'length' | 'form'>

/**
 *   service ──► head ──┬──────────────── as it comes ────────────────┬──► client
 *                      ├── collected ──► Reshape ──► our own answer ──┤
 *                      └── spoiled: slowly, or not all of it ─────────┘
 *
 * The answer of a service on its way to one client, with back-pressure.
 */
export class AnswerWriter implements SpoiledOut, Sender {
  /** Some of it has gone out, and cannot be taken back. */
  hasBegun = false
  /** The service is held back, since the client takes no more. */
  isStalled = false
  stalledSince = 0
  private turn: Turn
  private readonly source: AnswerSource
  /** A head that is not sent yet: it goes with what of the body is here. */
  private text = ''
  /** What of it goes out in a moment, with what others have to write. */
  private posted: Buffer | string | null = null
  /** The body goes in chunks of ours. */
  private chunks = false
  private collected: Collector | null = null
  private spoiled: Spoiled | null = null
  /** One of the two: the body does not go on as it comes. */
  private isDiverted = false

  constructor(turn: Turn, source: AnswerSource) {
    this.turn = turn
    this.source = source
  }

  moveTo(turn: Turn): void {
    this.turn = turn
  }

  /** It waits on purpose, and for nobody. */
  get isPacing(): boolean {
    return this.spoiled?.isPacing === true
  }

  get isPosted(): boolean {
    return this.posted !== null
  }

  /** Bytes of content that went out. */
  get size(): number {
    return this.spoiled?.size ?? this.source.upstream?.answerSize ?? this.turn.end.bytesOut
  }

  interim(status: number, headers: readonly string[]): void {
    this.write(interimHead(status, headers))
  }

  switched(headers: readonly string[], protocol: string): void {
    this.hasBegun = true
    this.turn.socket.write(switchHead(headers, protocol), 'latin1')
  }

  begin(message: ResponseMessage, headers: HeaderFields): Passing {
    const { turn } = this
    const { request } = turn
    const { status, chunked, length } = message
    const { take, reshape, spoil } = turn.exchange!
    const taste = take && ((content: Buffer) => turn.ask(() => take(content)))
    if (reshape !== undefined) {
      this.collected = new Collector(reshape.maxBytes)
      this.isDiverted = true
      return { contentOnly: true, taste }
    }
    this.hasBegun = true
    const hasBody = request.method !== 'HEAD' && status !== 204 && status !== 304
    const isOpen = hasBody && !chunked && length < 0
    const isOld = request.minor === 0
    // What the client still sends has nowhere to go once the answer is over.
    if (!turn.body.over || (isOld && hasBody && length < 0)) turn.endsConnection = true
    const isChunked = hasBody && !isOld && (chunked || isOpen)
    this.chunks = isChunked && (isOpen || spoil !== undefined)
    this.text = answerHead(status, headers.text, {
      chunked: isChunked,
      connection: turn.connection(),
      hasDate: message.hasDate,
    })
    if (spoil !== undefined) this.spoil()
    return { contentOnly: isOld || !chunked || this.isDiverted, taste }
  }

  pass(bytes: Buffer, from: number, to: number): void {
    const { upstream } = this.source
    // The rest of what was read with the last of it that was wanted.
    if (from === to || upstream === null) return
    if (this.isDiverted) return this.divert(bytes, from, to)
    const head = this.text
    this.text = ''
    if (this.chunks) return this.write(chunk(head, bytes, from, to))
    if (head !== '' && to - from <= smallBytes) return this.post(joined(head, bytes, from, to))
    this.send()
    const piece = head === '' ? bytes.subarray(from, to) : upstream.buffer.behind(head, bytes, from, to)
    if (!upstream.writeTo(this.turn.socket, piece, bytes)) this.stall()
  }

  /** What came at once has been passed on; a head without a body yet does not wait for it. */
  passed(): void {
    if (this.text !== '') {
      this.post(this.text)
      this.text = ''
    } else if (this.collected?.isTooLong === true) this.reshape(this.collected)
  }

  over(trailers: string[], endIsOwed: boolean): void {
    if (this.collected !== null) return this.reshape(this.collected)
    if (this.spoiled !== null) return this.spoiled.over(trailers)
    this.writeEnd(trailers, endIsOwed)
    this.turn.finish()
  }

  /** The client takes more. */
  drained(): void {
    if (!this.isStalled) return
    this.isStalled = false
    this.source.sawProgress()
    if (this.spoiled !== null) this.spoiled.drained()
    else this.source.upstream?.socket.resume()
  }

  /** Nothing more of it is to be written: it is over, or broken off. */
  reset(): void {
    this.isStalled = false
    this.text = ''
    if (!this.isDiverted) return
    this.isDiverted = false
    this.collected = null
    this.spoiled?.stop()
    this.spoiled = null
  }

  // What becomes of a body that does not go on as it comes

  private divert(bytes: Buffer, from: number, to: number): void {
    if (this.spoiled !== null) this.spoiled.pass(bytes, from, to)
    else this.collected?.pass(bytes, from, to)
  }

  private reshape(collected: Collector): void {
    const { turn } = this
    const { reshape, spoil } = turn.exchange!
    const body = collected.whole()
    this.reset()
    if (body === null) this.source.drop()
    const answer = turn.ask(() => reshape!.whole(body))
    if (answer === undefined) return
    if (spoil === undefined) turn.sendAnswer(answer)
    else this.spoilOwn(answer)
  }

  /** An answer of our own. */
  spoilOwn(answer: Answer): void {
    const { turn } = this
    this.source.sawProgress()
    this.hasBegun = true
    this.chunks = false
    if (!turn.body.over) turn.endsConnection = true
    this.text = ownHead(answer, turn.connection())
    const content = turn.request.method === 'HEAD' ? none : Buffer.from(answer.body)
    const spoiled = this.spoil()
    spoiled.pass(content, 0, content.length)
    spoiled.over([])
  }

  private spoil(): Spoiled {
    const spoiled = new Spoiled(this.turn.exchange!.spoil!, this)
    this.spoiled = spoiled
    this.isDiverted = true
    this.flushHead()
    spoiled.begin()
    return spoiled
  }

  writeContent(piece: Buffer): boolean {
    this.write(this.chunks ? chunk('', piece, 0, piece.length) : piece)
    return !this.isStalled
  }

  holdSource(holds: boolean): void {
    const socket = this.source.upstream?.socket
    if (socket === undefined || this.isStalled || socket.isPaused() === holds) return
    if (holds) socket.pause()
    else {
      socket.resume()
      this.source.sawProgress()
    }
  }

  leaveSource(): void {
    this.source.drop()
  }

  contentOver(trailers: string[], size: number): void {
    this.turn.end.bytesOut = size
    this.writeEnd(trailers, false)
    this.turn.finish()
  }

  cut(size: number): void {
    this.turn.end.bytesOut = size
    this.turn.cutOff()
  }

  // Writing

  private flushHead(): void {
    const { text } = this
    this.text = ''
    this.write(text)
  }

  private writeEnd(trailers: string[], endIsOwed: boolean): void {
    if (!this.chunks && !endIsOwed) return
    const { turn } = this
    const hasTrailers = endIsOwed || trailers.length > 0
    const outgoing = hasTrailers ? turn.ask(() => turn.exchange!.trailers(trailers)) : []
    if (outgoing === undefined) return
    this.write(`${this.chunks ? '0\r\n' : ''}${trailerText(outgoing)}`)
  }

  private post(piece: Buffer | string): void {
    this.posted = piece
    this.turn.ground.outbox.add(this)
  }

  send(): void {
    const { posted, turn } = this
    if (posted === null) return
    this.posted = null
    if (turn.socket.destroyed) return
    this.write(posted)
    if (turn.phase !== 'flushing') return
    // It was all: nobody is held back by it any more.
    this.isStalled = false
    turn.written()
  }

  private write(piece: Buffer | string): void {
    this.send()
    const { socket } = this.turn
    const isTaken = typeof piece === 'string' ? socket.write(piece, 'latin1') : socket.write(piece)
    if (!isTaken) this.stall()
  }

  private stall(): void {
    if (this.isStalled) return
    this.isStalled = true
    this.stalledSince = performance.now()
    this.source.upstream?.socket.pause()
  }
}

/** A chunk of its own (RFC 9112 7.1), behind a head where one is due. */
function chunk(head: string, bytes: Buffer, from: number, to: number): Buffer {
  const before = `${head}${(to - from).toString(16)}\r\n`
  const whole = Buffer.allocUnsafe(before.length + to - from + 2)
  whole.write(before, 0, 'latin1')
  bytes.copy(whole, before.length, from, to)
  whole.write('\r\n', whole.length - 2, 'latin1')
  return whole
}
