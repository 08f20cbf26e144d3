import { problem, type Queryable, type RunScope } from '../../kernel/index.ts'
import type { Attempt, Kind, Trigger, Verdict } from '../types.ts'
import type { CheckState, Definition, Run, RunSummary } from './schema.ts'

const iso = (column: string) => `to_char(${column} at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`

/** Since when the check of a run has had the run's verdict, wherever it ran. */
const since = (run: string) => `(select ${iso('min(s.ended_at)')} from checks.run s
  where s.kind = ${run}.kind and s.check_name = ${run}.check_name and s.verdict = ${run}.verdict and s.number <= ${run}.number and s.number > coalesce(
    (select max(o.number) from checks.run o
      where o.kind = ${run}.kind and o.check_name = ${run}.check_name and o.verdict <> ${run}.verdict and o.number < ${run}.number), 0))`

const columns = `r.id, r.kind, r.check_name as "check", r.trigger, ${iso('r.slot')} as slot, r.parent, r.started_by as "startedBy",
  ${iso('r.started_at')} as "startedAt", ${iso('r.lease_until')} as "leaseUntil", ${iso('r.ended_at')} as "endedAt",
  r.ended_by as "endedBy", r.verdict, r.ms, r.why, r.attempts`

/** `ttl`: milliseconds that its sandboxes may live. `scopes`: of its credentials. */
export type RunRow = RunSummary & { number: number; ttl: number; scopes: RunScope[] }

export interface NewRun {
  id: string
  kind: Kind
  check: string
  trigger: Trigger
  slot: Date | null
  parent: string
  ttl: number
  startedBy: string | null
  startedAt: Date
  leaseUntil: Date
  scopes: readonly RunScope[]
}

/** False: the schedule runs this check already, or has run it for this slot. */
export async function insertRun(db: Queryable, run: NewRun): Promise<boolean> {
  const rows = await db.query(
    `insert into checks.run (id, kind, check_name, trigger, slot, parent, ttl, started_by, started_at, lease_until, scopes)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) on conflict do nothing returning id`,
    [
      run.id,
      run.kind,
      run.check,
      run.trigger,
      run.slot,
      run.parent,
      run.ttl,
      run.startedBy,
      run.startedAt,
      run.leaseUntil,
      run.scopes,
    ],
  )
  return rows.length > 0
}

/** `not_found` when there is none. */
export async function selectRun(db: Queryable, id: string, lock: '' | 'for update' = ''): Promise<RunRow> {
  const [row] = await db.query<RunRow>(
    `select ${columns}, r.number, r.ttl, r.scopes from checks.run r where r.id = $1 ${lock}`,
    [id],
  )
  if (!row) throw problem('not_found', `there is no run “${id.slice(0, 80)}”`)
  return row
}

/** What only one who looks at the run wants to know. */
export function selectDetails(
  db: Queryable,
  id: string,
): Promise<{ evidence: Attempt['evidence'][]; since: string | null }> {
  return db.one(`select r.evidence, ${since('r')} as since from checks.run r where r.id = $1`, [id])
}

export interface RunFilter {
  kind?: Kind | undefined
  check?: string | undefined
  verdict?: Verdict | undefined
  parent?: string | undefined
  cursor?: string | undefined
  limit: number
}

export function hasEnded(run: string) {
  return problem('conflict', `the run ${run} has ended`, { extra: { ended: true } })
}

/** At most `limit + 1`, the newest first. */
export function selectRuns(
  db: Queryable,
  { kind, check, verdict, parent, cursor, limit }: RunFilter,
): Promise<RunRow[]> {
  if (cursor !== undefined && !/^\d{1,15}$/.test(cursor))
    throw problem('invalid_input', 'the cursor is not one of ours')
  return db.query<RunRow>(
    `select ${columns}, r.number, r.ttl, r.scopes from checks.run r
      where ($1::text is null or r.check_name = $1) and ($2::text is null or r.verdict = $2)
        and ($3::text is null or r.parent = $3) and ($4::bigint is null or r.number < $4) and ($6::text is null or r.kind = $6)
      order by r.number desc limit $5`,
    [check, verdict, parent, cursor, limit + 1, kind],
  )
}

/** False: the run has ended. */
export async function extendLease(db: Queryable, id: string, until: Date): Promise<boolean> {
  const rows = await db.query(
    'update checks.run set lease_until = $2 where id = $1 and ended_at is null returning id',
    [id, until],
  )
  return rows.length > 0
}

export interface Outcome {
  endedAt: Date
  endedBy: NonNullable<Run['endedBy']>
  verdict: Verdict | null
  ms: number | null
  attempts: readonly Attempt[]
  why: readonly string[]
}

export async function endRun(db: Queryable, id: string, outcome: Outcome): Promise<void> {
  const attempts = outcome.attempts.map((attempt) => ({ ...attempt, evidence: undefined }))
  const evidence = outcome.attempts.map((attempt) => attempt.evidence)
  await db.query(
    `update checks.run set ended_at = $2, ended_by = $3, verdict = $4, ms = $5, attempts = $6, evidence = $7, why = $8 where id = $1`,
    [
      id,
      outcome.endedAt,
      outcome.endedBy,
      outcome.verdict,
      outcome.ms,
      storable(attempts),
      storable(evidence),
      outcome.why,
    ],
  )
}

/** jsonb holds neither U+0000 nor half a surrogate pair: their escapes become text. */
function storable(value: unknown): string {
  return JSON.stringify(value).replaceAll(/(?<!\\)((?:\\\\)*)\\u(0000|d[89a-f]..)/g, '$1\\\\u$2')
}

/** Ends runs whose lease is over; several may do so at once. Gives their ids. */
export async function endOverdue(db: Queryable, now: Date, why: string): Promise<string[]> {
  const rows = await db.query<{ id: string }>(
    `update checks.run set ended_at = $1, ended_by = 'lease', verdict = 'uncheckable', why = array[$2]
      where id in (select id from checks.run where ended_at is null and lease_until < $1 limit 50 for update skip locked)
      returning id`,
    [now, why],
  )
  return rows.map(({ id }) => id)
}

/** Ended runs that nobody has cleaned up after since `before`. */
export async function selectUnclean(db: Queryable, before: Date): Promise<string[]> {
  const rows = await db.query<{ id: string }>(
    'select id from checks.run where cleaned_at is null and ended_at <= $1 order by ended_at limit 50',
    [before],
  )
  return rows.map(({ id }) => id)
}

export async function markCleaned(db: Queryable, id: string, now: Date): Promise<void> {
  await db.query('update checks.run set cleaned_at = $2 where id = $1 and cleaned_at is null', [id, now])
}

/** Keeps what discovery saw; `complete`: the others of the kind are gone, so their definitions go too. */
export async function saveDefinitions(
  db: Queryable,
  kind: Kind,
  definitions: readonly Definition[],
  now: Date,
  complete: boolean,
): Promise<void> {
  await db.query(
    `insert into checks.definition (kind, name, file, line, every, cron, timeout, tags, seen_at)
     select $3, d.name, d.file, d.line, d.every, d.cron, d.timeout, coalesce(d.tags, '{}'), $2
       from jsonb_to_recordset($1::jsonb) as d(name text, file text, line int, every bigint, cron text, timeout bigint, tags text[])
     on conflict (kind, name) do update set file = excluded.file, line = excluded.line, every = excluded.every, cron = excluded.cron,
       timeout = excluded.timeout, tags = excluded.tags, seen_at = excluded.seen_at`,
    [JSON.stringify(definitions), now, kind],
  )
  if (!complete) return
  await db.query('delete from checks.definition where kind = $2 and name <> all($1::text[])', [
    definitions.map(({ name }) => name),
    kind,
  ])
}

/**
 * Every scenario of the kind that is defined, with its last run that said something. `parent`: only runs on this
 * organization count, and what never ran there is not named.
 */
export function selectChecks(db: Queryable, kind: Kind, parent: string | null = null): Promise<CheckState[]> {
  return db.query<CheckState>(
    `select d.name, d.file, d.line, d.every, d.cron, d.timeout, d.tags,
        exists (select from checks.run r where r.kind = d.kind and r.check_name = d.name and r.ended_at is null
          and ($2::text is null or r.parent = $2)) as running,
        case when l.id is null then null else jsonb_build_object(
          'run', l.id, 'verdict', l.verdict, 'at', ${iso('l.ended_at')}, 'ms', l.ms, 'why', l.why,
          'attempts', jsonb_array_length(l.attempts),
          'message', coalesce(l.attempts->-1->'failure'->>'message', l.attempts->-1->'obstacle'->>'message', l.why[1]),
          'optional', coalesce((l.attempts->-1->'obstacle'->>'optional')::boolean, false),
          'since', ${since('l')}) end as latest,
        coalesce(n.runs, '[]') as runs
       from checks.definition d
       left join lateral (select * from checks.run r where r.kind = d.kind and r.check_name = d.name and r.verdict is not null
         and ($2::text is null or r.parent = $2) order by r.number desc limit 1) l on true
       left join lateral (select jsonb_agg(jsonb_build_object(
           'run', s.id, 'verdict', s.verdict, 'at', ${iso('s.ended_at')}, 'ms', s.ms) order by s.number) as runs
         from (select r.id, r.verdict, r.ended_at, r.ms, r.number from checks.run r
           where r.kind = d.kind and r.check_name = d.name and r.verdict is not null
             and ($2::text is null or r.parent = $2) order by r.number desc limit 30) s) n on true
      where d.kind = $1 and ($2::text is null
        or exists (select from checks.run r where r.kind = d.kind and r.check_name = d.name and r.parent = $2))
      order by d.name`,
    [kind, parent],
  )
}
