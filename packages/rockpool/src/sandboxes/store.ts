import { problem, type Queryable } from '../kernel/index.ts'
import type { DeletionCause, NewSandbox, Receipt, Sandbox, SandboxFilter } from './types.ts'

export const channel = 'rockpool_sandboxes'

const iso = (column: string) => `to_char(${column} at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`

const columns = `s.number, s.slug, s.parent, s.name, s.run, s.created_by as "createdBy", ${iso('s.created_at')} as "createdAt",
  ${iso('s.ends_at')} as "endsAt", s.state, ${iso('s.deleting_at')} as "deletingAt", s.deleting_because as "deletingBecause",
  ${iso('s.deleted_at')} as "deletedAt", coalesce(d.pass, 0) as passes, coalesce(d.waiting, '[]') as waiting`
const tables = `sandboxes.sandbox s left join sandboxes.deletion d on d.sandbox = s.slug`

type Row = Sandbox & { number: number }

/** At most `limit + 1`, the newest first. */
export function selectSandboxes(db: Queryable, filter: SandboxFilter & { limit: number }): Promise<Row[]> {
  return db.query<Row>(
    `select ${columns} from ${tables}
      where ($1::text is null or s.parent = $1) and ($2::text is null or s.run = $2)
        and ($3::text is null or s.state = $3) and ($4::bigint is null or s.number < $4)
      order by s.number desc limit $5`,
    [
      filter.parent,
      filter.run,
      filter.state,
      filter.cursor === undefined ? null : toCursor(filter.cursor),
      filter.limit + 1,
    ],
  )
}

/** `not_found` when there is none. */
export async function selectSandbox(
  db: Queryable,
  slug: string,
  lock: '' | 'for update of s' = '',
): Promise<Sandbox> {
  const [row] = await db.query<Row>(`select ${columns} from ${tables} where s.slug = $1 ${lock}`, [slug])
  if (!row) throw problem('not_found', `there is no sandbox “${slug.slice(0, 80)}”`)
  return withoutNumber(row)
}

export function withoutNumber(row: Row): Sandbox {
  const { number: _number, ...sandbox } = row
  return sandbox
}

export async function insertSandbox(
  db: Queryable,
  sandbox: Required<Pick<NewSandbox, 'parent' | 'run' | 'createdBy'>> & {
    slug: string
    name: string
    createdAt: Date
    endsAt: Date
  },
): Promise<void> {
  const { slug, parent, name, run, createdBy, createdAt, endsAt } = sandbox
  await db.query(
    `insert into sandboxes.sandbox (slug, parent, name, run, created_by, created_at, ends_at, state)
     values ($1, $2, $3, $4, $5, $6, $7, 'active')`,
    [slug, parent, name, run, createdBy, createdAt, endsAt],
  )
}

/** Puts it on the keepers' list. */
export async function markDeleting(
  db: Queryable,
  slug: string,
  because: DeletionCause,
  now: Date,
): Promise<void> {
  await db.query(
    `update sandboxes.sandbox set state = 'deleting', deleting_at = $2, deleting_because = $3 where slug = $1`,
    [slug, now, because],
  )
  await db.query('insert into sandboxes.deletion (sandbox, next_at) values ($1, $2)', [slug, now])
  await db.query(`select pg_notify('${channel}', $1)`, [slug])
}

/** Slugs of active ones whose time is over. */
export async function selectEnded(db: Queryable, now: Date, most: number): Promise<string[]> {
  const rows = await db.query<{ slug: string }>(
    `select slug from sandboxes.sandbox where state = 'active' and ends_at <= $1 order by ends_at limit $2`,
    [now, most],
  )
  return rows.map(({ slug }) => slug)
}

export async function selectActiveOfRun(db: Queryable, run: string): Promise<string[]> {
  const rows = await db.query<{ slug: string }>(
    `select slug from sandboxes.sandbox where run = $1 and state in ('active', 'residue') order by number`,
    [run],
  )
  return rows.map(({ slug }) => slug)
}

/** Ends the deletion: the sandbox is `deleted`, or left as `residue`; the receipt takes the place of an earlier one. */
export async function closeDeletion(db: Queryable, receipt: Receipt, now: Date): Promise<void> {
  await db.query(
    `insert into sandboxes.receipt (id, sandbox, at, document) values ($1, $2, $3, $4)
       on conflict (sandbox) do update set id = excluded.id, at = excluded.at, document = excluded.document`,
    [receipt.id, receipt.sandbox, receipt.at, JSON.stringify(receipt)],
  )
  await db.query('delete from sandboxes.deletion where sandbox = $1', [receipt.sandbox])
  await db.query(`update sandboxes.sandbox set state = $2, deleted_at = $3 where slug = $1`, [
    receipt.sandbox,
    receipt.complete ? 'deleted' : 'residue',
    receipt.complete ? now : null,
  ])
  await db.query(`select pg_notify('${channel}', $1)`, [receipt.sandbox])
}

export async function selectReceipt(db: Queryable, slug: string): Promise<Receipt | undefined> {
  const [row] = await db.query<{ document: Receipt }>(
    'select document from sandboxes.receipt where sandbox = $1',
    [slug],
  )
  return row?.document
}

/** Cursors of this part are row numbers. */
export function toCursor(cursor: string): number {
  if (!/^\d{1,15}$/.test(cursor)) {
    throw problem('invalid_input', 'the cursor is not one of ours', {
      findings: [{ path: 'cursor', message: 'is not the `next` of a page' }],
    })
  }
  return Number(cursor)
}
