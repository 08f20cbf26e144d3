import { expect, onTestFinished, test } from 'vitest'
import { until } from '../../test/support/gateway.ts'
import { createTunnels } from './tunnels.ts'

test('one that cannot be judged any more is cut, and costs nobody else anything', async () => {
  const tunnels = createTunnels()
  const cut: string[] = []
  const enter = (name: string, refusal: () => undefined) =>
    onTestFinished(tunnels.enter(refusal, (why) => cut.push(`${name} ${why}`)))
  let looked = 0
  enter('broken', () => {
    throw new Error('on purpose')
  })
  enter('sound', () => void (looked += 1))
  await until('both were looked at, twice', () => looked >= 2)
  expect(cut).toEqual(['broken internal'])
})
