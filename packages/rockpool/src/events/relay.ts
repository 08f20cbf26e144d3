import { messageOf } from '../kernel/index.ts'
import type { Clock, Database, Log } from '../kernel/index.ts'
import { registerConsumers } from './consumer-store.ts'
import { createDeliverer } from './deliverer.ts'
import type { Deliverer } from './deliverer.ts'
import { hearLog } from './hearing.ts'
import { oneAtATime } from './loop.ts'
import { createOwnership } from './ownership.ts'
import type { RetryPolicy } from './retry.ts'
import { createSourceReader } from './source-reader.ts'
import type { SourceReader } from './source-reader.ts'
import { registerSources } from './source-store.ts'
import type { Consumer, GoneOrganizations, Source } from './types.ts'

/*
 *   outbox of orders ──► reader ──┐                        ┌──► deliverer ──► payments   POST /.rockpool/events
 *   outbox of catalog ─► reader ──┼──► log (one order) ────┼──► deliverer ──► orders
 *   Rockpool's own ────► reader ──┘                        └──► deliverer ──► effects    a projection of ours
 *
 * Crash-only: every step is one transaction, and each moves a cursor from where it was read. Whatever instant a relay is
 * killed at, the next one goes on from the cursors.
 */

export interface RelayOptions {
  /** Rockpool's own database. */
  database: Database
  sources: readonly Source[]
  consumers: readonly Consumer[]
  gone: GoneOrganizations
  clock: Clock
  log: Log
  retry?: RetryPolicy
  /** Milliseconds between two looks without a wake-up; default 1 s. */
  pollMs?: number
}

export interface Relay {
  /** Registers sources and consumers, and begins. Resolves once it is registered; waits for Postgres as long as it takes. */
  start(): Promise<void>
  /** Resolves when the work in hand has ended. What is unfinished, the next relay does. */
  stop(): Promise<void>
}

/** The name of Rockpool's own source. No service may have it. */
export const ownSource = 'rockpool'

export function createRelay(options: RelayOptions): Relay {
  const { database, sources, consumers, gone, clock, log, pollMs = 1_000 } = options
  const stopping = new AbortController()
  let running: { stop(): Promise<void> } | undefined
  let stopped: Promise<void> | undefined

  const names = [ownSource, ...sources.map(({ service }) => service)]

  async function register(): Promise<void> {
    for (let failures = 0; !stopping.signal.aborted; failures++) {
      try {
        await registerSources(database, names)
        return await registerConsumers(database, consumers, true)
      } catch (error) {
        if (failures % 20 === 0) log.warn({ error: messageOf(error) }, 'the relay cannot begin yet')
        await clock.sleep(500, stopping.signal).catch(() => {})
      }
    }
  }

  function begin() {
    let readers: SourceReader[] = []
    let deliverers: Deliverer[] = []
    const readAll = () => readers.forEach((reader) => reader.wake())
    const deliverAll = () => deliverers.forEach((deliverer) => deliverer.wake())
    const ownership = createOwnership({
      url: database.url,
      names: [...names.map((name) => `source/${name}`), ...consumers.map(({ name }) => `consumer/${name}`)],
      clock,
      log,
      onGained: () => {
        readAll()
        deliverAll()
      },
    })
    const inTurn = oneAtATime()
    readers = names.map((name) =>
      createSourceReader({
        name,
        database,
        url: sources.find(({ service }) => service === name)?.url ?? null,
        gone,
        inTurn,
        owns: () => ownership.owns(`source/${name}`),
        clock,
        log,
        pollMs,
      }),
    )
    deliverers = consumers.map((consumer) =>
      createDeliverer({
        consumer,
        database,
        gone,
        owns: () => ownership.owns(`consumer/${consumer.name}`),
        clock,
        log,
        pollMs,
        ...(options.retry ? { retry: options.retry } : {}),
      }),
    )
    const ears = hearLog({ database, clock }, (message) => {
      if (message !== 'appended') readAll() // something stands in our own outbox, or a barrier asks all
      deliverAll()
    })
    return {
      async stop() {
        await Promise.all([
          ears.stop(),
          ...readers.map((reader) => reader.stop()),
          ...deliverers.map((one) => one.stop()),
        ])
        await ownership.stop()
      },
    }
  }

  return {
    async start() {
      await register()
      if (!stopping.signal.aborted) running ??= begin()
    },
    async stop() {
      stopping.abort()
      stopped ??= running?.stop()
      await stopped
    },
  }
}
