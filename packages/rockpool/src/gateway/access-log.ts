import type { Actor, Environment } from '@rockpool/sdk/wire'

/** One request, as one JSON line. The path is the route's template: raw paths and queries may hold customers' data. */
export interface AccessRecord {
  time: string
  request: string
  trace: string
  method: string
  /** Null: no route. */
  path: string | null
  service: string | null
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
  /** Problem code of the gateway's own answer. */
  refused: string | null
  /** Who broke it off: client, upstream or deadline. */
  aborted: string | null
  /** Forged marks that were taken out of the request and the answer. */
  stripped: number
}

export interface AccessLog {
  write(record: AccessRecord): void
  /** Lines that were dropped because the sink did not keep up. */
  dropped(): number
}

/** Where lines go; `write` gives false while its buffer is full, as streams do. */
export interface LineSink {
  write(text: string): boolean
  once(event: 'drain', listener: () => void): unknown
}

const maxWaiting = 10_000

/** Gathers the lines of one turn into one write. While the sink is full, up to 10,000 lines wait; more are counted only. */
export function createAccessLog(sink: LineSink): AccessLog {
  let waiting: string[] = []
  let scheduled = false
  let full = false
  let dropped = 0

  const flush = () => {
    scheduled = false
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
      if (scheduled || full) return
      scheduled = true
      setImmediate(flush)
    },
    dropped: () => dropped,
  }
}
