import { newId, problem, toPage } from '../../kernel/index.ts'
import type { Clock, Database, Queryable, Transaction } from '../../kernel/index.ts'
import { operationText, sentenceOf, weightOf, weights } from '../differences/index.ts'
import type { Difference } from '../differences/index.ts'
import { countsOf } from './gate.ts'
import { nameFindings } from './names.ts'
import {
  deliveryJson,
  hurryDeliveries,
  insertDeliveries,
  newSigningSecret,
  shownAddress,
  nowhere,
  toDelivery,
} from './notify/index.ts'
import type { DeliveryRow, Endpoints } from './notify/index.ts'
import type {
  ListedWatcher,
  MadeWatcher,
  Notice,
  NoticeLine,
  Page,
  PageRequest,
  Version,
  Watcher,
} from './types.ts'

/** Who is told what a push changes, and what they were told. */
export interface Watchers {
  /**
   * Watches a service, for oneself or for a consumer of it. Who does already goes on as before. `to`: from now on notices are
   * sent to this URL; another one than before gets a secret of its own, and the same one again ends that it is gone.
   */
  watch(input: {
    service: string
    by: string
    consumer: string | null
    to?: string | null
  }): Promise<MadeWatcher>
  /** Ends it, and what was told with it. `not_found`. */
  unwatch(service: string, watcher: string): Promise<void>
  watchers(service: string): Promise<ListedWatcher[]>
  /** The newest first: of all watchers, of one person, or for one consumer. */
  notices(filter?: NoticeFilter): Promise<Page<Notice>>
}

export interface NoticeFilter extends PageRequest {
  service?: string | undefined
  consumer?: string | undefined
  by?: string | undefined
}

interface WatcherRow extends Omit<Watcher, 'since' | 'goneAt'> {
  since: Date | string
  goneAt: Date | string | null
}

interface NoticeRow extends Omit<Notice, 'watcher' | 'push' | 'delivery'> {
  watcher: WatcherRow
  push: Notice['push']
  delivery: DeliveryRow | null
}

interface LastRow {
  of: { notice: number; version: string | null; address: string }
  delivery: DeliveryRow
}

const columns =
  'w.id, w.service, w.watched_by as "watchedBy", w.consumer, w.since, w.sent_to as "to", w.gone_at as "goneAt"'

/** Times are dates in a row, and texts in JSON. */
const toWatcher = ({ since, goneAt, ...row }: WatcherRow): Watcher => ({
  ...row,
  since: new Date(since).toISOString(),
  goneAt: goneAt === null ? null : new Date(goneAt).toISOString(),
})

/** In a notice; how many there are in all its counts say. */
const mostLines = 50

export interface WatchersOptions {
  database: Database
  clock: Clock
  /** Undefined: nothing is sent anywhere. */
  endpoints: Endpoints | undefined
}

export function createWatchers({ database, clock, endpoints = nowhere }: WatchersOptions): Watchers {
  return {
    async watch({ service, by, consumer, to = null }) {
      const findings = [...nameFindings({ service }), ...(to === null ? [] : endpoints.findings(to))]
      if (findings.length > 0) throw problem('invalid_input', 'this cannot be watched', { findings })
      return database.transaction(async (tx) => {
        // What is there is written again, so that it is answered, and nobody else changes it until the end.
        const { sealed, ...row } = await tx.one<WatcherRow & { sealed: Buffer | null }>(
          `insert into contracts.watcher as w (id, service, watched_by, consumer, since) values ($1, $2, $3, $4, $5)
           on conflict (service, watched_by, consumer) do update set since = w.since returning ${columns}, w.sealed`,
          [newId('wat'), service, by, consumer, new Date(clock.now())],
        )
        const watcher = toWatcher(row)
        if (to === null) return { ...watcher, secret: null }
        const known = sealed === null ? undefined : endpoints.open(watcher.id, sealed)
        const isKnown = known?.url === to
        if (isKnown && watcher.goneAt === null) return { ...watcher, secret: null }
        const secret = isKnown ? known.secret : newSigningSecret()
        const changed = await tx.one<WatcherRow>(
          `update contracts.watcher w set sent_to = $2, origin = $3, sealed = $4, gone_at = null where id = $1 returning ${columns}`,
          [watcher.id, shownAddress(to), new URL(to).origin, endpoints.seal(watcher.id, { url: to, secret })],
        )
        await hurryDeliveries(tx, watcher.id, new Date(clock.now()))
        return { ...toWatcher(changed), secret: isKnown ? null : secret }
      })
    },

    async unwatch(service, watcher) {
      const gone = await database.query(
        'delete from contracts.watcher where service = $1 and id = $2 returning 1',
        [service, watcher],
      )
      if (gone.length === 0) throw problem('not_found', `${service} has no watcher “${watcher}”`)
    },

    async watchers(service) {
      const rows = await database.query<WatcherRow & { last: LastRow | null }>(
        `select ${columns}, (
           select json_build_object('of', json_build_object('notice', n.id, 'version', p.name, 'address', p.address),
             'delivery', ${deliveryJson})
             from contracts.delivery d join contracts.notice n on n.id = d.notice join contracts.push p on p.id = n.push
            where d.watcher = w.id order by n.id desc limit 1) as last
           from contracts.watcher w where w.service = $1 order by w.since, w.id`,
        [service],
      )
      return rows.map(({ last, ...row }) => ({
        ...toWatcher(row),
        last: last && { ...toDelivery(last.delivery), ...last.of },
      }))
    },

    async notices({ service, consumer, by, cursor, limit = 50 } = {}) {
      const rows = await database.query<NoticeRow>(
        `select n.id, n.base, n.counts, n.differences,
                json_build_object('id', w.id, 'service', w.service, 'watchedBy', w.watched_by, 'consumer', w.consumer,
                  'since', w.since, 'to', w.sent_to, 'goneAt', w.gone_at) as watcher,
                ${deliveryJson} as delivery,
                json_build_object('service', p.service, 'address', p.address, 'name', p.name, 'pushedBy', p.pushed_by,
                  'pushedAt', p.pushed_at) as push
           from contracts.notice n join contracts.watcher w on w.id = n.watcher join contracts.push p on p.id = n.push
           left join contracts.delivery d on d.notice = n.id
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
        return {
          ...row,
          watcher: toWatcher(row.watcher),
          push,
          delivery: row.delivery && toDelivery(row.delivery),
        }
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
    `select ${columns} from contracts.watcher w where w.service = $1 order by w.since, w.id`,
    [service],
  )
  return rows.map(toWatcher)
}

/** Tells each of these watchers of a push, in one notice, once; those with an address over HTTP, too. */
export async function insertNotices(
  tx: Transaction,
  watchers: readonly Watcher[],
  { version, base, differences }: { version: Version; base: string; differences: readonly Difference[] },
): Promise<void> {
  if (watchers.length === 0 || differences.length === 0) return
  const notices = await tx.query<{ notice: number; watcher: string }>(
    `insert into contracts.notice (watcher, push, base, counts, differences)
     select watcher, $2, $3, $4, $5 from unnest($1::text[]) as watcher on conflict (watcher, push) do nothing
     returning id as notice, watcher`,
    [
      watchers.map(({ id }) => id),
      version.id,
      base,
      JSON.stringify(countsOf(differences)),
      JSON.stringify(linesOf(differences)),
    ],
  )
  const sent = new Set(
    watchers.filter(({ to, goneAt }) => to !== null && goneAt === null).map(({ id }) => id),
  )
  await insertDeliveries(
    tx,
    notices.filter(({ watcher }) => sent.has(watcher)),
    new Date(version.pushedAt),
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
