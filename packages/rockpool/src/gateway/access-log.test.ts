import { EventEmitter } from 'node:events'
import { setImmediate as turn } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { createAccessLog, type AccessRecord } from './access-log.ts'

const record = (ms: number) => ({ ms }) as AccessRecord

test('while the sink is full ten thousand lines wait in their order, and more are counted', async () => {
  const written: string[] = []
  let full = true
  const sink = Object.assign(new EventEmitter(), { write: (text: string) => (written.push(text), !full) })
  const accessLog = createAccessLog(sink)
  accessLog.write(record(0))
  await turn()
  for (let n = 1; n <= 10_003; n++) accessLog.write(record(n))
  await turn()
  expect(written).toHaveLength(1)
  expect(accessLog.dropped()).toBe(3)

  full = false
  sink.emit('drain')
  const lines = written.join('').trimEnd().split('\n')
  expect(lines.map((line) => (JSON.parse(line) as AccessRecord).ms)).toEqual(
    Array.from({ length: 10_001 }, (_, n) => n),
  )
})
