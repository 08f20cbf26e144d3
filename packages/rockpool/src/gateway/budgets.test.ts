import { expect, test } from 'vitest'
import { bot, botSession, decided, base, bearer, live } from '../../test/support/decision.ts'
import { snapshotOf, type TestCredential } from '../../test/support/gateway-entries.ts'
import { createBudgets, type Budgets } from './budgets.ts'
import { openSnapshot, type Directory } from './snapshot.ts'

const directoryOf = (credentials: TestCredential[]): Directory => {
  const opened = openSnapshot(snapshotOf({ ...base, credentials }))
  if (!opened.ok) throw new Error(JSON.stringify(opened.findings))
  return opened.directory
}
const directory = directoryOf([bot, botSession, live])

function spend(budgets: Budgets, credential: TestCredential, method = 'POST', known = directory): string {
  const decision = decided({ target: '/harbor/items', headers: bearer(live) })
  if (decision.kind !== 'forward') throw new Error('not forwarded')
  return budgets.spend(known, { ...decision, credential }, method)?.code ?? 'spent'
}

test('a grant of two writes allows two, and reads without end', () => {
  const budgets = createBudgets()
  expect(
    ['GET', 'POST', 'HEAD', 'DELETE', 'OPTIONS', 'GET'].map((method) => spend(budgets, bot, method)),
  ).toEqual(Array.from({ length: 6 }, () => 'spent'))
  for (const method of ['POST', 'PUT', 'PATCH', 'DELETE'])
    expect(spend(budgets, bot, method)).toBe('budget_spent')
  expect(spend(budgets, bot, 'GET')).toBe('spent')
})

test('a run’s key and its browser share one budget, another run has its own', () => {
  const budgets = createBudgets()
  expect([bot, botSession, bot].map((shown) => spend(budgets, shown))).toEqual([
    'spent',
    'spent',
    'budget_spent',
  ])
  expect(spend(budgets, { ...bot, run: 'run_3' })).toBe('spent')
})

test('a grant of no write allows none, and what has no grant has no budget', () => {
  const budgets = createBudgets()
  const none = { ...bot, grant: { ...bot.grant!, writes: 0 } }
  expect(spend(budgets, none)).toBe('budget_spent')
  expect(Array.from({ length: 100 }, () => spend(budgets, live))).not.toContain('budget_spent')
  expect(budgets.size()).toBe(0)
})

test('what is counted goes with its credential: runs that are over leave nothing behind', () => {
  const budgets = createBudgets()
  for (let run = 0; run < 1000; run += 1) {
    const own = { ...bot, run: `run_${run}` }
    expect(spend(budgets, own, 'POST', directoryOf([own]))).toBe('spent')
  }
  expect(budgets.size()).toBe(1)
})
