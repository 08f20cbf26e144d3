import { expect, test } from 'vitest'
import { fit } from './evidence.ts'
import type { Attempt, Entry } from './types.ts'

const entry = { parent: null, at: 0, ms: 1, place: null } as const
const step = (id: number): Entry => ({ ...entry, id, type: 'step', name: 'a step', failed: false })
const call = (id: number, size: number): Entry => {
  const message = { headers: {}, body: 'x'.repeat(size), cut: null }
  return {
    ...entry,
    id,
    type: 'call',
    service: 's',
    operation: 'o',
    method: 'GET',
    path: '/',
    url: '/',
    status: 200,
    problem: null,
    error: null,
    request: { ...message, body: null },
    answer: message,
    poll: null,
  }
}
const line = (id: number): Entry => ({
  ...entry,
  id,
  type: 'console',
  stream: 'stdout',
  text: 'y'.repeat(1_000),
})
const attempt = (entries: Entry[]): Attempt => ({
  number: 1,
  verdict: 'pass',
  startedAt: '2026-01-01T00:00:00.000Z',
  ms: 1,
  organization: null,
  failure: null,
  obstacle: null,
  evidence: { entries, left: { entries: 0, console: 0, bodies: 0 } },
})
const size = (attempts: Attempt[]) => JSON.stringify(attempts).length

test('evidence that fits stays as it is', () => {
  const attempts = [attempt([step(1), call(2, 100)])]
  expect(fit(attempts)).toEqual(attempts)
})

test('the largest bodies go first, and are counted; the given evidence is not touched', () => {
  const attempts = [attempt([step(1), call(2, 5_000), call(3, 500)])]
  const fitted = fit(attempts, 3_000)
  expect(size(fitted)).toBeLessThanOrEqual(3_000)
  expect(fitted[0]?.evidence.entries).toMatchObject([
    {},
    { answer: { body: '', cut: 5_002 } },
    { answer: { body: 'x'.repeat(500) } },
  ])
  expect(fitted[0]?.evidence.left.bodies).toBe(1)
  expect(size(attempts)).toBeGreaterThan(5_000)
})

test('then console lines go, then the oldest calls, and steps last', () => {
  const many = [
    step(1),
    ...Array.from({ length: 20 }, (_, i) => line(i + 2)),
    ...Array.from({ length: 50 }, (_, i) => call(i + 30, 10)),
  ]
  const fitted = fit([attempt(many)], 4_000)
  expect(size(fitted)).toBeLessThanOrEqual(4_200)
  const { entries, left } = fitted[0]!.evidence
  expect(entries.some(({ type }) => type === 'console')).toBe(false)
  expect(entries[0]).toMatchObject({ type: 'step' })
  expect(entries.at(-1)).toMatchObject({ id: 79 })
  expect(left.console).toBe(20)
  expect(left.entries).toBe(50 - entries.length + 1)
})
