import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { eventually } from '../../test/support/eventually.ts'
import { botsWorld } from '../../test/support/bots.ts'
import type { BotsWorld } from '../../test/support/bots.ts'
import { credentialState } from '../organizations/index.ts'
import { browserOperations, checksOperations } from '../checks/index.ts'
import type { Attempt } from '../checks/index.ts'
import type { Scope } from '../kernel/index.ts'
import { createDebts } from './debts.ts'
import type { BotOrder } from './types.ts'

let world: BotsWorld
/** Time of the runs and bots alone, moved by hand. */
let ahead = 0
const clock = {
  now: () => Date.now() + ahead,
  sleep: (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms)),
}
const minute = 60_000
const hour = 60 * minute

let bot = ''
let count = 0

beforeAll(async () => {
  world = await botsWorld('http://127.0.0.1:8470', clock)
})
afterAll(() => world.close())
beforeEach(() => {
  ahead = 0
  bot = `bot ${++count}`
  world.grants.push({
    bot,
    organization: 'harbor',
    card: 'card_bot_harbor',
    writes: { perRun: 10, perHour: 35 },
    why: 'to know',
  })
})

const start = (changes = {}) => world.runs.start({ kind: 'bot', check: bot, trigger: 'command', ...changes })
const finish = (run: string, verdict: 'pass' | 'fail' | null, attempts: Attempt[] = []) =>
  world.runs.finish(run, { verdict, attempts })
const orderOf = ({ attempt }: Awaited<ReturnType<typeof start>>) => attempt.more as BotOrder
const stateOf = async () => {
  await world.runs.register(
    'bot',
    [{ name: bot, file: '/a.bot.ts', line: 3, every: minute, cron: null, timeout: 1_000, tags: [] }],
    true,
  )
  return world.bots.get(bot)
}
/** As if control had swept a run whose runner was lost. */
const lose = async () => {
  ahead += 16_000
  await world.runs.sweep()
}

describe('a run of a bot', () => {
  test('works in production by its grant, with a credential that dies with it, and leaves no sandbox', async () => {
    const { run, attempt } = await start()
    expect(await world.organizations.findCredential(attempt.credential)).toMatchObject({
      kind: 'run',
      run,
      environment: 'production',
      actor: 'bot',
      allows: { organization: 'harbor' },
      grant: { name: bot, writes: 10, card: 'card_bot_harbor' },
    })
    expect(attempt).toMatchObject({
      organization: 'harbor',
      more: {
        run,
        name: bot,
        domain: 'bots.harbor.example',
        card: 'card_bot_harbor',
        leftovers: [],
        debt: 0,
        putsBackAlone: null,
      },
    })
    const ended = await finish(run, 'pass')
    expect(ended).toMatchObject({ kind: 'bot', parent: 'harbor', verdict: 'pass', sandboxes: [] })
    const credential = await world.organizations.findCredential(attempt.credential)
    expect(credentialState(credential!, Date.now())).toBe('revoked')
    expect((await world.sandboxes.list({ run, limit: 10 })).items).toEqual([])
    expect((await world.organizations.get('harbor')).status).toBe('active')
  })

  test('is refused without a grant, or for another organization, and nothing begins', async () => {
    const refused = world.runs.start({ kind: 'bot', check: 'nobody knows', trigger: 'command' })
    await expect(refused).rejects.toMatchObject({
      code: 'grant_missing',
      message: expect.stringContaining("{ bot: 'nobody knows', organization: 'harbor'"),
    })
    expect((await world.runs.list({ kind: 'bot', check: 'nobody knows', limit: 1 })).items).toEqual([])
    await expect(start({ parent: 'pier' })).rejects.toMatchObject({ code: 'invalid_input' })
  })

  test('has one attempt: nobody gets a second slice, or its credential, out of it', async () => {
    const { run, attempt } = await start()
    await expect(world.runs.startAttempt(run)).rejects.toMatchObject({ code: 'conflict' })
    const credential = await world.organizations.findCredential(attempt.credential)
    expect(credentialState(credential!, Date.now())).toBe('active')
  })

  test('is begun, led and ended by the scope admin of the whole installation alone; a check is not', async () => {
    const { organizations, sandboxes, runs } = world
    const operations = checksOperations({
      runs,
      organizations,
      sandboxes,
      effects: () => Promise.resolve([]),
      requests: { put: () => Promise.reject(new Error('nobody asks')), close: () => Promise.resolve() },
    })
    const browser = browserOperations({ database: world.database, organizations, clock })
    const as = (organization: string | null, scopes: Scope[]) => (id: string, input: object) =>
      [...operations, ...browser]
        .find(({ operation }) => operation.id === id)!
        .handler({
          ...input,
          caller: { kind: 'control', credential: 'key_1', organization, member: 'mem_1', scopes },
        } as never)
    const others = {
      developer: as('harbor', ['read', 'write']),
      // Of the organization of the grant; whoever is bound to it would be handed the company's whole card.
      owner: as('harbor', ['read', 'write', 'admin']),
      'developer of the whole installation': as(null, ['read', 'write']),
    }
    const admin = as(null, ['read', 'write', 'admin'])
    const asked = { body: { kind: 'bot', check: bot, trigger: 'command' } }
    for (const [who, call] of Object.entries(others))
      await expect(call('checks.startRun', asked), who).rejects.toMatchObject({ code: 'scope_missing' })
    expect((await world.runs.list({ kind: 'bot', check: bot, limit: 1 })).items).toEqual([])
    const { run } = (await admin('checks.startRun', asked)) as { run: string }
    const verdict = { params: { run }, body: { verdict: 'pass', attempts: [], waitMs: 0 } }
    const page = { params: { run }, body: { organization: 'harbor' } }
    for (const [who, call] of Object.entries(others)) {
      for (const id of ['checks.startAttempt', 'checks.heartbeatRun', 'checks.finishRun'])
        await expect(call(id, verdict), `${who}, ${id}`).rejects.toMatchObject({ code: 'scope_missing' })
      await expect(call('checks.createBrowserTicket', page), who).rejects.toMatchObject({
        code: 'scope_missing',
      })
    }
    await expect(admin('checks.createBrowserTicket', page)).resolves.toHaveProperty('ticket')
    await expect(admin('checks.finishRun', verdict)).resolves.toMatchObject({ verdict: 'pass' })
    const check = (await others.developer('checks.startRun', {
      body: { kind: 'check', check: bot, trigger: 'command' },
    })) as { run: string }
    await expect(others.developer('checks.heartbeatRun', { params: check })).resolves.toBeUndefined()
  })

  test('has names of its own: a check of the same name is another thing', async () => {
    const { run } = await start()
    await finish(run, 'pass')
    expect((await world.runs.list({ kind: 'check', check: bot, limit: 1 })).items).toEqual([])
    expect((await world.runs.list({ kind: 'bot', check: bot, limit: 1 })).items).toHaveLength(1)
  })
})

describe('the budget of an hour', () => {
  test('is lent in slices; when it is spent, a run is refused with the reason, and the refusal is kept', async () => {
    const first = await start()
    await start()
    await expect(start()).rejects.toMatchObject({
      code: 'budget_spent',
      message: expect.stringMatching(
        /35 times an hour, of which 20 are used or lent, the last 10 are for putting back, and a run needs 10/,
      ),
    })
    const { items } = await world.runs.list({ kind: 'bot', check: bot, limit: 1 })
    expect(items[0]).toMatchObject({
      verdict: 'uncheckable',
      why: [expect.stringMatching(/^it does not use production now: “bot \d+” may write 35 times/)],
    })
    ahead = hour + minute
    await expect(start()).resolves.toMatchObject({ run: expect.not.stringMatching(first.run) })
  })

  test('gets back what a run did not write, and keeps what it did', async () => {
    for (let turn = 0; turn < 5; turn++) {
      const { run } = await start()
      await world.wrote(run)
      await world.wrote(run, { path: '/harbor/orders/order_7/cancel', status: 200 })
      await finish(run, 'pass')
      ahead += minute
    }
    expect((await stateOf()).grant?.writes).toEqual({ perRun: 10, perHour: 35, used: 10 })
  })

  test('gets nothing back by what the one who ends a run says, until the gateways had time to tell', async () => {
    const first = await start()
    await finish(first.run, 'fail')
    const second = await start()
    await finish(second.run, null)
    await expect(start()).rejects.toMatchObject({ code: 'budget_spent' })
    expect((await stateOf()).grant?.writes.used).toBe(20)
    for (let write = 0; write < 9; write++) await world.wrote(first.run)
    ahead = minute
    expect((await stateOf()).grant?.writes.used).toBe(9)
    // Of a gateway that was away: it counts when it comes, and a run never for more than its slice.
    for (let write = 0; write < 12; write++) await world.wrote(second.run)
    expect((await stateOf()).grant?.writes.used).toBe(19)
    expect(orderOf(await start()).putsBackAlone).toMatch(/of which 19 are used or lent/)
  })

  test('gets back as well what a run that was lost did not write', async () => {
    const { run } = await start()
    await world.wrote(run)
    await lose()
    expect((await stateOf()).grant?.writes.used).toBe(10)
    ahead += minute
    expect((await stateOf()).grant?.writes.used).toBe(1)
  })

  test('has a last slice for putting back: a run that gets it is told to do nothing else', async () => {
    const { run } = await start()
    await world.wrote(run)
    await finish(run, 'fail')
    await start()
    const last = await start()
    expect(orderOf(last)).toMatchObject({
      debt: 1,
      putsBackAlone: expect.stringMatching(/of which 20 are used or lent, the last 10 are for putting back/),
    })
    await expect(start()).rejects.toMatchObject({ code: 'budget_spent' })
  })
})

describe('debt', () => {
  test('is what a failed run made; the next run is handed it, and what is put back is debt no more', async () => {
    const { run } = await start()
    const order = await world.wrote(run)
    await world.wrote(run, { path: '/harbor/orders/order_7/cancel', status: 200 })
    await finish(run, 'fail')
    expect((await stateOf()).debt).toBe(1)

    const next = await start()
    expect(orderOf(next)).toMatchObject({ debt: 1, leftovers: [{ id: order.id, run, resource: 'order_7' }] })
    await world.debts.putBack(next.run, order.id)
    await world.debts.putBack(next.run, order.id)
    expect((await stateOf()).debt).toBe(0)
    await finish(next.run, 'pass')
    ahead = minute
    expect(orderOf(await start()).leftovers).toEqual([])
  })

  test('of a complete lifecycle is none, whatever it made: it saw itself that all is as before', async () => {
    const { run } = await start()
    await world.wrote(run)
    await finish(run, 'pass')
    expect((await stateOf()).debt).toBe(0)
  })

  test('is not what a run that is still under way has made: nobody may put that back below it', async () => {
    const { run } = await start()
    await world.wrote(run)
    expect(orderOf(await start()).leftovers).toEqual([])
    expect((await stateOf()).debt).toBe(0)
  })

  test('is left by a run whose runner was lost, and by one that was stopped', async () => {
    const lost = await start()
    await world.wrote(lost.run, { resource: 'order_lost' })
    await lose()
    const stopped = await start()
    await world.wrote(stopped.run, { status: null, resource: null, outcome: 'doubtful' })
    await finish(stopped.run, null)
    expect((await stateOf()).debt).toBe(2)
  })

  test('that a gateway tells late is found late, and counts', async () => {
    const { run } = await start()
    await finish(run, 'fail')
    expect((await stateOf()).debt).toBe(0)
    ahead = hour
    await world.wrote(run)
    expect((await stateOf()).debt).toBe(1)
  })

  test('that is not seen, for there is too much of it, is not forgotten', async () => {
    const { run } = await start()
    await world.wrote(run)
    await finish(run, 'fail')
    ahead = 25 * hour
    const { database } = world
    const ledger = { createdBy: () => Promise.resolve({ entries: [], isCut: true }) }
    expect(await createDebts({ database, ledger, clock }).of(bot)).toEqual([])
    expect((await stateOf()).debt).toBe(1)
  })

  test('of another bot is nobody else’s to put back, and a run that has ended puts nothing back', async () => {
    const { run } = await start()
    const order = await world.wrote(run)
    await finish(run, 'fail')
    const mine = bot
    bot = 'another'
    world.grants.push({ ...world.grants.find((grant) => grant.bot === mine)!, bot })
    const other = await start()
    await world.debts.putBack(other.run, order.id)
    await expect(world.debts.putBack(run, order.id)).rejects.toMatchObject({ code: 'conflict' })
    bot = mine
    expect((await stateOf()).debt).toBe(1)
  })
})

describe('what is told of a bot', () => {
  test('its grant without its card, its last complete lifecycle and its last run', async () => {
    const complete = await start()
    await finish(complete.run, 'pass')
    const failed = await start()
    await finish(failed.run, 'fail', [
      {
        number: 1,
        verdict: 'fail',
        startedAt: new Date().toISOString(),
        ms: 1,
        organization: 'harbor',
        failure: {
          kind: 'error',
          message: 'no stock',
          steps: [],
          place: null,
          frame: [],
          expected: null,
          actual: null,
        },
        obstacle: null,
        evidence: { entries: [], left: { entries: 0, console: 0, bodies: 0 } },
      },
    ])
    const state = await stateOf()
    expect(state).toMatchObject({
      name: bot,
      every: minute,
      organization: 'harbor',
      grant: { card: 'card_…rbor', why: 'to know' },
      lastComplete: { run: complete.run },
      latest: { run: failed.run, verdict: 'fail', message: 'no stock' },
      runs: [{ verdict: 'pass' }, { verdict: 'fail' }],
    })
    expect(JSON.stringify(state)).not.toContain('card_bot_harbor')
  })

  test('nothing to those who are bound to another organization', async () => {
    await stateOf()
    expect((await world.bots.list('harbor')).map(({ name }) => name)).toEqual([bot])
    expect(await world.bots.list('pier')).toEqual([])
    await expect(world.bots.get(bot, 'pier')).rejects.toMatchObject({ code: 'not_found' })
  })

  test('to pages as it changes: that a run begins, ends, or put something back, and which bots there are', async () => {
    let told: string[] = []
    const listening = await world.database.listen('rockpool_changes', (topic) => void told.push(topic))
    const hears = async (work: () => Promise<unknown>) => {
      told = []
      await work()
      await eventually('bots are told of', () => Promise.resolve(told.includes('bots')))
    }
    let run = ''
    await hears(async () => ({ run } = await start()))
    const order = await world.wrote(run)
    await hears(() => finish(run, 'fail'))
    const next = await start()
    await hears(() => world.debts.putBack(next.run, order.id))
    await hears(stateOf)
    await listening.close()
  })

  test('that it has no grant, and does not run', async () => {
    bot = 'without'
    expect(await stateOf()).toMatchObject({
      organization: null,
      grant: null,
      latest: null,
      lastComplete: null,
    })
  })
})
