import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { cloudEvent, deliver, delivered } from '../test/support/events.ts'
import { serviceDatabase, type ServiceDatabase } from '../test/support/database.ts'
import { gateway, relay, testRockpool } from '../test/support/service.ts'
import { createSigner } from '../test/support/signer.ts'
import type { Identity, Rockpool } from './index.ts'

const harbor: Identity = { organization: 'harbor', environment: 'production', actor: 'customer' }
const sandbox: Identity = { organization: 'pool-1', environment: 'sandbox', actor: 'check', run: 'run_1' }

let database: ServiceDatabase
let rockpool: Rockpool
beforeAll(async () => {
  database = await serviceDatabase('create table orders (id text, organization text)')
})
beforeEach(async () => {
  await database.owner.query(
    'truncate rockpool.outbox, rockpool.event_key, rockpool.inbox, rockpool.erased, orders',
  )
  rockpool = testRockpool({ database: database.pool })
})
afterAll(() => database.drop())

const outbox = async () =>
  (
    await database.owner.query(
      'select organization, environment, actor, run, type, key, number, data from rockpool.outbox order by position',
    )
  ).rows as Record<string, unknown>[]

describe('publishing', () => {
  test('writes the event with the current identity, numbered in its key', async () => {
    const publish = (identity: Identity, key: string) =>
      rockpool.runAs(identity, () =>
        rockpool.transaction((tx) =>
          rockpool.publish(tx, { type: 'order_placed', key, data: { total: 4900 } }),
        ),
      )
    expect(await publish(harbor, 'o1')).toMatchObject({ type: 'shop.order_placed', number: '1' })
    expect(await publish(harbor, 'o1')).toMatchObject({ number: '2' })
    expect(await publish(harbor, 'o2')).toMatchObject({ number: '1' })
    expect(await publish(sandbox, 'o1')).toMatchObject({ number: '1' })
    expect((await outbox()).at(-1)).toEqual({
      ...sandbox,
      type: 'shop.order_placed',
      key: 'o1',
      number: '1',
      data: { total: 4900 },
    })
  })

  test.each<[string, Partial<Identity>]>([
    ['card of a bot', { actor: 'bot', run: 'run_2', card: 'in_no_event' }],
    ['end user', { actor: 'customer', user: 'in_no_event' }],
  ])('writes no %s: what an event keeps is kept for long', async (_, more) => {
    const identity: Identity = { ...harbor, ...more }
    await rockpool.runAs(identity, () =>
      rockpool.transaction((tx) => rockpool.publish(tx, { type: 'order_placed', key: 'o1', data: {} })),
    )
    const { rows } = await database.owner.query('select row_to_json(o)::text as row from rockpool.outbox o')
    expect(rows).toHaveLength(1)
    expect(JSON.stringify(rows)).not.toContain('in_no_event')
  })

  test('is undone with the transaction, number and all', async () => {
    const attempt = rockpool.runAs(harbor, () =>
      rockpool.transaction(async (tx) => {
        await tx.query(`insert into orders values ('o1', 'harbor')`)
        await rockpool.publish(tx, { type: 'order_placed', key: 'o1', data: {} })
        throw new Error('after all not')
      }),
    )
    await expect(attempt).rejects.toThrow('after all not')
    expect(await outbox()).toEqual([])
    expect((await database.owner.query('select from rockpool.event_key')).rowCount).toBe(0)
  })

  test('by many transactions at once gives each event of a key a number of its own, without a gap', async () => {
    const publish = (n: number) =>
      rockpool.runAs(harbor, () =>
        rockpool.transaction(async (tx) => {
          await rockpool.publish(tx, { type: 'order_paid', key: 'o1', data: { n } })
          if (n % 4 === 0) throw new Error('not this one')
        }),
      )
    await Promise.allSettled(Array.from({ length: 40 }, (_, n) => publish(n)))
    const numbers = (await outbox()).map(({ number }) => Number(number)).toSorted((a, b) => a - b)
    expect(numbers).toEqual(Array.from({ length: 30 }, (_, n) => n + 1))
  })

  test('tells a listening relay when the transaction commits', async () => {
    const listener = await database.owner.connect()
    try {
      await listener.query('listen rockpool_outbox')
      const told = new Promise((resolve) => listener.once('notification', resolve))
      await rockpool.runAs(harbor, () =>
        rockpool.transaction((tx) => rockpool.publish(tx, { type: 'order_placed', key: 'o1', data: {} })),
      )
      expect(await told).toMatchObject({ channel: 'rockpool_outbox' })
    } finally {
      listener.release(true)
    }
  })

  test('is refused without an identity', async () => {
    const attempt = rockpool.transaction((tx) =>
      rockpool.publish(tx, { type: 'order_placed', key: 'o1', data: {} }),
    )
    await expect(attempt).rejects.toMatchObject({ code: 'identity_missing' })
    expect(await outbox()).toEqual([])
  })

  test.each([
    ['a type that names a service', { type: 'orders.order_placed', key: 'o1', data: {} }],
    ['no type', { type: '', key: 'o1', data: {} }],
    ['no key', { type: 'order_placed', key: '', data: {} }],
    ['data that JSON cannot say', { type: 'order_placed', key: 'o1', data: undefined }],
    ['a character that jsonb cannot hold', { type: 'order_placed', key: 'o1', data: 'a\0b' }],
    ['half a surrogate pair', { type: 'order_placed', key: 'o1', data: '\uD83D' }],
    ['too much data', { type: 'order_placed', key: 'o1', data: 'x'.repeat(300_000) }],
  ])('is refused with %s, before the transaction is spoilt', async (_, event) => {
    await rockpool.runAs(harbor, () =>
      rockpool.transaction(async (tx) => {
        await expect(rockpool.publish(tx, event)).rejects.toMatchObject({ code: 'event_invalid' })
        await tx.query(`insert into orders values ('o1', 'harbor')`)
      }),
    )
    expect((await database.owner.query('select from orders')).rowCount).toBe(1)
  })

  test('carries every text that jsonb can hold', async () => {
    const data = { text: 'Zähler \u{1F30A} \\u0000 \\ud800 "quoted"\n' }
    await rockpool.runAs(harbor, () =>
      rockpool.transaction((tx) => rockpool.publish(tx, { type: 'noted', key: 'k', data })),
    )
    expect((await outbox())[0]!['data']).toEqual(data)
  })
})

describe('consuming', () => {
  const insert = async (
    event: { subject: string; organization: string },
    tx: { query(text: string, values: unknown[]): Promise<unknown> },
  ) => {
    await tx.query('insert into orders values ($1, $2)', [event.subject, event.organization])
  }
  const orders = async () =>
    (await database.owner.query('select id from orders order by id')).rows.map(({ id }: { id: string }) => id)

  test('runs as the identity of the event, in a transaction with the note that it was applied', async () => {
    const seen: unknown[] = []
    rockpool.consume<{ total: number }>('orders.order_placed', async (event, tx) => {
      seen.push(rockpool.identity(), event.data.total)
      await insert(event, tx)
      await rockpool.publish(tx, { type: 'order_noted', key: event.subject, data: {} })
    })
    const event = cloudEvent({ ...sandbox, data: { total: 4900 } })
    expect(await deliver(rockpool, delivered(event))).toEqual([{ id: event.id, outcome: 'applied' }])
    expect(seen).toEqual([{ ...sandbox, event: event.id, request: expect.any(String) as string }, 4900])
    expect(await orders()).toEqual(['order-1'])
    expect(await outbox()).toMatchObject([{ ...sandbox, type: 'shop.order_noted' }])
  })

  test('applies an event once, however often and however concurrently it is delivered', async () => {
    rockpool.consume('orders.order_placed', insert)
    const delivery = delivered(cloudEvent())
    const results = (await Promise.all(Array.from({ length: 8 }, () => deliver(rockpool, delivery)))).flat()
    expect(results.map(({ outcome }) => outcome).toSorted()).toEqual([
      'applied',
      ...Array.from({ length: 7 }, () => 'duplicate'),
    ])
    expect((await deliver(rockpool, delivery))[0]!.outcome).toBe('duplicate')
    expect(await orders()).toEqual(['order-1'])
  })

  test('takes back all that a failing consumer wrote, and applies the event when it comes again', async () => {
    let failing = true
    rockpool.consume('orders.order_placed', async (event, tx) => {
      await insert(event, tx)
      if (failing) throw new Error('no stock')
    })
    const delivery = delivered(cloudEvent())
    expect(await deliver(rockpool, delivery)).toEqual([
      { id: delivery.event.id, outcome: 'failed', error: { code: 'consumer_failed', message: 'no stock' } },
    ])
    expect(await orders()).toEqual([])
    failing = false
    expect((await deliver(rockpool, delivery))[0]!.outcome).toBe('applied')
    expect(await orders()).toEqual(['order-1'])
  })

  test('that swallows an error of its database has not applied the event, and says so', async () => {
    rockpool.consume('orders.order_placed', async (_event, tx) => {
      await tx.query('insert into nowhere values (1)').catch(() => {})
    })
    const [result] = await deliver(rockpool, delivered(cloudEvent()))
    expect(result).toMatchObject({ outcome: 'failed', error: { code: 'consumer_failed' } })
    expect((await database.owner.query('select from rockpool.inbox')).rowCount).toBe(0)
  })

  test('holds the later events of a key behind a failed one, and no others', async () => {
    rockpool.consume('orders.order_placed', async (event, tx) => {
      if (event.data === 'bad') throw new Error('poison')
      await insert(event, tx)
    })
    const events = [
      cloudEvent({ subject: 'a', data: 'bad' }),
      cloudEvent({ subject: 'b' }),
      cloudEvent({ subject: 'a', sequence: '2' }),
      cloudEvent({ subject: 'a', organization: 'reef' }),
    ]
    const results = await deliver(rockpool, ...events.map((event) => delivered(event)))
    expect(results.map(({ id }) => id)).toEqual(events.map(({ id }) => id))
    expect(results.map(({ outcome, error }) => error?.code ?? outcome)).toEqual([
      'consumer_failed',
      'applied',
      'held_behind',
      'applied',
    ])
    expect(await orders()).toEqual(['a', 'b'])
  })

  test('keeps the order of a key within a batch', async () => {
    const seen: string[] = []
    rockpool.consume('orders.order_placed', async ({ subject, sequence }) => {
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 5))
      seen.push(`${subject}${sequence}`)
    })
    const events = Array.from({ length: 30 }, (_, n) =>
      cloudEvent({ subject: 'abc'[n % 3]!, sequence: String(Math.floor(n / 3) + 1) }),
    )
    await deliver(rockpool, ...events.map((event) => delivered(event)))
    for (const subject of ['a', 'b', 'c'])
      expect(seen.filter((text) => text.startsWith(subject))).toEqual(
        Array.from({ length: 10 }, (_, n) => `${subject}${n + 1}`),
      )
  })

  test.each([
    ['signed by a gateway', (id: string) => gateway.sign({ event: id }), 'identity_wrong_trust'],
    [
      'signed by another key',
      (id: string) => createSigner('relay-1', 'relay').sign({ event: id }),
      'identity_forged',
    ],
    ['minted for another event', () => relay.sign({ event: 'another' }), 'identity_forged'],
    ['minted for no event', () => relay.sign(), 'identity_forged'],
    [
      'minted for another service',
      (id: string) => relay.sign({ event: id, aud: 'catalog' }),
      'identity_wrong_audience',
    ],
    [
      'of another organization',
      (id: string) => relay.sign({ event: id, organization: 'reef' }),
      'identity_forged',
    ],
    [
      'of another environment',
      (id: string) => relay.sign({ event: id, environment: 'sandbox' }),
      'identity_forged',
    ],
    ['of another run', (id: string) => relay.sign({ event: id, run: 'run_9' }), 'identity_forged'],
  ])('refuses an event with an identity %s', async (_, sign, code) => {
    rockpool.consume('orders.order_placed', insert)
    const event = cloudEvent()
    expect(await deliver(rockpool, { event, identity: sign(event.id) })).toMatchObject([
      { outcome: 'failed', error: { code } },
    ])
    expect(await orders()).toEqual([])
  })

  test('is refused for a type that the config does not name, with what to add to it', () => {
    expect(() => rockpool.consume('orders.order_paid', insert)).toThrow(
      "services['shop'].consumes: ['orders.order_placed', 'billing.*', 'orders.order_paid']",
    )
    expect(() => rockpool.consume('billing.invoice_sent', insert)).not.toThrow()
    expect(() => rockpool.consume('billings.x', insert)).toThrow(
      expect.objectContaining({ code: 'event_not_declared' }),
    )
  })

  test('has one consumer per type', () => {
    rockpool.consume('orders.order_placed', insert)
    expect(() => rockpool.consume('orders.order_placed', insert)).toThrow(
      expect.objectContaining({ code: 'consumer_exists' }),
    )
  })

  test('ignores what is not declared, but fails where the code forgot a declared one', async () => {
    const results = await deliver(
      rockpool,
      delivered(cloudEvent({ type: 'other.thing', subject: 'x' })),
      delivered(cloudEvent()),
    )
    expect(results.map(({ outcome, error }) => error?.code ?? outcome)).toEqual([
      'ignored',
      'consumer_missing',
    ])
  })
})
