import { organizationDeleting } from '@rockpool/sdk/wire'
import { messageOf, openDatabase } from '../kernel/index.ts'
import type { Clock, Database, Listener, Log } from '../kernel/index.ts'
import { inKeyOrder, missingNumbers } from './append-order.ts'
import { createLoop } from './loop.ts'
import { createOutbox } from './outbox.ts'
import type { Outbox, OutboxCursor } from './outbox.ts'
import {
  appendRows,
  beginOutbox,
  holdLog,
  lastNumbers,
  moveSourceCursor,
  noteCaughtUp,
  noteSourceError,
  readSourceCursor,
} from './source-store.ts'
import type { SourceCursor } from './source-store.ts'
import type { GoneOrganizations } from './types.ts'

/*
 *   outbox of orders ──read below the horizon──► in the order of numbers ──► one transaction: log + numbers + cursor
 *          ▲  NOTIFY rockpool_outbox wakes, a poll is the floor                  │ NOTIFY rockpool_events
 *          └────────────────────── prune what is in the log ◄────────────────────┘
 */

export interface SourceReaderOptions {
  name: string
  /** Rockpool's own database, with the log. */
  database: Database
  /** The outbox's database: the source's own, or for Rockpool's own events the same. */
  url: string | null
  gone: GoneOrganizations
  /** Runs appends of this process one after the other: each needs a second connection while it holds the log. */
  inTurn: <T>(work: () => Promise<T>) => Promise<T>
  owns: () => boolean
  clock: Clock
  log: Log
  batch?: number
  pollMs?: number
  pruneMs?: number
}

/** What one call of rockpool.prune_outbox deletes at most. */
const pruneAtOnce = 10_000

export interface SourceReader {
  wake: () => void
  stop(): Promise<void>
}

export function createSourceReader(options: SourceReaderOptions): SourceReader {
  const {
    name,
    database,
    gone,
    inTurn,
    owns,
    clock,
    log,
    batch = 500,
    pollMs = 1_000,
    pruneMs = 5_000,
  } = options
  const own = options.url === null
  const outboxDatabase = own
    ? database
    : openDatabase({ url: options.url!, log, applicationName: `rockpool relay ${name}`, max: 2 })
  const outbox: Outbox = createOutbox(outboxDatabase, own ? 'events' : 'rockpool')
  let incarnation: string | undefined
  let listening: Promise<Listener | undefined> | undefined
  let prunedAt = 0
  let pruned = ''
  let waits = 0
  /** Set while rows keep coming: what was committed at `at` is in the log once the cursor is past `end`. */
  let mark: { at: string; end: string } | undefined

  async function pass(): Promise<number> {
    if (!owns()) return pollMs
    if (!own) listening ??= listen()
    const cursor = await readSourceCursor(database, name)
    incarnation ??= await outbox.incarnation()
    if (cursor.outbox !== incarnation) {
      if (cursor.outbox !== '')
        log.warn(
          { source: name },
          'another outbox stands in place of the one known: reading it from its beginning',
        )
      await beginOutbox(database, name, incarnation)
      return 0
    }
    const to = await take(cursor)
    if (!to) return 0 // another relay was faster
    if (await outbox.more(to)) {
      mark ??= { at: cursor.at, end: await outbox.end() }
      if (await outbox.passed(mark.end, to)) {
        await noteCaughtUp(database, name, mark.at)
        mark = undefined
      }
      await prune(to)
      // More than a batch, or rows above the horizon: of those no NOTIFY tells when the transaction below them ends.
      waits = to.xid === cursor.xid && to.position === cursor.position ? waits + 1 : 0
      return waits === 0 ? 0 : Math.min(5 * 2 ** waits, 250)
    }
    waits = 0
    mark = undefined
    await noteCaughtUp(database, name, cursor.at)
    await prune(to)
    return pollMs
  }

  /** Takes one batch into the log; returns the new cursor, or undefined when another relay has taken it. */
  async function take(cursor: SourceCursor): Promise<OutboxCursor | undefined> {
    const rows = await outbox.read(cursor, batch)
    const end = rows.at(-1)
    if (!end) return cursor
    const last = await lastNumbers(database, name, rows)
    const missing = missingNumbers(rows, last)
    const ordered = inKeyOrder(rows, missing.length > 0 ? await outbox.fetch(missing) : [], last)
    const moved = await inTurn(() =>
      database.transaction(async (tx) => {
        await holdLog(tx)
        // Asked while the log is held: what is appended for an organization now, its erasure will find.
        const left = await gone([...new Set(ordered.map(({ organization }) => organization))])
        if (!(await moveSourceCursor(tx, name, cursor, end))) return false
        const kept = ordered.filter(
          ({ organization, type }) => !left.has(organization) || (own && type === organizationDeleting),
        )
        await appendRows(tx, name, kept)
        return true
      }),
    )
    return moved ? end : undefined
  }

  async function prune(through: OutboxCursor): Promise<void> {
    const place = `${through.xid}/${through.position}`
    if (place === pruned || clock.now() < prunedAt + pruneMs) return
    while ((await outbox.prune(through)) >= pruneAtOnce);
    prunedAt = clock.now()
    pruned = place
  }

  async function listen(): Promise<Listener | undefined> {
    return outboxDatabase.listen('rockpool_outbox', loop.wake, loop.wake).catch(() => {
      listening = undefined
      return undefined
    })
  }

  const loop = createLoop({
    clock,
    run: pass,
    onError(thrown, failures) {
      incarnation = undefined
      mark = undefined
      if (failures % 20 !== 1) return
      log.warn({ source: name, error: messageOf(thrown) }, 'an outbox cannot be read')
      noteSourceError(database, name, messageOf(thrown)).catch(() => {})
    },
  })

  return {
    wake: loop.wake,
    async stop() {
      await loop.stop()
      await (await listening)?.close()
      if (!own) await outboxDatabase.close()
    },
  }
}
