import { messageOf } from '../kernel/index.ts'
import type { Clock, Database, Log } from '../kernel/index.ts'
import {
  blockedKeys,
  heldKey,
  hold,
  moveCursor,
  nextDue,
  noteConsumerError,
  readDue,
  readLog,
  release,
} from './consumer-store.ts'
import type { Given, Hold } from './consumer-store.ts'
import { createLoop } from './loop.ts'
import { defaultRetry } from './retry.ts'
import type { RetryPolicy } from './retry.ts'
import { settle, sortOut } from './settle.ts'
import { ConsumerUnreachable } from './types.ts'
import type { Consumer, GoneOrganizations } from './types.ts'

/*
 *   log ──from the cursor, in order──► deliver ── applied ──► cursor
 *                                         └── failed ──► held, and its key's later ones behind it; the cursor goes on
 *   held ──when due, key by key──► deliver ── applied ──► gone from held        (a second loop: a slow retry
 *                                         └── failed ──► a longer pause … dead letter    holds up nothing new)
 */

export interface DelivererOptions {
  consumer: Consumer
  database: Database
  gone: GoneOrganizations
  owns: () => boolean
  clock: Clock
  log: Log
  retry?: RetryPolicy
  pollMs?: number
}

export interface Deliverer {
  wake: () => void
  stop(): Promise<void>
}

export function createDeliverer(options: DelivererOptions): Deliverer {
  const { consumer, database, gone, owns, clock, log, retry = defaultRetry, pollMs = 1_000 } = options
  const { name, types, batch = 100 } = consumer
  let troubled = true // unknown at first: what is noted of an earlier relay is put right

  const organizationsOf = (events: readonly Given[]) => [
    ...new Set(events.map(({ event }) => event.organization)),
  ]

  async function passNew(signal: AbortSignal): Promise<number> {
    if (!owns()) return pollMs
    const { from, events, through, more } = await readLog(database, name, types, batch)
    if (through === from) return pollMs
    const { deliver, behind } = sortOut(
      events,
      await gone(organizationsOf(events)),
      await blockedKeys(database, name, events),
    )
    const results = deliver.length > 0 ? await consumer.deliver(deliver, signal) : []
    const { holds } = settle(deliver, results, () => 0, retry)
    // What was not tried stays ahead of the cursor, and so does all that comes after it.
    const untried = deliver[results.length]
    const reached = untried ? untried.position - 1 : through
    const waiting = behind
      .filter(({ position }) => position <= reached)
      .map(({ position }): Hold => ({ position, attempts: 0, pause: null, error: null, dead: false }))
    if (reached > from) {
      await database.transaction(async (tx) => {
        if (await moveCursor(tx, name, from, reached)) await hold(tx, name, [...holds, ...waiting])
      })
    }
    if (deliver.length > 0) await reachable()
    if (holds.length + waiting.length > 0) heldLoop.wake()
    return more || untried ? 0 : pollMs
  }

  async function passHeld(signal: AbortSignal): Promise<number> {
    if (!owns()) return pollMs
    const events = await readDue(database, name, batch)
    if (events.length > 0) {
      const left = await gone(organizationsOf(events))
      const { deliver } = sortOut(events, left, new Set())
      const dropped = events.filter((one) => !deliver.includes(one)).map(({ position }) => position)
      const results = deliver.length > 0 ? await consumer.deliver(deliver, signal) : []
      const attempts = new Map(events.map(({ position, attempts }) => [position, attempts]))
      const { done, holds } = settle(deliver, results, ({ position }) => attempts.get(position) ?? 0, retry)
      await database.transaction(async (tx) => {
        await release(tx, name, [...dropped, ...done])
        await hold(tx, name, holds)
      })
      await reachable()
      for (const { position, dead, error } of holds) {
        if (!dead) continue
        const of = deliver.find((one) => one.position === position)!
        log.error(
          {
            consumer: name,
            event: of.event.id,
            type: of.event.type,
            organization: of.event.organization,
            key: heldKey(of),
            error,
          },
          'an event is a dead letter',
        )
      }
    }
    const ms = await nextDue(database, name)
    return ms === null ? pollMs : Math.min(pollMs, Math.max(0, ms))
  }

  async function reachable(): Promise<void> {
    if (!troubled) return
    await noteConsumerError(database, name, null)
    troubled = false
  }

  const onError = (thrown: unknown, failures: number) => {
    if (failures % 20 !== 1 && troubled) return
    troubled = true
    log.warn({ consumer: name, error: messageOf(thrown) }, 'a consumer cannot be given its events')
    if (thrown instanceof ConsumerUnreachable)
      noteConsumerError(database, name, messageOf(thrown)).catch(() => {})
  }
  const newLoop = createLoop({ clock, run: passNew, onError })
  const heldLoop = createLoop({ clock, run: passHeld, onError })

  return {
    wake() {
      newLoop.wake()
      heldLoop.wake()
    },
    async stop() {
      await Promise.all([newLoop.stop(), heldLoop.stop()])
    },
  }
}
