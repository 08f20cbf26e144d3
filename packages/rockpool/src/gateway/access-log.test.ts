import { EventEmitter } from 'node:events'
import { expect, test } from 'vitest'
import { accessRecord } from '../../test/support/traffic.ts'
import { answeredMs, createAccessLog, type AccessRecord } from './access-log.ts'

const record = (ms: number) => ({ ms }) as AccessRecord

test('figures count a tunnel until it was open, and everything else until its end', () => {
  const phases = { ms: 90_000, decideMs: 5, connectMs: 7, upstreamMs: 30 }
  expect(answeredMs(accessRecord({ ...phases, status: 101 }))).toBe(42)
  expect(answeredMs(accessRecord({ ...phases, status: 200 }))).toBe(90_000)
})

test('while the sink is full ten thousand lines wait in their order, and more are counted', () => {
  const written: string[] = []
  let full = true
  const sink = Object.assign(new EventEmitter(), { write: (text: string) => (written.push(text), !full) })
  const accessLog = createAccessLog(sink)
  accessLog.write(record(0))
  accessLog.flush()
  for (let n = 1; n <= 10_003; n++) accessLog.write(record(n))
  accessLog.flush()
  expect(written).toHaveLength(1)
  expect(accessLog.dropped()).toBe(3)

  full = false
  sink.emit('drain')
  const lines = written.join('').trimEnd().split('\n')
  expect(lines.map((line) => (JSON.parse(line) as AccessRecord).ms)).toEqual(
    Array.from({ length: 10_001 }, (_, n) => n),
  )
})

test('lines go out by themselves, many of them in one write', async () => {
  const written: string[] = []
  const sink = Object.assign(new EventEmitter(), { write: (text: string) => (written.push(text), true) })
  const accessLog = createAccessLog(sink)
  for (let n = 0; n < 300; n++) accessLog.write(record(n))
  await expect.poll(() => written.join('').split('\n').length - 1).toBe(300)
  expect(written.length).toBeLessThan(10)
})
