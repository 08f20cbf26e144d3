import { spawn } from 'node:child_process'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { count, limitMs } from '../../test/support/counts.ts'
import { eventually } from '../../test/support/eventually.ts'
import { fill, sandboxWorld, type SandboxWorld } from '../../test/support/sandboxes.ts'
import { systemClock, type Database } from '../kernel/index.ts'
import { claimDeletions, requireHeld } from './deletion-store.ts'
import { carryOn } from './deletion.ts'
import { createSandboxKeeper } from './keeper.ts'

let world: SandboxWorld
beforeAll(async () => {
  world = await sandboxWorld()
})
afterAll(() => world.close())

const never = <T>() => new Promise<T>(() => {})

/** A database as a process sees it that dies at its nth transaction: nothing it asks is ever answered any more. */
function dyingDatabase(
  database: Database,
  nth: number,
  when: 'before' | 'after',
): Database & { died: () => boolean } {
  let transactions = 0
  let dead = false
  return {
    ...database,
    died: () => dead,
    query: (...args) => (dead ? never() : database.query(...args)),
    one: (...args) => (dead ? never() : database.one(...args)),
    listen: (...args) => (dead ? never() : database.listen(...args)),
    async transaction(work) {
      if (dead) return never()
      if (++transactions !== nth) return database.transaction(work)
      await database
        .transaction(async (tx) => {
          await work(tx)
          dead = true
          if (when === 'before') throw new Error('died before the commit')
        })
        .catch(() => {})
      return never()
    },
  }
}

const steps = ['recording the count', 'asking', 'erasing our own', 'making the receipt']

test.each(
  steps.flatMap(
    (step, index) =>
      [
        [step, 'before', index + 1],
        [step, 'after', index + 1],
      ] as const,
  ),
)('a keeper that dies while %s, %s the commit, leaves what the next one finishes', async (_, when, nth) => {
  const { slug } = (await world.sandboxes.create({ parent: 'harbor', ttl: 60_000 })).sandbox
  await fill(world.pools.orders, slug, 4)
  const dying = dyingDatabase(world.database, nth, when)
  const first = createSandboxKeeper({
    ...world.keeperOptions,
    database: dying,
    clock: systemClock,
    leaseMs: 200,
  })
  first.start()
  await world.sandboxes.delete(slug)
  await eventually('it died', () => Promise.resolve(dying.died()))

  const second = world.startKeeper({ leaseMs: 200 })
  onTestFinished(() => second.stop())
  expect((await world.sandboxes.settled(slug, 10_000)).state).toBe('deleted')
  const receipt = await world.sandboxes.receipt(slug)
  expect(receipt).toMatchObject({ complete: true, passes: 1 })
  const orders = receipt.services.find(({ service }) => service === 'orders')!
  expect(orders.tables).toContainEqual({ table: 'public.customers', before: 4, after: 0 })
})

test('a keeper whose deletion was taken over writes nothing more', async () => {
  const { slug } = (await world.sandboxes.create({ parent: 'harbor', ttl: 60_000 })).sandbox
  await world.sandboxes.delete(slug)
  const now = Date.now() + 60_000
  const claim = (keeper: string, at: number) =>
    claimDeletions(world.database, { keeper, now: new Date(at), leaseMs: 1_000, most: 10 })
  expect(await claim('slow', now)).toEqual([slug])
  expect(await claim('other', now + 999)).toEqual([])
  expect(await claim('other', now + 1_000)).toEqual([slug])

  const options = { ...world.keeperOptions, clock: systemClock, leaseMs: 1_000 }
  expect(await carryOn(slug, { ...options, keeper: 'slow' }, new AbortController().signal)).toBeUndefined()
  await expect(world.database.transaction((tx) => requireHeld(tx, slug, 'slow'))).rejects.toThrow(
    'another keeper',
  )
  expect((await world.sandboxes.get(slug)).passes).toBe(0)
  expect(await carryOn(slug, { ...options, keeper: 'other' }, new AbortController().signal)).toBeUndefined()
  expect((await world.sandboxes.get(slug)).state).toBe('deleted')
})

/** A process that keeps deletions of the world, and nothing else. */
function keeperProcess() {
  const at = (path: string) => JSON.stringify(fileURLToPath(new URL(path, import.meta.url)))
  const source = `
    const { openDatabase, secretFrom, silentLog, systemClock } = await import(${at('../kernel/index.ts')})
    const { createDatabases } = await import(${at('../databases/index.ts')})
    const { createEvents } = await import(${at('../events/index.ts')})
    const { createOrganizations } = await import(${at('../organizations/index.ts')})
    const { createSandboxKeeper } = await import(${at('./index.ts')})
    const log = silentLog, clock = systemClock, url = ${JSON.stringify(world.url)}
    const database = openDatabase({ url, log, applicationName: 'killed keeper', max: 10 })
    const events = createEvents({ database, clock })
    createSandboxKeeper({
      database, clock, log, events, leaseMs: 300, services: ['orders', 'payments'],
      organizations: createOrganizations({ database, clock, log }),
      databases: createDatabases({ adminUrl: url, log, prefix: ${JSON.stringify(world.prefix)},
        secret: secretFrom(Buffer.from(${JSON.stringify(world.secret.toString('hex'))}, 'hex')) }),
      own: [{ count: events.count, erase: events.eraseOrganization }],
    }).start()
    console.log('keeping')`
  const child = spawn(
    process.execPath,
    ['--conditions=@rockpool/source', '--input-type=module', '-e', source],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  )
  const ended = new Promise((resolve) => child.once('close', resolve))
  return { child, ended, keeping: new Promise((resolve) => child.stdout.once('data', resolve)) }
}

test(
  'keepers killed with -9 again and again erase every sandbox, each with a receipt of zeros',
  async () => {
    const most = count('erasures', 12)
    let kills = 0
    let running = true
    const killing = (async () => {
      while (running) {
        const { child, keeping, ended } = keeperProcess()
        await keeping
        await pause(100 + Math.random() * 500)
        child.kill('SIGKILL')
        await ended
        kills++
      }
    })()
    onTestFinished(async () => {
      running = false
      await killing
    })
    const slugs: [slug: string, state: string][] = []
    const worker = async () => {
      while (slugs.length < most || kills < 4) {
        const { slug } = (await world.sandboxes.create({ parent: 'harbor', ttl: 600_000 })).sandbox
        await Promise.all([fill(world.pools.orders, slug), fill(world.pools.payments, slug)])
        await world.sandboxes.delete(slug)
        slugs.push([slug, (await world.sandboxes.settled(slug, 30_000)).state])
      }
    }
    await Promise.all([worker(), worker(), worker(), worker()])
    expect(slugs.filter(([, state]) => state !== 'deleted')).toEqual([])
    for (const [slug] of slugs) {
      const receipt = await world.sandboxes.receipt(slug)
      expect(receipt.complete).toBe(true)
      const tables = [...receipt.services.flatMap((service) => service.tables), ...receipt.rockpool]
      expect(tables.filter(({ after }) => after !== 0)).toEqual([])
      expect(tables.find(({ table }) => table === 'public.purchases')?.before).toBe(3)
    }
  },
  limitMs(90_000),
)
