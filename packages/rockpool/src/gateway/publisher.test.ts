import type { PublicKey } from '@rockpool/sdk/wire'
import { expect, onTestFinished, test } from 'vitest'
import { createSimulatedClock, silentLog } from '../kernel/index.ts'
import { createPublisher } from './publisher.ts'
import { rateLimit } from '../../test/support/gateway-entries.ts'
import { openSnapshot } from './snapshot.ts'
import type { SnapshotRateLimit, StreamMessage } from './types.ts'

const listener = { close: () => Promise.resolve() }

/** A publisher of no organizations, and of services that `list` tells. */
async function started(list: () => Promise<[]>, rateLimits?: SnapshotRateLimit[]) {
  const clock = createSimulatedClock()
  const keys: PublicKey[] = []
  let changed = () => {}
  const publisher = createPublisher({
    organizations: {
      snapshot: () => Promise.resolve({ organizations: [], credentials: [], keys: [...keys] }),
      onChange: (told) => {
        changed = () => told({ kind: 'resync' })
        return Promise.resolve(listener)
      },
    },
    services: { list, onChange: () => Promise.resolve(listener) },
    ...(rateLimits && { rateLimits }),
    clock,
    log: silentLog,
  })
  await publisher.start()
  onTestFinished(() => publisher.stop())
  const change = (kid: string) => {
    keys.push({ kid, trust: 'gateway', jwk: { kty: 'OKP', crv: 'Ed25519', x: 'x'.repeat(43) } })
    changed()
    return publisher.settled()
  }
  return { clock, publisher, change }
}

test('while a read hangs, the gateways are told every second how old the truth is', async () => {
  let reads = 0
  const { clock, publisher } = await started(() =>
    reads++ === 0 ? Promise.resolve([]) : new Promise(() => {}),
  )
  const told: StreamMessage[] = []
  publisher.connect('one', (message) => told.push(message))
  const began = clock.now()
  await clock.advance(20_000)
  const beats = told.filter((message) => message.type === 'heartbeat')
  expect(beats).toHaveLength(20)
  expect(beats.at(-1)).toMatchObject({ asOf: new Date(began).toISOString() })
})

test('a gateway that cannot be written to holds up no other', async () => {
  const { publisher, change } = await started(() => Promise.resolve([]))
  const broken: StreamMessage[] = []
  const told: StreamMessage[] = []
  publisher.connect('broken', (message) => {
    broken.push(message)
    if (message.type !== 'snapshot') throw new TypeError('the stream is closed')
  })
  publisher.connect('sound', (message) => {
    told.push(message)
    if (message.type === 'change')
      publisher.acknowledge({ gateway: 'sound', version: message.version, lastUsed: {} })
  })
  await change('one')
  await change('two')
  expect(told.map(({ type }) => type)).toEqual(['snapshot', 'change', 'change'])
  expect(broken.map(({ type }) => type)).toEqual(['snapshot', 'change'])
  expect(publisher.gateways().map(({ gateway }) => gateway)).toEqual(['sound'])
})

test('the rate limits of the configuration are in what gateways get, and one that is none is left out', async () => {
  const sound = rateLimit({ organization: 'harbor' })
  const { publisher } = await started(() => Promise.resolve([]), [sound, rateLimit({ name: 'a "b"' })])
  const told: StreamMessage[] = []
  publisher.connect('one', (message) => told.push(message))
  expect(told[0]).toMatchObject({ type: 'snapshot', rateLimits: [sound] })
  const opened = openSnapshot(told[0])
  expect(opened.ok && opened.directory.rateLimits.get('all')).toEqual(sound)
  expect(publisher.findings()).toMatchObject([{ message: 'must be of letters, digits, dots and dashes' }])
})

test('a snapshot as a line of JSON says what the one as entries says', async () => {
  const { publisher } = await started(() => Promise.resolve([]), [rateLimit({ organization: 'harbor' })])
  const told: unknown[] = []
  publisher.connect('one', (message) => told.push(message))
  publisher.connect(
    'other',
    () => {},
    (line) => told.push(JSON.parse(line)),
  )
  expect(told[1]).toEqual(told[0])
  expect(openSnapshot(told[1]).ok).toBe(true)
})
