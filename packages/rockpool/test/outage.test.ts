import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { silentLog, startPostgres } from '../src/kernel/index.ts'
import type { PostgresServer } from '../src/kernel/index.ts'
import { count, limitMs } from './support/counts.ts'
import { customer } from './support/customer.ts'
import { eventually } from './support/eventually.ts'
import { copyShop, startInstallation } from './support/installation.ts'
import type { Installation } from './support/installation.ts'
import { liveKey, makeSandbox } from './support/shop.ts'

// Postgres goes away under traffic: an instance of this test's own, given by URL, which nobody of ours restarts.

const seconds = count('outageSeconds', 20)
let shop: Installation
let postgres: PostgresServer
let start: (port?: number) => Promise<PostgresServer>

beforeAll(async () => {
  const copy = await copyShop()
  const folder = join(copy.data, 'own-postgres')
  await mkdir(folder)
  start = (port) =>
    startPostgres({ folder, password: 'of-this-test', log: silentLog, ...(port ? { port } : {}) })
  postgres = await start()
  shop = await startInstallation({ shop: copy, args: ['--postgres', postgres.url] })
})
afterAll(async () => {
  await shop?.stop()
  await postgres?.stop()
  await shop?.remove()
})

const processes = [
  'rockpool-control',
  'rockpool-gateway',
  'rockpool-relay',
  'rockpool-runner',
  'catalog',
  'orders',
  'payments',
]
const pids = () => Promise.all(processes.map((name) => shop.pid(name)))

test(
  `Postgres is away for ${seconds} s under traffic: the gateway goes on, nothing committed is lost, everything catches up without a restart`,
  { timeout: limitMs(120_000) },
  async () => {
    const harbor = customer(shop.gateway, (await liveKey(shop)).text)
    const sandbox = await makeSandbox(shop)
    const before = await pids()
    const item = await harbor.call('POST', '/harbor/items', {
      name: 'Sea chart',
      price: 1_500,
      currency: 'EUR',
      stock: 100_000,
    })
    expect(item.status).toBe(201)

    const placed: string[] = []
    const quotes: number[] = []
    const refusals: number[] = []
    let away = false
    let over = false
    const order = async () => {
      while (!over) {
        const answer = await harbor.call('POST', '/harbor/orders', {
          item: item.body.id,
          card: '4242424242424242',
        })
        if (answer.status === 201) placed.push(answer.body.id as string)
        else refusals.push(answer.status)
        await setTimeout(100)
      }
    }
    const quote = async () => {
      while (!over) {
        const asked = away
        const answer = await harbor.call('GET', '/delivery-quotes?country=DE&weight=1200')
        if (asked && away) quotes.push(answer.status)
        await setTimeout(100)
      }
    }
    const traffic = [order(), order(), quote()]
    await eventually('orders are placed', async () => placed.length > 5)

    away = true
    await postgres.stop()
    const placedBefore = placed.length
    const nobody = customer(shop.gateway)
    const until = Date.now() + seconds * 1_000
    while (Date.now() < until) {
      expect((await nobody.call('GET', '/harbor/items')).status).toBe(401)
      expect((await harbor.call('GET', '/nothing-here')).status).toBe(404)
      expect((await harbor.call('GET', '/harbor/items')).status).toBeGreaterThanOrEqual(500)
      await setTimeout(500)
    }
    away = false
    postgres = await start(postgres.port)

    await eventually('orders are placed again', async () => placed.length > placedBefore + 5, 30_000)
    over = true
    await Promise.all(traffic)

    // What needs no database was served all the time.
    expect(quotes.length).toBeGreaterThan(seconds)
    expect(new Set(quotes)).toEqual(new Set([200]))
    expect(refusals.length).toBeGreaterThan(0)
    // Nothing that was answered with 201 is lost, and each order gets its payment.
    for (const id of placed) {
      await eventually(
        `order ${id} is paid`,
        async () => (await harbor.call('GET', `/harbor/orders/${id}`)).body.status === 'paid',
        30_000,
      )
    }
    // Rockpool's own work goes on too: a sandbox that was there is deleted with its receipt, checks pass.
    expect((await shop.cli('sandbox', 'delete', sandbox.organization)).code).toBe(0)
    const checked = await shop.cli('check', '--organization', 'harbor', '--grep', 'a customer can order')
    expect(checked.code, checked.stderr + checked.stdout).toBe(0)
    expect(await pids()).toEqual(before)
  },
)
