import type { Inbound } from './adapters/types.ts'
import type { CloudEvent, Identity, PublicKey } from './wire.ts'

/*
 * Vocabulary of a service.
 *
 *   identity   whose request or event this work is for; carried by the context, never passed as an argument
 *   context    what one request, event or job knows: its identity, its trace, its request id
 *   effect     something that leaves the company (a charge, a mail); in a sandbox its stand-in is called
 *   publish    write an event into the outbox, in the caller's transaction
 *   consume    apply an event in a transaction of its own, exactly once in effect
 *   erasure    deletion of every row of an organization, when Rockpool asks for it
 */

/** The identity of the work at hand. */
export interface CurrentIdentity extends Identity {
  /** The service that called, when a service called. */
  service?: string
  /** The event that is being consumed, when one is. */
  event?: string
  /** The id of the request, for logs. */
  request: string
}

/** A stored identity from `storeIdentity()`, or a plain one. */
export type StoredOrPlain = string | Identity

/** What `publish` writes. */
export interface NewEvent {
  /** Without the service's name: `order_placed` travels as `orders.order_placed`. */
  type: string
  /** Events of one organization and key are delivered in order. */
  key: string
  /** Anything that JSON can say. */
  data: unknown
}

export interface PublishedEvent {
  id: string
  type: string
  /** The event's number within its key, counted from 1. */
  number: string
}

export interface QueryResult<Row> {
  rows: Row[]
  rowCount: number | null
}

/** What a query is sent to, as far as the sdk itself uses it: a pg client is one. */
export interface Queryable {
  query(text: string, values?: unknown[]): Promise<{ rows: unknown[]; rowCount: number | null }>
}

/** An open transaction, given to `transaction` and `consume`. Behind it is the pool's own client. */
export interface Transaction {
  query<Row = Record<string, unknown>>(text: string, values?: unknown[]): Promise<QueryResult<Row>>
}

/** What the sdk needs of a pool: `pg.Pool` is one, and so is what `createPool` makes. */
export interface PoolLike {
  query(text: string, values?: unknown[]): Promise<{ rows: unknown[]; rowCount: number | null }>
  connect(): Promise<Queryable & { release(error?: Error | boolean): void }>
}

/** A pool of Postgres connections from `createPool`. */
export interface Pool extends PoolLike, Transaction {
  query<Row = Record<string, unknown>>(text: string, values?: unknown[]): Promise<QueryResult<Row>>
  connect(): Promise<Transaction & { release(error?: Error | boolean): void }>
  end(): Promise<void>
}

export type Consumer<Data = unknown> = (event: CloudEvent & { data: Data }, tx: Transaction) => Promise<void>

/** Both ways of an effect, typed alike. Without `sandbox` the effect is denied in sandboxes. */
export interface EffectWays<Args extends readonly unknown[], Result> {
  production: (...args: Args) => Promise<Result>
  sandbox?: (...args: Args) => Promise<Result>
}

export interface EffectOptions<Args extends readonly unknown[]> {
  /** What to keep of the arguments in the record; without it they are kept with secrets and card numbers replaced. */
  record?: (...args: Args) => unknown
}

/** A log in pino's manner. */
export interface Log {
  info(fields: object, message: string): void
  warn(fields: object, message: string): void
  error(fields: object, message: string): void
}

/** What `createRockpool` takes. */
export interface RockpoolOptions {
  /** The service's own database, if it has one. */
  database?: PoolLike
  /** Where the `ROCKPOOL_*` variables are; `process.env` by default. */
  environment?: Record<string, string | undefined>
  /** Where to say what happens; JSON lines on standard output by default. */
  log?: Log
  /** Milliseconds since the epoch; the system's clock by default. */
  now?: () => number
  /** Where public keys come from; by default from ROCKPOOL_JWKS_URL, cached. */
  keys?: Keys
}

/** The public keys that identities are verified with. */
export interface Keys {
  /** The key by its id; looks for it at the source when it is not known yet. */
  find(kid: string): Promise<PublicKey | undefined>
  /** Stop refreshing. */
  close(): void
}

/** What a service does with Rockpool. One per process, made at its start; see `createRockpool`. */
export interface Rockpool {
  /** The name of this service. */
  readonly service: string
  /** Whom the work at hand is for. @throws Problem `identity_missing` outside of any request, event or `runAs` */
  identity(): CurrentIdentity
  currentIdentity(): CurrentIdentity | undefined
  /** The signed identity, to store with work for later (it counts for 7 days). @throws Problem `identity_missing`, `identity_not_signed` */
  storeIdentity(): string
  /**
   * Background work: run as an identity that was stored with it, or as a plain one. Each use is logged with its reason.
   * @throws Problem `identity_…` when a stored identity does not verify, `organization_deleted`
   */
  runAs<T>(identity: StoredOrPlain, work: () => Promise<T> | T): Promise<T>
  runAs<T>(identity: StoredOrPlain, reason: string, work: () => Promise<T> | T): Promise<T>
  /**
   * Declare what leaves the company. In production the first function is called, in a sandbox the second; each call is recorded.
   * The call throws Problem `effect_no_identity`, `effect_no_stand_in`, `effect_not_recorded`. @throws Problem `database_missing`
   */
  effect<Args extends readonly unknown[], Result>(
    name: string,
    ways: EffectWays<Args, Result>,
    options?: EffectOptions<Args>,
  ): (...args: Args) => Promise<Result>
  /** Write an event into the outbox, in the caller's transaction. @throws Problem `identity_missing`, `event_invalid`, `organization_deleted` */
  publish(tx: Queryable, event: NewEvent): Promise<PublishedEvent>
  /**
   * Apply events of a type. The consumer runs as the event's identity, in the transaction that also notes the event.
   * @throws Problem `event_not_declared`, `consumer_exists`, `database_missing`
   */
  consume<Data = unknown>(type: string, consumer: Consumer<Data>): void
  /** Run work in a transaction. @throws Problem `database_missing`, `database_unreachable`, `organization_deleted`; whatever the work throws */
  transaction<T>(work: (tx: Transaction) => Promise<T>): Promise<T>
  /** Call another service through the gateway, by path, as the current identity. Redirects are not followed. @throws Problem `identity_missing`, `identity_not_signed`, `call_refused` */
  fetch(path: string, init?: RequestInit): Promise<Response>
  /** Tie a callback to the current context, for libraries that call back from a queue of their own. */
  bind<Args extends unknown[], Result>(callback: (...args: Args) => Result): (...args: Args) => Result
  /** Stop the refreshing of keys. The pool stays the caller's. */
  close(): void
  /** For the adapters. */
  readonly inbound: Inbound
}
