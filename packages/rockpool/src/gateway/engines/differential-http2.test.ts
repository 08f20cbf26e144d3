import { setTimeout as pause } from 'node:timers/promises'
import { describe } from 'vitest'
import { besidePeers, type Side } from '../../../test/support/beside-peers.ts'
import { count } from '../../../test/support/counts.ts'
import { meaningOf, type Meaning } from '../../../test/support/differential.ts'
import { explainedHttp2 } from '../../../test/support/differential-http2.ts'
import { service, testGateway } from '../../../test/support/gateway.ts'
import { openFrameClient, sendFrames } from '../../../test/support/http2-frames.ts'
import { generateHttp2Request, type Http2Sent } from '../../../test/support/http2-generator.ts'
import { peersMissing } from '../../../test/support/peers.ts'
import { openRoutes, recordingUpstream } from '../../../test/support/raw-http.ts'
import { silentLog } from '../../kernel/index.ts'
import { engines } from './index.ts'
import { createListener } from './listening/listener.ts'
import { defaultEngine } from './names.ts'

/*
 * The same frames of HTTP/2 to us, to nginx and to haproxy, each before an upstream of HTTP/1.1 of its own that records
 * what comes: what we pass on means the same to both of them, or the table says why not. Nothing that a request carries
 * becomes a request of its own.
 */

const turns = count('differentialHttp2', 400)

describe.skipIf(peersMissing)(
  `HTTP/2 beside nginx and haproxy${peersMissing ? ` (${peersMissing})` : ''}`,
  () => {
    const meansTheSame = besidePeers<Http2Sent>({
      protocol: 'HTTP/2',
      generate: generateHttp2Request,
      meanings,
    })

    const open = async (): Promise<Side> => {
      const upstream = await recordingUpstream()
      const parts = { services: [service('any', { url: upstream.url, routes: openRoutes })] }
      const gateway = await testGateway(defaultEngine, parts, {}, {}, (duties, limits = {}) =>
        createListener({ duties, engine: engines[defaultEngine](duties, limits), log: silentLog, limits }),
      )
      return { port: gateway.port, upstream }
    }

    meansTheSame('what is accepted means the same to both', { open, turns, rules: explainedHttp2 })
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
