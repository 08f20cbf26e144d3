import { newId, problem } from '../../kernel/index.ts'
import type { Clock, Database, Listener } from '../../kernel/index.ts'
import type { FaultKind, SnapshotFault } from '../types.ts'

/*
 *   create, end ──► gateway.fault ── NOTIFY ──► publisher ──► every gateway: checks in sandboxes meet it
 */

export interface Fault extends SnapshotFault {
  /** The member, or the credential, that broke it. */
  createdBy: string
  /** ISO 8601. */
  createdAt: string
}

export interface NewFault {
  service: string
  kind: FaultKind
  /** 1 to 300. */
  seconds: number
  createdBy: string
}

/** What is broken on purpose, for checks in sandboxes alone. Each ends by itself. */
export interface Faults {
  /** `conflict` when too much is broken already. Whether there is such a service is the caller's to know. */
  create(input: NewFault): Promise<Fault>
  /** Those that are on now, and those that ended within `recentMs`; the newest first. */
  list(recentMs?: number): Promise<Fault[]>
  /** Ends it at once; one that has ended is no error. `not_found` when there never was one. */
  end(id: string): Promise<void>
  /** Calls the listener when one began or was ended, or may have been. By itself none tells its end: it says when. */
  onChange(listener: () => void): Promise<Listener>
}

const mostAtOnce = 20
const keptMs = 7 * 24 * 60 * 60 * 1000

interface FaultRow {
  id: string
  service: string
  kind: FaultKind
  created_by: string
  created_at: Date
  ends_at: Date
}

const columns = 'id, service, kind, created_by, created_at, ends_at'

export function createFaults({ database, clock }: { database: Database; clock: Clock }): Faults {
  const now = () => new Date(clock.now())

  return {
    create: ({ service, kind, seconds, createdBy }) =>
      database.transaction(async (tx) => {
        // One at a time: otherwise each of many would see few.
        await tx.query(`select pg_advisory_xact_lock(hashtextextended('rockpool.faults', 0))`)
        await tx.query('delete from gateway.fault where ends_at < $1', [new Date(clock.now() - keptMs)])
        const { on } = await tx.one<{ on: number }>(
          'select count(*)::int as on from gateway.fault where ends_at > $1',
          [now()],
        )
        if (on >= mostAtOnce)
          throw problem('conflict', `${on} things are broken on purpose already: end some first`)
        const row = await tx.one<FaultRow>(
          `insert into gateway.fault (id, service, kind, created_by, created_at, ends_at)
           values ($1, $2, $3, $4, $5, $6) returning ${columns}`,
          [newId('flt'), service, kind, createdBy, now(), new Date(clock.now() + seconds * 1000)],
        )
        return toFault(row)
      }),

    async list(recentMs = 0) {
      const rows = await database.query<FaultRow>(
        `select ${columns} from gateway.fault where ends_at > $1 order by id desc limit 100`,
        [new Date(clock.now() - recentMs)],
      )
      return rows.map(toFault)
    },

    async end(id) {
      const rows = await database.query(
        'update gateway.fault set ends_at = least(ends_at, greatest(created_at, $2)) where id = $1 returning 1',
        [id, now()],
      )
      if (rows.length === 0) throw problem('not_found', `there is no fault “${id.slice(0, 80)}”`)
    },

    onChange: (listener) =>
      database.listen(
        'rockpool_changes',
        (topic) => {
          if (topic === 'faults') listener()
        },
        listener,
      ),
  }
}

function toFault({ id, service, kind, ...row }: FaultRow): Fault {
  return {
    id,
    service,
    kind,
    createdBy: row.created_by,
    createdAt: row.created_at.toISOString(),
    endsAt: row.ends_at.toISOString(),
  }
}
