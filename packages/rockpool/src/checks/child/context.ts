import type { BrowserSession } from '../browser/session.ts'
import type { CallEntry, Catalogue, Entry } from '../types.ts'
import type { Order } from './protocol.ts'
import type { Recorder } from './recorder.ts'

/** What the fixtures of one attempt share. */
export interface AttemptContext {
  readonly order: Order
  readonly recorder: Recorder
  readonly signal: AbortSignal
  /** Calls that have no answer yet. */
  readonly open: Set<CallEntry>
  /** Operations of services that mocks answer for in the sandbox, in the place of those that the order names. */
  readonly mocked: Map<string, Catalogue[string]>
  /** Asks the parent process. */
  ask: (question: string, argument: unknown) => Promise<unknown>
  /** Once it is open: only where the check names `page`. */
  browser?: BrowserSession
  /** Remembers the innermost step that an error came out of. */
  failedIn(error: unknown, step: Entry): void
}
