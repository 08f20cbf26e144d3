import { expect, test } from 'vitest'
import { answersWords, answerText, requestText } from './exchange.ts'
import type { Call } from './waterfall.ts'

const call = (more: Partial<Call> = {}): Call => ({
  id: 1,
  parent: null,
  at: 0,
  ms: 9,
  place: null,
  type: 'call',
  service: 'catalog',
  operation: 'getItem',
  method: 'GET',
  path: '/{organization}/items/{id}',
  url: 'http://127.0.0.1:8470/harbor-sb-1/items/1?x=%20',
  status: 200,
  problem: null,
  error: null,
  request: { headers: { accept: 'application/json' }, cut: null },
  answer: { headers: {}, body: { stock: 11 }, cut: null },
  poll: null,
  ...more,
})

test('a request is written as it went: its line, its headers, its body', () => {
  expect(requestText(call())).toBe('GET /harbor-sb-1/items/1?x=%20\naccept: application/json')
  const posted = call({ method: 'POST', request: { headers: {}, body: { a: 1 }, cut: null } })
  expect(requestText(posted)).toBe('POST /harbor-sb-1/items/1?x=%20\n\n{\n  "a": 1\n}')
})

test('an answer that was cut says so, a text stays a text, none says why', () => {
  expect(answerText(call({ answer: { headers: {}, body: 'half a', cut: 9_000 } }))).toBe(
    '\nhalf a\n… cut: the body has 9000 characters',
  )
  expect(answerText(call({ answer: null, error: 'connection refused' }))).toBe('connection refused')
  expect(answerText(call({ answer: null }))).toBe('there was no answer')
})

test('the answers of a poll are counted by their status', () => {
  const poll = (statuses: Record<string, number>, answers: number) =>
    answersWords(call({ poll: { predicate: 'x', answers, statuses, satisfied: false } }))
  expect(answersWords(call())).toBeUndefined()
  expect(poll({ 200: 21 }, 21)).toBe('200 in all of 21 answers')
  expect(poll({ 200: 1 }, 1)).toBe('200 in the one answer')
  expect(poll({ 200: 18, 503: 3 }, 21)).toBe('200 × 18, 503 × 3')
})
