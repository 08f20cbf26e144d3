import type { Spoil } from '../engine.ts'

/** Content that may go at a limited rate goes in pieces of so many milliseconds. */
const pieceMs = 50

/** Whom spoiled content goes to. */
export interface SpoiledOut {
  /** False: no more before `drained`. */
  writeContent(piece: Buffer): boolean
  /** Whoever sends the content has to wait, or has not any more. */
  holdSource(holds: boolean): void
  /** No more content is wanted. */
  leaveSource(): void
  /** All is written, to its end. */
  contentOver(trailers: string[], size: number): void
  /** As much as may go is written. */
  cut(size: number): void
}

/** Content on its way to a client that gets it slowly, or not all of it, on purpose. */
export class Spoiled {
  /** Bytes that are written. */
  size = 0
  private readonly out: SpoiledOut
  /** Bytes that may still come. */
  private left: number
  private readonly bytesPerMs: number
  private readonly pieceBytes: number
  /** What waits: no more than one read holds, for then the source has to wait. */
  private readonly queue: Buffer[] = []
  private timer: NodeJS.Timeout | undefined
  /** When all that went is paid for, in milliseconds of `performance.now()`. */
  private paidAt = performance.now()
  private isBlocked = false
  private isOver = false
  private trailers: string[] | null = null

  constructor(spoil: Spoil, out: SpoiledOut) {
    this.out = out
    this.left = spoil.resetAfterBytes ?? Infinity
    this.bytesPerMs = Math.max(1, spoil.bytesPerSecond ?? Infinity) / 1000
    this.pieceBytes = Math.max(1, Math.floor(this.bytesPerMs * pieceMs))
  }

  /** It waits for its time, and for nobody. */
  get isPacing(): boolean {
    return this.timer !== undefined
  }

  /** The head is on its way: it may be all that goes. */
  begin(): void {
    if (this.left === 0) this.out.leaveSource()
    this.work()
  }

  pass(bytes: Buffer, from: number, to: number): void {
    const size = Math.min(to - from, this.left)
    if (size === 0) return
    this.left -= size
    // A copy: the next read writes over it.
    this.queue.push(Buffer.from(bytes.subarray(from, from + size)))
    if (this.left === 0) this.out.leaveSource()
    if (this.timer === undefined) this.work()
  }

  over(trailers: string[]): void {
    this.trailers = trailers
    if (this.timer === undefined) this.work()
  }

  drained(): void {
    this.isBlocked = false
    if (this.timer === undefined) this.work()
  }

  stop(): void {
    clearTimeout(this.timer)
    this.timer = undefined
    this.queue.length = 0
    this.isOver = true
  }

  private work(): void {
    while (this.queue.length > 0 && !this.isBlocked) {
      const now = performance.now()
      if (this.paidAt > now) {
        this.timer = setTimeout(() => this.resume(), Math.ceil(this.paidAt - now))
        break
      }
      this.writeNext(now)
    }
    if (this.isOver) return
    if (this.queue.length > 0) return this.out.holdSource(true)
    if (this.left > 0 && this.trailers === null) return this.out.holdSource(false)
    this.isOver = true
    if (this.left === 0) this.out.cut(this.size)
    else this.out.contentOver(this.trailers!, this.size)
  }

  private resume(): void {
    this.timer = undefined
    this.work()
  }

  private writeNext(now: number): void {
    const [first] = this.queue as [Buffer]
    const piece = first.subarray(0, this.pieceBytes)
    if (piece.length === first.length) this.queue.shift()
    else this.queue[0] = first.subarray(piece.length)
    // A timer that came late is made up for, a client that took nothing for long is not.
    this.paidAt = Math.max(this.paidAt, now - pieceMs) + piece.length / this.bytesPerMs
    this.size += piece.length
    if (!this.out.writeContent(piece)) this.isBlocked = true
  }
}
