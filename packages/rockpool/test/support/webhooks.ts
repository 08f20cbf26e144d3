import { createHmac } from 'node:crypto'
import { createServer } from 'node:http'
import type { ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A POST as a receiver of webhooks sees it. */
export interface Received {
  id: string
  /** Seconds since 1970. */
  timestamp: number
  signature: string
  url: string
  type: string
  body: string
}

export interface Receiver {
  origin: string
  /** In the order that they came. */
  received: Received[]
  /** Bytes of an endless answer, as they were taken; and whether the other side has ended it. */
  endless: { taken: number; isOver: boolean }
  close(): void
}

/** What is answered: a status, one with headers, nothing ever (`silent`), or 200 with a body that does not end. */
export type Answer = number | { status: number; headers: Record<string, string> } | 'silent' | 'endless'

/** A receiver on loopback. `answer` sees each POST when all of it has come, with its number from 0. */
export async function startReceiver(
  answer: (received: Received, number: number) => Answer | Promise<Answer> = () => 204,
): Promise<Receiver> {
  const received: Received[] = []
  const endless = { taken: 0, isOver: false }
  const server = createServer((request, response) => {
    void (async () => {
      const body = Buffer.concat(await request.toArray()).toString()
      const header = (name: string) => String(request.headers[name] ?? '')
      const one = {
        id: header('webhook-id'),
        timestamp: Number(header('webhook-timestamp')),
        signature: header('webhook-signature'),
        url: request.url ?? '',
        type: header('content-type'),
        body,
      }
      received.push(one)
      const given = await answer(one, received.length - 1)
      if (given === 'silent') return
      if (given === 'endless') return writeEndlessly(response, endless)
      const { status, headers } = typeof given === 'number' ? { status: given, headers: {} } : given
      response.writeHead(status, headers).end()
    })()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received,
    endless,
    close() {
      server.closeAllConnections()
      server.close()
    },
  }
}

function writeEndlessly(response: ServerResponse, told: Receiver['endless']): void {
  const more = () => {
    while (!response.destroyed) {
      told.taken += 65_536
      if (!response.write(Buffer.alloc(65_536))) return void response.once('drain', more)
    }
  }
  response.on('close', () => (told.isOver = true))
  more()
}

/** The signature that the Standard Webhooks ask for, worked out anew: the tests' own reading of the specification. */
export function signatureOf({ id, timestamp, body }: Received, secret: string): string {
  const key = Buffer.from(secret.slice('whsec_'.length), 'base64')
  return `v1,${createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64')}`
}
