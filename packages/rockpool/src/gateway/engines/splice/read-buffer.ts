/** Most answers are small, and large ones are read in larger pieces from their second one on. */
const bytesPerRead = 16 * 1024
const mostPerRead = 64 * 1024
/** Before what is read: a head that is written anew fits in front of its body, and both go out in one piece. */
const room = 4 * 1024

/** The one buffer that a socket reads into, for as long as nobody else still needs what it holds. */
export class ReadBuffer {
  private size = bytesPerRead
  private whole = Buffer.allocUnsafeSlow(room + bytesPerRead)
  /** What the next read writes into. */
  bytes = this.whole.subarray(room)

  /** What was read is still on its way out: the next read gets a buffer of its own. */
  giveAway(): void {
    this.whole = Buffer.allocUnsafeSlow(room + this.size)
    this.bytes = this.whole.subarray(room)
  }

  /** A read filled all of it, and what it read has been passed on: more is to come. */
  grow(): void {
    if (this.size === mostPerRead) return
    this.size = mostPerRead
    this.giveAway()
  }

  /** `head` and the bytes from `from` to `to`, in one piece. What lies before `from` is overwritten. */
  behind(head: string, bytes: Buffer, from: number, to: number): Buffer {
    const start = room + from - head.length
    if (bytes !== this.bytes || start < 0) return joined(head, bytes, from, to)
    this.whole.write(head, start, 'latin1')
    return this.whole.subarray(start, room + to)
  }
}

/** A head and what follows it, copied into one piece. */
export function joined(head: string, bytes: Buffer, from: number, to: number): Buffer {
  const whole = Buffer.allocUnsafe(head.length + to - from)
  whole.write(head, 0, 'latin1')
  bytes.copy(whole, head.length, from, to)
  return whole
}
