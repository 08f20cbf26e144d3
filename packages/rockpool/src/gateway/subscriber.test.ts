import { expect, onTestFinished, test } from 'vitest'
import { organization, snapshotOf, temporaryFolder, until } from '../../test/support/gateway.ts'
import { silentLog, systemClock } from '../kernel/index.ts'
import type { ControlLink } from './control-link.ts'
import { createSigner } from './identity.ts'
import { createState } from './state.ts'
import { createSubscriber } from './subscriber.ts'
import type { GatewayReport, StreamMessage } from './types.ts'

const { publicKey } = createSigner()
const at = new Date().toISOString()
const snapshot = (version: number, organizations = [organization('harbor')]): StreamMessage => ({
  type: 'snapshot',
  now: at,
  ...snapshotOf({ version, at, organizations, keys: [publicKey] }),
})

/** A control that sends these messages on the first connection, those on the second, and then nothing. */
function follow(...connections: StreamMessage[][]) {
  const reports: GatewayReport[] = []
  let connected = 0
  const control: ControlLink = {
    async *stream(_, signal) {
      yield* connections[connected++] ?? []
      if (connected >= connections.length)
        await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }))
    },
    report: (report) => Promise.resolve(void reports.push(report)),
    register: () => Promise.resolve(),
    ship: () => Promise.resolve(),
    redeem: () => Promise.reject(new Error('nobody signs in here')),
    traffic: () => Promise.resolve(),
    usage: () => Promise.resolve(),
    unknownKeys: () => Promise.resolve(),
    close: () => Promise.resolve(),
  }
  const state = createState({ clock: systemClock, kid: publicKey.kid })
  const folder = temporaryFolder()
  const subscriber = createSubscriber({
    state,
    control,
    publicKey,
    name: 'g',
    folder,
    clock: systemClock,
    log: silentLog,
  })
  onTestFinished(() => subscriber.stop())
  return { state, reports, subscriber, connected: () => connected }
}

test('a lost change is mended by a new connection', async () => {
  const late: StreamMessage = { type: 'change', version: 4, set: {}, removed: {} }
  const { state, subscriber, reports } = follow([snapshot(1), late], [snapshot(4, [])])
  await subscriber.start()
  await until('it has the newest', () => state.ground()?.directory.version === 4)
  await until('it says so', () => reports.at(-1)?.version === 4)
})

test('a bad change is refused, the good one serves on, and nothing vouches for it meanwhile', async () => {
  const bad: StreamMessage = {
    type: 'change',
    version: 2,
    set: { organizations: [organization('harbor', { environment: 'sandbox' })] },
    removed: {},
  }
  const now = new Date(Date.parse(at) + 3_600_000).toISOString()
  const old = { ...snapshot(1), now } as StreamMessage
  const beat: StreamMessage = { type: 'heartbeat', now, asOf: now }
  const { state, subscriber, connected } = follow([old, bad, beat], [])
  await subscriber.start()
  await until('it comes back', () => connected() === 2)
  const ground = state.ground()!
  expect(ground.directory.version).toBe(1)
  expect(ground.directory.organizations.get('harbor')!.environment).toBe('production')
  expect(Date.now() - ground.asOf).toBeGreaterThanOrEqual(3_600_000)
})

test('only differences of control’s clock count', async () => {
  const asOf = '2020-01-01T00:00:00.000Z'
  const beat: StreamMessage = { type: 'heartbeat', now: '2020-01-01T00:00:05.000Z', asOf }
  const { state, subscriber } = follow([
    { ...snapshot(1), now: '2020-01-01T01:00:00.000Z', at: asOf } as StreamMessage,
    beat,
  ])
  await subscriber.start()
  await until('it was vouched for', () => Date.now() - (state.ground()?.asOf ?? 0) < 60_000)
  expect(Date.now() - state.ground()!.asOf).toBeGreaterThanOrEqual(5_000)
})
