import { randomUUID } from 'node:crypto'
import { messageOf, problem } from '../kernel/index.ts'
import type { Clock, Log } from '../kernel/index.ts'
import { openSegments } from './ledger-segments.ts'
import type { LedgerEntry } from './types.ts'

/*
 *   intend ──► segment on disk (fdatasync, many calls in one) ──► the call is forwarded ──► finish ──► segment
 *                  │                                                                          │
 *                  └──────────────── waiting: newest state of each entry ◄────────────────────┘
 *                                          │ in batches, with retry
 *                                          ▼
 *                                    ship (to control) ──► what is final and shipped leaves the disk
 */

export interface LedgerIntent {
  run: string | null
  organization: string
  service: string
  method: string
  path: string
  idempotencyKey: string | null
}

export type LedgerAnswer = Pick<LedgerEntry, 'status' | 'location' | 'resource'> & {
  outcome: 'done' | 'doubtful'
}

export interface Ledger {
  /**
   * Writes an intent; resolves once it is on disk.
   * `gateway_cut_off` when too many entries wait for control, `gateway_not_ready` when the disk refuses.
   */
  intend(intent: LedgerIntent): Promise<LedgerEntry>
  /** Tells what became of an intent. Reaches the disk soon; until then a crash makes the entry doubtful. */
  finish(entry: LedgerEntry, answer: LedgerAnswer): void
  /** Entries that control has not got in their newest state. */
  waiting(): number
  /** Everything is on disk, and shipped if control takes it within a second. */
  close(): Promise<void>
}

export interface LedgerOptions {
  folder: string
  /** Gives entries to control; rejects when it did not take them. The same entry may come again, and in a newer state. */
  ship: (entries: LedgerEntry[]) => Promise<void>
  clock: Clock
  log: Log
  /** Entries that may wait for control; 50,000 by default. */
  maxWaiting?: number
}

const batchSize = 500
/** Most calls are answered within it, and then the intent need not be shipped on its own. */
const gatherMs = 50

/** Opens the ledger of one gateway. Intents that an earlier process left unfinished become doubtful, and are shipped. */
export async function openLedger(options: LedgerOptions): Promise<Ledger> {
  const { clock, log } = options
  const maxWaiting = options.maxWaiting ?? 50_000
  const segments = await openSegments(options.folder)
  const waiting = new Map<string, LedgerEntry>()
  const stop = new AbortController()
  let shipping: Promise<void> | undefined

  for (const entry of segments.leftovers)
    waiting.set(entry.id, entry.outcome === 'intent' ? { ...entry, outcome: 'doubtful' } : entry)
  if (waiting.size > 0) log.warn({ entries: waiting.size }, 'an earlier gateway left entries in the ledger')
  startShipping()

  return {
    async intend(intent) {
      if (waiting.size >= maxWaiting)
        throw problem('gateway_cut_off', `${waiting.size} entries of the ledger wait for control`)
      const at = new Date(clock.now()).toISOString()
      const unanswered = { status: null, location: null, resource: null, outcome: 'intent' as const }
      const entry: LedgerEntry = { id: randomUUID(), ...intent, at, ...unanswered }
      await segments.append(entry, { durable: true }).catch((error: unknown) => {
        log.error({ error: messageOf(error) }, 'the ledger cannot be written')
        throw problem('gateway_not_ready', 'the ledger cannot be written: calls that create are refused', {
          cause: error,
        })
      })
      wait(entry)
      return entry
    },
    finish(entry, answer) {
      const finished: LedgerEntry = { ...entry, ...answer }
      // Shipped only once it is written: what is shipped is released, and a later line would never be.
      void segments
        .append(finished, { durable: false })
        .catch((error: unknown) => log.error({ error: messageOf(error) }, 'an answer is not in the ledger'))
        .then(() => wait(finished))
    },
    waiting: () => waiting.size,
    async close() {
      stop.abort()
      await shipping
      await segments.flush()
      if (waiting.size > 0) await Promise.race([shipBatch().catch(() => {}), clock.sleep(1000)])
      await segments.close()
    },
  }

  function wait(entry: LedgerEntry): void {
    waiting.set(entry.id, entry)
    startShipping()
  }

  function startShipping(): void {
    if (stop.signal.aborted || waiting.size === 0) return
    shipping ??= shipAll().finally(() => {
      shipping = undefined
      startShipping()
    })
  }

  /** Until nothing waits: a failed batch is tried again after 100 ms, then longer, at most 5 s. */
  async function shipAll(): Promise<void> {
    let pause = gatherMs
    while (waiting.size > 0) {
      await clock.sleep(pause, stop.signal).catch(() => {})
      if (stop.signal.aborted) return
      try {
        await shipBatch()
        pause = gatherMs
      } catch (error) {
        if (pause === gatherMs) log.warn({ error: messageOf(error) }, 'control did not take the ledger')
        pause = Math.min(pause * 2, 5000)
      }
    }
  }

  async function shipBatch(): Promise<void> {
    const batch = [...waiting.values()].slice(0, batchSize)
    await options.ship(batch)
    for (const entry of batch) if (waiting.get(entry.id) === entry) waiting.delete(entry.id)
    await segments.release(batch.filter((entry) => entry.outcome !== 'intent').map((entry) => entry.id))
  }
}
