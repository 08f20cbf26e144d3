import { expect, test } from 'vitest'
import { createSimulatedClock, Problem } from '../../kernel/index.ts'
import { createAttempts } from './attempts.ts'

const codeOf = (attempt: () => void) => {
  try {
    attempt()
    return 'taken'
  } catch (error) {
    return error instanceof Problem ? error.code : 'broken'
  }
}

test('who comes from ever new addresses gets no more than all may try together', async () => {
  const clock = createSimulatedClock(0)
  const attempt = createAttempts({ clock, perMinute: 20 })
  const tries = Array.from({ length: 5_000 }, (_, index) => codeOf(() => attempt(`2001:db8::${index}`)))
  expect(tries.filter((code) => code === 'taken')).toHaveLength(200)
  expect(codeOf(() => attempt('127.0.0.1'))).toBe('too_many_requests')
  await clock.advance(60_000)
  expect(codeOf(() => attempt('127.0.0.1'))).toBe('taken')
})
