import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { serviceDatabase, type ServiceDatabase } from '../test/support/database.ts'
import { keptLog, testRockpool } from '../test/support/service.ts'
import { createPool, type Identity, type Rockpool } from './index.ts'
import { decideEffect } from './effects.ts'
import type { EffectRecorded } from './wire.ts'

const production: Identity = { organization: 'harbor', environment: 'production', actor: 'customer' }
const sandbox: Identity = { organization: 'pool-1', environment: 'sandbox', actor: 'check', run: 'run_1' }
interface Charge {
  order: string
  card: string
}

let database: ServiceDatabase
let rockpool: Rockpool
const log = keptLog()
beforeAll(async () => {
  database = await serviceDatabase('create table payments (organization text, note text)')
  rockpool = testRockpool({ database: database.pool, log })
})
beforeEach(() =>
  database.owner.query('truncate rockpool.outbox, rockpool.event_key, rockpool.erased, payments'),
)
afterAll(() => database.drop())

interface Recorded extends EffectRecorded {
  organization: string
  environment: string
  actor: string
  run: string | null
  key: string
  number: string
}

async function records(): Promise<Recorded[]> {
  const { rows } = await database.owner.query<Recorded & { data: EffectRecorded }>(
    'select organization, environment, actor, run, type, key, number, data from rockpool.outbox order by position',
  )
  return rows.map(({ data, ...row }) => ({ ...row, ...data }))
}

function bank() {
  const calls: string[] = []
  const charge = rockpool.effect('bank.charge', {
    production: async ({ order }: Charge) => (calls.push(`charged ${order}`), { receipt: `r-${order}` }),
    sandbox: async ({ order }: Charge) => (calls.push(`pretended ${order}`), { receipt: `s-${order}` }),
  })
  return { calls, charge }
}

test('the decision: production does it, a sandbox has its stand-in or nothing', () => {
  expect(decideEffect('production', true)).toBe('allow')
  expect(decideEffect('production', false)).toBe('allow')
  expect(decideEffect('sandbox', true)).toBe('stand-in')
  expect(decideEffect('sandbox', false)).toBe('deny')
})

test('in production the effect is done and recorded: started, then done', async () => {
  const { calls, charge } = bank()
  const result = await rockpool.runAs(production, () => charge({ order: 'o1', card: '4242424242424242' }))
  expect(result).toEqual({ receipt: 'r-o1' })
  expect(calls).toEqual(['charged o1'])
  const [started, done, ...more] = await records()
  expect(more).toEqual([])
  const common = {
    ...production,
    run: null,
    name: 'bank.charge',
    mode: 'production',
    arguments: { order: 'o1', card: '424242…4242' },
  }
  expect(started).toMatchObject({
    ...common,
    outcome: 'started',
    number: '1',
    type: 'rockpool.effect_recorded',
  })
  expect(done).toMatchObject({ ...common, outcome: 'done', number: '2', effect: started!.effect })
  expect(started!.key).toBe(`effect:${started!.effect}`)
})

test('in a sandbox the stand-in is called and recorded', async () => {
  const { calls, charge } = bank()
  expect(await rockpool.runAs(sandbox, () => charge({ order: 'o1', card: 'c' }))).toEqual({ receipt: 's-o1' })
  expect(calls).toEqual(['pretended o1'])
  expect(await records()).toMatchObject([
    { ...sandbox, mode: 'sandbox', outcome: 'started' },
    { ...sandbox, mode: 'sandbox', outcome: 'stood in' },
  ])
})

test('without a stand-in a sandbox causes nothing, gets an error that names the effect, and is recorded as denied', async () => {
  let sent = 0
  const mail = rockpool.effect('mail.send', { production: async (to: string) => (sent += to.length) })
  await expect(rockpool.runAs(sandbox, () => mail('a@b.example'))).rejects.toMatchObject({
    code: 'effect_no_stand_in',
    message: expect.stringContaining("effect('mail.send', { production, sandbox })") as string,
  })
  expect(sent).toBe(0)
  expect(await records()).toMatchObject([{ name: 'mail.send', outcome: 'denied', mode: 'sandbox' }])
})

test('without an identity nothing is done and nothing recorded', async () => {
  const { calls, charge } = bank()
  await expect(charge({ order: 'o1', card: 'c' })).rejects.toMatchObject({ code: 'effect_no_identity' })
  expect(calls).toEqual([])
  expect(await records()).toEqual([])
})

test('an effect that fails is recorded as failed, and its error reaches the caller', async () => {
  const charge = rockpool.effect('bank.charge', {
    production: () => Promise.reject(new Error('card 4242 4242 4242 4242 was declined')),
  })
  await expect(rockpool.runAs(production, () => charge())).rejects.toThrow('was declined')
  expect(await records()).toMatchObject([
    { outcome: 'started' },
    { outcome: 'failed', error: 'card 424242…4242 was declined' },
  ])
})

test('a record outlives the transaction of the caller', async () => {
  const { calls, charge } = bank()
  const attempt = rockpool.runAs(production, () =>
    rockpool.transaction(async (tx) => {
      await tx.query(`insert into payments values ('harbor', 'paid')`)
      await charge({ order: 'o1', card: 'c' })
      throw new Error('after all not')
    }),
  )
  await expect(attempt).rejects.toThrow('after all not')
  expect(calls).toEqual(['charged o1'])
  expect((await records()).map(({ outcome }) => outcome)).toEqual(['started', 'done'])
  expect((await database.owner.query('select from payments')).rowCount).toBe(0)
})

test('callers that hold every connection of the pool still get their effects recorded', async () => {
  const small = createPool(database.url, { max: 2 })
  try {
    const crowded = testRockpool({ database: small })
    const charge = crowded.effect('bank.charge', { production: async (order: number) => order })
    const all = Array.from({ length: 6 }, (_, order) =>
      crowded.runAs(production, () => crowded.transaction(() => charge(order))),
    )
    expect(await Promise.all(all)).toEqual([0, 1, 2, 3, 4, 5])
  } finally {
    await small.end()
  }
})

test('an effect that cannot be recorded is not done', async () => {
  const nowhere = createPool('postgres://nobody:x@127.0.0.1:1/none')
  let done = 0
  const charge = testRockpool({ database: nowhere }).effect('bank.charge', {
    production: async () => (done += 1),
  })
  const blind = testRockpool({ database: nowhere })
  const other = blind.effect('bank.charge', { production: async () => (done += 1) })
  await expect(blind.runAs(production, () => other())).rejects.toMatchObject({
    code: 'effect_not_recorded',
    status: 503,
  })
  await expect(charge()).rejects.toMatchObject({ code: 'effect_no_identity' })
  expect(done).toBe(0)
  await nowhere.end()
})

test('an effect that is done counts as done although its end could not be recorded, which is logged', async () => {
  log.lines.length = 0
  const charge = rockpool.effect('bank.charge', {
    production: async () => {
      await database.owner.query('alter table rockpool.outbox rename to away')
      return 'charged'
    },
  })
  try {
    expect(await rockpool.runAs(production, () => charge())).toBe('charged')
  } finally {
    await database.owner.query('alter table rockpool.away rename to outbox')
  }
  expect((await records()).map(({ outcome }) => outcome)).toEqual(['started'])
  expect(log.lines).toContainEqual(
    expect.objectContaining({ level: 'error', name: 'bank.charge', outcome: 'done' }),
  )
})

test('what is kept of the arguments can be chosen', async () => {
  const mail = rockpool.effect(
    'mail.send',
    { production: async (_to: string, subject: string) => subject },
    { record: (_to, subject) => ({ subject }) },
  )
  expect(await rockpool.runAs(production, () => mail('a@b.example', 'Hello'))).toBe('Hello')
  expect((await records())[0]!.arguments).toEqual({ subject: 'Hello' })
})

test('no effect is done for an organization that is erased', async () => {
  const { calls, charge } = bank()
  const late = rockpool.runAs(production, async () => {
    await database.owner.query(`insert into rockpool.erased (slug) values ('harbor')`)
    return await charge({ order: 'o1', card: 'c' })
  })
  await expect(late).rejects.toMatchObject({ code: 'organization_deleted' })
  expect(calls).toEqual([])
})
