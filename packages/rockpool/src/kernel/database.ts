import type pg from 'pg'
import { loadDriver } from './postgres-driver.ts'
import { messageOf, problem, Problem } from './problem.ts'
import type { Log } from './log.ts'

/** What can run a query: the database itself, or a transaction on it. */
export interface Queryable {
  query<Row = Record<string, unknown>>(text: string, values?: readonly unknown[]): Promise<Row[]>
  /** The first row; `not_found` if there is none. */
  one<Row = Record<string, unknown>>(text: string, values?: readonly unknown[]): Promise<Row>
}

/** A query surface whose changes are committed together. */
export interface Transaction extends Queryable {
  readonly inTransaction: true
}

export interface Listener {
  close(): Promise<void>
}

export interface Database extends Queryable {
  readonly url: string
  /** Commits when `work` resolves, rolls back when it rejects. */
  transaction<T>(work: (tx: Transaction) => Promise<T>): Promise<T>
  /**
   * Calls `onMessage` for each NOTIFY on the channel. A lost connection is opened anew by itself, and `onReconnect` is
   * called then, because messages sent in between are lost. Resolves once the first LISTEN stands.
   */
  listen(channel: string, onMessage: (payload: string) => void, onReconnect?: () => void): Promise<Listener>
  /** Whether Postgres answers now; never throws. */
  reachable(): Promise<boolean>
  close(): Promise<void>
}

export interface DatabaseOptions {
  url: string
  log: Log
  applicationName: string
  /** Connections at most; default 10. */
  max?: number
  /** Milliseconds that a statement may take; default 30 s. */
  statementTimeout?: number
}

// bigint (type 20) columns here hold positions and counters below 2^53: read them as numbers.
const types = {
  getTypeParser: (oid: number, format?: 'text' | 'binary') =>
    oid === 20 && format !== 'binary' ? Number : loadDriver().types.getTypeParser(oid, format),
} satisfies pg.CustomTypesConfig

export function openDatabase(options: DatabaseOptions): Database {
  const { url, log, applicationName, statementTimeout = 30_000 } = options
  const { Pool } = loadDriver()
  const pool = new Pool({
    connectionString: url,
    max: options.max ?? 10,
    application_name: applicationName,
    connectionTimeoutMillis: 5_000,
    idleTimeoutMillis: 30_000,
    statement_timeout: statementTimeout,
    // Of a host that died no answer ever comes: a query to it settles all the same, later than any that is under way there.
    query_timeout: statementTimeout + 5_000,
    keepAlive: true,
    idle_in_transaction_session_timeout: 15_000,
    types,
  })
  // Without a handler an outage of Postgres ends the process.
  pool.on('error', (error) => log.warn({ error: error.message }, 'an idle database connection was lost'))

  const database: Database = {
    url,
    ...queryable(pool),
    async transaction(work) {
      const client = await pool.connect().catch((error: unknown) => {
        throw databaseProblem(error)
      })
      const onError = (error: Error) =>
        log.warn({ error: error.message }, 'a database connection was lost in a transaction')
      client.on('error', onError)
      let broken: Error | undefined
      try {
        await client.query('begin')
        const result = await work({ ...queryable(client), inTransaction: true })
        requireCommitted(await client.query('commit'))
        return result
      } catch (error) {
        await client.query('rollback').catch((rollbackError: Error) => (broken = rollbackError))
        throw databaseProblem(error)
      } finally {
        client.off('error', onError)
        client.release(broken)
      }
    },
    listen: (channel, onMessage, onReconnect) => listen(options, channel, onMessage, onReconnect),
    async reachable() {
      return pool.query('select 1').then(
        () => true,
        () => false,
      )
    },
    close: () => pool.end(),
  }
  return database
}

/** Postgres answers COMMIT with ROLLBACK, and no error, when a statement failed before: someone swallowed its error. */
function requireCommitted({ command }: { command: string }): void {
  if (command === 'COMMIT') return
  throw new Error('the transaction was rolled back: a statement in it failed, and its error was swallowed')
}

function queryable(connection: pg.Pool | pg.PoolClient): Queryable {
  const query = async <Row>(text: string, values: readonly unknown[] = []): Promise<Row[]> => {
    try {
      const result = await connection.query(text, values as unknown[])
      return result.rows as Row[]
    } catch (error) {
      throw databaseProblem(error)
    }
  }
  return {
    query,
    async one<Row>(text: string, values?: readonly unknown[]) {
      const [row] = await query<Row>(text, values)
      if (row === undefined) throw problem('not_found', 'there is no such row')
      return row
    },
  }
}

/** Connection failures become `database_unreachable` (worth a retry), texts that no column can hold `invalid_input`; everything else stays what it is. */
function databaseProblem(error: unknown): unknown {
  if (error instanceof Problem || !(error instanceof Error)) return error
  const code = (error as NodeJS.ErrnoException).code ?? ''
  // U+0000, in a text or escaped in JSON.
  if (/^(22021|22P05)$/.test(code))
    return problem('invalid_input', 'a text here has a character that cannot be stored', { cause: error })
  const lost =
    /^(ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT|ENOTFOUND|08\w{3}|57P0[1-3]|53300)$/.test(code) ||
    /Connection terminated|timeout exceeded when trying to connect|Query read timeout|Client has encountered a connection error/.test(
      error.message,
    ) ||
    (error instanceof AggregateError &&
      error.errors.some((inner) => (inner as NodeJS.ErrnoException).code === 'ECONNREFUSED'))
  return lost
    ? problem('database_unreachable', `Postgres cannot be reached: ${messageOf(error)}`, { cause: error })
    : error
}

async function listen(
  options: DatabaseOptions,
  channel: string,
  onMessage: (payload: string) => void,
  onReconnect?: () => void,
): Promise<Listener> {
  let closed = false
  let client: pg.Client | undefined
  let retry: NodeJS.Timeout | undefined

  const connect = async () => {
    const { Client, escapeIdentifier } = loadDriver()
    const next = new Client({
      connectionString: options.url,
      application_name: `${options.applicationName} listen ${channel}`,
      connectionTimeoutMillis: 5_000,
      keepAlive: true,
    })
    let lost = false
    const onLost = () => {
      if (lost) return
      lost = true
      next.end().catch(() => {})
      if (!closed) again()
    }
    next.on('error', onLost)
    next.on('end', onLost)
    next.on('notification', (message) => onMessage(message.payload ?? ''))
    try {
      await next.connect()
      await next.query(`listen ${escapeIdentifier(channel)}`)
    } catch (error) {
      lost = true
      await next.end().catch(() => {})
      throw error
    }
    client = next
    if (closed) await next.end()
  }

  const again = () => {
    retry = setTimeout(() => {
      connect().then(
        () => onReconnect?.(),
        () => {
          if (!closed) again()
        },
      )
    }, 250)
  }

  await connect().catch((error: unknown) => {
    throw databaseProblem(error)
  })
  return {
    async close() {
      closed = true
      clearTimeout(retry)
      await client?.end().catch(() => {})
    },
  }
}
