/*
 * Private databases: each service has its own, and nobody else opens it.
 *
 * owner      the role that owns a service's database and runs its migrations; no process of the service knows it
 * runtime    the role that the service runs as: reads and writes rows, creates and drops nothing
 * relay      one role for all services' outboxes: reads the outbox, removes what is in the log, nothing else
 * counter    one role for all services: may call rockpool.count_rows, and read no row itself
 * state      the role of Rockpool's own processes: owns Rockpool's own database, and opens no service's
 * admin      the role of the installation's Postgres URL, which makes all the others
 * exposure   a service's role that could connect to a database which is not its own; there should be none
 */

/** What a service's runtime role may use at most. */
export interface DatabaseLimits {
  /** Connections of the runtime role; default 20. */
  connections?: number
  /** Milliseconds for one statement; default 30 s. */
  statementTimeout?: number
  /** Milliseconds that a transaction may stand idle; default 15 s. */
  idleInTransactionTimeout?: number
}

export interface ProvisionOptions {
  /** The folder of the service's own numbered SQL files; none: only Rockpool's tables are made. */
  migrations?: string
  limits?: DatabaseLimits
}

/** Rows of one organization in one table. `rows` is null where they cannot be counted: the table is unchecked. */
export interface TableCount {
  table: string
  rows: number | null
}

export interface Exposure {
  role: string
  database: string
}

export interface Databases {
  /**
   * Makes the shared roles and closes Rockpool's own and the server's standard databases to everybody else. `provision`
   * does it by itself.
   * @throws Problem `not_possible_here` when the admin may not create roles or databases
   */
  prepare(): Promise<void>
  /**
   * Makes Rockpool's own database and the role that its processes use, closed to everybody else. Returns that role's URL.
   */
  prepareOwn(): Promise<string>
  /**
   * Brings a service's database up to what it should be: roles, database, privileges, Rockpool's tables, then the
   * service's own migrations. Nothing happens where all is in place; processes that start at once wait for each other.
   * @throws Problem `conflict` when an applied migration changed, `internal` when one fails, with its name
   */
  provision(service: string, options?: ProvisionOptions): Promise<{ runtimeUrl: string }>
  /** What the service gets as DATABASE_URL. */
  runtimeUrl(service: string): string
  /** What the relay reads the service's outbox with. */
  relayUrl(service: string): string
  /** Services that have a database on this server, those that are configured no more among them. */
  services(): Promise<string[]>
  /** Counts the organization's rows in every table, by the owner's function: Rockpool itself reads no row. */
  counts(service: string, organization: string): Promise<TableCount[]>
  /** Every service's role that Postgres would let into a database which is not its own. */
  exposures(): Promise<Exposure[]>
  close(): Promise<void>
}
