import { expect, test } from 'vitest'
import { createSimulatedClock, newTicket, problem, silentLog } from '../kernel/index.ts'
import { createSignIn } from './sign-in.ts'

const signInWith = (error: unknown) =>
  createSignIn({
    redeem: async () => {
      throw error
    },
    state: { ground: () => undefined },
    clock: createSimulatedClock(0),
    log: silentLog,
  })({ method: 'GET', target: `/.rockpool/sign-in?ticket=${newTicket().text}`, headers: [] }, 'req_1')

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
