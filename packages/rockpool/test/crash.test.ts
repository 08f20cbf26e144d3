import { readdir, readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { buy, customer } from './support/customer.ts'
import { eventually } from './support/eventually.ts'
import { killHard } from './support/kill.ts'
import { run, startInstallation } from './support/installation.ts'
import type { Installation, TestShop } from './support/installation.ts'
import { bankStatistics, copyShopWithoutBots, liveKey, makeSandbox } from './support/shop.ts'

// Crash-only: any process may be killed at any instant. Nothing committed is lost, and nothing is done twice.

let copy: TestShop
let shop: Installation | undefined
afterAll(async () => {
  await shop?.stop()
  await copy?.remove()
})

/** Everything whose command or environment (HOME is passed on) names this installation's temporary folder. */
async function alive(): Promise<string[]> {
  const found: string[] = []
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
    const command = (await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')).replaceAll('\0', ' ')
    const marks = await readFile(`/proc/${pid}/environ`, 'utf8').catch(() => '')
    const ours = [command, marks].some((text) => text.includes(dirname(copy.folder)))
    if (ours && Number(pid) !== process.pid) found.push(`${pid} ${command}`)
  }
  return found
}

test(
  'after a kill -9 of everything the next start recovers: committed orders are there, and are paid once',
  { timeout: 120_000 },
  async () => {
    copy = await copyShopWithoutBots()
    shop = await startInstallation({ shop: copy })
    const key = (await liveKey(shop)).text
    const orders: string[] = []
    for (let n = 0; n < 3; n++) orders.push((await buy(customer(shop.gateway, key), 'harbor')).order)
    const sandbox = await makeSandbox(shop)
    await buy(customer(shop.gateway, sandbox.key), sandbox.organization)

    const everything = (await alive()).map((line) => Number(line.split(' ')[0]))
    expect(everything.length).toBeGreaterThan(8)
    for (const pid of everything) killHard(pid)
    await eventually('all are dead', async () => (await alive()).length === 0)

    shop = await startInstallation({ shop: copy })
    const harbor = customer(shop.gateway, key)
    for (const order of orders) {
      await eventually(
        `order ${order} is paid`,
        async () => (await harbor.call('GET', `/harbor/orders/${order}`)).body.status === 'paid',
        20_000,
      )
    }
    // The bank keeps its books: one charge an order, whatever was tried twice; and none of the sandbox's.
    expect((await bankStatistics(shop)).charges).toBe(orders.length)
    expect((await shop.cli('sandbox', 'delete', sandbox.organization)).code).toBe(0)
  },
)

test(
  'when the supervisor alone is killed with -9, the next start sweeps what it left',
  { timeout: 60_000 },
  async () => {
    await shop!.kill()
    shop = await startInstallation({ shop: copy })
    const names = (await readdir(join(copy.data, 'processes'))).filter((name) => name.endsWith('.json'))
    expect(names).toEqual(expect.arrayContaining(['rockpool-control.json', 'catalog.json']))
    const checked = await shop.cli('check', '--organization', 'harbor', '--grep', 'a customer can order')
    expect(checked.code, checked.stderr + checked.stdout).toBe(0)
  },
)

test('a second start on the same data is refused, and says what to do', async () => {
  const bin = join(import.meta.dirname, '../bin/rockpool.mjs')
  const args = [
    'up',
    '--installation',
    'local',
    '--config',
    join(copy.folder, 'rockpool.config.ts'),
    '--data',
    copy.data,
  ]
  const second = await run([bin, ...args])
  expect(second.code).toBe(2)
  expect(second.stderr).toMatch(/another Rockpool \(process \d+.*--data/s)
})

test('a stop leaves no process, no lock, no endpoints', { timeout: 30_000 }, async () => {
  await shop!.stop()
  expect(await alive()).toEqual([])
  const left = await readdir(copy.data)
  expect(left).not.toContain('lock')
  expect(left).not.toContain('endpoints.json')
  shop = undefined
})
