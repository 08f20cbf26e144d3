import { expect, test } from 'vitest'
import { createSimulatedClock, newTicket, problem, silentLog } from '../kernel/index.ts'
import type { SimulatedClock } from '../kernel/index.ts'
import { createSignIn } from './sign-in.ts'

const signInWith = (error: unknown) =>
  createSignIn({
    redeem: async () => {
      throw error
    },
    state: { ground: () => undefined },
    clock: createSimulatedClock(0),
    log: silentLog,
  })(
    {
      method: 'GET',
      target: `/.rockpool/sign-in?ticket=${newTicket().text}`,
      headers: [],
      remote: '127.0.0.1',
    },
    'req_1',
  )

test('a browser hears that a ticket is refused; what else control says stays inside', async () => {
  const inside = problem(
    'control_unreachable',
    'control answered 500 to /internal/sessions: at db-7 (10.0.0.7)',
  )
  for (const error of [inside, problem('database_unreachable', 'db-7'), new Error('db-7')]) {
    const { status, body } = await signInWith(error)
    expect([status, body]).toEqual([503, expect.stringContaining('control cannot be reached: try again')])
    expect(body).not.toContain('db-7')
  }
  const refused = await signInWith(problem('ticket_refused', 'this link was used already'))
  expect([refused.status, refused.body]).toEqual([403, expect.stringContaining('used already')])
})

/** Exchanges wait for the release, and are refused then. `most`: how many there were at once. */
function heldSignIn(clock: SimulatedClock) {
  let [now, most] = [0, 0]
  let release = () => {}
  const released = new Promise<void>((resolve) => (release = resolve))
  const signIn = createSignIn({
    redeem: async () => {
      most = Math.max(most, ++now)
      await released
      now -= 1
      throw problem('ticket_refused', 'used already')
    },
    state: { ground: () => undefined },
    clock,
    log: silentLog,
  })
  const from = (remote: string) =>
    signIn(
      { method: 'GET', target: `/.rockpool/sign-in?ticket=${newTicket().text}`, headers: [], remote },
      'req_1',
    ).then(({ status }) => status)
  return { from, release: () => release(), most: () => most }
}

test('a flood from one address leaves room for another; in all only a few are exchanged at once', async () => {
  const clock = createSimulatedClock(0)
  const { from, release, most } = heldSignIn(clock)
  const flood = Array.from({ length: 100 }, () => from('198.51.100.1'))
  const another = from('192.0.2.7')
  const many = Array.from({ length: 100 }, (_, at) => from(`203.0.113.${at}`))
  release()
  const all = Promise.all([...flood, ...many])
  for (let step = 0; step < 50; step++) await clock.advance(10)
  expect(await another).toBe(403)
  const statuses = await all
  // Two at once, and sixteen that waited for them.
  expect(statuses.slice(0, 100).filter((status) => status === 403)).toHaveLength(18)
  expect(statuses.slice(100).filter((status) => status === 503).length).toBeGreaterThan(20)
  expect(most()).toBe(8)
  expect(await Promise.all([from('198.51.100.1'), from('198.51.100.1')])).toEqual([403, 403])
})

test('a machine that takes ever new addresses of its IPv6 network is one address, and so is an IPv4 one in both writings', async () => {
  const clock = createSimulatedClock(0)
  const { from, release } = heldSignIn(clock)
  const network = Array.from({ length: 100 }, (_, at) => from(`2001:db8:0:1::${at.toString(16)}`))
  const machine = Array.from({ length: 40 }, (_, at) => from(at % 2 ? '192.0.2.7' : '::ffff:192.0.2.7'))
  const neighbour = from('2001:db8:0:2::1')
  release()
  const all = Promise.all([...network, ...machine])
  for (let step = 0; step < 50; step++) await clock.advance(10)
  expect(await neighbour).toBe(403)
  const statuses = await all
  const exchanged = (some: number[]) => some.filter((status) => status === 403).length
  expect([exchanged(statuses.slice(0, 100)), exchanged(statuses.slice(100))]).toEqual([18, 18])
})
