import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { eventually } from '../../test/support/eventually.ts'
import { fastClock, fill, sandboxWorld, type SandboxWorld } from '../../test/support/sandboxes.ts'
import { systemClock } from '../kernel/index.ts'
import type { OwnData, Receipt } from './types.ts'

let world: SandboxWorld
beforeAll(async () => {
  world = await sandboxWorld()
})
afterAll(() => world.close())

const make = async (ttl = 60_000) => (await world.sandboxes.create({ parent: 'harbor', ttl })).sandbox.slug
const rows = (receipt: Receipt, when: 'before' | 'after') =>
  receipt.services.flatMap(({ tables }) => tables).reduce((sum, table) => sum + (table[when] ?? 0), 0)

async function deleted(slug: string, withinMs = 10_000): Promise<Receipt> {
  await world.sandboxes.delete(slug)
  expect(await world.sandboxes.settled(slug, withinMs)).toMatchObject({ slug, state: 'deleted' })
  return world.sandboxes.receipt(slug)
}

function keeper(options: Parameters<SandboxWorld['startKeeper']>[0] = {}) {
  const started = world.startKeeper(options)
  onTestFinished(() => started.stop())
}

describe('deleting a sandbox', () => {
  test('erases its rows everywhere and no other’s, and the receipt counts them per table', async () => {
    keeper()
    const [gone, stays] = [await make(), await make()]
    for (const slug of [gone, stays])
      await Promise.all([fill(world.pools.orders, slug), fill(world.pools.payments, slug, 5)])
    // The outbox empties itself as the relay takes from it.
    const lasting = async () =>
      (await world.databases.counts('payments', stays)).filter(({ table }) => table !== 'rockpool.outbox')
    const others = await lasting()

    const receipt = await deleted(gone)
    const tablesOf = (service: string) => receipt.services.find((one) => one.service === service)!
    expect(tablesOf('orders').tables).toContainEqual({ table: 'public.customers', before: 3, after: 0 })
    expect(tablesOf('payments').tables).toContainEqual({ table: 'public.purchases', before: 5, after: 0 })
    expect(tablesOf('payments').unchecked).toEqual(['public.currencies'])
    expect(receipt).toMatchObject({ sandbox: gone, parent: 'harbor', complete: true, passes: 1 })
    expect(rows(receipt, 'after')).toBe(0)
    expect(receipt.rockpool.map(({ after }) => after)).toEqual(receipt.rockpool.map(() => 0))
    expect(receipt.rockpool.map(({ table }) => table)).toContain('events.log')
    expect(receipt.remains.map(({ what }) => what)).toContain(
      'anything in orders: public.currencies, payments: public.currencies',
    )
    expect((await world.organizations.get(gone)).status).toBe('deleted')
    expect(await lasting()).toEqual(others)
  })

  test('closes it at once: its key is revoked and the gateways are told before the answer', async () => {
    const { sandbox, key } = await world.sandboxes.create({ parent: 'harbor', ttl: 60_000 })
    const before = world.settledCalls()
    expect(await world.sandboxes.delete(sandbox.slug)).toMatchObject({
      state: 'deleting',
      deletingBecause: 'asked',
    })
    expect(world.settledCalls()).toBe(before + 1)
    expect((await world.organizations.get(sandbox.slug)).status).toBe('deleting')
    expect((await world.organizations.findCredential(key))?.revokedAt).not.toBeNull()
    await expect(world.sandboxes.receipt(sandbox.slug)).rejects.toThrow('no receipt')
    keeper()
    await world.sandboxes.settled(sandbox.slug, 10_000)
  })

  test('twice, and by two keepers at once, asks the services once and makes one receipt', async () => {
    keeper()
    keeper()
    const slugs = await Promise.all(Array.from({ length: 6 }, () => make()))
    await Promise.all(slugs.map((slug) => fill(world.pools.orders, slug)))
    await Promise.all(slugs.flatMap((slug) => [world.sandboxes.delete(slug), world.sandboxes.delete(slug)]))
    for (const slug of slugs) {
      expect((await world.sandboxes.settled(slug, 10_000)).state).toBe('deleted')
      expect(await world.sandboxes.receipt(slug)).toMatchObject({ complete: true, passes: 1 })
    }
    const before = await world.sandboxes.receipt(slugs[0]!)
    await world.sandboxes.delete(slugs[0]!)
    expect(await world.sandboxes.receipt(slugs[0]!)).toEqual(before)
  })

  test('waits for a service that is down, says so, lets it take its time, and ends when it is back', async () => {
    keeper()
    const slug = await make()
    await fill(world.pools.payments, slug)
    await world.stopService('payments')
    await world.sandboxes.delete(slug)
    const waiting = await eventually('it says what it waits for', async () => {
      const { waiting } = await world.sandboxes.get(slug)
      return waiting.length === 1 && /not running/.test(waiting[0]!.reason) && waiting
    })
    expect(waiting[0]!.service).toBe('payments')
    expect((await world.sandboxes.settled(slug, 1_500)).state).toBe('deleting')
    await world.startService('payments')
    expect((await world.sandboxes.settled(slug, 10_000)).state).toBe('deleted')
    expect(rows(await world.sandboxes.receipt(slug), 'before')).toBeGreaterThan(0)
  })

  test('that is stuck holds up no other', async () => {
    const stuck = new Set<string>()
    const own: OwnData = {
      count: () => Promise.resolve([]),
      erase: (_, slug) =>
        stuck.has(slug) ? Promise.reject(new Error('the disk is full')) : Promise.resolve(),
    }
    keeper({ concurrency: 2, own: [...world.keeperOptions.own, own] })
    for (let n = 0; n < 6; n++) stuck.add(await make())
    for (const slug of stuck) await world.sandboxes.delete(slug)
    await eventually('all are stuck, and say why', async () => {
      const all = await Promise.all([...stuck].map((slug) => world.sandboxes.get(slug)))
      return all.every(({ waiting }) => waiting[0]?.reason === 'the disk is full')
    })
    await deleted(await make(), 3_000)
    const slugs = [...stuck]
    stuck.clear()
    for (const slug of slugs) expect((await world.sandboxes.settled(slug, 10_000)).state).toBe('deleted')
  })

  test('finds what was written late, and erases it in another pass', async () => {
    let late = ''
    const own: OwnData = {
      count: () => Promise.resolve([]),
      // After every service has answered, a job that goes round the sdk writes once more.
      async erase(_, slug) {
        if (late !== slug) return
        late = ''
        await world.pools.orders.query(`insert into customers (organization, name) values ($1, 'late')`, [
          slug,
        ])
      },
    }
    keeper({ own: [...world.keeperOptions.own, own] })
    late = await make()
    const receipt = await deleted(late)
    expect(receipt).toMatchObject({ passes: 2, complete: true })
  })

  test('that no pass can finish ends as residue with the list of what is left, and can be tried again', async () => {
    // A table that belongs to somebody else than the service: its runtime role may not delete from it.
    await world.administer(
      'orders',
      `create table public.secrets (organization text); grant select on public.secrets to ${world.prefix}svc_orders_owner`,
    )
    onTestFinished(() => world.administer('orders', 'drop table public.secrets'))
    const fast = fastClock(60)
    keeper({ clock: fast, leaseMs: 60_000 })
    const slug = await make()
    await world.administer('orders', `insert into public.secrets values ('${slug}'), ('${slug}')`)
    await world.sandboxes.delete(slug)
    expect(await world.sandboxes.settled(slug, 12_000)).toMatchObject({ state: 'residue', waiting: [] })
    const receipt = await world.sandboxes.receipt(slug)
    expect(receipt).toMatchObject({ complete: false, passes: 5, refusals: [{ service: 'orders' }] })
    expect(receipt.refusals[0]?.reason).toContain('public.secrets')
    const orders = receipt.services.find(({ service }) => service === 'orders')!
    expect(orders.tables.filter(({ after }) => after > 0)).toEqual([
      { table: 'public.secrets', before: 2, after: 2 },
    ])
    expect((await world.organizations.get(slug)).status).toBe('deleting')

    await world.administer('orders', 'delete from public.secrets')
    await world.administer(
      'orders',
      `grant delete, select on public.secrets to ${world.prefix}svc_orders_runtime`,
    )
    expect(await deleted(slug)).toMatchObject({ complete: true, passes: 1 })
  })

  test('counts what a service left that is configured no more, and does not call it deleted', async () => {
    const slug = await make()
    await fill(world.pools.payments, slug, 5)
    await world.stopService('payments')
    const without = world.startKeeper({ clock: fastClock(60), leaseMs: 60_000, services: ['orders'] })
    await world.sandboxes.delete(slug)
    expect((await world.sandboxes.settled(slug, 12_000)).state).toBe('residue')
    await without.stop()
    const receipt = await world.sandboxes.receipt(slug)
    const payments = receipt.services.find(({ service }) => service === 'payments')!
    expect(payments.tables).toContainEqual({ table: 'public.purchases', before: 5, after: 5 })
    expect(receipt.complete).toBe(false)

    keeper()
    await world.startService('payments')
    expect(await deleted(slug)).toMatchObject({ complete: true })
  })
})

describe('a sandbox whose time is over', () => {
  test('is deleted by the keeper, without being asked', async () => {
    keeper()
    const slug = await make(1_000)
    await fill(world.pools.orders, slug)
    await eventually('it is deleted', async () => (await world.sandboxes.get(slug)).state === 'deleted')
    expect(await world.sandboxes.get(slug)).toMatchObject({ deletingBecause: 'ended' })
    expect(rows(await world.sandboxes.receipt(slug), 'before')).toBeGreaterThan(0)
  })

  test('and that of a run which has ended, with all of the run’s', async () => {
    keeper()
    const of = (run: string) => world.sandboxes.create({ parent: 'harbor', ttl: 60_000, run })
    const [one, two, other] = [await of('run_1'), await of('run_1'), await of('run_2')]
    expect(await world.sandboxes.deleteOfRun('run_1')).toEqual([one.sandbox.slug, two.sandbox.slug])
    for (const { sandbox } of [one, two])
      expect((await world.sandboxes.settled(sandbox.slug, 10_000)).state).toBe('deleted')
    expect((await world.sandboxes.get(other.sandbox.slug)).state).toBe('active')
    expect(await world.sandboxes.deleteOfRun('run_1')).toEqual([])
  })
})

test('a keeper that starts with deletions on the list does them', async () => {
  const slug = await make()
  await world.sandboxes.delete(slug)
  keeper({ clock: systemClock })
  expect((await world.sandboxes.settled(slug, 10_000)).state).toBe('deleted')
})
