import { setTimeout as delay } from 'node:timers/promises'
import { beforeAll, describe, expect, test } from 'vitest'
import { count, limitMs } from '../../test/support/counts.ts'
import { numbersByKey, publish } from '../../test/support/events.ts'
import type { EventsWorld } from '../../test/support/events.ts'
import { eventually, memory, relayBench } from '../../test/support/relay-bench.ts'

const bench = relayBench()
const { relay, logged } = bench
let world: EventsWorld
beforeAll(() => {
  world = bench.world
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
