import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { botsWorld } from '../../test/support/bots.ts'
import type { BotsWorld } from '../../test/support/bots.ts'
import { createLoopback, createWorkspace, json } from '../../test/support/checks.ts'
import type { Workspace } from '../../test/support/checks.ts'
import { createPool, discover, executeChecks } from '../checks/index.ts'
import { systemClock } from '../kernel/index.ts'
import { slugOf } from './authoring/lifecycle.ts'

let world: BotsWorld
let workspace: Workspace
let gateway: Awaited<ReturnType<typeof createLoopback>>

beforeAll(async () => {
  gateway = await createLoopback((request, response) => {
    const isStuck = request.url.includes('stuck')
    json(response, isStuck ? 500 : request.url.endsWith('/orders') ? 201 : 200, { id: 'order_7' })
  })
  world = await botsWorld(gateway.url, systemClock)
})
beforeEach(async () => {
  gateway.requests.length = 0
  world.grants.length = 0
  workspace = await createWorkspace()
  return () => workspace.remove()
})
afterAll(async () => {
  await gateway.close()
  await world.close()
})

const catalogue = {
  orders: {
    placeOrder: { method: 'POST', path: '/{organization}/orders' },
    cancelOrder: { method: 'POST', path: '/{organization}/orders/{id}/cancel' },
  },
}
const putBack = `async ({ api, expect }, created) => {
  expect((await api.orders.cancelOrder({ path: { id: created.resource } })).status).toBe(200)
}`

/** A bot file; granted. */
async function write(
  name: string,
  body: string,
  options = `every: '1m', putBack: ${putBack}`,
): Promise<void> {
  const text = `import { bot } from 'rockpool'\nbot('${name}', { ${options} }, async ({ bot, api, step, expect, until, ledger, ...rest }) => {\n${body}\n})\n`
  await writeFile(join(workspace.folder, 'a.bot.ts'), text)
  const writes = { perRun: 100, perHour: 10_000 }
  world.grants.push({ bot: name, organization: 'harbor', card: 'card_bot', writes, why: 'to know' })
}
const execute = () =>
  executeChecks({
    kind: world.kind,
    control: world.control,
    files: ['*.bot.ts'],
    folder: workspace.folder,
    catalogue,
    clock: systemClock,
    reporters: [],
  })
const stepsOf = async () => {
  const { results, findingsFound } = await execute()
  const [result] = results
  if (!result) throw new Error(JSON.stringify(findingsFound))
  const { entries } = result.attempts[0]!.evidence
  return {
    ...result,
    failure: result.attempts[0]!.failure,
    steps: entries.flatMap((entry) => (entry.type === 'step' ? [entry] : [])),
  }
}
/** Things that an earlier run of the bot left. */
async function leave(name: string, ...resources: string[]): Promise<void> {
  const { run } = await world.runs.start({ kind: 'bot', check: name, trigger: 'command' })
  for (const resource of resources) await world.wrote(run, { resource })
  await world.runs.finish(run, { verdict: 'fail', attempts: [] })
}
const debtOf = async (name: string) => (await world.debts.of(name)).length

describe('a bot', () => {
  test('is handed who it is, orders in its organization, sees what the ledger has, and has no sandbox', async () => {
    await write(
      'Order & cancel',
      `  const order = await step('order', () => api.orders.placeOrder({ body: { email: bot.email, card: bot.card } }))
  expect(order.status).toBe(201)
  expect(bot.email).toBe('order-cancel+' + bot.run + '@bots.harbor.example')
  expect(bot.emailOf('run_1')).toBe('order-cancel+run_1@bots.harbor.example')
  expect([bot.name, bot.organization, bot.domain]).toEqual(['Order & cancel', 'harbor', 'bots.harbor.example'])
  expect(await ledger()).toEqual([])
  expect(Object.keys(rest).toSorted()).not.toContain('sandbox')`,
    )
    expect(await stepsOf()).toMatchObject({ verdict: 'pass', failure: null, steps: [{ name: 'order' }] })
    const [request] = gateway.requests
    expect(request).toMatchObject({ method: 'POST', url: '/harbor/orders' })
    expect(JSON.parse(request!.body)).toMatchObject({ card: 'card_bot' })
  })

  test('first puts back what earlier runs left, each a step, and goes on', async () => {
    await write('tidy', `  await step('work', () => {})`)
    await leave('tidy', 'order_a', 'order_b')
    expect(await stepsOf()).toMatchObject({
      verdict: 'pass',
      steps: [
        { name: 'put back POST /harbor/orders → order_a', failed: false },
        { name: 'put back POST /harbor/orders → order_b', failed: false },
        { name: 'work' },
      ],
    })
    expect(gateway.requests.map(({ url }) => url)).toEqual([
      '/harbor/orders/order_a/cancel',
      '/harbor/orders/order_b/cancel',
    ])
    expect(await debtOf('tidy')).toBe(0)
  })

  test('goes on with a little debt that cannot be put back, and puts back the rest', async () => {
    await write('patient', `  await step('work', () => {})`)
    await leave('patient', 'stuck_1', 'order_b')
    expect(await stepsOf()).toMatchObject({
      verdict: 'pass',
      steps: [{ failed: true }, { failed: false }, { name: 'work' }],
    })
    expect(await debtOf('patient')).toBe(1)
  })

  test('with a debt of five uses production no more, and says so with the reason', async () => {
    await write('indebted', `  await step('work', () => {})`)
    await leave('indebted', 'stuck_1', 'stuck_2', 'stuck_3', 'stuck_4', 'stuck_5', 'order_b')
    const { verdict, failure, steps } = await stepsOf()
    expect(verdict).toBe('fail')
    expect(failure?.message).toMatch(
      /^it uses production no more: 5 things that earlier runs made are not put back; the last: .*expected/,
    )
    expect(steps.map(({ name }) => name)).not.toContain('work')
    expect(await debtOf('indebted')).toBe(5)
  })

  test('with the last slice of the hour puts back, does nothing else, and cannot tell', async () => {
    await write('thrifty', `  await step('work', () => {})`)
    await leave('thrifty', 'order_a')
    world.grants[0]!.writes = { perRun: 100, perHour: 200 }
    const { verdict, attempts, steps } = await stepsOf()
    expect(verdict).toBe('uncheckable')
    expect(attempts[0]!.obstacle?.message).toMatch(
      /^nothing was done but to put back what earlier runs left: “thrifty” may write 200 times an hour/,
    )
    expect(steps.map(({ name }) => name)).toEqual(['put back POST /harbor/orders → order_a'])
    expect(await debtOf('thrifty')).toBe(0)
  })

  test('whose budget is spent does not run, which is told as uncheckable with the reason', async () => {
    await write('thirsty', `  await step('work', () => {})`)
    world.grants[0]!.writes = { perRun: 100, perHour: 99 }
    const { results, exitCode } = await execute()
    expect(exitCode).toBe(2)
    expect(results[0]?.attempts[0]?.obstacle?.message).toMatch(
      /^it does not use production now: “thirsty” may write 99 times an hour/,
    )
  })
})

describe('a bot file', () => {
  const findingsOf = async (text: string) => {
    const file = join(workspace.folder, 'a.bot.ts')
    await writeFile(file, text)
    const pool = createPool()
    const { findings } = await discover([file], pool, world.kind)
    pool.close()
    return findings.map(({ line, message }) => `${line}: ${message}`)
  }

  test('that lacks something is told all of it, with its line', async () => {
    expect(
      await findingsOf(
        `import { bot } from 'rockpool'\n\nbot('x', { retries: 2, timeout: '2h' }, async () => {})`,
      ),
    ).toEqual([
      '3: there is no such option; there are every, timeout, putBack',
      '3: a bot needs a time between its lifecycles, such as 1m',
      '3: it must lie between 0.1 s and 1800 s',
      '3: a bot needs a function that puts back one thing: async (fixtures, created) => { … }',
    ])
  })

  test('that is none, or has a check in it, is told so', async () => {
    expect(await findingsOf(`import { check } from 'rockpool'\ncheck('x', async () => {})`)).toEqual([
      'undefined: it defines no bot: call bot(name, …) in it',
      '2: it defines a check among files of bots: give it a file of its own',
    ])
  })
})

test('an address begins with the bot’s name, however it is written, and stays within 64 characters', () => {
  expect(slugOf('Order & cancel: Ünïts')).toBe('order-cancel-u-ni-ts')
  expect(slugOf('日本')).toBe('bot')
  expect(`${slugOf('x'.repeat(120))}+run_${'0'.repeat(36)}`.length).toBeLessThanOrEqual(64)
})
