import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { count, limitMs } from '../../../test/support/counts.ts'
import {
  isExplained,
  meaningOf,
  nothing,
  type Difference,
  type Meaning,
} from '../../../test/support/differential.ts'
import { explainedHttp2 } from '../../../test/support/differential-http2.ts'
import { service, testGateway } from '../../../test/support/gateway.ts'
import { openFrameClient, sendFrames } from '../../../test/support/http2-frames.ts'
import { generateHttp2Request, type Http2Sent } from '../../../test/support/http2-generator.ts'
import { peersMissing, startHaproxy, startNginx, type Peer } from '../../../test/support/peers.ts'
import { seeded } from '../../../test/support/random.ts'
import {
  openRoutes,
  recordingUpstream,
  startUpstream,
  type RecordingUpstream,
} from '../../../test/support/raw-http.ts'
import { silentLog } from '../../kernel/index.ts'
import { engines } from './index.ts'
import { createListener } from './listening/listener.ts'
import { defaultEngine } from './names.ts'

/*
 * The same frames of HTTP/2 to us, to nginx and to haproxy, each before an upstream of HTTP/1.1 of its own that records
 * what comes: what we pass on means the same to both of them, or the table says why not. Nothing that a request carries
 * becomes a request of its own.
 */

const seed = 2026
const turns = count('differentialHttp2', 400)

interface Side {
  port: number
  upstream: RecordingUpstream & { close?(): void }
}

describe.skipIf(peersMissing)(
  `HTTP/2 beside nginx and haproxy${peersMissing ? ` (${peersMissing})` : ''}`,
  () => {
    const peers: Record<string, Side> = {}
    const running: { peer: Peer; upstream: { close(): void } }[] = []

    beforeAll(async () => {
      for (const [name, start] of [
        ['nginx', startNginx],
        ['haproxy', startHaproxy],
      ] as const) {
        const upstream = await startUpstream()
        const peer = await start(upstream.port, 'HTTP/2')
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

    const open = async (): Promise<Side> => {
      const upstream = await recordingUpstream()
      const parts = { services: [service('any', { url: upstream.url, routes: openRoutes })] }
      const gateway = await testGateway(defaultEngine, parts, {}, {}, (duties, limits = {}) =>
        createListener({ duties, engine: engines[defaultEngine](duties, limits), log: silentLog, limits }),
      )
      return { port: gateway.port, upstream }
    }

    const differencesOf = async (sent: Http2Sent, ours: Side): Promise<Difference[] | 'refused'> => {
      const accepted = await meanings(sent, ours)
      if (accepted.length === 0) return 'refused'
      const found: Difference[] = []
      await Promise.all(
        Object.entries(peers).map(async ([peer, side]) => {
          const theirs = await meanings(sent, side)
          for (const [index, meaning] of accepted.entries())
            if (JSON.stringify(meaning) !== JSON.stringify(theirs[index]))
              found.push({ peer, index, ours: meaning, theirs: theirs[index] ?? nothing })
        }),
      )
      return found
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
          const sent = generateHttp2Request(random)
          const differences = await differencesOf(sent, ours)
          if (differences === 'refused') refused += 1
          else
            for (const difference of differences)
              if (!isExplained(difference, sent, explainedHttp2)) unexplained.push({ sent, ...difference })
        }
        expect(unexplained).toEqual([])
        // Both kinds are there.
        expect(refused).toBeGreaterThan(turns / 5)
        expect(refused).toBeLessThan((turns * 4) / 5)
      },
    )

    test('each difference that is explained is there', async () => {
      const ours = await open()
      for (const rule of explainedHttp2) {
        const differing = await differencesOf(rule.example, ours)
        const explainedBy =
          differing === 'refused' ? [] : differing.filter((one) => isExplained(one, rule.example, [rule]))
        expect(explainedBy.map(({ peer }) => peer).toSorted(), rule.why).toEqual([...rule.peers].toSorted())
      }
    })
  },
)

/** RFC 9110 4.2.3: what is left out and what is said mean the same. */
function withoutDefaultPort(meaning: Meaning): Meaning {
  return { ...meaning, host: meaning.host.replace(/:80$/, '') }
}

/** What the upstream behind a proxy was told by one stream. */
async function meanings(sent: Http2Sent, { port, upstream }: Side): Promise<(Meaning | string)[]> {
  upstream.clear()
  const client = await openFrameClient({ port })
  sendFrames(client, 1, sent)
  // Its end, or that of its connection.
  await client.over(1, 3_000)
  client.socket.destroy()
  await pause(0)
  try {
    const found: (Meaning | string)[] = upstream
      .requests()
      .map((message) => withoutDefaultPort(meaningOf(message)))
    const rests = upstream.rests()
    return found.length > 0 && rests.length > 0 ? [...found, `and more: ${rests.join()}`] : found
  } catch (error) {
    // Not to be read by a strict reader.
    for (const { socket } of upstream.connections) socket.destroy()
    return [`unreadable: ${(error as Error).message}`]
  }
}
