import type { Socket } from 'node:net'
import { newEnd } from '../end.ts'
import type { Answer, End, Exchange, Failure, Fault } from '../engine.ts'
import type { BodyClock } from './body-clock.ts'
import { slowReaderMs } from './call.ts'
import type { Framing } from './framing.ts'
import type { RequestMessage } from './head.ts'
import type { Repeated } from './repeated.ts'
import type { Tunnel } from './tunnel.ts'
import type { Ground, Phase, Turn } from './turn.ts'
import type { Watched } from './watch.ts'
import type { Workplace, Workplaces } from './workplace.ts'
import { ownAnswer } from './write.ts'
import type { AnswerEnding } from './write.ts'

/** A body that nobody wants is read and thrown away for this long, so that the client can read why. */
const lingerMs = 5_000
/** Who asks again within this time is spared reading the same headers again. */
const repeatsMs = 1_000
/** What is on its way when a connection is reset is lost: it has this long to arrive. */
const arriveMs = 100

/** Between two requests nothing is kept of the last one, but what may come again (repeated.ts). */
const noRequest: RequestMessage = {
  headers: [],
  minor: 1,
  length: -1,
  chunked: false,
  persists: true,
  closes: false,
  method: '',
  target: '',
  expectsContinue: false,
  hosts: 0,
}

const client = Symbol('client')
type OwnedSocket = Socket & { [client]: Client }

/** One of each for all connections: one that is idle holds as little as it can. */
const listeners = {
  data(this: OwnedSocket, bytes: Buffer): void {
    this[client].consume(bytes)
  },
  drain(this: OwnedSocket): void {
    this[client].clientDrained()
  },
  end(this: OwnedSocket): void {
    this[client].clientEnded()
  },
  /** 'close' follows. */
  error(): void {},
  close(this: OwnedSocket): void {
    this[client].closed()
  },
}

/** What those of an engine share with nobody else. */
export interface Clients {
  workplaces: Workplaces
  /** Its connection is closed. */
  left(client: Client): void
}

/** One connection of a client, with one request at a time. */
export class Client implements Watched, Turn {
  phase: Phase = 'waiting'
  due: number
  readonly socket: Socket
  readonly ground: Ground
  readonly remote: string
  readonly encrypted: boolean
  request = noRequest
  exchange: Exchange | null = null
  isNew = true
  repeated: Repeated | null = null
  private idleDue = 0
  end = newEnd()
  endsConnection = false
  tunnel: Tunnel | null = null
  private readonly clients: Clients
  /** Null between two requests. */
  private place: Workplace | null = null

  constructor(socket: Socket, ground: Ground, clients: Clients) {
    this.socket = socket
    this.ground = ground
    this.clients = clients
    this.remote = socket.remoteAddress ?? ''
    this.encrypted = 'encrypted' in socket
    this.due = performance.now() + ground.limits.headMs
    // Who has ended its side may still be owed bytes.
    socket.allowHalfOpen = true
    const owned = socket as OwnedSocket
    owned[client] = this
    const { data, drain, end, error, close } = listeners
    owned.on('data', data).on('drain', drain).on('end', end).on('error', error).on('close', close)
    ground.watch.add(this)
  }

  get body(): Framing {
    return this.place!.body
  }

  get bodyClock(): BodyClock {
    return this.place!.bodyClock
  }

  consume(bytes: Buffer): void {
    this.place ??= this.clients.workplaces.take(this)
    this.place.incoming.consume(bytes)
  }

  rest(): void {
    const { place } = this
    if (place === null || this.phase !== 'waiting' || !place.isFree) return
    this.place = null
    this.clients.workplaces.giveBack(place)
  }

  /** Ends after the request that it is at, if it is at one. */
  drain(): void {
    this.endsConnection = true
    if (this.phase === 'waiting' && !this.hasBegun) this.linger()
  }

  destroy(): void {
    this.socket.destroy()
  }

  /** A part of a head is here. */
  private get hasBegun(): boolean {
    return this.place?.incoming.hasBegun === true
  }

  begin(request: RequestMessage): void {
    this.request = request
    this.isNew = false
    this.phase = 'opening'
    this.due = Infinity
    this.end = newEnd()
    this.endsConnection = !request.persists || this.ground.isDraining
    this.place!.call.answer.hasBegun = false
  }

  release(): void {
    this.place?.incoming.release()
  }

  enter(tunnel: Tunnel): void {
    const { exchange } = this
    this.phase = 'switched'
    this.tunnel = tunnel
    this.release()
    this.ask(() => exchange?.tunnelled?.(() => this.close(null, true)))
  }

  // The answer's end

  sendAnswer(answer: Answer): void {
    const { method } = this.request
    this.place!.call.answer.hasBegun = true
    if (!this.body.over) this.endsConnection = true
    this.end.bytesOut = method === 'HEAD' ? 0 : Buffer.byteLength(answer.body)
    this.socket.write(ownAnswer(answer, method, this.connection()))
    this.finish()
  }

  fail(failure: Failure, detail: string, aborted: End['aborted']): void {
    this.end.aborted ??= aborted
    const answer = this.ask(() => this.exchange!.failed(failure, detail))
    if (answer !== undefined) this.sendAnswer(answer)
  }

  connection(): AnswerEnding['connection'] {
    if (this.ground.isDraining) this.endsConnection = true
    if (this.endsConnection) return 'close'
    return this.request.minor === 0 ? 'keep-alive' : null
  }

  /** It is over once all is sent. */
  finish(): void {
    const { call } = this.place!
    call.reset()
    // Its end is told when it has closed, as that of whoever hung up.
    if (this.socket.destroyed) return
    if (call.answer.isPosted) this.awaitSending()
    else this.written()
  }

  written(): void {
    if (this.socket.writableLength === 0) this.done()
    else this.flush(() => this.done())
  }

  cutOff(): void {
    this.place!.call.reset()
    this.end.aborted ??= 'upstream'
    this.flush(() => setTimeout(() => this.close('upstream', true), arriveMs))
  }

  private awaitSending(): void {
    this.phase = 'flushing'
    this.due = performance.now() + slowReaderMs
  }

  private flush(sent: () => void): void {
    this.awaitSending()
    this.socket.write('', (error) => {
      if (this.phase === 'flushing' && !error) sent()
    })
  }

  private done(): void {
    this.tellEnd()
    if (this.phase === 'gone') return
    if (this.endsConnection) return this.linger()
    this.phase = 'waiting'
    this.request = noRequest
    const now = performance.now()
    this.idleDue = now + this.ground.limits.idleMs
    this.due = this.repeated === null ? this.idleDue : Math.min(this.idleDue, now + repeatsMs)
    if (this.place!.incoming.isHeld || this.socket.isPaused()) this.release()
    this.rest()
  }

  /** Nothing more is said; what still comes is read for a while: a reset would take the answer with it. */
  private linger(): void {
    this.phase = 'lingering'
    this.place?.incoming.forget()
    this.due = performance.now() + lingerMs
    this.socket.end()
    this.socket.resume()
  }

  refuse(fault: Fault): void {
    this.endsConnection = true
    const answer = this.ask(() => this.ground.duties.malformed(fault))
    if (answer === undefined) return
    this.socket.write(ownAnswer(answer, '', 'close'))
    this.linger()
  }

  private tellEnd(): void {
    const { exchange } = this
    this.exchange = null
    if (exchange === null) return
    try {
      exchange.ended(this.end)
    } catch (error) {
      this.broke(error)
    }
  }

  ask<T>(question: () => T): T | undefined {
    try {
      return question()
    } catch (error) {
      return this.broke(error)
    }
  }

  /** It closes next, and with that all that it holds is given back. */
  broke(error: unknown): undefined {
    const detail = error instanceof Error ? error.message : String(error)
    process.emitWarning(`a fault in what is done for a request: ${detail}`)
    this.socket.destroy()
  }

  // Deadlines and losses

  serviceDrained(): void {
    if (this.phase !== 'calling' || this.place!.incoming.isHeld) return
    this.socket.resume()
    this.place!.call.sawProgress()
  }

  clientDrained(): void {
    if (this.tunnel === null) this.place?.call.answer.drained()
    else this.tunnel.clientDrained()
  }

  late(now: number): void {
    if (this.phase === 'calling') this.place!.call.late(now)
    else if (this.phase === 'waiting' && this.hasBegun) this.refuse('slow')
    else if (this.phase === 'waiting' && now < this.idleDue) this.forget()
    else if (this.phase === 'gathering') this.place!.incoming.refuseBody('slow')
    else if (this.phase === 'switched') this.close(null, true)
    else this.close(this.phase === 'flushing' ? 'client' : null)
  }

  /** What comes seldom is read anew each time: thousands of idle connections remember nothing. */
  private forget(): void {
    this.repeated = null
    this.due = this.idleDue
  }

  /** It says nothing more. It gets what it is owed; what is not there yet could be for nobody. */
  clientEnded(): void {
    if (this.tunnel !== null) this.tunnel.clientEnded()
    else if (this.phase === 'flushing') this.endsConnection = true
    // Its own end has been said: it closes once that is sent.
    else if (this.phase !== 'lingering') this.leave()
  }

  closed(): void {
    this.leave()
    this.clients.left(this)
  }

  /** The client hung up, or was hung up on. */
  private leave(): void {
    this.close(this.exchange === null || this.tunnel?.hasEnd === true ? null : 'client')
  }

  close(aborted: End['aborted'], resets = false): void {
    this.place?.call.answer.send()
    if (this.phase === 'gone') return
    const { end, tunnel } = this
    const call = this.place?.call
    this.phase = 'gone'
    this.ground.watch.delete(this)
    if (aborted !== null) end.aborted ??= aborted
    const hasBegun = call?.answer.hasBegun === true
    // For a client of HTTP/1.0 an answer without a length ends with the connection: only a reset tells half of it.
    const isHalf = this.exchange !== null && hasBegun && this.request.minor === 0
    if (hasBegun) end.bytesOut = call.answer.size
    if (tunnel !== null) {
      end.bytesIn = tunnel.bytesIn
      end.bytesOut = tunnel.bytesOut
      tunnel.close(resets)
    }
    call?.drop()
    call?.reset()
    if ((resets || isHalf) && !this.encrypted) this.socket.resetAndDestroy()
    else this.socket.destroy()
    this.tellEnd()
  }
}
