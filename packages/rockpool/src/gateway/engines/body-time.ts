import type { EngineLimits } from './engine.ts'

/*
 * How long the body of a request may take, so that nobody holds a connection and a service's place by dripping or by
 * silence: `bodyIdleMs` without a byte; in all `bodyMs`, and a second more for every 4 KB that came. Who sends faster than
 * that is never cut, however much it is. Time in which the service takes nothing is not the client's.
 */

export const defaultBodyMs = 300_000
export const defaultBodyIdleMs = 60_000
const bytesPerMs = 4
/** Milliseconds that a timer may have (setTimeout in Node's manual); a longer one would be over at once. */
const longestTimer = 2 ** 31 - 1

/** Milliseconds that so many bytes buy. */
export const timeFor = (bytes: number): number => bytes / bytesPerMs

/** As in `EngineLimits`. */
export interface BodyTimes {
  bodyMs: number
  bodyIdleMs: number
}

export function bodyTimes(limits: Partial<EngineLimits>): BodyTimes {
  const { bodyMs = defaultBodyMs, bodyIdleMs = defaultBodyIdleMs } = limits
  return { bodyMs, bodyIdleMs }
}

/** The clock of a body: it goes while somebody waits for the client. `onLate` is called once when its time is up. */
export class BodyTimer {
  private readonly bodyIdleMs: number
  private readonly onLate: () => void
  private leftMs: number
  private since = 0
  private timer: NodeJS.Timeout | undefined
  private isAsked = false
  private isHeld = false
  private isLate = false

  constructor({ bodyMs, bodyIdleMs }: BodyTimes, onLate: () => void) {
    this.leftMs = bodyMs
    this.bodyIdleMs = bodyIdleMs
    this.onLate = onLate
  }

  /** The next bytes are waited for. */
  ask(): void {
    this.isAsked = true
    this.go()
  }

  came(bytes: number): void {
    this.isAsked = false
    this.stop()
    this.leftMs += timeFor(bytes)
  }

  /** The service takes no more of it for now, until `release`. */
  hold(): void {
    this.isHeld = true
    this.stop()
  }

  release(): void {
    this.isHeld = false
    this.go()
  }

  /** The call goes on, though by no byte of the body: what is silent is not idle. */
  sawProgress(): void {
    if (this.timer === undefined) return
    this.stop()
    this.go()
  }

  end(): void {
    this.isAsked = false
    this.stop()
  }

  private go(): void {
    if (this.timer !== undefined || !this.isAsked || this.isHeld || this.isLate) return
    this.since = performance.now()
    const ms = Math.min(Math.max(this.leftMs, 1), this.bodyIdleMs, longestTimer)
    this.timer = setTimeout(() => {
      this.isLate = true
      this.onLate()
    }, ms)
  }

  private stop(): void {
    if (this.timer === undefined) return
    clearTimeout(this.timer)
    this.timer = undefined
    this.leftMs -= performance.now() - this.since
  }
}

/** The body as it comes. Nobody asking for more stops the clock. */
export async function* inTime(body: AsyncIterable<Uint8Array>, timer: BodyTimer): AsyncGenerator<Uint8Array> {
  timer.ask()
  try {
    for await (const chunk of body) {
      timer.came(chunk.length)
      yield chunk
      timer.ask()
    }
  } finally {
    timer.end()
  }
}
