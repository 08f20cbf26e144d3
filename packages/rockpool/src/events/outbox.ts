import type { Queryable } from '../kernel/index.ts'

/** How far an outbox is read: the last row taken. `xid` is an xid8, as text. */
export interface OutboxCursor {
  xid: string
  position: number
}

export interface OutboxRow extends OutboxCursor {
  id: string
  organization: string
  environment: string
  actor: string
  run: string | null
  type: string
  key: string
  number: number
  /** JSON text: not read here, so that no number in it loses digits. */
  data: string
  time: string
}

/** One outbox, as far as the relay's role may go. */
export interface Outbox {
  /** Tells this outbox from one that is made anew in its place. */
  incarnation(): Promise<string>
  /**
   * Rows after the cursor that no transaction still running can precede, in order. A cursor that followed the position
   * alone would lose rows: positions are drawn before their transactions commit.
   */
  read(after: OutboxCursor, limit: number): Promise<OutboxRow[]>
  /** Whether anything committed stands after the cursor. */
  more(after: OutboxCursor): Promise<boolean>
  /** A transaction id, as text, below which everything stands that is committed now. */
  end(): Promise<string>
  /** Whether nothing that stands below `end` can come any more after the cursor. */
  passed(end: string, after: OutboxCursor): Promise<boolean>
  /** Rows by their keys and numbers, wherever they stand. */
  fetch(
    wanted: readonly { organization: string; key: string; from: number; through: number }[],
  ): Promise<OutboxRow[]>
  /** Deletes rows up to the cursor, a bounded number at once; returns how many. */
  prune(through: OutboxCursor): Promise<number>
}

const columns = `o.xid::text as xid, o.position, o.id, o.organization, o.environment, o.actor, o.run, o.type, o.key,
  o.number, o.data::text as data, to_char(o.time at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as time`

/** The outbox of a service's database, read by the relay's role; or Rockpool's own in the schema `events`. */
export function createOutbox(db: Queryable, schema: 'rockpool' | 'events'): Outbox {
  const table = `${schema}.outbox`
  return {
    async incarnation() {
      const { name } = await db.one<{ name: string }>(
        `select concat_ws('/', (select system_identifier from pg_control_system()), d.oid, $1::regclass::oid) as name
           from pg_database d where d.datname = current_database()`,
        [table],
      )
      return name
    },
    read: (after, limit) =>
      db.query<OutboxRow>(
        `select ${columns} from ${table} o
          where (o.xid, o.position) > ($1::xid8, $2::bigint) and o.xid < pg_snapshot_xmin(pg_current_snapshot())
          order by o.xid, o.position limit $3`,
        [after.xid, after.position, limit],
      ),
    async more(after) {
      const { more } = await db.one<{ more: boolean }>(
        `select exists (select from ${table} o where (o.xid, o.position) > ($1::xid8, $2::bigint)) as more`,
        [after.xid, after.position],
      )
      return more
    },
    async end() {
      const { end } = await db.one<{ end: string }>(
        'select pg_snapshot_xmax(pg_current_snapshot())::text as "end"',
      )
      return end
    },
    async passed(end, after) {
      const { passed } = await db.one<{ passed: boolean }>(
        `select pg_snapshot_xmin(pg_current_snapshot()) >= $1::xid8 and not exists (
           select from ${table} o where (o.xid, o.position) > ($2::xid8, $3::bigint) and o.xid < $1::xid8) as passed`,
        [end, after.xid, after.position],
      )
      return passed
    },
    fetch: (wanted) =>
      db.query<OutboxRow>(
        `select ${columns} from ${table} o
           join jsonb_to_recordset($1) as w(organization text, key text, "from" bigint, through bigint)
             on o.organization = w.organization and o.key = w.key and o.number between w."from" and w.through`,
        [JSON.stringify(wanted)],
      ),
    async prune(through) {
      if (schema === 'rockpool') {
        const { pruned } = await db.one<{ pruned: number }>(
          'select rockpool.prune_outbox($1, $2) as pruned',
          [through.xid, through.position],
        )
        return pruned
      }
      const rows = await db.query(
        `delete from events.outbox o where (o.xid, o.position) <= ($1::xid8, $2::bigint)
            and o.xid < pg_snapshot_xmin(pg_current_snapshot()) returning 1`,
        [through.xid, through.position],
      )
      return rows.length
    },
  }
}
