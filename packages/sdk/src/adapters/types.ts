import type { EventEmitter } from 'node:events'
import type { Answer } from '../errors.ts'

/** A request as every adapter shows it. */
export interface InboundRequest {
  method: string
  /** Without the query. */
  path: string
  header(name: string): string | undefined
  /** The whole body; undefined when it is larger than the limit. Called at most once. */
  body(limitBytes: number): Promise<Buffer | undefined>
}

export interface AdapterOptions {
  /** Paths that answer without an identity, such as `/health`. A forged identity is refused there too. */
  withoutIdentity?: readonly string[]
}

/** What an adapter does with a request: send the answer, or run the handler within the work. */
export type Admission = { answer: Answer } | { work: Work }

/** The work for one request. `end` must be called when its response is finished, however it ends. */
export interface Work {
  run<T>(handler: () => T): T
  follow(...emitters: EventEmitter[]): void
  end(): void
}

/** The part of Rockpool that adapters stand on; services do not use it themselves. */
export interface Inbound {
  admit(request: InboundRequest, options: AdapterOptions): Promise<Admission>
  /** Whether an error means something to Rockpool: a Problem, or what Postgres says of an outage or an erased organization. */
  known(error: unknown): boolean
  /** An answer for what a handler threw; what is not known is logged and hidden. */
  failure(error: unknown): Answer
}
