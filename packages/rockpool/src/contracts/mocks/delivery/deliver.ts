import { setTimeout as pause } from 'node:timers/promises'
import type { Delivery, MockAnswer } from '../types.ts'

/** The body ends here on purpose. */
export class CutOff extends Error {
  readonly isReset: boolean

  constructor(isReset: boolean) {
    super('the answer is broken off on purpose')
    this.isReset = isReset
  }
}

/** Of a body that comes slowly, how many parts come in a second. */
const partsPerSecond = 10

export const whole: Delivery = { delayMs: 0, isAborted: false, cut: null, bytesPerSecond: null }

/**
 * The bytes of a body as they go out: each piece made when the one before it was taken, at the rate that is set.
 * @throws CutOff where the body is broken off, and what a pause throws when `signal` gives up
 */
export async function* bytesOf(
  body: MockAnswer['body'],
  { cut, bytesPerSecond }: Delivery,
  signal: AbortSignal,
): AsyncGenerator<Buffer> {
  let left = cut === null ? Infinity : cut.afterBytes
  const pieces = typeof body === 'string' || Buffer.isBuffer(body) ? [body] : body.pieces
  for (const piece of pieces) {
    const bytes = typeof piece === 'string' ? Buffer.from(piece) : piece
    left ??= bytes.length >> 1
    for (const part of partsOf(bytes, bytesPerSecond)) {
      if (part.length > left) {
        if (left > 0) yield part.subarray(0, left)
        throw new CutOff(cut!.isReset)
      }
      left -= part.length
      yield part
      if (bytesPerSecond !== null) await pause((part.length * 1000) / bytesPerSecond, null, { signal })
    }
  }
}

function* partsOf(bytes: Buffer, bytesPerSecond: number | null): Generator<Buffer> {
  const size = bytesPerSecond === null ? bytes.length : Math.ceil(bytesPerSecond / partsPerSecond)
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}
