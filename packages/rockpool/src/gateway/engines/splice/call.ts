import type { HeaderFields } from '../../header-fields.ts'
import type { BodyFailure, Failure, Forward } from '../engine.ts'
import { AnswerWriter } from './answer.ts'
import type { AnswerSource } from './answer.ts'
import type { BodyOptions } from './framing.ts'
import type { ResponseMessage } from './head.ts'
import type { Sender } from './outbox.ts'
import type { Waiting } from './pool.ts'
import { joined } from './read-buffer.ts'
import type { Turn } from './turn.ts'
import { Tunnel } from './tunnel.ts'
import type { Caller, Upstream } from './upstream.ts'
import { continueText, requestHead } from './write.ts'

/** A client that takes nothing for so long is given up. */
export const slowReaderMs = 300_000
const repeatable = new Set(['GET', 'HEAD', 'OPTIONS'])
export const discard = { pass: () => {} }
const nothing = { contentOnly: false, taste: null }

/** The call of one request at a time to a service: a connection from the pool, the request to it, what becomes of it. */
export class Call implements Caller, Waiting, AnswerSource, Sender {
  readonly answer: AnswerWriter
  upstream: Upstream | null = null
  private turn: Turn
  private forward: Forward | undefined
  private isQueued = false
  /** A head for the service that is not sent yet: it goes with what of the body is here. */
  private requestText = ''
  /** What of the request goes out in a moment, with what others have to write. */
  private posted: Buffer | string | null = null
  private wantsContinue = false
  /** All of the body that the service gets, in place of what the client sends. */
  private gathered: Buffer | null = null
  /** Bytes of content that the body may have. */
  private mostBytes = Infinity
  /** In milliseconds of `performance.now()`: when it has to be over. */
  private totalDue = Infinity
  /** In milliseconds of `performance.now()`: since when it waits for a connection; -1: it does not. */
  private waitsSince = -1

  constructor(turn: Turn) {
    this.turn = turn
    this.answer = new AnswerWriter(turn, this)
  }

  moveTo(turn: Turn): void {
    this.turn = turn
    this.answer.moveTo(turn)
  }

  /** Nobody has anything to tell it, or to wait for. */
  get isFree(): boolean {
    return this.upstream === null && !this.isQueued && !this.answer.isPosted
  }

  get method(): string {
    return this.turn.request.method
  }

  get isAsked(): boolean {
    return this.posted === null && this.requestText === ''
  }

  get isSent(): boolean {
    return this.turn.body.over || this.gathered !== null
  }

  /** What the client sends next is of a body that somebody takes. */
  get takesBody(): boolean {
    return this.upstream !== null && !this.turn.body.over
  }

  /** The service takes no more of the body at the moment. */
  get isBlocked(): boolean {
    return this.upstream !== null && this.upstream.socket.writableNeedDrain
  }

  /** `gathered`: sent in place of the client's body. */
  begin(forward: Forward, gathered: Buffer | null): void {
    const { request, body } = this.turn
    // RFC 9110 7.8: in HTTP/1.0 nothing is asked for.
    this.forward = request.minor === 0 ? withoutUpgrade(forward) : forward
    this.gathered = gathered
    this.wantsContinue = request.expectsContinue && !body.over && gathered === null
    this.mostBytes = forward.maxBodyBytes ?? Infinity
    this.totalDue = forward.totalMs === undefined ? Infinity : performance.now() + forward.totalMs
    if ((gathered?.length ?? request.length) > this.mostBytes) this.refuseBody('too large')
    else this.call(false)
  }

  private call(fresh: boolean): void {
    this.posted = null
    const forward = this.forward!
    const lane = this.turn.ground.pool.lane(forward.origin)
    const upstream = lane.take(this, fresh)
    this.isQueued = upstream === undefined
    this.upstream = upstream ?? null
    this.tellWay(upstream)
    if (this.takesBody) this.turn.bodyClock.begin(this.turn.ground.limits.bodyMs)
    this.sawProgress()
    if (upstream === undefined) return
    upstream.call(this)
    this.requestText = requestHead(forward, lane.authority, this.bodyForm())
    if (this.wantsContinue) {
      this.wantsContinue = false
      this.turn.socket.write(continueText)
    }
  }

  /** Where a connection was free, without a look at the clock. */
  private tellWay(upstream: Upstream | undefined): void {
    const { end } = this.turn
    end.connectMs ??= 0
    if (upstream !== undefined) end.upstream = upstream.address
    if (upstream?.isConnected === true) this.stopWaiting()
    else if (this.waitsSince < 0) this.waitsSince = performance.now()
  }

  connected(): void {
    this.turn.end.upstream = this.upstream!.address
    this.stopWaiting()
  }

  private stopWaiting(): void {
    if (this.waitsSince < 0) return
    this.turn.end.connectMs! += Math.round(performance.now() - this.waitsSince)
    this.waitsSince = -1
  }

  private bodyForm(): 'chunked' | 'as it is' | number {
    const { chunked, length } = this.turn.request
    if (this.gathered === null) return chunked ? 'chunked' : 'as it is'
    return this.gathered.length > 0 || chunked || length >= 0 ? this.gathered.length : 'as it is'
  }

  /** Its turn has come among those that wait for a connection. */
  proceed(): void {
    if (!this.isQueued) return
    this.call(false)
    this.turn.release()
    this.sendHead()
  }

  /** Gives where what it did not need begins; -1: the body is malformed. */
  sendBody(bytes: Buffer, from: number): number {
    const { body, bodyClock, end } = this.turn
    const before = body.size
    const at = body.feed(bytes, from, bytes.length, this.gathered === null ? this.toService : discard)
    if (at < 0) return -1
    end.bytesIn += body.size - before
    bodyClock.came(body.size - before)
    if (body.size > this.mostBytes) {
      this.refuseBody('too large')
      return bytes.length
    }
    this.sawProgress()
    if (body.endIsOwed && this.upstream !== null) {
      body.endIsOwed = false
      this.sendHead()
      // Its trailers stay here: nobody downstream was asked whether it wants them.
      this.write(this.upstream, '\r\n')
    }
    return at
  }

  private readonly toService = {
    pass: (bytes: Buffer, from: number, to: number) => {
      const { upstream } = this
      // What is too long must not reach its end there.
      if (upstream === null || from === to || this.turn.body.size > this.mostBytes) return
      const head = this.requestText
      this.requestText = ''
      if (head === '') this.write(upstream, bytes.subarray(from, to))
      else this.post(joined(head, bytes, from, to))
    },
  }

  /** What of the request is not sent yet, and has nothing more to wait for. */
  sendHead(): void {
    if (this.requestText === '' || this.upstream === null) return
    const text = this.requestText
    const { gathered } = this
    this.requestText = ''
    const hasBody = gathered !== null && gathered.length > 0
    this.post(hasBody ? joined(text, gathered, 0, gathered.length) : text)
  }

  private post(piece: Buffer | string): void {
    this.posted = piece
    this.turn.ground.outbox.add(this)
  }

  send(): void {
    const { posted, upstream } = this
    // One that has just been lost is told to be: nothing of the request has gone there.
    if (posted === null || upstream === null || !upstream.isUsable) return
    this.posted = null
    this.write(upstream, posted)
  }

  private write(upstream: Upstream, piece: Buffer | string): void {
    this.send()
    const { socket } = upstream
    const isTaken = typeof piece === 'string' ? socket.write(piece, 'latin1') : socket.write(piece)
    if (isTaken) return
    this.turn.socket.pause()
    this.turn.bodyClock.hold()
  }

  // What comes of it

  drained(): void {
    this.turn.bodyClock.release()
    this.turn.serviceDrained()
  }

  interim(message: ResponseMessage): void {
    const { turn } = this
    const { exchange } = turn
    // 100 is the gateway's own to say; the others (103) are for whom they concern.
    if (message.status === 100 || turn.request.minor === 0 || !exchange?.interim) return
    const headers = turn.ask(() => exchange.interim!(message.headers.list))
    if (headers !== undefined) this.answer.interim(message.status, headers)
  }

  answered(message: ResponseMessage): Omit<BodyOptions, 'length' | 'form'> {
    const { turn } = this
    let headers: HeaderFields
    try {
      headers = turn.exchange!.answered(message.status, message.headers)
    } catch (error) {
      this.failTelling(error)
      return nothing
    }
    this.leaveAhead()
    return this.answer.begin(message, headers)
  }

  switched(message: ResponseMessage): Tunnel | null {
    const { turn, upstream } = this
    const exchange = turn.exchange!
    const asked = this.forward!.upgrade
    const protocol = valueOf(message.headers.list, 'upgrade')
    // RFC 9110 7.8: to nothing but what was asked for.
    if (asked === undefined || !exchange.switched || protocol?.toLowerCase() !== asked.toLowerCase())
      return null
    let headers: string[]
    try {
      headers = exchange.switched(message.headers.list)
    } catch (error) {
      this.failTelling(error)
      return null
    }
    this.answer.switched(headers, protocol)
    this.upstream = null
    const tunnel = new Tunnel(turn.socket, upstream!, turn)
    turn.enter(tunnel)
    return tunnel
  }

  /** The duties can make nothing of a head: that is the service's fault. */
  private failTelling(error: unknown): void {
    this.drop()
    this.fail('broken', error instanceof Error ? error.message : String(error), 'upstream')
  }

  private fail(failure: Failure, detail: string, aborted: 'client' | 'upstream' | 'deadline'): void {
    this.leaveAhead()
    this.turn.fail(failure, detail, aborted)
  }

  /** What the client sent ahead may be of the protocol that it did not get, and is read as HTTP by nobody. */
  private leaveAhead(): void {
    const { turn } = this
    if (this.forward!.upgrade !== undefined && turn.socket.isPaused()) turn.endsConnection = true
  }

  pass(bytes: Buffer, from: number, to: number): void {
    this.answer.pass(bytes, from, to)
  }

  passed(): void {
    this.sawProgress()
    this.answer.passed()
  }

  over(trailers: string[], endIsOwed: boolean): void {
    if (this.answer.hasBegun) this.turn.end.bytesOut = this.upstream!.answerSize
    this.upstream = null
    this.answer.over(trailers, endIsOwed)
  }

  lost(failure: Failure, detail: string, isStale: boolean): void {
    const { turn, answer } = this
    const { request } = turn
    const bytesOut = answer.size
    const mayRepeat = repeatable.has(request.method) || !this.isAsked
    this.upstream = null
    this.stopWaiting()
    const isWhole = this.gathered !== null || (request.length <= 0 && !request.chunked)
    if (isStale && turn.end.retries === 0 && isWhole && mayRepeat) {
      turn.end.retries = 1
      this.call(true)
      this.sendHead()
      return
    }
    // Half an answer cannot be taken back: an end that the client can tell from a whole one is all that is left.
    if (answer.hasBegun) {
      turn.end.bytesOut = bytesOut
      turn.close('upstream')
    } else this.fail(failure, detail, 'upstream')
  }

  /** The client's body is not served, whatever the service says. */
  refuseBody(failure: BodyFailure): void {
    const { turn } = this
    if (this.answer.hasBegun) return turn.close('client')
    this.drop()
    // What came behind it is looked at by nobody.
    turn.endsConnection = true
    turn.fail(failure, `the body of the client: ${failure}`, 'client')
  }

  /** The service is not wanted any more. */
  drop(): void {
    if (this.isQueued) this.turn.ground.pool.lane(this.forward!.origin).leave(this)
    this.isQueued = false
    this.stopWaiting()
    this.requestText = ''
    this.posted = null
    const { upstream } = this
    this.upstream = null
    upstream?.abandon()
  }

  /** The request is over. */
  reset(): void {
    this.forward = undefined
    this.gathered = null
    this.requestText = ''
    this.posted = null
    this.totalDue = Infinity
    this.answer.reset()
  }

  // Deadlines

  sawProgress(): void {
    if (this.turn.phase === 'calling') this.turn.due = this.dueAfter(performance.now())
  }

  late(now: number): void {
    const { turn, answer } = this
    if (now >= this.totalDue) this.endTotal(now)
    else if (this.waitsForBody() && now >= turn.bodyClock.due) this.refuseBody('slow')
    else if (answer.isStalled && now - answer.stalledSince >= slowReaderMs) turn.close('client')
    else if (answer.isStalled || answer.isPacing) turn.due = this.dueAfter(now)
    else if (this.waitsForBody() && turn.ground.limits.bodyIdleMs < this.forward!.deadlineMs)
      this.refuseBody('slow')
    else if (answer.hasBegun) turn.close('deadline')
    else {
      this.drop()
      this.fail('deadline', 'no progress', 'deadline')
    }
  }

  /** It made progress all the while, or could have. */
  private endTotal(now: number): void {
    const { turn, answer } = this
    if (!answer.hasBegun) {
      this.drop()
      return this.fail('total', 'it was not over in time', 'deadline')
    }
    if (turn.ask(() => turn.exchange?.isEndless?.()) !== true)
      return turn.close(answer.isStalled ? 'client' : 'deadline')
    this.totalDue = Infinity
    turn.due = this.dueAfter(now)
  }

  private dueAfter(now: number): number {
    // Without a service it is an answer of our own that the client takes slowly.
    const due = Math.min(now + (this.forward?.deadlineMs ?? slowReaderMs), this.totalDue)
    if (!this.waitsForBody()) return due
    const { ground, bodyClock } = this.turn
    return Math.min(due, now + ground.limits.bodyIdleMs, bodyClock.due)
  }

  /** It is the client's turn: its body is wanted, and the service takes it. */
  private waitsForBody(): boolean {
    return this.takesBody && this.gathered === null && !this.turn.socket.isPaused()
  }
}

function withoutUpgrade(forward: Forward): Forward {
  if (forward.upgrade === undefined) return forward
  const plain = { ...forward }
  delete plain.upgrade
  return plain
}

function valueOf(headers: readonly string[], name: string): string | undefined {
  for (let index = 0; index < headers.length; index += 2)
    if (headers[index]!.toLowerCase() === name) return headers[index + 1]
  return undefined
}
