import { expect, test } from 'vitest'
import { live, run } from '../../../test/support/decision.ts'
import { service } from '../../../test/support/gateway-entries.ts'
import { silentLog } from '../../kernel/index.ts'
import { fieldsOf } from '../header-fields.ts'
import type { Ticket } from '../limits/limits.ts'
import { createDrains } from './drains.ts'

const origin = 'http://127.0.0.1:9001'
const withDrain = (drain: string | null) => [
  service('catalog', { releases: [{ name: 'v1', url: origin, weight: 0, drain }] }),
]

/** Drains whose connections are gone once `forgotten` is called. */
function started() {
  const forgetting: string[] = []
  const ended: (() => void)[] = []
  let told = 0
  const drains = createDrains({
    forget(of) {
      forgetting.push(of)
      return new Promise((resolve) => ended.push(resolve))
    },
    onDone: () => void (told += 1),
    log: silentLog,
  })
  return {
    drains,
    forgetting,
    told: () => told,
    async forgotten() {
      ended.splice(0).forEach((end) => end())
      await new Promise((resolve) => setImmediate(resolve))
    },
  }
}

const ticket = (given: string[] = []): Ticket => ({
  headers: fieldsOf(['RateLimit', 'x']),
  answered: () => given.push('answered'),
  release: () => given.push('released'),
})
const call = { url: origin, release: 'v1', credential: live }

test('a drain is done once nothing is in flight, and then no connection is left', async () => {
  const { drains, forgetting, told, forgotten } = started()
  const first = drains.hold(call, ticket())
  const second = drains.hold(call, ticket())
  drains.follow(withDrain('drn_1'))
  first.release('answered')
  expect(forgetting).toEqual([])
  second.release('answered')
  expect(forgetting).toEqual([origin])
  expect(drains.done()).toEqual([])
  await forgotten()
  expect(drains.done()).toEqual(['drn_1'])
  expect(told()).toBe(1)
})

test('a ticket that is given back twice counts once, and does what the limits’ own does', () => {
  const { drains, forgetting } = started()
  const given: string[] = []
  const twice = drains.hold(call, ticket(given))
  drains.hold(call, ticket())
  twice.answered()
  twice.release('answered')
  twice.release('answered')
  drains.follow(withDrain('drn_1'))
  expect(forgetting).toEqual([])
  expect(given).toEqual(['answered', 'released', 'released'])
})

test('calls to other addresses hold up nothing', () => {
  const { drains, forgetting } = started()
  drains.hold({ ...call, release: 'v2', url: 'http://127.0.0.1:9002' }, ticket())
  drains.hold({ ...call, release: null, url: 'http://127.0.0.1:9003/v1' }, ticket())
  drains.follow(withDrain('drn_1'))
  expect(forgetting).toEqual([origin])
})

test('a call that went to its address before the release had its name holds it up as well', () => {
  const { drains, forgetting } = started()
  const tunnel = drains.hold({ ...call, release: null, url: `${origin}/v1` }, ticket())
  expect(tunnel.headers.list).toEqual(['RateLimit', 'x'])
  drains.follow(withDrain('drn_1'))
  expect(forgetting).toEqual([])
  tunnel.release('answered')
  expect(forgetting).toEqual([origin])
})

test('a release that takes calls again is not told as drained, and drained anew it is another drain', async () => {
  const { drains, forgetting, told, forgotten } = started()
  drains.follow(withDrain('drn_1'))
  drains.follow(withDrain(null))
  await forgotten()
  expect(drains.done()).toEqual([])
  expect(told()).toBe(0)
  const late = drains.hold(call, ticket())
  drains.follow(withDrain('drn_2'))
  drains.follow(withDrain('drn_2'))
  expect(forgetting).toHaveLength(1)
  late.release('answered')
  await forgotten()
  expect(drains.done()).toEqual(['drn_2'])
})

test('whoever may name a release hears which one answered, and nobody else does', () => {
  const { drains } = started()
  expect(drains.hold({ ...call, credential: run }, ticket()).headers.list).toEqual([
    'RateLimit',
    'x',
    'rockpool-release',
    'v1',
  ])
  expect(drains.hold(call, ticket()).headers.list).toEqual(['RateLimit', 'x'])
})
