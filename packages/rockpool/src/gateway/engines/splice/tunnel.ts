import type { Socket } from 'node:net'
import type { Peer, Upstream } from './upstream.ts'

/** A tunnel in which nothing moves is closed after so long; one whose one side has ended, or takes nothing, sooner. */
const idleMs = 3_600_000
const halfIdleMs = 300_000
/** A peer that is gone without a word is found out by its network. */
const keepAliveMs = 30_000

/** What has to hear of a tunnel. */
export interface TunnelOwner {
  /** In milliseconds of `performance.now()`: when a tunnel in which nothing moves is given up. */
  due: number
  /** The service broke it off. */
  close(aborted: 'upstream', resets: boolean): void
}

/** Two connections that have left HTTP (RFC 9110 7.8): bytes go both ways as they come, until both sides have ended. */
export class Tunnel implements Peer {
  /** From the client, and to it. */
  bytesIn = 0
  bytesOut = 0
  private readonly client: Socket
  private readonly service: Upstream
  private readonly owner: TunnelOwner
  private clientHasEnded = false
  private serviceHasEnded = false

  constructor(client: Socket, service: Upstream, owner: TunnelOwner) {
    this.client = client
    this.service = service
    this.owner = owner
    // What one side ends is passed on as just that (RFC 9293 3.6).
    service.socket.allowHalfOpen = true
    service.socket.setKeepAlive(true, keepAliveMs)
    client.setKeepAlive(true, keepAliveMs)
    this.moved()
  }

  /** One side has said all that it had to say: whatever comes now, nothing was broken off by the client. */
  get hasEnd(): boolean {
    return this.clientHasEnded || this.serviceHasEnded
  }

  fromClient(bytes: Buffer): void {
    this.bytesIn += bytes.length
    if (!this.service.socket.write(bytes)) this.client.pause()
    this.moved()
  }

  /** From the service. */
  pass(bytes: Buffer, from: number, to: number): void {
    this.bytesOut += to - from
    if (!this.service.writeTo(this.client, bytes.subarray(from, to), bytes)) this.service.socket.pause()
    this.moved()
  }

  clientDrained(): void {
    this.moved()
    this.service.socket.resume()
  }

  /** The service takes more. */
  drained(): void {
    this.moved()
    this.client.resume()
  }

  clientEnded(): void {
    this.clientHasEnded = true
    this.moved()
    this.service.socket.end()
  }

  /** The service has. */
  ended(): void {
    this.serviceHasEnded = true
    this.moved()
    this.client.end()
  }

  /** The connection to the service is closed. */
  lost(): void {
    if (this.serviceHasEnded) this.client.destroySoon()
    else this.owner.close('upstream', true)
  }

  /** The client's connection is closed. What it said before it ended its side still arrives, unless all is reset. */
  close(resets: boolean): void {
    if (!this.clientHasEnded || resets) return this.service.reset()
    // Nobody else looks after a service that does not take it.
    this.service.due = performance.now() + halfIdleMs
    this.service.socket.destroySoon()
  }

  private moved(): void {
    const isStalled = this.client.writableNeedDrain || this.service.socket.writableNeedDrain
    this.owner.due = performance.now() + (this.hasEnd || isStalled ? halfIdleMs : idleMs)
  }
}
