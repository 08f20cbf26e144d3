import { expect, test } from 'vitest'
import { budgetOf, leadOf, stateOf, worstFirst, type BotItem } from './bots.ts'

const now = Date.parse('2026-11-22T14:42:00.000Z')
const bot = (more: Partial<BotItem> = {}): BotItem => ({
  name: 'order and cancel',
  file: 'bots/order.bot.ts',
  line: 5,
  every: 60_000,
  running: false,
  organization: 'harbor',
  grant: { writes: { perRun: 10, perHour: 240, used: 12 }, card: null, why: 'to know that ordering works' },
  debt: 0,
  lastComplete: { run: 'run_1', at: '2026-11-22T14:41:48.000Z', ms: 900 },
  latest: { run: 'run_1', verdict: 'pass', at: '2026-11-22T14:41:48.000Z', message: null },
  runs: [],
  ...more,
})
const plain = (text: string) => text.replaceAll('\u00a0', ' ')

test('the answer is the age of the last complete lifecycle, and what is not put back', () => {
  expect(plain(leadOf([bot()], now).answer)).toBe('“order and cancel” used production for real 12 s ago.')
  expect(leadOf([bot()], now).rest).toBe('Everything is put back.')
  expect(leadOf([bot({ debt: 1 })], now).rest).toBe('1 thing is still to be put back.')
})

test('an old proof is no answer, and a failure is one', () => {
  expect(plain(leadOf([bot()], now + 180_000).answer)).toBe(
    'Nobody knows: the last complete lifecycle was 3 min 12 s ago.',
  )
  const failed = bot({ latest: { run: 'run_2', verdict: 'fail', at: '', message: 'no order' } })
  expect(leadOf([failed], now).answer).toBe('“order and cancel” fails in production.')
  expect(leadOf([bot({ lastComplete: null, latest: null })], now).answer).toBe(
    'No bot has used production yet.',
  )
  expect(leadOf([], now).answer).toBe('No bot uses production.')
})

test('without a grant it says so, and debt comes first', () => {
  expect(stateOf(bot({ grant: null }))).toBe('not granted')
  expect(
    worstFirst([bot(), bot({ name: 'b', grant: null }), bot({ name: 'c', debt: 2 })]).map(({ name }) => name),
  ).toEqual(['c', 'b', 'order and cancel'])
  expect(budgetOf(bot().grant!)).toBe('12 of 240 writes an hour')
})
