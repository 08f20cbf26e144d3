import { describe, expect, test } from 'vitest'
import {
  credential,
  organization,
  service,
  testGateway,
  until,
  upstream,
} from '../../../test/support/gateway.ts'
import { bearer, echo, routes, send } from '../../../test/support/gateway-client.ts'
import { silentLog, systemClock } from '../../kernel/index.ts'
import { engines, type EngineName } from '../engines/index.ts'
import { createLimits } from '../limits/limits.ts'
import { createBudgets } from './budgets.ts'
import type { LeaseAnswer } from './types.ts'

const bot = credential('run', {
  allows: { organization: 'harbor' },
  environment: 'production',
  actor: 'bot',
  run: 'run_bot',
  grant: { name: 'order', writes: 2, card: null },
})

describe.each(Object.keys(engines) as EngineName[])('engine %s: a write that waits for control', (engine) => {
  /** A gateway whose service has one place for bots, and a control that answers when the test says so. */
  async function start() {
    const { url } = await upstream(echo)
    const limits = createLimits({ clock: systemClock })
    const answers: ((answer: LeaseAnswer) => void)[] = []
    const lend = () => new Promise<LeaseAnswer>((resolve) => void answers.push(resolve))
    const lender = { lend, takeBack: () => Promise.resolve() }
    const budgets = createBudgets({ lender, clock: systemClock, log: silentLog })
    const parts = {
      organizations: [organization('harbor')],
      credentials: [bot],
      services: [service('catalog', { url, routes, concurrency: 2 })],
    }
    const gateway = await testGateway(engine, parts, undefined, { limits, budgets })
    const call = async (method: string) => {
      const more = method === 'GET' ? {} : { body: '{}' }
      const { status, headers } = await send(gateway, { method, headers: bearer(bot), ...more })
      return headers['rockpool-problem'] ?? status
    }
    return { gateway, answers, call, underWay: () => limits.underWay().get('catalog') ?? 0 }
  }

  test('holds no place at the service, and spends once', async () => {
    const { answers, call, underWay } = await start()
    const waiting = [call('POST'), call('POST')]
    await until('control is asked', () => answers.length === 1)
    expect([await call('GET'), underWay()]).toEqual([200, 0])
    answers[0]!({ granted: 1, left: 1, lent: 0 })
    await until('control is asked for the other one', () => answers.length === 2)
    answers[1]!({ granted: 1, left: 0, lent: 0 })
    // There is one place, and one may meet the other there: what is refused for it has spent nothing.
    for (const one of await Promise.all(waiting)) if (one !== 200) expect(await call('POST')).toBe(200)
    const late = call('POST')
    await until('control is asked for more', () => answers.length === 3)
    answers[2]!({ granted: 0, left: 0, lent: 0 })
    expect([await late, await call('POST'), answers.length]).toEqual(['budget_spent', 'budget_spent', 3])
  })

  test('is judged anew after it: a run that was revoked meanwhile writes nothing', async () => {
    const { gateway, answers, call } = await start()
    const waiting = call('POST')
    await until('control is asked', () => answers.length === 1)
    gateway.state.change({ version: 2, set: {}, removed: { credentials: [bot.sha256] } })
    answers[0]!({ granted: 2, left: 0, lent: 0 })
    expect(await waiting).toBe('credential_unknown')
  })
})
