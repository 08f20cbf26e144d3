import { randomUUID } from 'node:crypto'
import { messageOf } from '../../kernel/index.ts'
import type { Clock, Log } from '../../kernel/index.ts'
import type { AccessLog, AccessRecord } from '../access-log.ts'
import type { Counters } from '../overview/counters.ts'
import { createCells, requestsIn } from './cells.ts'
import { createSamples } from './samples.ts'
import type { Shipment } from './types.ts'

/*
 *   add ──► cells, samples ──every 2 s──► shipment ──► control          a shipment that control did not take is sent again,
 *           (in memory, bounded)          (one at a time)               as it is, and counts once; one that control refuses
 *                                                                       for good is dropped, and its requests are told as that
 */

/** Adds up a gateway's requests and tells control. Whatever becomes of control, `add` costs the same and never waits. */
export interface TrafficCollector {
  add(record: AccessRecord): void
  /** Requests that control has not got. */
  waiting(): number
  /** Tells what is left, if control takes it within a second. */
  close(): Promise<void>
}

export interface TrafficCollectorOptions {
  /** Gives a shipment to control; rejects when it did not take it, with `cause.status` where it answered. */
  ship: (shipment: Shipment) => Promise<void>
  clock: Clock
  log: Log
  /** Cells that may wait for control; 10,000 by default: hours of an outage. */
  maxCells?: number
}

const intervalMs = 2_000
const maxPauseMs = 30_000
const cellsInShipment = 2_000

export function createTrafficCollector(options: TrafficCollectorOptions): TrafficCollector {
  const { clock, log } = options
  const cells = createCells(options.maxCells ?? 10_000)
  const samples = createSamples()
  const stop = new AbortController()
  const source = randomUUID()
  let number = 0
  let told = 0
  let refused = false
  let pending: Shipment | undefined
  let shipping: Promise<void> | undefined

  /** The next one is made only when control has the last: its number says which came. */
  async function ship(): Promise<void> {
    if (pending === undefined) {
      const taken = cells.take(cellsInShipment)
      told += requestsIn(taken)
      number += 1
      pending = { source, number, told, cells: taken, samples: samples.take() }
    }
    await options.ship(pending).catch((error: unknown) => {
      if (!isForGood(error)) throw error
      if (!refused)
        log.error({ error: messageOf(error) }, 'control refuses figures of traffic: they are dropped')
      refused = true
      // What is told of them anew: that they were there.
      told -= requestsIn(pending!.cells)
      cells.drop(pending!.cells)
    })
    pending = undefined
  }

  function startShipping(): void {
    if (shipping !== undefined || stop.signal.aborted || !isWaiting()) return
    shipping = shipAll().finally(() => {
      shipping = undefined
      startShipping()
    })
  }

  const isWaiting = () => pending !== undefined || cells.size() > 0

  async function shipAll(): Promise<void> {
    let pause = intervalMs
    while (isWaiting() && !stop.signal.aborted) {
      await clock.sleep(pause, stop.signal).catch(() => {})
      if (stop.signal.aborted) return
      try {
        await ship()
        pause = intervalMs
      } catch (error) {
        if (pause === intervalMs)
          log.warn({ error: messageOf(error) }, 'control did not take the figures of traffic')
        pause = Math.min(pause * 2, maxPauseMs)
      }
    }
  }

  return {
    add(record) {
      // What the gateway serves itself (its health, a sign-in) is nobody's request to a service.
      if (record.path === null && record.refused === null) return
      cells.add(record)
      samples.add(record)
      startShipping()
    },
    waiting: () => cells.requests() + (pending === undefined ? 0 : requestsIn(pending.cells)),
    async close() {
      stop.abort()
      await shipping
      const last = async () => {
        // All that may wait is a handful of shipments; what control refuses would come up again for ever.
        for (let tries = 0; isWaiting() && tries < 20; tries++) await ship()
      }
      await Promise.race([last().catch(() => {}), clock.sleep(1_000)])
    },
  }
}

/** Whether control would answer the same to the same shipment for ever. */
export function isForGood(error: unknown): boolean {
  const { status = 0 } = ((error as Error).cause ?? {}) as { status?: number }
  return status >= 400 && status < 500 && ![401, 408, 429].includes(status)
}

/** An access log whose records are added up too, by each of these. */
export function counting(
  accessLog: AccessLog,
  traffic: Pick<TrafficCollector, 'add'>,
  counters: Pick<Counters, 'add'>,
): AccessLog {
  return {
    write(record) {
      accessLog.write(record)
      traffic.add(record)
      counters.add(record)
    },
    flush: accessLog.flush,
    dropped: accessLog.dropped,
  }
}
