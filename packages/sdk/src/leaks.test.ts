import { Agent } from 'node:http'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { frameworks, type App } from '../test/support/apps.ts'
import { call } from '../test/support/client.ts'
import { count, limitMs } from '../../rockpool/test/support/counts.ts'
import { serviceDatabase, type ServiceDatabase } from '../test/support/database.ts'
import { mixedWork } from '../test/support/mixed-work.ts'
import { gateway, testRockpool } from '../test/support/service.ts'
import type { CurrentIdentity, Rockpool } from './index.ts'
import type { Identity } from './wire.ts'

const requests = count('interleaved', 500)
const atOnce = 40

/** Whom request `n` is for: production and sandbox in turns, many organizations, runs of their own. */
function identityOf(n: number): Identity {
  return n % 2 === 0
    ? { organization: `shop-${n % 7}`, environment: 'production', actor: 'customer' }
    : { organization: `sandbox-${n}`, environment: 'sandbox', actor: 'check', run: `run_${n}` }
}

const said = (identity: Identity | undefined): string =>
  identity ? [identity.organization, identity.environment, identity.actor, identity.run].join(' ') : 'nobody'

interface Outcome {
  /** What was seen that was not the request's own. */
  wrong: string[]
  looks: number
  looksOfEach: number[]
  statuses: Map<number, number>
}

type Who = () => CurrentIdentity | undefined

let database: ServiceDatabase
let pools: pg.Pool[]
beforeAll(async () => {
  database = await serviceDatabase()
  // One pool from createPool, and one that a service brings along.
  pools = [database.pool as unknown as pg.Pool, new pg.Pool({ connectionString: database.url, max: 4 })]
})
afterAll(async () => {
  await pools[1]!.end()
  await database.drop()
})

/** Sends all requests, `atOnce` at a time over few connections, and gathers whom each step of each saw. */
async function interleave(
  start: (typeof frameworks)[number][1],
  rockpool: Rockpool,
  who: Who,
): Promise<Outcome> {
  const outcome: Outcome = {
    wrong: [],
    looks: 0,
    looksOfEach: Array.from({ length: requests }, () => 0),
    statuses: new Map(),
  }
  const look = (n: number): void => {
    outcome.looks += 1
    outcome.looksOfEach[n]! += 1
    if (said(who()) !== said(identityOf(n))) outcome.wrong.push(`request ${n} saw ${said(who())}`)
  }
  const app = await start(rockpool, {
    look,
    async work(n) {
      await mixedWork(n, look, pools)
      return { n, saw: said(who()) }
    },
  })
  const agent = new Agent({ keepAlive: true, maxSockets: 16 })
  try {
    const numbers = Array.from({ length: requests }, (_, n) => n)
    await Promise.all(
      Array.from({ length: atOnce }, async () => {
        for (let n = numbers.shift(); n !== undefined; n = numbers.shift()) {
          const reply = await send(app, n, agent)
          outcome.statuses.set(reply.status, (outcome.statuses.get(reply.status) ?? 0) + 1)
          if (reply.json['saw'] !== undefined && reply.json['saw'] !== said(identityOf(n)))
            outcome.wrong.push(`the answer to ${n} says ${reply.text}`)
        }
      }),
    )
  } finally {
    agent.destroy()
    await app.close()
  }
  return outcome
}

function send(app: App, n: number, agent: Agent): ReturnType<typeof call> {
  const identity = identityOf(n)
  const headers = { 'rockpool-identity': gateway.sign({ ...identity }) }
  const at = (name: string) => `${app.url}/${identity.organization}/${name}?n=${n}`
  if (n % 10 === 3) return call(at('stream'), { headers, agent })
  if (n % 10 === 6) {
    const body = Array.from({ length: 4 }, () => 'x'.repeat(1_000))
    return call(at('upload'), {
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/octet-stream' },
      body,
      agent,
    })
  }
  return call(at('work'), {
    method: 'POST',
    headers: { ...headers, 'content-type': 'text/plain' },
    body: ['some ', 'work'],
    agent,
  })
}

/** Rockpool as it must not be: the identity in a variable of the module, set when a request comes in. */
function withModuleVariable(rockpool: Rockpool): { rockpool: Rockpool; who: Who } {
  let current: CurrentIdentity | undefined
  const admit: Rockpool['inbound']['admit'] = async (request, options) => {
    const admission = await rockpool.inbound.admit(request, options)
    if ('answer' in admission) return admission
    const { run, end } = admission.work
    const set = (): void => {
      current = rockpool.currentIdentity()
    }
    return { work: { run: (handler) => (run(set), handler()), follow: () => {}, end } }
  }
  return { rockpool: { ...rockpool, inbound: { ...rockpool.inbound, admit } }, who: () => current }
}

describe.each(frameworks)('interleaved requests through %s', (_, start) => {
  test(
    `${requests} of production and sandboxes never see each other's identity`,
    { timeout: limitMs(60_000) },
    async () => {
      const rockpool = testRockpool({ database: pools[1]! })
      const { wrong, looksOfEach, statuses } = await interleave(start, rockpool, () =>
        rockpool.currentIdentity(),
      )
      expect(wrong).toEqual([])
      // Each request was looked at, and each came to the end that it was made for.
      expect(looksOfEach.filter((looks) => looks < 2)).toEqual([])
      const failing = Array.from({ length: requests }, (_, n) => n).filter((n) => n % 5 === 0).length
      expect(Object.fromEntries(statuses)).toEqual({ 200: requests - failing, 500: failing })
      expect(rockpool.currentIdentity()).toBeUndefined()
    },
  )

  test(
    'the control: with the identity in a module variable the same requests see each other',
    { timeout: limitMs(60_000) },
    async () => {
      const leaky = withModuleVariable(testRockpool({ database: pools[1]! }))
      const { wrong, looks } = await interleave(start, leaky.rockpool, leaky.who)
      expect(looks).toBeGreaterThan(requests)
      expect(wrong.length).toBeGreaterThan(requests)
    },
  )
})
