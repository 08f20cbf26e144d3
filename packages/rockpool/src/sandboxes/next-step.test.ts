import { describe, expect, test } from 'vitest'
import { answersOf } from './answers.ts'
import { mostPasses, nextStep, visitPause, type Answer, type Facts, type Progress } from './next-step.ts'
import { makeReceipt } from './receipt.ts'
import { sandboxSlug } from './slug.ts'
import type { Counted } from './types.ts'

const fresh: Progress = { pass: 0, before: null, event: null, ownErased: false }
const counted = { ...fresh, before: [] }
const asked = { ...counted, pass: 1, event: 'e1' }
const erased = { ...asked, ownErased: true }

const orders = { service: 'orders', state: 'erased' } satisfies Answer
const waits = { service: 'payments', state: 'waiting', reason: 'it is down' } satisfies Answer
const refuses = { service: 'payments', state: 'refused', reason: 'no' } satisfies Answer
const rows = (number: number | null): Counted => ({ owner: 'orders', table: 'public.orders', rows: number })

describe('the next step of a deletion', () => {
  test.each<[string, Progress, Facts, ReturnType<typeof nextStep>]>([
    ['counts before anything is erased', fresh, {}, { do: 'count' }],
    ['asks once that is recorded, also when there was nothing', counted, {}, { do: 'ask' }],
    ['hears what was answered', asked, {}, { do: 'hear' }],
    [
      'waits while one has not answered',
      asked,
      { answers: [orders, waits] },
      { do: 'wait', for: [{ service: 'payments', reason: 'it is down' }] },
    ],
    [
      'waits for one even if another refuses',
      asked,
      { answers: [refuses, { ...waits, service: 'orders' }] },
      { do: 'wait', for: [{ service: 'orders', reason: 'it is down' }] },
    ],
    ['erases our own when all have answered', asked, { answers: [orders] }, { do: 'erase', refusals: [] }],
    [
      'goes on after a refusal, and keeps it',
      asked,
      { answers: [orders, refuses] },
      { do: 'erase', refusals: [{ service: 'payments', reason: 'no' }] },
    ],
    ['erases our own where no service has a database', asked, { answers: [] }, { do: 'erase', refusals: [] }],
    ['never listens again after that: the event is erased too', erased, {}, { do: 'check' }],
    ['is finished when all is zero', erased, { after: [rows(0)] }, { do: 'finish' }],
    [
      'does not let what cannot be counted stand in the way',
      erased,
      { after: [rows(0), rows(null)] },
      { do: 'finish' },
    ],
    [
      'asks again when something is left',
      erased,
      { after: [rows(0), rows(1)] },
      { do: 'again', pauseMs: 500 },
    ],
    [
      'pauses longer each time',
      { ...erased, pass: 4 },
      { after: [rows(1)] },
      { do: 'again', pauseMs: 30_000 },
    ],
    ['gives up after the last pass', { ...erased, pass: mostPasses }, { after: [rows(1)] }, { do: 'leave' }],
    [
      'finishes in the last pass too',
      { ...erased, pass: mostPasses },
      { after: [rows(0)] },
      { do: 'finish' },
    ],
  ])('%s', (_, progress, facts, step) => {
    expect(nextStep(progress, facts)).toEqual(step)
  })

  test('is looked for soon at first, and every 2 s at last', () => {
    expect(visitPause(0)).toBe(50)
    expect(visitPause(5)).toBeLessThan(500)
    expect(visitPause(1_000)).toBe(2_000)
  })
})

describe('what a service answered', () => {
  const consumer = 'service:orders'
  const error = { code: 'x', message: 'it broke' }
  const trouble = [
    {
      name: consumer,
      types: [],
      position: 0,
      behind: 1,
      held: 0,
      dead: 0,
      error: { message: 'orders is not running', since: '' },
    },
  ]
  test.each([
    [
      'the event is not in the log yet',
      undefined,
      [],
      0,
      { state: 'waiting', reason: 'the relay has not taken the event up yet' },
    ],
    ['it applied it', [{ consumer, state: 'passed', error: null }], [], 0, { state: 'erased' }],
    ['it consumes nothing', [], [], 0, { state: 'erased' }],
    [
      'it is down',
      [{ consumer, state: 'waiting', error: null }],
      trouble,
      0,
      { state: 'waiting', reason: 'orders is not running' },
    ],
    [
      'it is slow',
      [{ consumer, state: 'waiting', error: null }],
      [],
      0,
      { state: 'waiting', reason: 'it has not answered yet' },
    ],
    [
      'it failed a moment ago',
      [{ consumer, state: 'held', error }],
      [],
      29_999,
      { state: 'waiting', reason: 'it could not erase: it broke' },
    ],
    [
      'it has been failing',
      [{ consumer, state: 'held', error }],
      [],
      30_000,
      { state: 'refused', reason: 'it could not erase: it broke' },
    ],
    [
      'it is not tried any more',
      [{ consumer, state: 'dead', error }],
      [],
      0,
      { state: 'refused', reason: 'it could not erase: it broke' },
    ],
  ] as const)('when %s', (_, delivery, consumers, askedForMs, answer) => {
    const [found] = answersOf(
      ['orders'],
      delivery,
      consumers.map((one) => ({ ...one, types: [] })),
      askedForMs,
    )
    expect(found).toEqual({ service: 'orders', ...answer })
  })
})

describe('a receipt', () => {
  const sandbox = { slug: 'harbor-sb-1', parent: 'harbor', run: null, createdAt: 'then', deletingAt: 'later' }
  const base = { id: 'rcp_1', sandbox, at: 'now', passes: 1, services: ['payments', 'orders'], refusals: [] }
  const count = (owner: string, table: string, rows: number | null): Counted => ({ owner, table, rows })

  test('sets the counts before beside those after, and keeps services without tables', () => {
    const receipt = makeReceipt({
      ...base,
      before: [count('orders', 'a', 7), count('rockpool', 'events.log', 3)],
      after: [
        count('orders', 'a', 0),
        count('orders', 'new', 0),
        count('orders', 'odd', null),
        count('rockpool', 'events.log', 0),
      ],
    })
    expect(receipt.services).toEqual([
      {
        service: 'orders',
        tables: [
          { table: 'a', before: 7, after: 0 },
          { table: 'new', before: null, after: 0 },
        ],
        unchecked: ['odd'],
      },
      { service: 'payments', tables: [], unchecked: [] },
    ])
    expect(receipt.rockpool).toEqual([{ table: 'events.log', before: 3, after: 0 }])
    expect(receipt.complete).toBe(true)
    expect(receipt.remains.at(-1)?.what).toBe('anything in orders: odd')
  })

  test('is not complete while one row is left, a service’s or ours', () => {
    for (const owner of ['orders', 'rockpool'])
      expect(
        makeReceipt({ ...base, before: [], after: [count('orders', 'a', 0), count(owner, 'b', 1)] }).complete,
      ).toBe(false)
  })
})

test('a sandbox’s slug says whose it is, is a slug for any parent, and is never the same', () => {
  expect(sandboxSlug('harbor')).toMatch(/^harbor-sb-[a-hjkmnp-z2-9]{8}$/)
  const long = sandboxSlug(`${'a'.repeat(49)}-${'b'.repeat(13)}`)
  expect(long).toMatch(/^a{49}-sb-.{8}$/)
  expect(new Set(Array.from({ length: 1_000 }, () => sandboxSlug('harbor'))).size).toBe(1_000)
})
