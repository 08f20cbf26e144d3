import { afterAll, afterEach, beforeAll } from 'vitest'
import {
  createEventSigner,
  createHttpConsumer,
  createRelay,
  goneOrganizations,
} from '../../src/events/index.ts'
import type { Consumer, Relay, RelayOptions, RetryPolicy } from '../../src/events/index.ts'
import { silentLog, systemClock } from '../../src/kernel/index.ts'
import { freshDatabase } from './database.ts'
import { consumerService, eventsWorld } from './events.ts'
import type { ConsumerService, EventsWorld } from './events.ts'

/** How long a test waits for what must come. */
export const eventually = { timeout: 12_000, interval: 20 }
export const retry: RetryPolicy = { attempts: 3, firstMs: 20, longestMs: 100 }

export interface Applied {
  event: string
  organization: string
  key: string
  number: string
}

export interface RelayBench {
  readonly world: EventsWorld
  /** Stopped after the test, the last one first. */
  open: { stop(): Promise<void> }[]
  /** A started relay between the services’ outboxes and these consumers. */
  relay(consumers?: Consumer[], options?: Partial<RelayOptions>): Promise<Relay>
  /** The payments service, and the relay’s consumer for it; `move` tells where it is now. */
  payments(
    before?: (event: { type: string; data: unknown }) => void,
  ): Promise<{ service: ConsumerService; consumer: Consumer; move: (url: string | undefined) => void }>
  /** What payments has applied, in order. */
  applied(): Promise<Applied[]>
  /** What the log has of orders, in order. */
  logged(): Promise<{ id: string; organization: string; key: string; number: number }[]>
}

/** For a test file: two services with real databases, emptied after each test. */
export function relayBench(): RelayBench {
  let fresh: Awaited<ReturnType<typeof freshDatabase>>
  let world: EventsWorld
  let open: { stop(): Promise<void> }[] = []

  async function relay(consumers: Consumer[] = [], options = {}) {
    const made = createRelay({
      database: world.database,
      sources: ['orders', 'payments'].map((service) => ({ service, url: world.databases.relayUrl(service) })),
      consumers,
      gone: goneOrganizations(world.organizations),
      clock: systemClock,
      log: silentLog,
      retry,
      pollMs: 200,
      ...options,
    })
    open.push(made)
    await made.start()
    return made
  }

  async function payments(before?: (event: { type: string; data: unknown }) => void) {
    const keys = () => world.organizations.signingKeys.list()
    const service = await consumerService('payments', world.pools['payments']!, {
      keys,
      ...(before ? { before } : {}),
    })
    open.push({ stop: () => service.close() })
    let url: string | undefined = service.url
    const consumer = createHttpConsumer({
      service: 'payments',
      types: ['orders.*'],
      url: () => url,
      signer: createEventSigner((key) => world.organizations.signingKeys.register(key)),
      clock: systemClock,
    })
    return { service, consumer, move: (next: string | undefined) => void (url = next) }
  }

  const applied = async () =>
    (
      await world.pools['payments']!.query<{
        event: string
        organization: string
        key: string
        number: string
      }>('select * from applied order by place')
    ).rows
  const logged = () =>
    world.database.query<{ id: string; organization: string; key: string; number: number }>(
      `select id, organization, key, number from events.log where source = 'orders' order by position`,
    )

  beforeAll(async () => {
    fresh = await freshDatabase()
    world = await eventsWorld(fresh.url)
  })
  afterEach(async () => {
    for (const one of open.toReversed()) await one.stop()
    open = []
    await world.database.query(
      'truncate events.source, events.log, events.key, events.consumer, events.held, events.outbox, events.outbox_key',
    )
    for (const pool of Object.values(world.pools)) {
      for (const table of ['rockpool.outbox', 'rockpool.event_key', 'rockpool.inbox', 'applied'])
        await pool.query(`delete from ${table}`)
    }
  })
  afterAll(async () => {
    await world.close()
    await fresh.drop()
  })

  return {
    get world() {
      return world
    },
    get open() {
      return open
    },
    relay,
    payments,
    applied,
    logged,
  }
}

/** A consumer in this process that remembers what it was given. */
export function memory(
  name = 'memory',
  types = ['orders.*', 'rockpool.*'],
): Consumer & { given: { id: string; type: string; organization: string }[] } {
  const given: { id: string; type: string; organization: string }[] = []
  return {
    name,
    types,
    given,
    async deliver(events) {
      return events.map(({ event }) => {
        given.push({ id: event.id, type: event.type, organization: event.organization })
        return { id: event.id, outcome: 'applied' }
      })
    },
  }
}
