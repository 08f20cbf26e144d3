import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { count, limitMs } from '../../test/support/counts.ts'
import { freshDatabase } from '../../test/support/database.ts'
import { consumerService, eventsWorld, numbersByKey, publish } from '../../test/support/events.ts'
import type { ConsumerService, EventsWorld } from '../../test/support/events.ts'
import { silentLog, systemClock } from '../kernel/index.ts'
import { hold } from './consumer-store.ts'
import { consumerOf, createEventSigner, createHttpConsumer, createRelay, goneOrganizations } from './index.ts'
import type { Consumer, Relay, RetryPolicy } from './index.ts'

let fresh: Awaited<ReturnType<typeof freshDatabase>>
let world: EventsWorld
let open: { stop(): Promise<void> }[] = []

const retry: RetryPolicy = { attempts: 3, firstMs: 20, longestMs: 100 }

/** A relay between the orders’ outbox and these consumers. */
async function relay(consumers: Consumer[] = [], options: { pollMs?: number } = {}): Promise<Relay> {
  const made = createRelay({
    database: world.database,
    sources: ['orders', 'payments'].map((service) => ({ service, url: world.databases.relayUrl(service) })),
    consumers,
    gone: goneOrganizations(world.organizations),
    clock: systemClock,
    log: silentLog,
    retry,
    pollMs: options.pollMs ?? 200,
  })
  open.push(made)
  await made.start()
  return made
}

/** The payments service and the relay’s consumer for it. */
async function payments(
  before?: (event: { type: string; data: unknown }) => void,
): Promise<{ service: ConsumerService; consumer: Consumer; move: (url: string | undefined) => void }> {
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
  return { service, consumer, move: (next) => (url = next) }
}

/** A consumer in this process that remembers what it was given. */
function memory(
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
const eventually = { timeout: 12_000, interval: 20 }

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

describe('from the outbox to the log', () => {
  const turns = count('writersTurns', 25)
  test(
    'sixteen writers that commit in any order: all that is committed is in the log, once, and in order within its key',
    { timeout: limitMs(15_000) },
    async () => {
      await relay([])
      const pool = world.pools['orders']!
      const committed: string[] = []
      const writer = async (seed: number) => {
        for (let turn = 0; turn < turns; turn++) {
          const client = await pool.connect()
          try {
            await client.query('begin')
            // Its transaction id is drawn now; the numbers of its keys when it publishes: the two orders differ.
            await client.query('select pg_current_xact_id()')
            await delay((seed * 7 + turn * 13) % 17)
            const first = await publish(client, {
              organization: `org-${turn % 3}`,
              key: `k${(seed + turn) % 4}`,
            })
            const kept = (seed + turn) % 9 !== 0
            await client.query(kept ? 'commit' : 'rollback')
            if (kept) committed.push(first)
          } finally {
            client.release()
          }
        }
      }
      await Promise.all(Array.from({ length: 16 }, (_, seed) => writer(seed)))
      await expect
        .poll(async () => (await logged()).length, { timeout: limitMs(10_000) })
        .toBe(committed.length)

      const rows = await logged()
      expect(rows.map(({ id }) => id).toSorted()).toEqual(committed.toSorted())
      for (const [key, numbers] of numbersByKey(rows)) {
        expect([key, numbers]).toEqual([key, numbers.map((_, index) => index + 1)])
      }
    },
  )

  test('control: a cursor that remembers only the highest position loses a row that is committed late', async () => {
    const pool = world.pools['orders']!
    const late = await pool.connect()
    try {
      await late.query('begin')
      const lateId = await publish(late, { key: 'late' })
      const earlyId = await publish(pool, { key: 'early' })

      // The naive reader, between the two commits and after them.
      const naive: string[] = []
      let highest = '0'
      const read = async () => {
        const { rows } = await pool.query<{ id: string; position: string }>(
          'select id, position from rockpool.outbox where position > $1 order by position',
          [highest],
        )
        for (const { id, position } of rows) {
          naive.push(id)
          highest = position
        }
      }
      await read()
      // Ours runs through the same.
      await relay([])
      await delay(50)
      await late.query('commit')
      await read()

      expect(naive).toEqual([earlyId])
      await expect
        .poll(async () => (await logged()).map(({ id }) => id).toSorted(), eventually)
        .toEqual([earlyId, lateId].toSorted())
    } finally {
      late.release()
    }
  })

  test('a key’s event that is read before its predecessor waits for it: the log has their numbers in order', async () => {
    const pool = world.pools['orders']!
    const [older, younger, blocker] = await Promise.all([pool.connect(), pool.connect(), pool.connect()])
    try {
      await older.query('begin')
      await older.query('select pg_current_xact_id()')
      await blocker.query('begin')
      await blocker.query('select pg_current_xact_id()') // holds the horizon between the two
      await younger.query('begin')
      const first = await publish(younger, { key: 'k' })
      await younger.query('commit')
      const second = await publish(older, { key: 'k' })
      await older.query('commit')
      await relay([])
      // Of the two only the second is below the horizon; the first comes with it all the same.
      await expect.poll(async () => (await logged()).map(({ id }) => id), eventually).toEqual([first, second])
      await blocker.query('commit')
      const after = await publish(pool, { key: 'k' })
      await expect
        .poll(async () => (await logged()).map(({ id }) => id), eventually)
        .toEqual([first, second, after])
    } finally {
      for (const client of [older, younger, blocker]) client.release()
    }
  })

  test('what is in the log is removed from the outbox', async () => {
    await relay([])
    await publish(world.pools['orders']!)
    const left = async () => (await world.pools['orders']!.query('select from rockpool.outbox')).rowCount
    await expect.poll(left, eventually).toBe(0)
    expect(await logged()).toHaveLength(1)
  })

  test('two relays at once append nothing twice and lose nothing', async () => {
    const consumer = memory()
    await Promise.all([relay([consumer]), relay([consumer])])
    const ids = await Promise.all(
      Array.from({ length: 60 }, (_, n) => publish(world.pools['orders']!, { key: `k${n % 5}` })),
    )
    await expect.poll(() => new Set(consumer.given.map(({ id }) => id)).size, eventually).toBe(60)
    expect((await logged()).map(({ id }) => id).toSorted()).toEqual(ids.toSorted())
  })

  test('when one of two relays stops, the other goes on', async () => {
    const consumer = memory()
    const first = await relay([consumer])
    await publish(world.pools['orders']!)
    await expect.poll(() => consumer.given.length, eventually).toBe(1)
    await relay([consumer])
    await first.stop()
    await publish(world.pools['orders']!)
    await expect.poll(() => consumer.given.length, eventually).toBe(2)
  })

  test('a service’s database that was made anew is read from its beginning', async () => {
    const running = await relay([])
    await publish(world.pools['orders']!)
    await expect.poll(async () => (await logged()).length, eventually).toBe(1)
    await running.stop()
    // As if it had been another outbox: the numbers of its keys begin again.
    await world.database.query(`update events.source set outbox = 'another' where name = 'orders'`)
    await world.pools['orders']!.query('delete from rockpool.event_key')
    await relay([])
    const again = await publish(world.pools['orders']!)
    await expect.poll(async () => (await logged()).map(({ id }) => id), eventually).toContain(again)
    expect(await logged()).toHaveLength(2)
  })
})

describe('from the log to a service', () => {
  test('each event is applied once, under an identity signed for this service and this event', async () => {
    const { consumer } = await payments()
    await relay([consumer])
    for (let number = 1; number <= 30; number++)
      await publish(world.pools['orders']!, { key: `o${number % 3}`, data: { number } })
    await expect.poll(async () => (await applied()).length, eventually).toBe(30)
    for (const [key, numbers] of numbersByKey(await applied())) {
      expect([key, numbers]).toEqual([key, numbers.map((_, index) => index + 1)])
    }
    const head = await world.events.head()
    await expect.poll(() => world.events.passed(consumerOf('payments'), head), eventually).toBe(true)
  })

  test('a poisoned event holds up its own key only; it is retried, then a dead letter, and its key goes on', async () => {
    const tries: number[] = []
    const { consumer } = await payments(({ data }) => {
      if (!(data as { poison?: boolean }).poison) return
      tries.push(Date.now())
      throw new Error('the card is made of wood')
    })
    await relay([consumer])
    const pool = world.pools['orders']!
    const poison = await publish(pool, { organization: 'harbor', key: 'bad', data: { poison: true } })
    const behind = await publish(pool, { organization: 'harbor', key: 'bad' })
    const sameOrganization = await publish(pool, { organization: 'harbor', key: 'good' })
    const other = await publish(pool, { organization: 'reef', key: 'bad' })

    await expect
      .poll(async () => (await applied()).map(({ event }) => event), eventually)
      .toEqual(expect.arrayContaining([sameOrganization, other]))
    await expect
      .poll(() => world.events.held({ organization: 'harbor' }), eventually)
      .toMatchObject([
        {
          id: poison,
          attempts: 3,
          error: { code: 'consumer_failed', message: 'the card is made of wood' },
          deadAt: expect.any(String) as string,
        },
      ])
    await expect.poll(async () => (await applied()).map(({ event }) => event), eventually).toContain(behind)
    expect(tries).toHaveLength(retry.attempts)
    expect(await world.events.held({ organization: 'reef' })).toEqual([])
    expect(await world.events.passed(consumerOf('payments'), await world.events.head(), 'harbor')).toBe(false)
    expect(await world.events.passed(consumerOf('payments'), await world.events.head(), 'reef')).toBe(true)
    expect(await world.events.delivery(poison)).toMatchObject([
      { consumer: 'service:payments', state: 'dead', error: { code: 'consumer_failed' } },
    ])
    expect(await world.events.delivery(other)).toEqual([
      { consumer: 'service:payments', state: 'passed', error: null },
    ])
  })

  test('an event that failed and succeeds later is applied before those of its key that waited', async () => {
    let broken = true
    const { consumer } = await payments(({ data }) => {
      if (broken && (data as { first?: boolean }).first) throw new Error('not yet')
    })
    const patient = createRelay({
      database: world.database,
      sources: [{ service: 'orders', url: world.databases.relayUrl('orders') }],
      consumers: [consumer],
      gone: goneOrganizations(world.organizations),
      clock: systemClock,
      log: silentLog,
      retry: { attempts: 1000, firstMs: 20, longestMs: 20 },
    })
    open.push(patient)
    await patient.start()
    const pool = world.pools['orders']!
    const held = async () => (await world.events.held()).length
    const ids = [await publish(pool, { data: { first: true } })]
    await expect.poll(held, eventually).toBe(1)
    ids.push(await publish(pool), await publish(pool))
    await expect.poll(held, eventually).toBe(3)
    expect(await applied()).toEqual([])
    broken = false
    await expect.poll(async () => (await applied()).map(({ event }) => event), eventually).toEqual(ids)
    await expect.poll(() => world.events.held(), eventually).toEqual([])
  })

  test('an answer that is lost: the event comes again, and the inbox keeps it from being applied twice', async () => {
    const run = async (inbox: boolean) => {
      const keys = () => world.organizations.signingKeys.list()
      const service = await consumerService('payments', world.pools['payments']!, {
        keys,
        inbox,
        loseAnswers: 2,
      })
      open.push({ stop: () => service.close() })
      const consumer = createHttpConsumer({
        service: 'payments',
        types: ['orders.*'],
        url: () => service.url,
        signer: createEventSigner((key) => world.organizations.signingKeys.register(key)),
        clock: systemClock,
      })
      const running = await relay([consumer])
      await publish(world.pools['orders']!, { key: `inbox ${inbox}` })
      await world.events.barrier('service:payments', { deadline: 10_000 })
      await running.stop()
      return (await applied()).filter(({ key }) => key === `inbox ${inbox}`).length
    }
    expect(await run(true)).toBe(1)
    // The control: without an inbox, at least once on the wire is at least once in effect.
    expect(await run(false)).toBe(3)
  })

  test('a service that is not running gets everything, in order, when it is back; nothing becomes a dead letter', async () => {
    const { consumer, service, move } = await payments()
    move(undefined)
    await relay([consumer])
    const ids: string[] = []
    for (let number = 0; number < 150; number++) ids.push(await publish(world.pools['orders']!))
    await expect
      .poll(() => world.events.consumers(), eventually)
      .toMatchObject([
        {
          name: 'service:payments',
          behind: 150,
          held: 0,
          dead: 0,
          error: { message: 'payments is not running' },
        },
      ])
    move(service.url)
    await expect.poll(async () => (await applied()).map(({ event }) => event), eventually).toEqual(ids)
    await expect
      .poll(() => world.events.consumers(), eventually)
      .toMatchObject([{ behind: 0, held: 0, dead: 0, error: null }])
  })

  test('one consumer that cannot be reached holds up no other', async () => {
    const { consumer, move } = await payments()
    move('http://127.0.0.1:9')
    const other = memory()
    await relay([consumer, other])
    await publish(world.pools['orders']!)
    await expect.poll(() => other.given.length, eventually).toBe(1)
  })

  test('a new consumer gets what is published from then on, and keeps its place', async () => {
    const first = await relay([])
    await publish(world.pools['orders']!)
    await expect.poll(async () => (await logged()).length, eventually).toBe(1)
    await first.stop()
    const consumer = memory()
    const second = await relay([consumer])
    const next = await publish(world.pools['orders']!)
    await expect.poll(() => consumer.given.map(({ id }) => id), eventually).toEqual([next])
    await second.stop()
    const later = await publish(world.pools['orders']!)
    await relay([consumer])
    await expect.poll(() => consumer.given.map(({ id }) => id), eventually).toEqual([next, later])
  })

  test('a consumer gets the types it asked for; an underscore in a name is no wildcard', async () => {
    const consumer = memory('picky', ['orders.order_placed'])
    await relay([consumer])
    const pool = world.pools['orders']!
    await publish(pool, { type: 'orders.orderXplaced' })
    await publish(pool, { type: 'orders.order_placed_twice' })
    const wanted = await publish(pool, { type: 'orders.order_placed' })
    await world.events.barrier('picky')
    expect(consumer.given.map(({ id }) => id)).toEqual([wanted])
  })
})

describe('the barrier', () => {
  test('resolves only when the consumer has got all that was committed before', async () => {
    const consumer = memory()
    await relay([consumer], { pollMs: 60_000 })
    for (let round = 0; round < 20; round++) {
      const ids = await Promise.all([
        publish(world.pools['orders']!),
        publish(world.pools['payments']!, { type: 'orders.late' }),
      ])
      await world.events.barrier('memory')
      expect(consumer.given.map(({ id }) => id)).toEqual(expect.arrayContaining(ids))
    }
  })

  test('waits for what is committed but still above the horizon of an open transaction', async () => {
    const consumer = memory()
    await relay([consumer])
    const blocker = await world.pools['orders']!.connect()
    await blocker.query('begin')
    await blocker.query('select pg_current_xact_id()')
    const id = await publish(world.pools['orders']!)
    let through = false
    const waiting = world.events.barrier('memory', { deadline: 10_000 }).then(() => (through = true))
    await delay(300)
    expect(through).toBe(false)
    await blocker.query('commit')
    blocker.release()
    await waiting
    expect(consumer.given.map((one) => one.id)).toContain(id)
  })

  test('that cannot be reached says which consumer is behind, and why', async () => {
    const { consumer, move } = await payments()
    move(undefined)
    await relay([consumer])
    await publish(world.pools['orders']!)
    await expect(world.events.barrier('service:payments', { deadline: 600 })).rejects.toMatchObject({
      code: 'deadline_exceeded',
      message: expect.stringContaining('payments is not running') as string,
    })
  })

  test('with no relay at work fails, and names the outboxes that nobody reads', async () => {
    const consumer = memory()
    const stopped = await relay([consumer])
    await stopped.stop()
    await expect(world.events.barrier('memory', { deadline: 300 })).rejects.toThrow(
      'the outbox of orders, payments, rockpool',
    )
  })

  test('fails with the error of an event of the organization that the consumer could not apply', async () => {
    const { consumer } = await payments(() => {
      throw new Error('no such account')
    })
    await relay([consumer])
    await publish(world.pools['orders']!)
    await expect.poll(async () => (await world.events.held()).length, eventually).toBe(1)
    await expect(world.events.barrier('service:payments', { organization: 'harbor' })).rejects.toThrow(
      'no such account',
    )
    await expect(world.events.barrier('service:payments', { organization: 'reef' })).resolves.toBeUndefined()
  })
})

describe('Rockpool’s own events, and organizations that are deleted', () => {
  const sandbox = { environment: 'sandbox', actor: 'service' } as const

  test('an event of a part is published when its transaction commits, and not when it rolls back', async () => {
    const consumer = memory()
    await relay([consumer])
    const event = {
      type: 'rockpool.tested',
      key: 'k',
      identity: { organization: 'sandbox-a', ...sandbox },
      data: { n: 1 },
    }
    await world.database
      .transaction(async (tx) => {
        await world.events.append(tx, event)
        throw new Error('never mind')
      })
      .catch(() => {})
    const id = await world.database.transaction((tx) => world.events.append(tx, event))
    await expect
      .poll(() => consumer.given, eventually)
      .toEqual([{ id, type: 'rockpool.tested', organization: 'sandbox-a' }])
  })

  test('once an organization is being deleted, only its deletion is told; erasing leaves no row of it', async () => {
    await world.organizations.ensure({ slug: 'parent-one', name: 'Parent', environment: 'production' })
    await world.organizations.ensure({
      slug: 'sandbox-gone',
      name: 'Gone',
      environment: 'sandbox',
      parent: 'parent-one',
    })
    const poison = (event: { data: unknown }) => {
      if ((event.data as { poison?: boolean }).poison) throw new Error('bad')
    }
    const { consumer } = await payments(poison)
    const told = memory()
    await relay([consumer, told])
    const pool = world.pools['orders']!
    await publish(pool, { organization: 'sandbox-gone', key: 'a', data: { poison: true } })
    await publish(pool, { organization: 'sandbox-gone', key: 'sandbox-gone', data: { poison: true } })
    const kept = await publish(pool, { organization: 'harbor' })
    await expect
      .poll(async () => (await world.events.held({ organization: 'sandbox-gone' })).length, eventually)
      .toBe(2)

    const deletion = await world.database.transaction(async (tx) => {
      await world.organizations.setStatus(tx, 'sandbox-gone', 'deleting')
      return world.events.append(tx, {
        type: 'rockpool.organization_deleting',
        key: 'sandbox-gone',
        identity: { organization: 'sandbox-gone', ...sandbox },
        data: {},
      })
    })
    await publish(pool, { organization: 'sandbox-gone', key: 'late' })
    await expect
      .poll(() => world.events.delivery(deletion), eventually)
      .toEqual([
        { consumer: 'memory', state: 'passed', error: null },
        { consumer: 'service:payments', state: 'passed', error: null },
      ])
    await world.events.barrier('memory')
    expect(told.given.findLast(({ organization }) => organization === 'sandbox-gone')).toEqual({
      id: deletion,
      type: 'rockpool.organization_deleting',
      organization: 'sandbox-gone',
    })
    const deleted = await world.database.transaction((tx) =>
      world.events.eraseOrganization(tx, 'sandbox-gone'),
    )
    expect(deleted.find(({ table }) => table === 'events.log')).toEqual({ table: 'events.log', rows: 3 })
    await publish(pool, { organization: 'sandbox-gone', key: 'even later' })
    await world.events.barrier('memory')
    expect(
      (await world.events.count('sandbox-gone')).filter(
        ({ table, rows }) => rows > 0 && table !== 'events.outbox',
      ),
    ).toEqual([])
    expect((await logged()).map(({ id }) => id)).toEqual([kept])
  })

  test('erasing waits for an event that is being held at this moment, and takes it along', async () => {
    await world.database.query(
      `insert into events.log (id, source, type, key, number, organization, environment, actor, data, time)
       values (gen_random_uuid(), 'orders', 'orders.x', 'k', 1, 'sandbox-held', 'sandbox', 'check', '{}', now())`,
    )
    const position = await world.events.head()
    let erasing: Promise<unknown> | undefined
    await world.database.transaction(async (tx) => {
      await hold(tx, 'slow', [{ position, attempts: 1, pause: 0, error: null, dead: false }])
      erasing = world.database.transaction((other) => world.events.eraseOrganization(other, 'sandbox-held'))
      const waits = () =>
        world.database.query(
          `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
        )
      await expect.poll(waits, eventually).toHaveLength(1)
    })
    await erasing
    expect((await world.events.count('sandbox-held')).filter(({ rows }) => rows > 0)).toEqual([])
  })

  test('erasing under traffic of the same organization leaves no row of it behind', async () => {
    await world.organizations.ensure({
      slug: 'sandbox-busy',
      name: 'Busy',
      environment: 'sandbox',
      parent: 'parent-one',
    })
    const failing: Consumer = {
      name: 'failing',
      types: ['orders.*'],
      deliver: async (events) =>
        events.map(({ event }) => ({ id: event.id, outcome: 'failed', error: { code: 'x', message: 'x' } })),
    }
    await relay([failing])
    const writing = new AbortController()
    const traffic = (async () => {
      for (let n = 0; !writing.signal.aborted; n++)
        await publish(world.pools['orders']!, { organization: 'sandbox-busy', key: `k${n % 7}` })
    })()
    await expect
      .poll(async () => (await world.events.held({ organization: 'sandbox-busy' })).length, eventually)
      .toBeGreaterThan(20)
    await world.organizations.setStatus(null, 'sandbox-busy', 'deleting')
    await world.database.transaction((tx) => world.events.eraseOrganization(tx, 'sandbox-busy'))
    await delay(200)
    writing.abort()
    await traffic
    await world.events.barrier('failing')
    expect((await world.events.count('sandbox-busy')).filter(({ rows }) => rows > 0)).toEqual([])
  })
})
