import { newId, problem, toPage } from '../../kernel/index.ts'
import type { Clock, Database, Queryable, Transaction } from '../../kernel/index.ts'
import { operationText, sentenceOf, weightOf, weights } from '../differences/index.ts'
import type { Difference } from '../differences/index.ts'
import { countsOf } from './gate.ts'
import { nameFindings } from './names.ts'
import type { Notice, NoticeLine, Page, PageRequest, Version, Watcher } from './types.ts'

/** Who is told what a push changes, and what they were told. */
export interface Watchers {
  /** Watches a service, for oneself or for a consumer of it. Who does already goes on as before. */
  watch(input: { service: string; by: string; consumer: string | null }): Promise<Watcher>
  /** Ends it, and what was told with it. `not_found`. */
  unwatch(service: string, watcher: string): Promise<void>
  watchers(service: string): Promise<Watcher[]>
  /** The newest first: of all watchers, of one person, or for one consumer. */
  notices(filter?: NoticeFilter): Promise<Page<Notice>>
}

export interface NoticeFilter extends PageRequest {
  service?: string | undefined
  consumer?: string | undefined
  by?: string | undefined
}

interface WatcherRow extends Omit<Watcher, 'since'> {
  since: Date
}

interface NoticeRow extends Omit<Notice, 'watcher' | 'push'> {
  watcher: WatcherRow
  push: Notice['push']
}

const columns = 'id, service, watched_by as "watchedBy", consumer, since'
const toWatcher = (row: WatcherRow): Watcher => ({ ...row, since: new Date(row.since).toISOString() })

/** In a notice; how many there are in all its counts say. */
const mostLines = 50

export function createWatchers({ database, clock }: { database: Database; clock: Clock }): Watchers {
  return {
    async watch({ service, by, consumer }) {
      const findings = nameFindings({ service })
      if (findings.length > 0) throw problem('invalid_input', 'this cannot be watched', { findings })
      // What is there is written again, so that it is answered.
      const row = await database.one<WatcherRow>(
        `insert into contracts.watcher as w (id, service, watched_by, consumer, since) values ($1, $2, $3, $4, $5)
         on conflict (service, watched_by, consumer) do update set since = w.since returning ${columns}`,
        [newId('wat'), service, by, consumer, new Date(clock.now())],
      )
      return toWatcher(row)
    },

    async unwatch(service, watcher) {
      const gone = await database.query(
        'delete from contracts.watcher where service = $1 and id = $2 returning 1',
        [service, watcher],
      )
      if (gone.length === 0) throw problem('not_found', `${service} has no watcher “${watcher}”`)
    },

    watchers: (service) => selectWatchers(database, service),

    async notices({ service, consumer, by, cursor, limit = 50 } = {}) {
      const rows = await database.query<NoticeRow>(
        `select n.id, n.base, n.counts, n.differences,
                json_build_object('id', w.id, 'service', w.service, 'watchedBy', w.watched_by, 'consumer', w.consumer,
                  'since', w.since) as watcher,
                json_build_object('service', p.service, 'address', p.address, 'name', p.name, 'pushedBy', p.pushed_by,
                  'pushedAt', p.pushed_at) as push
           from contracts.notice n join contracts.watcher w on w.id = n.watcher join contracts.push p on p.id = n.push
          where ($1::text is null or w.service = $1) and ($2::text is null or w.consumer = $2)
            and ($3::text is null or w.watched_by = $3) and ($4::bigint is null or n.id < $4)
          order by n.id desc limit $5`,
        [
          service ?? null,
          consumer ?? null,
          by ?? null,
          cursor === undefined ? null : idIn(cursor),
          limit + 1,
        ],
      )
      const all = rows.map((row): Notice => {
        const push = { ...row.push, pushedAt: new Date(row.push.pushedAt).toISOString() }
        return { ...row, watcher: toWatcher(row.watcher), push }
      })
      return toPage(all, limit, ({ id }) => String(id))
    },
  }
}

/** The number in a cursor. `invalid_input` where there is none. */
export function idIn(cursor: string): number {
  if (/^\d{1,15}$/.test(cursor)) return Number(cursor)
  throw problem('invalid_input', 'the cursor is none of this list', {
    findings: [{ path: 'query.cursor', message: 'take `next` of the page before' }],
  })
}

export async function selectWatchers(db: Queryable, service: string): Promise<Watcher[]> {
  const rows = await db.query<WatcherRow>(
    `select ${columns} from contracts.watcher where service = $1 order by since, id`,
    [service],
  )
  return rows.map(toWatcher)
}

/** Tells each of these watchers of a push, in one notice, once. */
export async function insertNotices(
  tx: Transaction,
  watchers: readonly Watcher[],
  { version, base, differences }: { version: Version; base: string; differences: readonly Difference[] },
): Promise<void> {
  if (watchers.length === 0 || differences.length === 0) return
  await tx.query(
    `insert into contracts.notice (watcher, push, base, counts, differences)
     select watcher, $2, $3, $4, $5 from unnest($1::text[]) as watcher on conflict (watcher, push) do nothing`,
    [
      watchers.map(({ id }) => id),
      version.id,
      base,
      JSON.stringify(countsOf(differences)),
      JSON.stringify(linesOf(differences)),
    ],
  )
}

/** The worst first. Pure. */
function linesOf(differences: readonly Difference[]): NoticeLine[] {
  const rank = (difference: Difference) => weights.indexOf(weightOf(difference))
  return differences
    .toSorted((a, b) => rank(a) - rank(b))
    .slice(0, mostLines)
    .map((difference) => ({
      weight: weightOf(difference),
      operation: difference.operation === null ? null : operationText(difference.operation),
      place: difference.place,
      rule: difference.rule,
      sentence: sentenceOf(difference, (text) => text),
      fingerprint: difference.fingerprint,
    }))
}
