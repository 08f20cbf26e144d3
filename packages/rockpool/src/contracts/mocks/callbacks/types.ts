/*
 * The vocabulary: call (a callback of an operation, or a webhook), planned, told.
 *
 *   answer with 2xx ─plan─► where to, by runtime expressions ─► sender: allowed? room? ─► made ─► valid? ─► sent ─► told
 */
import type { Value } from '../../requests/index.ts'
import type { Operation } from '../../types.ts'

/** What a call is for: a callback has an operation that it belongs to, a webhook has none. */
export interface CallName {
  /** Id of the operation whose callback it is; null: it is a webhook. */
  operation: string | null
  /** Of the callback, or of the webhook. */
  name: string
}

/** A call as it would be sent; its request is made when there is leave and room to send it. */
export interface PlannedCall extends CallName {
  /** What the receiver serves, as the contract has it. */
  to: Operation
  target: Target
  /** What its values hang on. */
  key: string
  /** What it tells the receiver about; null: nothing was asked and answered before. */
  follows: Followed | null
}

/** One half of an exchange. Undefined: there is no such thing. */
export interface Message {
  header(name: string): string | undefined
  query(name: string): string | undefined
  path(name: string): string | undefined
  body(): Value | undefined
}

/** What runtime expressions speak of. */
export interface Exchange {
  /** The whole of it; undefined: nobody knows. */
  url: string | undefined
  method: string
  status: number
  request: Message
  response: Message
}

/** A request that was answered, and whose callback it is. */
export interface Followed {
  operation: Operation
  exchange: Exchange
}

/** Where to; or why nobody can tell. */
export type Target = { url: string } | { reason: string }

/** What became of a call. */
export interface ToldCall extends CallName {
  method: string
  /** Null: it could not be told. */
  url: string | null
  /** Of the answer; null: none came. */
  status: number | null
  /** Whether the contract declares this status; null: there is none. */
  declared: boolean | null
  /** Why it was not sent, or why the answer is not whole; null: all went well. */
  reason: string | null
}

/** The bytes of a request. */
export interface CallRequest {
  method: string
  url: string
  headers: [string, string][]
  body: string | null
}
