import { toPage, type Database } from '../kernel/index.ts'
import { toCursor } from './store.ts'
import type { LedgerEntry, LedgerFilter, Page } from './types.ts'

/** What runs and sandboxes created. It outlives them: it is the record that clean-up and receipts are held against. */
export interface Ledger {
  /** Takes entries of the gateways; the same ones may come again, and an older state never replaces a newer one. */
  append(entries: readonly LedgerEntry[]): Promise<void>
  /** In the order in which they came. */
  list(filter: LedgerFilter): Promise<Page<LedgerEntry>>
  /** All of a run, at most 10 000. */
  of(run: string): Promise<LedgerEntry[]>
  /**
   * What these runs made or may have made, the oldest first, without the entries of the ids `except`. Of more than 10 000 the
   * newest, and `isCut`.
   */
  createdBy(
    runs: readonly string[],
    except: readonly string[],
  ): Promise<{ entries: LedgerEntry[]; isCut: boolean }>
  /** How many entries each of these runs has; one without any is left out. */
  counts(runs: readonly string[]): Promise<Map<string, number>>
}

const columns = `l.number, l.id, l.run, l.organization, l.service, l.method, l.path, l.idempotency_key as "idempotencyKey",
  to_char(l.at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as at, l.status, l.location, l.resource, l.outcome`

const mostCreated = 10_000

type Row = LedgerEntry & { number: number }

export function createLedger({ database }: { database: Database }): Ledger {
  const select = (filter: LedgerFilter, limit: number) =>
    database.query<Row>(
      `select ${columns} from sandboxes.ledger l
        where ($1::text is null or l.run = $1) and ($2::text is null or l.organization = $2)
          and ($3::text is null or l.organization in (select slug from sandboxes.sandbox where parent = $3))
          and ($4::bigint is null or l.number > $4)
        order by l.number limit $5`,
      [
        filter.run,
        filter.organization,
        filter.parent,
        filter.cursor === undefined ? null : toCursor(filter.cursor),
        limit,
      ],
    )

  return {
    async append(entries) {
      if (entries.length === 0) return
      // Newest state of each id: one statement may not touch a row twice.
      const newest = new Map<string, LedgerEntry>()
      for (const entry of entries) {
        const known = newest.get(entry.id)
        if (!known || rank(entry) >= rank(known)) newest.set(entry.id, entry)
      }
      await database.query(
        `insert into sandboxes.ledger as l (id, run, organization, service, method, path, idempotency_key, at, status, location, resource, outcome)
         select id, run, organization, service, method, path, "idempotencyKey", at, status, location, resource, outcome
           from jsonb_to_recordset($1) as e (id uuid, run text, organization text, service text, method text, path text,
             "idempotencyKey" text, at timestamptz, status integer, location text, resource text, outcome text)
         on conflict (id) do update set organization = excluded.organization, service = excluded.service,
             method = excluded.method, idempotency_key = excluded.idempotency_key, status = excluded.status, location = excluded.location,
             resource = excluded.resource, outcome = excluded.outcome
           where array_position('{intent,doubtful,done}', excluded.outcome) > array_position('{intent,doubtful,done}', l.outcome)`,
        [JSON.stringify([...newest.values()])],
      )
    },
    async list(filter) {
      const limit = filter.limit ?? 50
      const { items, next } = toPage(await select(filter, limit + 1), limit, ({ number }) => String(number))
      return { items: items.map(withoutNumber), next }
    },
    async of(run) {
      return (await select({ run }, 10_000)).map(withoutNumber)
    },
    async createdBy(runs, except) {
      const rows = await database.query<Row>(
        `select ${columns} from sandboxes.ledger l where l.run = any($1::text[]) and not l.id = any($2::uuid[])
           and l.method <> 'DELETE' and (l.status = 201 or l.method = 'POST' and coalesce(l.status not between 300 and 499, true))
         order by l.number desc limit $3`,
        [runs, except, mostCreated + 1],
      )
      const entries = rows.slice(0, mostCreated).toReversed()
      return { entries: entries.map(withoutNumber), isCut: rows.length > mostCreated }
    },
    async counts(runs) {
      const rows = await database.query<{ run: string; entries: number }>(
        'select run, count(*)::integer as entries from sandboxes.ledger where run = any($1::text[]) group by run',
        [runs],
      )
      return new Map(rows.map(({ run, entries }) => [run, entries]))
    },
  }
}

const rank = ({ outcome }: LedgerEntry) => ['intent', 'doubtful', 'done'].indexOf(outcome)

function withoutNumber(row: Row): LedgerEntry {
  const { number: _number, ...entry } = row
  return entry
}
