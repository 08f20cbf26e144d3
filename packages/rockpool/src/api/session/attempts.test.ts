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
  const tries = Array.from({ length: 5_000 }, (_, index) =>
    codeOf(() => attempt(`2001:db8:0:${index.toString(16)}::1`)),
  )
  expect(tries.filter((code) => code === 'taken')).toHaveLength(200)
  expect(codeOf(() => attempt('127.0.0.1'))).toBe('too_many_requests')
  await clock.advance(60_000)
  expect(codeOf(() => attempt('127.0.0.1'))).toBe('taken')
})

test('ever new addresses of one IPv6 network are one address, and a neighbour’s are another', () => {
  const attempt = createAttempts({ clock: createSimulatedClock(0), perMinute: 20 })
  const tries = Array.from({ length: 100 }, (_, index) => codeOf(() => attempt(`2001:db8:0:1::${index}`)))
  expect(tries.filter((code) => code === 'taken')).toHaveLength(20)
  expect(codeOf(() => attempt('2001:db8:0:2::1'))).toBe('taken')
  for (let index = 0; index < 20; index++) codeOf(() => attempt('::ffff:192.0.2.7'))
  expect(codeOf(() => attempt('192.0.2.7'))).toBe('too_many_requests')
})
