import { expect, onTestFinished, test } from 'vitest'
import { organization, snapshotOf, temporaryFolder, until } from '../../../test/support/gateway.ts'
import { silentLog, systemClock } from '../../kernel/index.ts'
import type { ControlLink } from '../control-link.ts'
import { createSigner } from '../identity.ts'
import { createState } from '../state.ts'
import { createSubscriber } from '../subscriber.ts'
import type { GatewayReport, StreamMessage } from '../types.ts'
import { createCounters } from './counters.ts'
import { createFacts } from './facts.ts'
import { factsSchema } from './report.ts'

const { publicKey } = createSigner()
const at = new Date().toISOString()
const good: StreamMessage = {
  type: 'snapshot',
  now: at,
  ...snapshotOf({ version: 3, at, organizations: [organization('harbor')], keys: [publicKey] }),
}
const bad = { ...good, version: 4, organizations: [{ slug: 'A B' }] } as unknown as StreamMessage

/** A gateway that hears these messages, each when the one before was told of, and then nothing. */
async function reportsTo(messages: readonly StreamMessage[]): Promise<GatewayReport[]> {
  const reports: GatewayReport[] = []
  let sent = 0
  const control: ControlLink = {
    async *stream(_, signal) {
      if (sent < messages.length) {
        const before = reports.length
        yield messages[sent++]!
        await until('it told of it', () => reports.length > before)
      } else await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }))
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
  const facts = createFacts({
    name: 'one',
    engine: 'node',
    addresses: [],
    key: publicKey.kid,
    state,
    counters: createCounters(),
    ledger: { waiting: () => 0 },
    traffic: { waiting: () => 0 },
    accessLog: { dropped: () => 0 },
    clock: systemClock,
  })
  const given = { state, control, facts, publicKey, name: 'one', folder: temporaryFolder() }
  const subscriber = createSubscriber({ ...given, clock: systemClock, log: silentLog })
  onTestFinished(() => subscriber.stop())
  await subscriber.start()
  await until('all was sent and told of', () => sent === messages.length && reports.length >= messages.length)
  return reports
}

test('a gateway that could take no snapshot yet says which findings it has', async () => {
  const [report] = await reportsTo([bad])
  expect(report).toMatchObject({ version: 0, facts: { notReady: expect.any(String) as string, ageMs: null } })
  expect(report?.facts?.refused?.findings).toEqual([
    expect.objectContaining({ path: expect.stringMatching(/^organizations\.0/) as string }),
    ...report!.facts!.refused!.findings.slice(1),
  ])
  expect(factsSchema.safeParse(report?.facts).error).toBeUndefined()
})

test('one that refused a snapshot says so, and by which it decides; once it takes one, that all is well', async () => {
  const reports = await reportsTo([good, bad, { ...good, version: 5 }])
  const told = reports.map(({ version, facts }) => [version, facts && facts.refused !== null])
  expect(told).toEqual([
    [3, false],
    [3, true],
    [5, false],
  ])
  expect(reports[0]?.facts).toMatchObject({ notReady: null, holds: { organizations: 1, routes: 0 } })
})
