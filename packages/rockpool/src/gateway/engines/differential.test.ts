import { setTimeout as pause } from 'node:timers/promises'
import { describe } from 'vitest'
import { besidePeers, type Side } from '../../../test/support/beside-peers.ts'
import { count } from '../../../test/support/counts.ts'
import { explained, meaningOf, type Meaning } from '../../../test/support/differential.ts'
import { generateRequest } from '../../../test/support/http-generator.ts'
import { peersMissing } from '../../../test/support/peers.ts'
import { openClient, openGateway, recordingUpstream } from '../../../test/support/raw-http.ts'
import { engines, type EngineName } from './index.ts'

/*
 * The same bytes to us, to nginx and to haproxy, each before an upstream of its own that records what comes: what we
 * pass on means the same to both of them, or the table says why not.
 */

const turns = count('differential', 150)

/** Behind each request, so that one that ends elsewhere than meant is seen. */
const sentinel = 'GET /sentinel HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n'

describe.skipIf(peersMissing)(`beside nginx and haproxy${peersMissing ? ` (${peersMissing})` : ''}`, () => {
  const meansTheSame = besidePeers<string>({ protocol: 'HTTP/1.1', generate: generateRequest, meanings })

  describe.each(Object.keys(engines) as EngineName[])('engine %s', (engine) => {
    const rules = explained.filter(({ engines: only }) => !only || only.includes(engine))

    const open = async (): Promise<Side> => {
      const upstream = await recordingUpstream()
      return { port: (await openGateway(engine, upstream)).port, upstream }
    }

    meansTheSame('what is accepted means the same to both', { open, turns, rules })
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
