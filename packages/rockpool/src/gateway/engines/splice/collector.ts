import type { BodySink } from './framing.ts'

const leastBytes = 1024

/** Content, up to a size: of what is longer nothing is kept. */
export class Collector implements BodySink {
  isTooLong = false
  private bytes = Buffer.alloc(0)
  private size = 0
  private readonly maxBytes: number

  constructor(maxBytes: number) {
    this.maxBytes = maxBytes
  }

  /** So many bytes are announced. Room for them is made only as they come. */
  expect(size: number): void {
    if (size > this.maxBytes) this.isTooLong = true
  }

  pass(bytes: Buffer, from: number, to: number): void {
    if (this.isTooLong) return
    const size = this.size + to - from
    if (size > this.maxBytes) {
      this.isTooLong = true
      this.bytes = Buffer.alloc(0)
      return
    }
    if (size > this.bytes.length) this.grow(size)
    bytes.copy(this.bytes, this.size, from, to)
    this.size = size
  }

  /** Null: it was too long. */
  whole(): Buffer | null {
    return this.isTooLong ? null : this.bytes.subarray(0, this.size)
  }

  /** By doubling: a body of single bytes costs no more than another one. */
  private grow(size: number): void {
    const wanted = Math.max(size, this.bytes.length * 2, leastBytes)
    const bytes = Buffer.allocUnsafeSlow(Math.min(this.maxBytes, wanted))
    this.bytes.copy(bytes, 0, 0, this.size)
    this.bytes = bytes
  }
}
