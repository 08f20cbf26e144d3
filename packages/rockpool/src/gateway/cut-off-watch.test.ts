import { expect, onTestFinished, test } from 'vitest'
import { snapshotOf, until } from '../../test/support/gateway.ts'
import { silentLog, systemClock } from '../kernel/index.ts'
import type { Log } from '../kernel/index.ts'
import { createCutOffWatch } from './cut-off-watch.ts'
import { createState } from './state.ts'

test('the log hears once when it begins to refuse, and once when it serves again', async () => {
  const told: [string, unknown][] = []
  const log: Log = {
    ...silentLog,
    warn: (facts: object) => void told.push(['refused', (facts as { what: string }).what]),
    info: (facts: object) => void told.push(['served', (facts as { what: string }).what]),
  } as Log
  const cutOff = { runMs: 10_000, keyMs: 3_600_000 }
  const state = createState({ clock: systemClock, kid: 'k', cutOff })
  let looks = 0
  const ground = () => ((looks += 1), state.ground())
  const watch = createCutOffWatch({ state: { ground }, clock: systemClock, log, everyMs: 5 })
  onTestFinished(() => watch.stop())
  const looked = () => {
    const before = looks
    return until('it looked twice', () => looks > before + 1)
  }

  await looked()
  expect(state.open(snapshotOf({}), Date.now() - 20_000)).toEqual([])
  await looked()
  await looked()
  expect(told).toEqual([['refused', 'runs']])
  state.open(snapshotOf({}), Date.now() - 4_000_000)
  await looked()
  expect(told.slice(1)).toEqual([['refused', 'everything']])
  state.vouch(Date.now())
  await looked()
  expect(told.slice(2)).toEqual([
    ['served', 'runs'],
    ['served', 'everything'],
  ])
})
