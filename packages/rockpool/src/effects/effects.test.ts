import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { freshDatabase } from '../../test/support/database.ts'
import { eventsWorld, publish } from '../../test/support/events.ts'
import type { EventsWorld } from '../../test/support/events.ts'
import { createRelay, goneOrganizations } from '../events/index.ts'
import type { Relay } from '../events/index.ts'
import { migrate, silentLog, systemClock } from '../kernel/index.ts'
import type { Caller, HandlerInput } from '../kernel/index.ts'
import { createEffects, createEffectsConsumer, effectsMigrations, effectsOperations } from './index.ts'
import type { Effects } from './index.ts'

let fresh: Awaited<ReturnType<typeof freshDatabase>>
let world: EventsWorld
let relay: Relay
let effects: Effects

function startRelay(): Promise<void> {
  const gone = goneOrganizations(world.organizations)
  relay = createRelay({
    database: world.database,
    sources: ['orders', 'payments'].map((service) => ({ service, url: world.databases.relayUrl(service) })),
    consumers: [createEffectsConsumer({ database: world.database, gone })],
    gone,
    clock: systemClock,
    log: silentLog,
    retry: { attempts: 2, firstMs: 10, longestMs: 10 },
  })
  return relay.start()
}

/** Records one step of an effect as the SDK does, from the payments service. */
const record = (organization: string, effect: string, outcome: string, more: object = {}) =>
  publish(world.pools['payments']!, {
    organization,
    type: 'rockpool.effect_recorded',
    key: `effect:${effect}`,
    data: { effect, name: 'bank.charge', mode: 'sandbox', outcome, arguments: { amount: 4900 }, ...more },
  })

const sandbox = async (slug: string) => {
  await world.organizations.ensure({ slug: 'harbor', name: 'Harbor', environment: 'production' })
  await world.organizations.ensure({ slug: 'reef', name: 'Reef', environment: 'production' })
  await world.organizations.ensure({ slug, name: slug, environment: 'sandbox', parent: 'harbor' })
  return slug
}

beforeAll(async () => {
  fresh = await freshDatabase()
  world = await eventsWorld(fresh.url)
  await migrate(world.database, [effectsMigrations])
  effects = createEffects({ database: world.database, events: world.events })
  await startRelay()
})
afterAll(async () => {
  await relay.stop()
  await world.close()
  await fresh.drop()
})

describe('records', () => {
  test('every effect that was committed before the question is in the answer, with how it ended', async () => {
    const slug = await sandbox('sandbox-one')
    for (let round = 1; round <= 10; round++) {
      const id = randomUUID()
      await record(slug, id, 'started')
      await record(slug, id, 'stood in')
      const found = await effects.of(slug, 'bank.charge')
      expect(found).toHaveLength(round)
      expect(found.at(-1)).toMatchObject({
        id,
        organization: slug,
        environment: 'sandbox',
        service: 'payments',
        name: 'bank.charge',
        outcome: 'stood in',
        arguments: { amount: 4900 },
        error: null,
      })
    }
    expect(await effects.of(slug, 'bank.refund')).toEqual([])
    expect(await effects.of('sandbox-none', 'bank.charge')).toEqual([])
  })

  test('an effect whose end was never told stays started; one that was denied or failed says why', async () => {
    const slug = await sandbox('sandbox-ends')
    await record(slug, randomUUID(), 'started')
    await record(slug, randomUUID(), 'denied', { error: 'no stand-in' })
    const failed = randomUUID()
    await record(slug, failed, 'started')
    await record(slug, failed, 'failed', { error: 'the bank is closed' })
    expect(await effects.of(slug, 'bank.charge')).toMatchObject([
      { outcome: 'started', endedAt: null, error: null },
      { outcome: 'denied', error: 'no stand-in' },
      { outcome: 'failed', error: 'the bank is closed' },
    ])
  })

  test('one organization’s effect is never changed by another’s event of the same id', async () => {
    const [mine, theirs, id] = [await sandbox('sandbox-mine'), await sandbox('sandbox-theirs'), randomUUID()]
    await record(mine, id, 'started')
    await effects.settled(mine)
    await record(theirs, id, 'failed', { error: 'not yours' })
    expect(await effects.of(theirs, 'bank.charge')).toEqual([])
    expect(await effects.of(mine, 'bank.charge')).toMatchObject([{ outcome: 'started', organization: mine }])
  })

  test('an event that is no record of an effect makes the list of its organization fail with the cause, and no other', async () => {
    const [broken, fine] = [await sandbox('sandbox-broken'), await sandbox('sandbox-fine')]
    await publish(world.pools['payments']!, {
      organization: broken,
      type: 'rockpool.effect_recorded',
      key: 'x',
      data: { effect: 'what' },
    })
    await record(fine, randomUUID(), 'done')
    expect(await effects.of(fine, 'bank.charge')).toHaveLength(1)
    await expect(effects.of(broken, 'bank.charge')).rejects.toThrow('is no record of an effect')
  })

  test('without a relay the list fails within its deadline instead of being short', async () => {
    const slug = await sandbox('sandbox-unread')
    await relay.stop()
    await record(slug, randomUUID(), 'done')
    const impatient = createEffects({ database: world.database, events: world.events, deadline: 300 })
    await expect(impatient.of(slug, 'bank.charge')).rejects.toMatchObject({ code: 'deadline_exceeded' })
    await startRelay()
    expect(await effects.of(slug, 'bank.charge')).toHaveLength(1)
  })
})

describe('erasure', () => {
  test('deletes the organization’s records and nobody else’s; what arrives later is not kept', async () => {
    const [leaving, staying] = [await sandbox('sandbox-leaving'), await sandbox('sandbox-staying')]
    for (const slug of [leaving, leaving, staying]) await record(slug, randomUUID(), 'done')
    await effects.settled(leaving)
    expect(await effects.count(leaving)).toEqual([{ table: 'effects.record', rows: 2 }])
    await world.organizations.setStatus(null, leaving, 'deleting')
    const erased = await world.database.transaction((tx) => effects.erase(tx, leaving))
    expect(erased).toEqual([{ table: 'effects.record', rows: 2 }])
    await record(leaving, randomUUID(), 'done')
    await effects.settled(staying)
    expect(await effects.count(leaving)).toEqual([{ table: 'effects.record', rows: 0 }])
    expect(await effects.count(staying)).toEqual([{ table: 'effects.record', rows: 1 }])
  })
})

describe('the operation', () => {
  const owner: Caller = {
    kind: 'control',
    credential: 'key_1',
    organization: null,
    member: null,
    scopes: ['read'],
  }
  const call = (slug: string, query: object, caller: Caller = owner) => {
    const [listed] = effectsOperations({ effects, organizations: world.organizations })
    const input = {
      params: { sandbox: slug },
      query: { limit: 50, ...query },
      body: undefined,
      caller,
      request: 'req_1',
      signal: new AbortController().signal,
    }
    return listed!.handler(input as unknown as HandlerInput<never>) as Promise<{
      items: { id: string }[]
      next: string | null
    }>
  }

  test('lists in pages, all names or one', async () => {
    const slug = await sandbox('sandbox-paged')
    const ids = [randomUUID(), randomUUID(), randomUUID()]
    for (const id of ids) await record(slug, id, 'done')
    await record(slug, randomUUID(), 'done', { name: 'mail.send' })
    const first = await call(slug, { name: 'bank.charge', limit: 2 })
    expect(first.items.map(({ id }) => id)).toEqual(ids.slice(0, 2))
    const second = await call(slug, { name: 'bank.charge', limit: 2, cursor: first.next })
    expect(second).toMatchObject({ items: [{ id: ids[2] }], next: null })
    expect((await call(slug, {})).items).toHaveLength(4)
    await expect(call(slug, { cursor: 'x' })).rejects.toMatchObject({ code: 'invalid_input' })
  })

  test('a parent’s credential reaches its own sandboxes only, and production has no list', async () => {
    const slug = await sandbox('sandbox-ours')
    const parent: Caller = { ...owner, kind: 'parent-key', organization: 'harbor' }
    expect(await call(slug, {}, parent)).toMatchObject({ items: [] })
    await expect(call(slug, {}, { ...parent, organization: 'reef' })).rejects.toMatchObject({
      code: 'organization_not_allowed',
    })
    await expect(call('harbor', {})).rejects.toMatchObject({ code: 'not_found' })
  })
})
