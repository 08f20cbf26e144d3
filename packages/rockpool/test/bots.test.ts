import { readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { count, isCampaign, limitMs } from './support/counts.ts'
import { customer } from './support/customer.ts'
import { eventually } from './support/eventually.ts'
import { killHard } from './support/kill.ts'
import { copyShop, root, startInstallation } from './support/installation.ts'
import type { Installation, TestShop } from './support/installation.ts'
import { bankStatistics, liveKey } from './support/shop.ts'

// A bot orders in production every minute and gives everything back, whatever happens to whoever runs it.

let copy: TestShop
let shop: Installation
let harbor: ReturnType<typeof customer>
let holdFile: string
let crashFile: string

interface ShownBot {
  debt: number
  organization: string | null
  grant: { writes: { perRun: number; perHour: number; used: number }; card: string | null } | null
  lastComplete: { run: string; at: string } | null
  latest: { run: string; verdict: string; message: string | null } | null
}
interface ShownRun {
  verdict: string | null
  endedAt: string | null
  attempts: { evidence: { entries: { type: string; name?: string; url?: string; ms: number | null }[] } }[]
}
interface Order {
  id: string
  email: string
  status: string
}

beforeAll(async () => {
  copy = await copyShop()
  // Checks would only take the machine's time here.
  await copy.patch('rockpool.config.ts', "checks: ['checks/**/*.check.ts']", 'checks: []')
  // The bot of docs/bots.md, as it stands there.
  const [, shortest] = /```ts\n([^`]*?)```/.exec(await readFile(join(root, 'docs/bots.md'), 'utf8'))!
  await writeFile(join(copy.folder, 'bots/shortest.bot.ts'), shortest!)
  await copy.patch(
    'rockpool.config.ts',
    '  grants: [\n',
    `  grants: [
    {
      bot: 'order and give back',
      organization: 'harbor',
      card: botCard,
      writes: { perRun: 10, perHour: 240 },
      why: 'it stands in docs/bots.md',
    },\n`,
  )
  // While the file is there, a bot that has ordered stays as it is.
  holdFile = join(copy.data, '..', 'hold')
  await copy.patch(
    'bots/ordering.bot.ts',
    "import { bot } from 'rockpool'\n",
    `import { existsSync } from 'node:fs'\nimport { bot } from 'rockpool'\n`,
  )
  await copy.patch(
    'bots/ordering.bot.ts',
    "  await step('find it in the ledger',",
    `  if (existsSync('${holdFile}')) await step('hold', () => new Promise(() => {}))\n  await step('find it in the ledger',`,
  )
  // When the file is there, orders dies of the next order that it placed with a key, which it leaves in a file beside it.
  crashFile = join(copy.data, '..', 'crash')
  await copy.patch(
    'orders/src/app.ts',
    "import { toProblem } from '@rockpool/sdk'\n",
    `import { existsSync, renameSync, writeFileSync } from 'node:fs'\nimport { toProblem } from '@rockpool/sdk'\n`,
  )
  await copy.patch(
    'orders/src/app.ts',
    '    return json(order, 201,',
    `    if (key !== undefined && existsSync('${crashFile}')) {
      writeFileSync('${crashFile}', key)
      renameSync('${crashFile}', '${crashFile}.of')
      process.exit(1)
    }
    return json(order, 201,`,
  )
  // Each kill waits for two of its times. A campaign waits for those of the demo.
  if (!isCampaign) await copy.patch('bots/ordering.bot.ts', "every: '1m'", "every: '15s'")
  shop = await startInstallation({ shop: copy })
  harbor = customer(shop.gateway, (await liveKey(shop)).text)
})
afterAll(async () => {
  await shop?.stop()
  await copy?.remove()
})

const bot = () => shop.api<ShownBot>('GET', '/bots/order%20and%20cancel')
const runOf = (run: string) => shop.api<ShownRun>('GET', `/runs/${run}`)
const addressOf = (run: string) => `order-and-cancel+${run}@bots.harbor.example`
const ordersOf = async (query: string): Promise<Order[]> =>
  (await harbor.call('GET', `/harbor/orders?${query}&limit=100`)).body.orders
const isOpen = ({ status }: Order) => status === 'placed' || status === 'paid'

/** Its newest run, while it is under way. */
async function underWay(name: string): Promise<string | null> {
  const { items } = await shop.api<{ items: { id: string; endedAt: string | null }[] }>(
    'GET',
    `/runs?kind=bot&limit=1&check=${encodeURIComponent(name)}`,
  )
  return items[0]?.endedAt === null ? items[0].id : null
}

/** The stock, once no bot is at work. */
async function atRest(): Promise<number[]> {
  const stock = async (): Promise<number[]> =>
    (await harbor.call('GET', '/harbor/items?limit=100')).body.items.map(
      (item: { stock: number }) => item.stock,
    )
  return eventually(
    'no bot is at work',
    async () => {
      const seen = await stock()
      const open = (await ordersOf('domain=bots.harbor.example')).some(isOpen)
      const working = await Promise.all(['order and cancel', 'order and give back'].map(underWay))
      return working.every((run) => run === null) && !open && seen
    },
    90_000,
  )
}

/** How many charges the bank counted, once there are as many refunds. */
function moneyIsBack(): Promise<number> {
  return eventually('the bank has refunded all that it charged', async () => {
    const { charges, refunds } = await bankStatistics(shop)
    return charges === refunds && charges
  })
}

test('the runner runs it by its schedule from the start, and the status says how long ago', async () => {
  await eventually(
    'a lifecycle of each is complete',
    async () => {
      const { items } = await shop.api<{ items: ShownBot[] }>('GET', '/bots')
      return items.length === 2 && items.every(({ lastComplete }) => lastComplete !== null)
    },
    90_000,
  )
  const { answers } = await shop.api<{ answers: { question: string; answer: string; evidence: string }[] }>(
    'GET',
    '/status',
  )
  expect(answers[1]).toMatchObject({ question: 'Right now, in production?', answer: 'yes' })
  expect(answers[1]!.evidence).toMatch(
    /^the bot “order and .+” completed its lifecycle .+ ago, in .+; 1 more since$/,
  )
})

test('a bot run by hand orders for real under an address of its own, and stock and money are as before', async () => {
  const stock = await atRest()
  const before = (await bankStatistics(shop)).charges
  const { code, stdout, stderr } = await shop.cli('bot', 'run', 'order and cancel', '--json')
  expect(code, stdout + stderr).toBe(0)
  const lines = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { type: string; run: string })
  const { run } = lines.find(({ type }) => type === 'result')!

  const [order, ...others] = await eventually('its order is refunded', async () => {
    const orders = await ordersOf(`email=${encodeURIComponent(addressOf(run))}`)
    return orders[0]?.status === 'refunded' && orders
  })
  expect(others).toEqual([])
  expect(order!.email).toBe(addressOf(run))
  expect(await atRest()).toEqual(stock)
  expect(await moneyIsBack()).toBeGreaterThan(before)

  const seen = await runOf(run)
  expect(seen).toMatchObject({
    kind: 'bot',
    parent: 'harbor',
    trigger: 'command',
    verdict: 'pass',
    sandboxes: [],
  })
  const steps = seen.attempts[0]!.evidence.entries.filter(({ type }) => type === 'step')
  expect(steps.map(({ name }) => name)).toEqual(
    expect.arrayContaining(['order it', 'find it in the ledger', 'cancel it']),
  )
  expect(steps.every(({ ms }) => ms !== null && ms >= 0)).toBe(true)
  const { items } = await shop.api<{ items: { run: string | null }[] }>('GET', '/sandboxes?limit=200')
  expect(items.filter((sandbox) => sandbox.run === run)).toEqual([])
})

test('the bot that stands in docs/bots.md does what it says', async () => {
  const { code, stdout, stderr } = await shop.cli('bot', 'run', 'order and give back')
  expect(code, stdout + stderr).toBe(0)
  expect(stdout).toMatch(/ok +order and give back/)
  expect(stdout).toMatch(/1 of 1 lifecycle is complete/)
})

test('runs of bots and of checks are lists of their own, and the CLI says what the API says', async () => {
  const { items } = await shop.api<{ items: { kind: string; check: string }[] }>(
    'GET',
    '/runs?kind=bot&check=order%20and%20cancel',
  )
  expect(items.length).toBeGreaterThan(0)
  expect(items.every(({ kind, check }) => kind === 'bot' && check === 'order and cancel')).toBe(true)
  expect((await shop.api<{ items: unknown[] }>('GET', '/runs')).items).toEqual([])
  const { stdout } = await shop.cli('bot', 'list')
  expect(stdout).toMatch(
    /^ok +order and cancel +harbor +complete .+ ago +\d+ of 240 writes in the last hour +nothing to put back$/m,
  )
  expect(await shop.json('bot', 'list')).toMatchObject([
    { name: 'order and cancel', debt: 0 },
    { name: 'order and give back', debt: 0 },
  ])
  expect((await shop.cli('status')).stdout).toMatch(
    /Right now, in production\? +yes +the bot “order and .+” completed/,
  )
})

test('without a grant a bot does not run: exit code 2, and what to add to the configuration', async () => {
  await copy.patch('rockpool.config.ts', "bot: 'order and cancel'", "bot: 'another'")
  const { code, stdout, stderr } = await shop.cli('bot', 'run', 'order and cancel')
  await copy.patch('rockpool.config.ts', "bot: 'another'", "bot: 'order and cancel'")
  expect(code, stdout + stderr).toBe(2)
  expect(stdout).toMatch(/\?\? +order and cancel/)
  expect(stderr).toContain("{ bot: 'order and cancel', organization: 'harbor', card: '<token>'")
})

test(
  'an order whose answer was lost is found by its idempotency key, and given back',
  { timeout: limitMs(180_000) },
  async () => {
    const stock = await atRest()
    await writeFile(crashFile, '')
    const run = await eventually(
      'orders died of an order',
      () => readFile(`${crashFile}.of`, 'utf8').catch(() => false as const),
      90_000,
    )
    const later = await eventually(
      'a later lifecycle is complete, and nothing is left to put back',
      async () => {
        const { debt, lastComplete } = await bot()
        return debt === 0 && lastComplete !== null && lastComplete.run > run && lastComplete.run
      },
      120_000,
    )
    expect((await runOf(run)).verdict).toBe('fail')
    const orders = await ordersOf(`email=${encodeURIComponent(addressOf(run))}`)
    expect(orders.map(({ status }) => status)).toEqual(['refunded'])
    const { items } = await shop.api<{ items: { id: string }[] }>(
      'GET',
      '/runs?kind=bot&check=order%20and%20cancel',
    )
    const since = items.filter(({ id }) => id > run && id <= later)
    const entries = (await Promise.all(since.map(({ id }) => runOf(id)))).flatMap(({ attempts }) =>
      attempts.flatMap(({ evidence }) => evidence.entries),
    )
    expect(entries.map(({ url }) => url ?? '')).toContainEqual(
      expect.stringContaining(`idempotencyKey=${run}`),
    )
    expect(await atRest()).toEqual(stock)
    await moneyIsBack()
  },
)

/** Kills the role runner and what it runs, with -9. */
async function killRunner(): Promise<void> {
  const pid = await shop.pid('rockpool-runner')
  const children = await childrenOf(pid)
  for (const one of [pid, ...children]) killHard(one)
}

/** By the kernel's own table (proc(5), stat: pid (comm) state ppid …), for want of ps on a small system. */
async function childrenOf(parent: number): Promise<number[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name))
  const stats = await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')))
  return stats.flatMap((stat) => {
    const [, ppid] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return Number(ppid) === parent ? [Number.parseInt(stat, 10)] : []
  })
}

const kills = count('botKills', 1)

test(
  `killed with -9 in the middle of its lifecycle, ${kills} times: no order is left after 2 minutes`,
  { timeout: limitMs(300_000) },
  async () => {
    const stock = await atRest()
    for (let kill = 0; kill < kills; kill++) {
      // Every other time it is killed as it comes: before it ordered, while it cancels, or when all is done.
      const isHeld = kill % 2 === 0
      if (isHeld) await writeFile(holdFile, '')
      const run = await eventually('the bot is at work', () => underWay('order and cancel'), 90_000)
      const orders = () => ordersOf(`email=${encodeURIComponent(addressOf(run))}`)
      if (isHeld) await eventually('it has ordered', async () => (await orders()).length > 0, 30_000)
      else await new Promise((resolve) => setTimeout(resolve, Math.random() * 1_000))
      await rm(holdFile, { force: true })
      await killRunner()
      const killedAt = performance.now()
      const next = await eventually(
        'a later lifecycle is complete, and nothing is left to put back',
        async () => {
          const { debt, lastComplete, latest } = await bot()
          const isLater = lastComplete !== null && lastComplete.run > run && latest?.verdict === 'pass'
          if (isLater && debt === 0 && (await runOf(run)).endedAt !== null) return lastComplete.run
          throw new Error(JSON.stringify({ kill, run, debt, lastComplete, latest }))
        },
        120_000,
      )
      if (isCampaign)
        console.log(`kill ${kill + 1}: all is back after ${Math.round(performance.now() - killedAt)} ms`)
      expect((await orders()).filter(isOpen)).toEqual([])
      expect(performance.now() - killedAt).toBeLessThan(120_000)
      if (!isHeld) continue
      // The run that was lost says so, and the one after it shows what it put back.
      expect(await runOf(run)).toMatchObject({ verdict: 'uncheckable', endedBy: 'lease' })
      const [order] = await orders()
      const names = (await runOf(next)).attempts[0]!.evidence.entries.map(({ name }) => name)
      expect(names).toContain(`put back POST /harbor/orders → ${order!.id}`)
    }
    expect(await atRest()).toEqual(stock)
    await moneyIsBack()
  },
)
