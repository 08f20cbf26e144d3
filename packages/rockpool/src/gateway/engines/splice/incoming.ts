import { newEnd } from '../end.ts'
import type { Answer, BodyFailure, Exchange, Fault, Forward, Gather } from '../engine.ts'
import { discard } from './call.ts'
import type { Call } from './call.ts'
import { Collector } from './collector.ts'
import { HeadReader, tooLarge } from './head-reader.ts'
import { incomplete, malformed, readRequest } from './head.ts'
import type { RequestMessage } from './head.ts'
import type { Turn } from './turn.ts'
import { Repeated } from './repeated.ts'
import { continueText } from './write.ts'

const none = Buffer.alloc(0)

/** What a client sends: heads, bodies, the bytes of another protocol. What is not its turn yet is held back. */
export class Incoming {
  private turn: Turn
  private readonly call: Call
  private readonly head = new HeadReader({ skipsEmptyLines: true })
  private held: Buffer | null = null
  private gathering: { gather: Gather; content: Collector } | null = null
  /** What it returns to may still read on. */
  private isReading = false

  constructor(turn: Turn, call: Call) {
    this.turn = turn
    this.call = call
  }

  moveTo(turn: Turn): void {
    this.turn = turn
  }

  /** Nothing of what came is left here. */
  get isFree(): boolean {
    return !this.isReading && !this.head.hasBegun && this.held === null && this.gathering === null
  }

  /** A part of a head is here. */
  get hasBegun(): boolean {
    return this.head.hasBegun
  }

  get isHeld(): boolean {
    return this.held !== null
  }

  consume(bytes: Buffer): void {
    const wasReading = this.isReading
    this.isReading = true
    this.read(bytes)
    this.isReading = wasReading
    this.turn.rest()
  }

  private read(bytes: Buffer): void {
    const { turn } = this
    let at = 0
    while (at < bytes.length) {
      if (turn.phase === 'waiting') at = this.readHead(bytes, at)
      else if (turn.phase === 'calling' && this.call.takesBody) at = this.sendBody(bytes, at)
      else if (this.gathering !== null) at = this.gather(bytes, at, this.gathering.content)
      else if (turn.phase === 'lingering' || turn.phase === 'gone') return
      else if (turn.phase === 'switched') return turn.tunnel!.fromClient(bytes.subarray(at))
      else {
        this.hold(bytes.subarray(at))
        break
      }
    }
    this.call.sendHead()
  }

  /** Until it is its turn; no more is read meanwhile. */
  private hold(bytes: Buffer): void {
    this.held = this.held === null ? bytes : Buffer.concat([this.held, bytes])
    this.turn.socket.pause()
  }

  release(): void {
    const { held } = this
    this.held = null
    if (!this.call.isBlocked) this.turn.socket.resume()
    if (held !== null) this.consume(held)
  }

  /** Nothing more of it will be looked at. */
  forget(): void {
    this.head.forget()
    this.held = null
    this.gathering = null
  }

  // Heads. Each of these gives where what it did not need begins.

  private readHead(bytes: Buffer, from: number): number {
    const { head, turn } = this
    const { repeated } = turn
    const wasBegun = head.hasBegun
    const after = wasBegun || repeated === null ? 0 : repeated.read(bytes, from)
    if (after > 0) return this.begin(repeated!.request!, bytes, after)
    const end = head.read(bytes, from, bytes.length)
    if (end === malformed) return this.refuse('malformed', bytes)
    if (end === tooLarge) return this.refuse('headers too large', bytes)
    if (end !== incomplete) return this.beginNew(head.text, bytes, end)
    if (!wasBegun && head.hasBegun && !turn.isNew) turn.due = performance.now() + turn.ground.limits.headMs
    return bytes.length
  }

  private beginNew(text: string, bytes: Buffer, from: number): number {
    this.head.text = ''
    const request = readRequest(text)
    if (typeof request === 'string') return this.refuse(request, bytes)
    // Of the first one nothing is kept: a connection may have no other.
    if (!this.turn.isNew) (this.turn.repeated ??= new Repeated()).keep(text, request)
    return this.begin(request, bytes, from)
  }

  private begin(request: RequestMessage, bytes: Buffer, from: number): number {
    const { turn } = this
    if (request.method === 'CONNECT') return this.refuse('connect', bytes)
    turn.begin(request)
    this.beginBody(false)
    const { method, target, headers } = request
    const { remote, encrypted } = turn
    let opened: Exchange | Promise<Exchange>
    try {
      const memo = turn.repeated?.memoOf(headers)
      opened = turn.ground.duties.open({ method, target, headers, memo, remote, encrypted })
    } catch (error) {
      turn.broke(error)
      return bytes.length
    }
    if (!(opened instanceof Promise)) return this.carry(opened, bytes, from)
    void opened.catch((error: unknown) => turn.broke(error)).then((exchange) => this.carryLater(exchange))
    return from
  }

  private beginBody(contentOnly: boolean): void {
    const { chunked, length } = this.turn.request
    const form = chunked ? 'chunked' : length > 0 ? 'length' : 'none'
    this.turn.body.begin({ form, length, contentOnly, taste: null })
  }

  private carryLater(exchange: Exchange | undefined): void {
    if (!exchange) return
    // It went away while something was still on its way to the disk.
    if (this.turn.phase === 'gone')
      return void this.turn.ask(() => exchange.ended({ ...newEnd(), aborted: 'client' }))
    const held = this.held ?? none
    this.held = null
    this.isReading = true
    const at = this.carry(exchange, held, 0)
    this.isReading = false
    if (at < held.length) this.held = held.subarray(at)
    this.release()
    this.call.sendHead()
    this.turn.rest()
  }

  /** Does what is planned. */
  private carry(exchange: Exchange, bytes: Buffer, from: number): number {
    const { turn } = this
    const { plan } = exchange
    turn.exchange = exchange
    if ('answer' in plan) {
      const rest = turn.body.over ? from : turn.body.feed(bytes, from, bytes.length, discard)
      this.answer(plan.answer)
      return rest < 0 || turn.phase === 'lingering' ? bytes.length : rest
    }
    if ('forward' in plan) this.forward(plan.forward, null)
    else this.beginGather(plan.gather)
    return from
  }

  /** By what is planned; spoiled on purpose it may be nothing at all. */
  private answer(answer: Answer): void {
    const { turn } = this
    const { spoil } = turn.exchange!
    if (spoil === undefined) return turn.sendAnswer(answer)
    if (spoil.resetAfterBytes === 0) return turn.cutOff()
    turn.phase = 'calling'
    this.call.answer.spoilOwn(answer)
  }

  private forward(forward: Forward, gathered: Buffer | null): void {
    this.turn.phase = 'calling'
    this.call.begin(forward, gathered)
  }

  // Bodies

  private sendBody(bytes: Buffer, from: number): number {
    const at = this.call.sendBody(bytes, from)
    return at < 0 ? this.breakOff(bytes) : at
  }

  private beginGather(gather: Gather): void {
    const { turn } = this
    const content = new Collector(gather.maxBytes)
    this.gathering = { gather, content }
    turn.phase = 'gathering'
    this.beginBody(true)
    content.expect(turn.request.length)
    if (turn.body.over || content.isTooLong) return this.endGather()
    if (turn.request.expectsContinue) turn.socket.write(continueText)
    turn.bodyClock.begin(turn.ground.limits.bodyMs)
    this.waitForMore()
  }

  private waitForMore(): void {
    const { turn } = this
    turn.due = Math.min(performance.now() + turn.ground.limits.bodyIdleMs, turn.bodyClock.due)
  }

  private gather(bytes: Buffer, from: number, content: Collector): number {
    const { body, bodyClock, end } = this.turn
    const before = body.size
    const at = body.feed(bytes, from, bytes.length, content)
    if (at < 0) return this.breakOff(bytes)
    end.bytesIn += body.size - before
    bodyClock.came(body.size - before)
    this.waitForMore()
    if (body.over || content.isTooLong) this.endGather()
    return at
  }

  private endGather(): void {
    const { turn } = this
    const { gather, content } = this.gathering!
    this.gathering = null
    const next = turn.ask(() => gather.whole(content.whole()))
    if (next === undefined) return
    if ('answer' in next) this.answer(next.answer)
    else this.forward(next.forward, next.forward.body ?? none)
  }

  /** It is served no longer. */
  refuseBody(failure: BodyFailure): void {
    this.gathering = null
    this.call.refuseBody(failure)
  }

  /** A body whose form is broken: its call has no end, and where the next request begins nobody knows. */
  private breakOff(bytes: Buffer): number {
    this.refuseBody('malformed')
    return bytes.length
  }

  private refuse(fault: Fault, bytes: Buffer): number {
    this.turn.refuse(fault)
    return bytes.length
  }
}
