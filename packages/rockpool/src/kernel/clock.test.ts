import { expect, test } from 'vitest'
import { createSimulatedClock, systemClock } from './clock.ts'

test('simulated sleepers wake in the order of their times, also those that sleep again on the way', async () => {
  const clock = createSimulatedClock(0)
  const seen: string[] = []
  const every = async (name: string, ms: number, times: number) => {
    for (let n = 0; n < times; n++) {
      await clock.sleep(ms)
      seen.push(`${name}@${clock.now()}`)
    }
  }
  const all = Promise.all([every('minute', 60_000, 2), every('hour', 3_600_000, 1), every('half', 30_000, 3)])
  await clock.advance(3_600_000)
  await all
  expect(seen).toEqual([
    'half@30000',
    'minute@60000',
    'half@60000',
    'half@90000',
    'minute@120000',
    'hour@3600000',
  ])
})

test('a sleep that is aborted rejects at once, on both clocks', async () => {
  for (const clock of [createSimulatedClock(), systemClock]) {
    const abort = new AbortController()
    const sleeping = clock.sleep(3_600_000, abort.signal)
    abort.abort(new Error('enough'))
    await expect(sleeping).rejects.toThrow()
  }
})
