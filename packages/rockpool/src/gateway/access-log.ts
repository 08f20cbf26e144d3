import { createLines } from './access-line.ts'
import type { AccessRecord } from './access-record.ts'

export type { AccessRecord } from './access-record.ts'

/** Milliseconds that the service took, for figures: how long a tunnel lasts (101) is nobody's waiting for an answer. Pure. */
export function answeredMs({ status, ms, decideMs, connectMs, upstreamMs }: AccessRecord): number {
  return status === 101 && upstreamMs !== null ? (decideMs ?? 0) + (connectMs ?? 0) + upstreamMs : ms
}

export interface AccessLog {
  write(record: AccessRecord): void
  /** Writes what waits, as far as the sink takes it. By itself that is done within 20 ms. */
  flush(): void
  /** Lines that were dropped because the sink did not keep up. */
  dropped(): number
}

/** Where lines go; `write` gives false while its buffer is full, as streams do. */
export interface LineSink {
  write(text: string): boolean
  once(event: 'drain', listener: () => void): unknown
}

const maxWaiting = 10_000
/** A write costs about as much as a small request: lines wait so long, or until there are so many of them. */
const flushMs = 20
const enoughLines = 128

/** Gathers lines into few writes. While the sink is full, up to 10,000 lines wait; more are counted only. */
export function createAccessLog(sink: LineSink): AccessLog {
  const { toLine } = createLines()
  let waiting = ''
  let lines = 0
  let timer: NodeJS.Timeout | undefined
  let full = false
  let dropped = 0

  const flush = () => {
    clearTimeout(timer)
    timer = undefined
    if (full || lines === 0) return
    const text = waiting
    waiting = ''
    lines = 0
    if (sink.write(text)) return
    full = true
    sink.once('drain', () => {
      full = false
      flush()
    })
  }

  return {
    write(record) {
      if (lines >= maxWaiting) dropped += 1
      else {
        waiting += toLine(record)
        lines += 1
      }
      if (full) return
      if (lines >= enoughLines) flush()
      else timer ??= setTimeout(flush, flushMs)
    },
    flush,
    dropped: () => dropped,
  }
}
