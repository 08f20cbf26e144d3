import { beforeAll, describe, expect, test } from 'vitest'
import { consumerService, numbersByKey, publish } from '../../test/support/events.ts'
import type { EventsWorld } from '../../test/support/events.ts'
import { eventually, memory, relayBench, retry } from '../../test/support/relay-bench.ts'
import { silentLog, systemClock } from '../kernel/index.ts'
import { consumerOf, createEventSigner, createHttpConsumer, createRelay, goneOrganizations } from './index.ts'

const bench = relayBench()
const { relay, payments, applied, logged } = bench
let world: EventsWorld
beforeAll(() => {
  world = bench.world
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
    bench.open.push(patient)
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
      bench.open.push({ stop: () => service.close() })
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
