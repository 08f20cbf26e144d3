import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { count, limitMs } from '../../test/support/counts.ts'
import { freshDatabase } from '../../test/support/database.ts'
import { consumerService, eventsWorld, numbersByKey, publish } from '../../test/support/events.ts'
import type { ConsumerService, EventsWorld } from '../../test/support/events.ts'
import type { RelayProcessOptions } from '../../test/support/relay-process.ts'

const script = fileURLToPath(new URL('../../test/support/relay-process.ts', import.meta.url))

let fresh: Awaited<ReturnType<typeof freshDatabase>>
let world: EventsWorld
let consumer: ConsumerService
const children = new Set<ChildProcess>()

async function startRelay(): Promise<ChildProcess> {
  const options: RelayProcessOptions = {
    url: world.database.url,
    sources: [{ service: 'orders', url: world.databases.relayUrl('orders') }],
    consumer: { service: 'payments', url: consumer.url },
  }
  const child = spawn(process.execPath, ['--conditions=@rockpool/source', script, JSON.stringify(options)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  children.add(child)
  await once(child.stdout, 'data')
  return child
}

async function kill(child: ChildProcess): Promise<void> {
  const ended = once(child, 'close')
  child.kill('SIGKILL')
  await ended
  children.delete(child)
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

beforeAll(async () => {
  fresh = await freshDatabase()
  world = await eventsWorld(fresh.url)
  consumer = await consumerService('payments', world.pools['payments']!, {
    keys: () => world.organizations.signingKeys.list(),
  })
})
afterAll(async () => {
  for (const child of children) await kill(child)
  await consumer.close()
  await world.close()
  await fresh.drop()
})

/** Writers go on while relays are killed in the middle of their work; returns what was committed. */
async function underKills(kills: number): Promise<string[]> {
  const committed: string[] = []
  const writing = new AbortController()
  const writers = [0, 1, 2, 3].map(async (writer) => {
    for (let n = 0; !writing.signal.aborted; n++) {
      committed.push(
        await publish(world.pools['orders']!, { organization: `org-${writer % 2}`, key: `k${n % 5}` }),
      )
      await delay(15)
    }
  })
  for (let round = 0; round < kills; round++) {
    const before = (await applied()).length
    const child = await startRelay()
    // It must be killed while it works: events are being applied, and more are waiting.
    await expect
      .poll(async () => (await applied()).length, { timeout: 30_000, interval: 5 })
      .toBeGreaterThan(before)
    await delay(13 * (round % 12))
    await kill(child)
  }
  writing.abort()
  await Promise.all(writers)
  return committed
}

test(
  'a relay that is killed again and again while it works: what is committed is applied, exactly once, in order',
  async () => {
    const committed = await underKills(count('relayKills', 5))
    await startRelay()
    await expect
      .poll(async () => (await applied()).length, { timeout: 30_000, interval: 20 })
      .toBe(committed.length)

    const rows = await applied()
    expect(rows.map(({ event }) => event).toSorted()).toEqual(committed.toSorted())
    for (const [key, numbers] of numbersByKey(rows)) {
      expect([key, numbers]).toEqual([key, numbers.map((_, index) => index + 1)])
    }
    const { rows: log } = await world.database.one<{ rows: number }>(
      'select count(*) as rows from events.log',
    )
    expect(log).toBe(committed.length)
  },
  limitMs(120_000),
)
