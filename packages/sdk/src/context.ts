import { AsyncLocalStorage } from 'node:async_hooks'
import type { EventEmitter } from 'node:events'
import type { CurrentIdentity } from './types.ts'

/** What one request, event or job knows about itself. */
export interface Context {
  identity: CurrentIdentity
  /** The signed identity as it came; absent when work runs as a plain identity. */
  token?: string
  traceId: string
  /** The flags of W3C `traceparent`: two hex digits. */
  traceFlags: string
}

/** The current context of one Rockpool instance: follows awaits, timers, streams, emitters and pools, and nothing else. */
export interface ContextStore {
  current(): Context | undefined
  run<T>(context: Context, work: () => T): T
  /** Everything that this emitter emits from now on, it emits in the context. */
  follow(context: Context, emitter: EventEmitter): void
}

export function createContextStore(): ContextStore {
  const storage = new AsyncLocalStorage<Context>()
  return {
    current: () => storage.getStore(),
    run: (context, work) => storage.run(context, work),
    // A request's events are emitted by the parser of its connection, in the context of nobody or, on a connection
    // that is used again, of somebody else. So a listener would lose the identity although its handler had it.
    follow(context, emitter) {
      const emit = emitter.emit.bind(emitter) as (...args: unknown[]) => boolean
      emitter.emit = (...args: unknown[]) => storage.run(context, emit, ...args)
    },
  }
}
