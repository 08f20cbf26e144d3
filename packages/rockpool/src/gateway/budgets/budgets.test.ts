import { expect, test } from 'vitest'
import { bot, botSession, live } from '../../../test/support/decision.ts'
import type { TestCredential } from '../../../test/support/gateway-entries.ts'
import { createSimulatedClock, silentLog } from '../../kernel/index.ts'
import { createBudgets, leaseMs } from './budgets.ts'
import { lentOf } from './lending.ts'
import type { GivenBack, LeaseAnswer, LeaseRequest, Lender } from './types.ts'

/** A gateway's budgets on a clock that stands still, and a control whose answers the test gives, or that lends two writes. */
function start(answer?: (request: LeaseRequest) => Promise<LeaseAnswer>) {
  const clock = createSimulatedClock()
  const asked: LeaseRequest[] = []
  const back: GivenBack[] = []
  let taken = 0
  let underWay = 0
  let isThere = true
  const lendTwo = ({ want }: LeaseRequest) => {
    const granted = lentOf({ writes: 2, taken, want })
    taken += granted
    return Promise.resolve({ granted, left: 2 - taken, lent: 0 })
  }
  const lender: Lender = {
    async lend(request) {
      asked.push(request)
      if (!isThere) throw new Error('no control')
      underWay += 1
      expect(underWay).toBe(1)
      return (answer ?? lendTwo)(request).finally(() => {
        underWay -= 1
      })
    },
    async takeBack(leases) {
      if (!isThere) throw new Error('no control')
      back.push(...leases)
    },
  }
  const budgets = createBudgets({ lender, clock, log: silentLog })

  /** A call as gateway.ts has it. */
  async function spend(credential: TestCredential = bot, method = 'POST'): Promise<string> {
    const decision = { credential }
    const by = clock.now() + leaseMs
    for (;;) {
      const refusal = budgets.refusal(decision, method)
      if (refusal === undefined) {
        budgets.spend(decision, method)
        return 'spent'
      }
      if (refusal !== 'unleased') return refusal.code
      const refused = await budgets.lease(decision, by)
      if (refused) return refused.code
    }
  }
  return { budgets, spend, clock, asked, back, die: () => (isThere = false), live: () => (isThere = true) }
}
const lendTen: (request: LeaseRequest) => Promise<LeaseAnswer> = () =>
  Promise.resolve({ granted: 10, left: 0, lent: 0 })

test('a grant of two writes allows two, and reads without end', async () => {
  const { spend, asked } = start()
  for (const method of ['GET', 'HEAD', 'OPTIONS']) expect(await spend(bot, method)).toBe('spent')
  expect(asked).toEqual([])
  expect(await spend()).toBe('spent')
  expect(await spend(bot, 'DELETE')).toBe('spent')
  for (const method of ['POST', 'PUT', 'PATCH', 'DELETE'])
    expect(await spend(bot, method)).toBe('budget_spent')
  expect(await spend(bot, 'GET')).toBe('spent')
  // A lease of one, another one, and that there is nothing more: that is known from then on.
  expect(asked.map(({ want, spent }) => [want, spent])).toEqual([
    [1, null],
    [1, asked[0]!.lease],
    [1, asked[1]!.lease],
  ])
})

test('a run’s key and its browser share one budget, another run has its own', async () => {
  const { spend, budgets } = start()
  expect([await spend(bot), await spend(botSession), await spend(bot)]).toEqual([
    'spent',
    'spent',
    'budget_spent',
  ])
  await spend({ ...bot, run: 'run_3' })
  expect(budgets.size()).toBe(2)
})

test('what has no grant has no budget, and control is not asked', async () => {
  const { spend, asked, budgets } = start()
  for (let call = 0; call < 100; call += 1) expect(await spend(live)).toBe('spent')
  expect([asked, budgets.size()]).toEqual([[], 0])
})

test('of many that come at once one asks, and each write is spent once', async () => {
  const { spend, asked } = start()
  const all = await Promise.all(Array.from({ length: 40 }, () => spend()))
  expect(all.filter((one) => one === 'spent')).toHaveLength(2)
  expect(all.filter((one) => one === 'budget_spent')).toHaveLength(38)
  expect(asked).toHaveLength(3)
})

test('no more than a hundred of a run wait for control', async () => {
  let answer: ((lease: LeaseAnswer) => void) | undefined
  const { spend } = start(() => new Promise((resolve) => (answer = resolve)))
  const waiting = Array.from({ length: 100 }, () => spend())
  expect(await spend()).toBe('gateway_cut_off')
  answer!({ granted: 100, left: 0, lent: 0 })
  expect(new Set(await Promise.all(waiting))).toEqual(new Set(['spent']))
})

test('without control what was lent can be written, and nothing more', async () => {
  const { spend, die, live } = start(lendTen)
  expect(await spend()).toBe('spent')
  die()
  for (let call = 1; call < 10; call += 1) expect(await spend()).toBe('spent')
  expect(await spend()).toBe('gateway_cut_off')
  live()
  expect(await spend()).toBe('spent')
})

test('a lease whose answer was lost is asked for again, and not a second one', async () => {
  let calls = 0
  const { spend, asked } = start((request) =>
    (calls += 1) === 1 ? Promise.reject(new Error('lost')) : lendTen(request),
  )
  expect(await spend()).toBe('gateway_cut_off')
  expect(await spend()).toBe('spent')
  expect(asked[1]!.lease).toBe(asked[0]!.lease)
})

test('what idles is given back once, and what was asked for in vain with it', async () => {
  const { spend, budgets, asked, back, clock, die, live } = start(lendTen)
  await spend()
  await clock.advance(900)
  await spend()
  die()
  await spend({ ...bot, run: 'run_3' })
  live()
  await clock.advance(900)
  expect(back).toEqual([])
  await clock.advance(600)
  expect(back).toEqual([
    { lease: asked[0]!.lease, writes: 8 },
    { lease: asked[1]!.lease, writes: 50 },
  ])
  expect(budgets.size()).toBe(0)
  await clock.advance(60_000)
  expect(back).toHaveLength(2)
})

test('while control is gone what is here is kept, however long it idles', async () => {
  const { spend, clock, back, die, live, asked } = start(lendTen)
  await spend()
  die()
  await clock.advance(60_000)
  expect([back, await spend()]).toEqual([[], 'spent'])
  live()
  await clock.advance(1_500)
  expect(back).toEqual([{ lease: asked[0]!.lease, writes: 8 }])
})

test('what control did not take back in the end is told again, and never spent again', async () => {
  const clock = createSimulatedClock()
  const asked: string[] = []
  const back: GivenBack[] = []
  let isLost = true
  const lender: Lender = {
    lend({ lease }) {
      asked.push(lease)
      return Promise.resolve({ granted: 3, left: 0, lent: 0 })
    },
    takeBack(leases) {
      if (leases.length > 0 && isLost) return Promise.reject(new Error('the answer is lost'))
      return Promise.resolve(void back.push(...leases))
    },
  }
  const budgets = createBudgets({ lender, clock, log: silentLog })
  const decision = { credential: bot }
  expect(await budgets.lease(decision, clock.now() + leaseMs)).toBeUndefined()
  await clock.advance(5_000)
  expect(budgets.refusal(decision, 'POST')).toBe('unleased')
  isLost = false
  await clock.advance(1_000)
  expect(back).toEqual([{ lease: asked[0], writes: 3 }])
})

test('what other gateways have is waited for: they give it back, or it counts as spent', async () => {
  let lent = 4
  const { spend, clock, asked } = start((request) =>
    lent === 0 ? lendTen(request) : Promise.resolve({ granted: 0, left: 0, lent }),
  )
  const first = spend()
  await clock.advance(1_000)
  lent = 0
  await clock.advance(300)
  expect(await first).toBe('spent')

  lent = 4
  const second = spend({ ...bot, run: 'run_3' })
  await clock.advance(leaseMs + 300)
  expect(await second).toBe('budget_spent')
  // It is not given up for good: who wrote less may give back later.
  const before = asked.length
  lent = 0
  expect([await spend({ ...bot, run: 'run_3' }), asked.length]).toEqual(['spent', before + 1])
})

test('a gateway that stops gives back what it has', async () => {
  const { spend, budgets, back, asked } = start(lendTen)
  await spend()
  await budgets.close()
  expect(back).toEqual([{ lease: asked[0]!.lease, writes: 9 }])
})
