import { newId, problem } from '../../kernel/index.ts'
import type { Clock, Database, Listener } from '../../kernel/index.ts'
import type { FaultEffect, FaultKind, FaultOf, SnapshotFault } from './types.ts'

/*
 *   create, end ──► gateway.fault ── NOTIFY ──► publisher ──► every gateway: whom it is for meets it, in sandboxes alone
 */

export type Fault = SnapshotFault & {
  /** The member, or the credential, that broke it. */
  createdBy: string
  /** ISO 8601. */
  createdAt: string
}

export type NewFault = FaultEffect & {
  service: string
  /** An `operationId`; every one unless given. */
  operation?: string | null
  /** 1 to 100, which is the default. */
  percent?: number
  /** 1 to 300. */
  seconds: number
  /** The run that it is for; without it, it is for all checks in sandboxes. */
  of?: FaultOf | null
  createdBy: string
}

export interface FaultFilter {
  /** Those too that ended within this time, in milliseconds. */
  recentMs?: number
  /** Those of this run alone. */
  run?: string
  /** Those that calls in this organization may meet: its run's, and those for all checks. */
  organization?: string
  /** The first so many; all by default. */
  limit?: number
}

/** What is broken on purpose: for all checks in sandboxes, or for one run there. Each ends by itself. */
export interface Faults {
  /** `conflict` when too much is broken already. Whether there is such a service is the caller's to know. */
  create(input: NewFault): Promise<Fault>
  /** Those that are on now: first those for all checks, then those of runs; of each the newest first. */
  list(filter?: FaultFilter): Promise<Fault[]>
  /** Ends it at once; one that has ended is no error. `not_found` when there never was one; `run`: of this run. */
  end(id: string, run?: string): Promise<void>
  /** Ends all that a run has broken for itself. */
  endOfRun(run: string): Promise<void>
  /** Calls the listener when one began or was ended, or may have been. By itself none tells its end: it says when. */
  onChange(listener: () => void): Promise<Listener>
}

/** For all checks; of one run; of all runs together. */
const mostAtOnce = { all: 20, run: 20, runs: 500 } as const
const keptMs = 7 * 24 * 60 * 60 * 1000

interface FaultRow {
  id: string
  service: string
  kind: FaultKind
  settings: object
  operation: string | null
  percent: number
  run: string | null
  organization: string | null
  created_by: string
  created_at: Date
  ends_at: Date
}

const columns =
  'id, service, kind, settings, operation, percent, run, organization, created_by, created_at, ends_at'

export function createFaults({ database, clock }: { database: Database; clock: Clock }): Faults {
  const now = () => new Date(clock.now())

  return {
    create: ({
      service,
      seconds,
      createdBy,
      operation = null,
      percent = 100,
      of = null,
      kind,
      ...settings
    }) =>
      database.transaction(async (tx) => {
        // One at a time: otherwise each of many would see few.
        await tx.query(`select pg_advisory_xact_lock(hashtextextended('rockpool.faults', 0))`)
        await tx.query('delete from gateway.fault where ends_at < $1', [new Date(clock.now() - keptMs)])
        const on = await tx.one<{ all: number; run: number; runs: number }>(
          `select count(*) filter (where run is null)::int as "all", count(*) filter (where run = $2)::int as run,
             count(run)::int as runs
             from gateway.fault where ends_at > $1`,
          [now(), of?.run ?? null],
        )
        requireRoom(on, of !== null)
        const row = await tx.one<FaultRow>(
          `insert into gateway.fault (${columns})
           values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) returning ${columns}`,
          [
            newId('flt'),
            service,
            kind,
            JSON.stringify(settings),
            operation,
            percent,
            of?.run ?? null,
            of?.organization ?? null,
            createdBy,
            now(),
            new Date(clock.now() + seconds * 1000),
          ],
        )
        return toFault(row)
      }),

    async list({ recentMs = 0, run, organization, limit } = {}) {
      const rows = await database.query<FaultRow>(
        `select ${columns} from gateway.fault
          where ends_at > $1 and ($2::text is null or run = $2)
            and ($3::text is null or organization is null or organization = $3)
          order by (run is null) desc, id desc limit $4`,
        [new Date(clock.now() - recentMs), run, organization, limit],
      )
      return rows.map(toFault)
    },

    async end(id, run) {
      const rows = await database.query(
        `update gateway.fault set ends_at = least(ends_at, greatest(created_at, $2))
          where id = $1 and ($3::text is null or run = $3) returning 1`,
        [id, now(), run],
      )
      if (rows.length === 0) throw problem('not_found', `there is no fault “${id.slice(0, 80)}”`)
    },

    async endOfRun(run) {
      // Most runs break nothing, and whoever listens need not hear of that: the trigger tells of each statement.
      const on = await database.query('select from gateway.fault where run = $1 and ends_at > $2 limit 1', [
        run,
        now(),
      ])
      if (on.length === 0) return
      await database.query(
        'update gateway.fault set ends_at = greatest(created_at, $2) where run = $1 and ends_at > $2',
        [run, now()],
      )
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

function requireRoom(on: { all: number; run: number; runs: number }, isOfRun: boolean): void {
  const full = isOfRun ? on.run >= mostAtOnce.run || on.runs >= mostAtOnce.runs : on.all >= mostAtOnce.all
  if (!full) return
  const count = isOfRun ? (on.run >= mostAtOnce.run ? on.run : on.runs) : on.all
  throw problem('conflict', `${count} things are broken on purpose already: end some first`)
}

function toFault({
  id,
  service,
  kind,
  settings,
  operation,
  percent,
  run,
  organization,
  ...row
}: FaultRow): Fault {
  return {
    ...({ kind, ...settings } as FaultEffect),
    id,
    service,
    operation,
    percent,
    environment: 'sandbox',
    of: run === null || organization === null ? null : { run, organization },
    createdBy: row.created_by,
    createdAt: row.created_at.toISOString(),
    endsAt: row.ends_at.toISOString(),
  }
}
