import { afterAll, beforeAll, expect, test } from 'vitest'
import { limitMs } from './counts.ts'
import { isExplained, nothing, type Difference, type Explained, type Meaning } from './differential.ts'
import { startHaproxy, startNginx, type Peer, type PeerProtocol } from './peers.ts'
import { seeded } from './random.ts'
import { startUpstream, type RecordingUpstream } from './raw-http.ts'

/** A proxy, and the upstream of its own behind it that records what comes. */
export interface Side {
  port: number
  upstream: RecordingUpstream & { close?(): void }
}

export interface Kind<Sent> {
  /** What clients of the peers speak. */
  protocol: PeerProtocol
  /** The same for the same numbers. */
  generate(random: () => number): Sent
  /** What the upstream behind a proxy was told. `patienceMs`: who waits for more for so long says nothing. */
  meanings(sent: Sent, side: Side, patienceMs: number): Promise<(Meaning | string)[]>
}

/** So long ours may take to accept, which is near; a peer is given time, for what it does not say is a difference. */
const ourPatienceMs = 150
const theirPatienceMs = 3_000

const seed = 2026

/**
 * The same to us, to nginx and to haproxy: what we pass on means the same to both of them, or the rules say why not. For
 * the body of a describe; gives what declares the tests of that, by their name, for one way in which we are started.
 */
export function besidePeers<Sent>({ protocol, generate, meanings }: Kind<Sent>) {
  const peers: Record<string, Side> = {}
  const running: { peer: Peer; upstream: { close(): void } }[] = []

  beforeAll(async () => {
    for (const [name, start] of [
      ['nginx', startNginx],
      ['haproxy', startHaproxy],
    ] as const) {
      const upstream = await startUpstream({ takesOld: protocol === 'HTTP/1.1' })
      const peer = await start(upstream.port, protocol)
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

  async function differencesOf(sent: Sent, ours: Side): Promise<Difference[] | 'refused'> {
    const accepted = await meanings(sent, ours, ourPatienceMs)
    if (accepted.length === 0) return 'refused'
    const found: Difference[] = []
    await Promise.all(
      Object.entries(peers).map(async ([peer, side]) => {
        const theirs = await meanings(sent, side, theirPatienceMs)
        for (const [index, meaning] of accepted.entries())
          if (JSON.stringify(meaning) !== JSON.stringify(theirs[index]))
            found.push({ peer, index, ours: meaning, theirs: theirs[index] ?? nothing })
      }),
    )
    return found
  }

  return (
    name: string,
    { open, turns, rules }: { open: () => Promise<Side>; turns: number; rules: readonly Explained<Sent>[] },
  ): void => {
    test(`${name}: ${turns} requests`, { timeout: limitMs(60_000) }, async () => {
      const ours = await open()
      const random = seeded(seed)
      const unexplained: unknown[] = []
      let refused = 0
      for (let turn = 0; turn < turns; turn++) {
        const sent = generate(random)
        const differences = await differencesOf(sent, ours)
        if (differences === 'refused') refused += 1
        else
          for (const difference of differences)
            if (!isExplained(difference, sent, rules)) unexplained.push({ sent, ...difference })
      }
      expect(unexplained).toEqual([])
      // Both kinds are there.
      expect(refused).toBeGreaterThan(turns / 5)
      expect(refused).toBeLessThan((turns * 4) / 5)
    })

    test('each difference that is explained is there', async () => {
      const ours = await open()
      for (const rule of rules) {
        const differing = await differencesOf(rule.example, ours)
        const explainedBy =
          differing === 'refused' ? [] : differing.filter((one) => isExplained(one, rule.example, [rule]))
        expect(explainedBy.map(({ peer }) => peer).toSorted(), rule.why).toEqual([...rule.peers].toSorted())
      }
    })
  }
}
