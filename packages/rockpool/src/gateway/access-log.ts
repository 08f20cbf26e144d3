import type { Actor, Environment } from '@rockpool/sdk/wire'
import type { FaultMet } from './faults/types.ts'

/** One request, as one JSON line. The path is the route's template: raw paths and queries may hold customers' data. */
export interface AccessRecord {
  time: string
  request: string
  trace: string
  method: string
  /** Null: no route. */
  path: string | null
  service: string | null
  /** The release of it that took the call; null: the service itself, or none. */
  release: string | null
  /** Null: the client went away before an answer began. */
  status: number | null
  organization: string | null
  /** The organization that a sandbox belongs to. */
  parent: string | null
  environment: Environment | null
  actor: Actor | null
  run: string | null
  /** Id, never the text; `user:<issuer>` of an end user, never who it was. */
  credential: string | null
  /** The service that called. */
  caller: string | null
  bytesIn: number
  bytesOut: number
  ms: number
  /** From forwarding to the head of the answer; null: nothing was forwarded, or nothing came. */
  upstreamMs: number | null
  /** Problem code of the gateway's own answer; of a tunnel, why it was cut. */
  refused: string | null
  /** Who broke it off: client, upstream or deadline; `fault` where that was on purpose. */
  aborted: string | null
  /** Forged marks that were taken out of the request and the answer. */
  stripped: number
  /** Only of a call that was hit by what is broken on purpose. */
  fault?: FaultMet
}

/** Milliseconds that the service took, for figures: how long a tunnel lasts (101) is nobody's waiting for an answer. Pure. */
export function answeredMs({ status, ms, upstreamMs }: AccessRecord): number {
  return status === 101 && upstreamMs !== null ? upstreamMs : ms
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
  let waiting: string[] = []
  let timer: NodeJS.Timeout | undefined
  let full = false
  let dropped = 0

  const flush = () => {
    clearTimeout(timer)
    timer = undefined
    if (full || waiting.length === 0) return
    const text = waiting.join('')
    waiting = []
    if (sink.write(text)) return
    full = true
    sink.once('drain', () => {
      full = false
      flush()
    })
  }

  return {
    write(record) {
      if (waiting.length >= maxWaiting) dropped += 1
      else waiting.push(`${JSON.stringify(record)}\n`)
      if (full) return
      if (waiting.length >= enoughLines) flush()
      else timer ??= setTimeout(flush, flushMs)
    },
    flush,
    dropped: () => dropped,
  }
}
