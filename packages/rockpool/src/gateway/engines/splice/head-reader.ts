import { incomplete, malformed, maxHeadBytes, scanHead } from './head.ts'

export const tooLarge = -2

/** Heads out of pieces of any size. What of a head came before is kept and looked at once, whatever comes next. */
export class HeadReader {
  /** The head that `read` found, without its empty line. */
  text = ''
  private part: Buffer | null = null
  private size = 0
  private readonly skipsEmptyLines: boolean

  /** `skipsEmptyLines`: before a head, as servers do (RFC 9112 2.2). */
  constructor(options: { skipsEmptyLines: boolean }) {
    this.skipsEmptyLines = options.skipsEmptyLines
  }

  /** A part of a head is here. */
  get hasBegun(): boolean {
    return this.part !== null
  }

  /** Gives the index after the head, which is in `text` then; or `incomplete`, `malformed`, `tooLarge`. */
  read(bytes: Buffer, from: number, to: number): number {
    if (this.part !== null) return this.readOn(this.part, bytes, from, to)
    let start = from
    if (this.skipsEmptyLines)
      while (start + 1 < to && bytes[start] === 13 && bytes[start + 1] === 10) start += 2
    if (start === to) return incomplete
    const end = scanHead(bytes, start, start, to)
    if (end === malformed) return malformed
    if ((end === incomplete ? to : end) - start > maxHeadBytes) return tooLarge
    if (end === incomplete) {
      this.size = to - start
      this.part = partOf(this.size)
      bytes.copy(this.part, 0, start, to)
      return incomplete
    }
    this.text = bytes.toString('latin1', start, end - 2)
    return end
  }

  /** For so many bytes more, as far as a head may have them. */
  private withRoom(part: Buffer, more: number): Buffer {
    if (this.size + more <= part.length || part.length === maxHeadBytes) return part
    this.part = partOf(this.size + more)
    part.copy(this.part, 0, 0, this.size)
    return this.part
  }

  /** What is kept is of no use any more. */
  forget(): void {
    this.part = null
  }

  private readOn(before: Buffer, bytes: Buffer, from: number, to: number): number {
    const known = this.size
    const part = this.withRoom(before, to - from)
    this.size += bytes.copy(part, known, from, to)
    // A single CR was kept: whether an empty line or a head begins is known only now.
    let start = 0
    if (this.skipsEmptyLines)
      while (start + 1 < this.size && part[start] === 13 && part[start + 1] === 10) start += 2
    const end = scanHead(part, start, Math.max(start, known), this.size)
    if (end === malformed) return malformed
    if (end === incomplete) {
      if (this.size === maxHeadBytes) return tooLarge
      if (start === this.size) this.part = null
      return incomplete
    }
    this.part = null
    this.text = part.toString('latin1', start, end - 2)
    return from + end - known
  }
}

const leastPart = 1024

/** Not of Node's pool: half a head may wait for long, and would keep 64 KB of it. */
function partOf(bytes: number): Buffer {
  let size = leastPart
  while (size < bytes) size *= 2
  return Buffer.allocUnsafeSlow(Math.min(size, maxHeadBytes))
}
