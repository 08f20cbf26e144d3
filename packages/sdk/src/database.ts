import { AsyncLocalStorage } from 'node:async_hooks'
import { createRequire } from 'node:module'
import { databaseProblem, messageOf, noteDatabaseError } from './errors.ts'
import type { Identity } from './wire.ts'
import type { Log, Pool, PoolLike, Queryable, Transaction } from './types.ts'

export interface CreatePoolOptions {
  /** Most connections at once; 10 by default. */
  max?: number
  log?: Log
}

/**
 * A `pg.Pool` for a service's own database (`pg` is a peer dependency): an outage does not kill the process, and the
 * context of one request never shows in another's queries. Its URL is DATABASE_URL by default.
 */
export function createPool(
  url: string | undefined = process.env['DATABASE_URL'],
  options: CreatePoolOptions = {},
): Pool {
  if (!url) throw new TypeError('createPool needs a URL: set DATABASE_URL (in the config: `database: true`)')
  const pg = createRequire(import.meta.url)('pg') as { Pool: new (settings: object) => PgPool }
  const pool = new pg.Pool({
    connectionString: url,
    max: options.max ?? 10,
    connectionTimeoutMillis: 5_000,
    keepAlive: true,
  })
  protectPool(pool, options.log)
  return pool as unknown as Pool
}

// What this file uses of pg's own pool and client.
interface PgClient {
  connect(...args: unknown[]): unknown
  query(...args: unknown[]): unknown
  on(event: 'error', listener: (error: Error) => void): void
}
interface PgPool extends PoolLike {
  options?: { password?: unknown }
  end(): Promise<void>
  Client: new (options: unknown) => PgClient
  on(event: string, listener: (first: never) => void): void
  connect(...args: unknown[]): Promise<Queryable & { release(error?: Error | boolean): void }>
  query(...args: unknown[]): Promise<{ rows: unknown[]; rowCount: number | null }>
}

// Whoever loads this module does it at the start of the process, outside of any request.
const outside = AsyncLocalStorage.snapshot()
const protectedPools = new WeakSet<PoolLike>()

/**
 * Makes a `pg.Pool` safe for many contexts and for outages; does nothing to another kind of pool, or a second time.
 *
 * A connection lives longer than the request that opened it: whatever its socket calls back would run in the context
 * of that first request. So connections are opened outside of every context, and callbacks are bound to their caller's.
 */
export function protectPool(candidate: PoolLike, log?: Log): void {
  const pool = candidate as PgPool
  if (protectedPools.has(pool) || typeof pool.Client !== 'function' || typeof pool.on !== 'function') return
  protectedPools.add(pool)

  pool.Client = class extends pool.Client {
    override connect(...args: unknown[]): unknown {
      return outside(() => super.connect(...args))
    }
    override query(...args: unknown[]): unknown {
      return super.query(...args.map(bound))
    }
  }
  const connect = pool.connect.bind(pool)
  const query = pool.query.bind(pool)
  pool.connect = (...args) => noted(connect(...args.map(bound)))
  pool.query = (...args) => noted(query(...args.map(bound)))

  // Without a listener an error of an idle connection ends the process; so does one of a connection that is in use
  // but waits between two queries, which the pool does not watch.
  pool.on('error', () => {})
  pool.on('connect', (client: PgClient) => {
    let said = false
    client.on('error', (error) => {
      if (!said) log?.warn({ err: messageOf(error) }, 'a database connection was lost')
      said = true
    })
  })
}

/**
 * A small pool beside a service's own, for what must not wait for it: a caller that holds a transaction records its
 * effects on a second connection, and ten such callers would wait for each other for ever in a pool of ten.
 * It ends with the pool. Another kind of pool than `pg.Pool` serves for both.
 */
export function companionOf(candidate: PoolLike, log?: Log): PoolLike {
  const pool = candidate as PgPool
  if (typeof pool.Client !== 'function' || !pool.options) return candidate
  const Pool = pool.constructor as new (settings: object) => PgPool
  // `password` is not enumerable there.
  const { password } = pool.options
  const companion = new Pool({
    ...pool.options,
    ...(password === undefined ? {} : { password }),
    Client: undefined,
    max: 2,
    connectionTimeoutMillis: 5_000,
    allowExitOnIdle: true,
  })
  protectPool(companion, log)
  const end = pool.end.bind(pool)
  pool.end = async () => {
    await Promise.all([companion.end(), end()])
  }
  return companion
}

// With a callback there is no promise.
function noted<T>(result: Promise<T> | undefined): Promise<T> {
  return result?.catch((error: unknown) => {
    noteDatabaseError(error)
    throw error
  }) as Promise<T>
}

function bound(argument: unknown): unknown {
  return typeof argument === 'function'
    ? AsyncLocalStorage.bind(argument as (...args: unknown[]) => unknown)
    : argument
}

/**
 * Run work in a transaction: committed when it resolves, rolled back when it throws. With an identity, its
 * organization is held until the end, so that its erasure waits for this work or this work is refused.
 * @throws Problem `database_unreachable`, `organization_deleted`; whatever the work throws
 */
export async function inTransaction<T>(
  pool: PoolLike,
  identity: Identity | undefined,
  work: (tx: Transaction) => Promise<T>,
): Promise<T> {
  const client = await pool.connect().catch(rethrow)
  let broken: Error | undefined
  try {
    await client.query('begin').catch(rethrow)
    if (identity) await hold(client, identity.organization)
    const result = await work(client as Transaction)
    requireCommitted(await client.query('commit').catch(rethrow))
    return result
  } catch (error) {
    // A connection that cannot even roll back is of no more use to anyone.
    await client.query('rollback').catch((failed: Error) => (broken = failed))
    throw error
  } finally {
    client.release(broken)
  }
}

/** Postgres answers COMMIT with ROLLBACK, and no error, when a statement failed before: someone swallowed its error. */
function requireCommitted(answer: object): void {
  if ('command' in answer && answer.command === 'ROLLBACK')
    throw new Error('the transaction was rolled back: a statement in it failed, and its error was swallowed')
}

async function hold(client: Queryable, slug: string): Promise<void> {
  await client.query('select rockpool.hold_organization($1)', [slug]).catch(rethrow)
}

/** For `catch` after a query of the sdk's own: the error as a Problem, where it has a meaning. */
export function rethrow(error: unknown): never {
  throw databaseProblem(error)
}
