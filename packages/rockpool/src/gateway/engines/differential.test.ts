import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { count, limitMs } from '../../../test/support/counts.ts'
import {
  explained,
  isExplained,
  meaningOf,
  nothing,
  type Difference,
  type Meaning,
} from '../../../test/support/differential.ts'
import { generateRequest } from '../../../test/support/http-generator.ts'
import { peersMissing, startHaproxy, startNginx, type Peer } from '../../../test/support/peers.ts'
import { seeded } from '../../../test/support/random.ts'
import {
  openClient,
  openGateway,
  recordingUpstream,
  startUpstream,
  type RecordingUpstream,
} from '../../../test/support/raw-http.ts'
import { engines, type EngineName } from './index.ts'

/*
 * The same bytes to us, to nginx and to haproxy, each before an upstream of its own that records what comes: what we
 * pass on means the same to both of them, or the table says why not.
 */

const seed = 2026
const turns = count('differential', 150)

/** Behind each request, so that one that ends elsewhere than meant is seen. */
const sentinel = 'GET /sentinel HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n'

interface Side {
  port: number
  upstream: RecordingUpstream & { close?(): void }
}

describe.skipIf(peersMissing)(`beside nginx and haproxy${peersMissing ? ` (${peersMissing})` : ''}`, () => {
  const peers: Record<string, Side> = {}
  const running: { peer: Peer; upstream: { close(): void } }[] = []

  beforeAll(async () => {
    for (const [name, start] of [
      ['nginx', startNginx],
      ['haproxy', startHaproxy],
    ] as const) {
      const upstream = await startUpstream({ takesOld: true })
      const peer = await start(upstream.port)
      running.push({ peer, upstream })
      peers[name] = { port: peer.port, upstream }
    }
  })

  afterAll(async () => {
    for (const { peer, upstream } of running) {
      await peer.stop()
      upstream.close()
    }
  })

  const differencesOf = async (text: string, ours: Side): Promise<Difference[] | 'refused'> => {
    const accepted = await meanings(text, ours, 150)
    if (accepted.length === 0) return 'refused'
    const found: Difference[] = []
    await Promise.all(
      Object.entries(peers).map(async ([peer, side]) => {
        const theirs = await meanings(text, side, 3_000)
        for (const [index, meaning] of accepted.entries())
          if (JSON.stringify(meaning) !== JSON.stringify(theirs[index]))
            found.push({ peer, index, ours: meaning, theirs: theirs[index] ?? nothing })
      }),
    )
    return found
  }

  describe.each(Object.keys(engines) as EngineName[])('engine %s', (engine) => {
    const rules = explained.filter(({ engines: only }) => !only || only.includes(engine))

    const open = async (): Promise<Side> => {
      const upstream = await recordingUpstream()
      return { port: (await openGateway(engine, upstream)).port, upstream }
    }

    test(
      `what is accepted means the same to both: ${turns} requests`,
      { timeout: limitMs(60_000) },
      async () => {
        const ours = await open()
        const random = seeded(seed)
        const unexplained: unknown[] = []
        let refused = 0
        for (let turn = 0; turn < turns; turn++) {
          const text = generateRequest(random)
          const differences = await differencesOf(text, ours)
          if (differences === 'refused') refused += 1
          else
            for (const difference of differences)
              if (!isExplained(difference, text, rules)) unexplained.push({ text, ...difference })
        }
        expect(unexplained).toEqual([])
        // Both kinds are there.
        expect(refused).toBeGreaterThan(turns / 5)
        expect(refused).toBeLessThan((turns * 4) / 5)
      },
    )

    test('each difference that is explained is there', async () => {
      const ours = await open()
      for (const rule of rules) {
        const differing = await differencesOf(rule.example, ours)
        const explainedBy =
          differing === 'refused' ? [] : differing.filter((one) => isExplained(one, rule.example, [rule]))
        expect(explainedBy.map(({ peer }) => peer).toSorted(), rule.why).toEqual([...rule.peers].toSorted())
      }
    })
  })
})

/** What the upstream behind a proxy was told by these bytes, without the sentinel. */
async function meanings(
  text: string,
  { port, upstream }: Side,
  patienceMs: number,
): Promise<(Meaning | string)[]> {
  upstream.clear()
  const client = await openClient(port)
  client.send(text + sentinel)
  // Who waits for more of a body says nothing.
  const closed = client.closed().then(
    () => true,
    () => true,
  )
  // Many short pauses: between them comes what waits in this process, however long the machine has let it wait.
  for (let waited = 0; waited < patienceMs; waited += 5)
    if (await Promise.race([closed, pause(5, false)])) break
  client.socket.destroy()
  try {
    return upstream
      .requests()
      .filter(({ start }) => !start.startsWith('GET /sentinel '))
      .map((message) => meaningOf(message, text))
  } catch (error) {
    // Not to be read by a strict reader.
    for (const { socket } of upstream.connections) socket.destroy()
    return [`unreadable: ${(error as Error).message}`]
  }
}
