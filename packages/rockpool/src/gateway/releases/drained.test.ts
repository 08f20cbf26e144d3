import { expect, test } from 'vitest'
import { createSimulatedClock } from '../../kernel/index.ts'
import type { KnownGateway } from '../overview/types.ts'
import { createDrained } from './drained.ts'

/** Control with these gateways connected, after its first moments. */
async function started(...connected: string[]) {
  const clock = createSimulatedClock()
  const here = new Set(connected)
  const known = (gateway: string): KnownGateway => ({
    gateway,
    connected: true,
    version: 1,
    heard: null,
    facts: null,
  })
  const drained = createDrained({ gateways: { list: () => [...here].map(known) }, clock })
  const say = (gateway: string, ...ids: string[]) =>
    drained.told({ gateway, version: 1, lastUsed: {}, drained: ids })
  return { clock, here, drained, say, progress: () => drained.progressOf('drn_1') }
}

test('a drain is done when every connected gateway has said so, and of no other drain', async () => {
  const { clock, say, progress } = await started('gw_1', 'gw_2')
  await clock.advance(5_000)
  expect(progress()).toEqual({ done: false, waiting: ['gw_1', 'gw_2'] })
  say('gw_1', 'drn_1')
  say('gw_2', 'drn_2')
  expect(progress()).toEqual({ done: false, waiting: ['gw_2'] })
  say('gw_2', 'drn_2', 'drn_1')
  expect(progress()).toEqual({ done: true, waiting: [] })
  say('gw_1')
  expect(progress()).toEqual({ done: false, waiting: ['gw_1'] })
})

test('a control that has just begun believes nobody to be all', async () => {
  const { clock, progress } = await started()
  expect(progress()).toMatchObject({ done: false })
  await clock.advance(5_000)
  expect(progress()).toEqual({ done: true, waiting: [] })
})

test('a gateway that left a moment ago is waited for, and not for ever', async () => {
  const { clock, here, say, progress } = await started('gw_1', 'gw_2')
  await clock.advance(5_000)
  say('gw_1', 'drn_1')
  expect(progress()).toMatchObject({ waiting: ['gw_2'] })
  here.delete('gw_2')
  await clock.advance(4_000)
  say('gw_1', 'drn_1')
  expect(progress()).toMatchObject({ waiting: ['gw_2'] })
  await clock.advance(2_000)
  expect(progress()).toEqual({ done: true, waiting: [] })
})
