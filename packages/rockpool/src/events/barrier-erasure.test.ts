import { setTimeout as delay } from 'node:timers/promises'
import { beforeAll, describe, expect, test } from 'vitest'
import { publish } from '../../test/support/events.ts'
import type { EventsWorld } from '../../test/support/events.ts'
import { eventually, memory, relayBench } from '../../test/support/relay-bench.ts'
import { hold } from './consumer-store.ts'
import type { Consumer } from './index.ts'

const bench = relayBench()
const { relay, payments, logged } = bench
let world: EventsWorld
beforeAll(() => {
  world = bench.world
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

  test('comes through while others never cease to publish, and the outbox does not grow without end', async () => {
    const consumer = memory()
    await relay([consumer])
    const pool = world.pools['orders']!
    let over = false
    const writer = async (own: number) => {
      for (let n = 0; !over; n++) {
        const client = await pool.connect()
        await client.query('begin')
        await publish(client, { key: `writer-${own}` })
        await delay(n % 5)
        await client.query('commit')
        client.release()
      }
    }
    const writers = Array.from({ length: 6 }, (_, own) => writer(own))
    try {
      for (let round = 0; round < 3; round++) {
        const id = await publish(pool, { key: 'asked for' })
        await world.events.barrier('memory', { deadline: 4_000 })
        expect(consumer.given.map((one) => one.id)).toContain(id)
      }
      // Rows that are in the log are removed all the same.
      const first = async () => {
        const { rows } = await pool.query<{ first: string }>(
          'select min(position) as first from rockpool.outbox',
        )
        return Number(rows[0]!.first)
      }
      const began = await first()
      await expect.poll(first, eventually).toBeGreaterThan(began)
    } finally {
      over = true
      await Promise.all(writers)
    }
  })

  test('that cannot be reached says which consumer is behind, and why', async () => {
    const { consumer, move } = await payments()
    move(undefined)
    await relay([consumer, memory()])
    await publish(world.pools['orders']!)
    // From here on it is in the log, and waits for payments alone.
    await world.events.barrier('memory')
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
