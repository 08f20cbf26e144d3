import { expect, test } from 'vitest'
import { redact } from './redact.ts'

test('a card number keeps its first six and last four digits, however it is written', () => {
  for (const card of ['4242424242424242', '4242 4242 4242 4242', '4242-4242-4242-4242'])
    expect(redact(`pay with ${card}, please`)).toBe('pay with 424242…4242, please')
  expect(redact({ card: 4242424242424242, cards: [{ number: '378282246310005' }] })).toEqual({
    card: '424242…4242',
    cards: [{ number: '378282…0005' }],
  })
})

test('ids, amounts, dates and other long numbers stay', () => {
  const kept = {
    amount: 4900,
    order: '0198f3c0-1111-7000-8000-000000000001',
    at: '2026-11-22T17:00:00.000Z',
    tracking: '4242424242424243',
    long: '12345678901234567890123',
  }
  expect(redact(kept)).toEqual(kept)
})

test('members named like a secret and texts that look like a key are replaced', () => {
  expect(
    redact({
      password: 'x',
      accessToken: 'x',
      cvc: 123,
      note: 'use rp_live_abc and sk_live_123',
      secret: null,
    }),
  ).toEqual({
    password: '[redacted]',
    accessToken: '[redacted]',
    cvc: '[redacted]',
    note: 'use [redacted] and [redacted]',
    secret: null,
  })
})

test('what comes out is bounded and can be stored as jsonb, whatever goes in', () => {
  const ring: Record<string, unknown> = {}
  ring['self'] = ring
  const odd = {
    big: 1n,
    when: new Date(0),
    never: new Date(Number.NaN),
    bytes: new Uint8Array(3),
    error: new Error('no'),
    text: 'a\0b\uD800c',
    work: () => 1,
    none: undefined,
    list: Array.from({ length: 1_000 }, (_, n) => n),
    long: 'x'.repeat(10_000),
    ring,
  }
  const kept = redact(odd) as Record<string, unknown>
  expect(kept).toMatchObject({
    big: '1',
    when: '1970-01-01T00:00:00.000Z',
    never: null,
    bytes: '[3 bytes]',
    error: 'no',
    text: 'ab\uFFFDc',
  })
  expect(kept['list']).toHaveLength(100)
  expect(JSON.stringify(kept).length).toBeLessThan(5_000)
})

test('a card number or a key where a long text is cut is not shown in part', () => {
  for (let before = 1_970; before <= 2_000; before++) {
    expect(redact(`${' '.repeat(before)}4242424242424242`)).not.toContain('4242424242')
    expect(redact(`${' '.repeat(before)}rp_live_abcdefghijkl`)).not.toContain('rp_live_a')
  }
})

test('what refers to itself in a thousand ways is soon done with', () => {
  const people = Array.from({ length: 50 }, (): { friends: unknown[] } => ({ friends: [] }))
  for (const person of people) person.friends = people
  expect(JSON.stringify(redact(people)).length).toBeLessThan(1_000_000)
})
