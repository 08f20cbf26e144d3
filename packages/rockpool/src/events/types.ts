import type { CloudEvent, EventResult, Identity } from '@rockpool/sdk/wire'
import type { Transaction } from '../kernel/index.ts'

/*
 * event        something that happened, with the identity of who caused it; never changed afterwards
 * key          what an event is about (an order's id); events of one (source, organization, key) stay in their order
 * number       counts a key's events, raised in the publisher's transaction; this, not the transaction id, orders them
 * outbox       the table that a publisher's transaction writes its events to
 * source       whose outbox it is: a service, or `rockpool` itself
 * log          all events of all sources, in one order; a position in it is a number
 * consumer     who is given the events of some types: a service over HTTP, or a projection of ours
 * cursor       how far an outbox was read (source), or the log was given out (consumer)
 * held         an event that a consumer failed to apply, and those of its key behind it; the cursor goes on
 * dead letter  a held event that is no longer tried; what waited behind it goes on
 * relay        the process that does all this; several may run, any may be killed
 */

/** An event of Rockpool's own, to be published in the caller's transaction. */
export interface NewEvent {
  /** `rockpool.organization_deleting` */
  type: string
  key: string
  identity: Identity
  data: unknown
}

/** An event in the log, as consumers get it. */
export interface LoggedEvent {
  position: number
  event: CloudEvent
}

/** What became of a delivered event, as on the wire. */
export type Result = EventResult

export interface Consumer {
  /** Unique and lasting: the cursor goes by it. A service's is `service:<name>`. */
  readonly name: string
  /** `orders.order_placed`, or `rockpool.*` for all whose name begins so. */
  readonly types: readonly string[]
  /** Events at most in one call of `deliver`; default 100. */
  readonly batch?: number
  /**
   * Applies events in order and says what became of each, in the same order. After a failed one, later ones of the same
   * key must not be applied. Fewer results than events: the rest was not tried. A failed event is held, and retried.
   * @throws ConsumerUnreachable when none could be tried: nothing is held, and all is tried again until it succeeds
   */
  deliver(events: readonly LoggedEvent[], signal: AbortSignal): Promise<Result[]>
}

/** A consumer that cannot be asked at all: its events wait, however long. */
export class ConsumerUnreachable extends Error {
  override readonly name = 'ConsumerUnreachable'
}

/** Where a service's outbox is. */
export interface Source {
  service: string
  /** A URL of the relay's role in the service's database. */
  url: string
}

/** Which of these organizations are being deleted, or are. Asked inside of the relay's locks: no cache of `active`. */
export type GoneOrganizations = (slugs: readonly string[]) => Promise<ReadonlySet<string>>

export interface HeldEvent {
  consumer: string
  position: number
  id: string
  type: string
  source: string
  organization: string
  key: string
  /** Failed attempts; 0: it waits behind an earlier one of its key. */
  attempts: number
  error: { code: string; message: string } | null
  /** ISO 8601; null while it waits for the one before it, and for a dead letter. */
  nextAt: string | null
  /** Since when it is a dead letter; null while it is tried. */
  deadAt: string | null
}

/** How far a consumer is. */
export interface ConsumerState {
  name: string
  types: string[]
  position: number
  /** Events of its types in the log that it has not been given yet. */
  behind: number
  held: number
  dead: number
  /** Why it cannot be given events now, and since when (ISO 8601); null when it can. */
  error: { message: string; since: string } | null
}

export interface SourceState {
  name: string
  /** ISO 8601: everything committed until then is in the log. */
  caughtUpAt: string | null
  error: { message: string; since: string } | null
}

/** What one consumer made of one event. `passed`: given out, and applied or not meant for it. */
export interface DeliveryState {
  consumer: string
  state: 'waiting' | 'passed' | 'held' | 'dead'
  error: { code: string; message: string } | null
}

/** Rows of an organization in one table of this part. */
export interface EventRows {
  table: string
  rows: number
}

export interface BarrierOptions {
  /** Milliseconds to wait at most; default 5 s. */
  deadline?: number
  /** Events of this organization that the consumer holds back make it fail at once, with their error. */
  organization?: string
}

export interface Events {
  /**
   * Makes a consumer known. A new one begins at the end of the log: it gets what is appended from then on. Called again,
   * it changes the types, and keeps the cursor.
   */
  registerConsumer(name: string, types: readonly string[]): Promise<void>
  /** Publishes an event of Rockpool's own when `tx` commits. Returns its id. */
  append(tx: Transaction, event: NewEvent): Promise<string>
  /** The last position in the log; 0 when there is none. */
  head(): Promise<number>
  /** Whether the consumer is past the position, and holds back nothing (of the organization) up to it; dead letters count as held back. */
  passed(consumer: string, position: number, organization?: string): Promise<boolean>
  /** What every consumer of its type made of an event; undefined while it is not in the log. */
  delivery(id: string): Promise<DeliveryState[] | undefined>
  /**
   * Resolves when everything that was committed anywhere before this call has been given to the consumer.
   * @throws Problem `deadline_exceeded` that names the source or consumer that is behind, and why if that is known
   */
  barrier(consumer: string, options?: BarrierOptions): Promise<void>
  /** Events held back, the oldest first; at most 200. */
  held(filter?: { organization?: string; consumer?: string; limit?: number }): Promise<HeldEvent[]>
  consumers(): Promise<ConsumerState[]>
  sources(): Promise<SourceState[]>
  /** Rows of the organization in every table of this part. */
  count(organization: string): Promise<EventRows[]>
  /**
   * Deletes all events of an organization that is being deleted; returns what was deleted. Anything of it that arrives
   * later is dropped by the relay.
   */
  eraseOrganization(tx: Transaction, organization: string): Promise<EventRows[]>
}
