import { createHash, randomBytes, randomInt } from 'node:crypto'
import { request as httpRequest, type IncomingMessage, type RequestListener } from 'node:http'
import { setTimeout as pause } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { readAll, until, type TestGateway } from '../../../test/support/gateway.ts'
import { bearer, gatewayFor, live } from '../../../test/support/gateway-client.ts'
import { engines, type EngineName } from './index.ts'

const clientsBeside = 6
/** Far more than come while 30 MB are on their way. */
const mostCallsBeside = 20_000
const sumOf = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')

/** A service that sends what comes for `/harbor/open` back, and leaves all else to this one. */
function besideEcho(listener: RequestListener): RequestListener {
  return (request, response) => {
    if (request.url !== '/harbor/open') return void listener(request, response)
    void readAll(request).then((body) => response.end(body))
  }
}

/** Clients that call one after the other until they are stopped; each must get back what it sent. */
function callBeside({ url }: TestGateway) {
  let calls = 0
  let isOver = false
  const client = async () => {
    while (!isOver && calls < mostCallsBeside) {
      calls += 1
      const body = randomBytes(randomInt(1, 20_000))
      const response = await fetch(`${url}/harbor/open`, { method: 'POST', body })
      const received = new Uint8Array(await response.arrayBuffer())
      expect([response.status, sumOf(received)]).toEqual([200, sumOf(body)])
      await pause(1)
    }
  }
  const all = Promise.all(Array.from({ length: clientsBeside }, client))
  // `stop` tells what failed.
  all.catch(() => {})
  return {
    calls: () => calls,
    async stop() {
      isOver = true
      await all
      expect(calls).toBeLessThan(mostCallsBeside)
    },
  }
}

const recordsOf = ({ records }: TestGateway) => records.filter(({ path }) => path?.endsWith('/items'))

describe.each(Object.keys(engines) as EngineName[])('engine %s: streaming', (engine) => {
  // A size that no buffer has: bytes of another place are other bytes.
  const block = randomBytes(64 * 1024 + 1)
  const blocks = 480
  const sum = createHash('sha256')
  for (let index = 0; index < blocks; index++) sum.update(block)
  const expected = sum.digest('hex')
  const size = blocks * block.length

  /** Reads in fits and starts, so that everything between here and the sender fills up. */
  async function readSlowly(message: IncomingMessage): Promise<string> {
    const hash = createHash('sha256')
    let count = 0
    for await (const chunk of message) {
      hash.update(chunk as Buffer)
      if (++count % 40 === 0) await pause(5)
    }
    return hash.digest('hex')
  }

  test('30 MB to a slow reader arrive whole, the sender is held back meanwhile, and others are served', async () => {
    let ahead = 0
    let sent = 0
    let received = 0
    const largeOne: RequestListener = (_, response) => {
      void (async () => {
        for (let index = 0; index < blocks; index++) {
          sent += block.length
          ahead = Math.max(ahead, sent - received)
          if (!response.write(block)) await new Promise((resolve) => response.once('drain', resolve))
        }
        response.end()
      })()
    }
    const gateway = await gatewayFor(engine, besideEcho(largeOne))
    const beside = callBeside(gateway)
    const digest = await new Promise<string>((resolve, reject) => {
      const options = {
        host: '127.0.0.1',
        port: gateway.port,
        path: '/harbor/items',
        headers: [...bearer(live), 'Host', 'a'],
      }
      httpRequest(options, (response) => {
        response.on('data', (chunk: Buffer) => (received += chunk.length))
        response.pause()
        // Nothing is read until the service can get no further, and all others were served meanwhile.
        let last = -1
        const before = beside.calls()
        until('the service is held back', async () => {
          const known = last
          last = sent
          await pause(50)
          return known === sent && sent > 0 && beside.calls() > before + 10 * clientsBeside
        })
          .then(() => {
            expect(sent).toBeLessThan(size)
            resolve(readSlowly(response))
          })
          .catch(reject)
      }).end()
    })
    await beside.stop()
    expect(digest).toBe(expected)
    expect(ahead).toBeLessThan(size)
    await until('logged', () => recordsOf(gateway).length === 1)
    expect(recordsOf(gateway)[0]).toMatchObject({ bytesOut: size, aborted: null })
  })

  test.each(['content-length', 'chunked'])(
    '30 MB to a slow service arrive whole (%s), and others are served',
    async (framing) => {
      const largeOne: RequestListener = (request, response) => {
        void until('others are served meanwhile', () => beside.calls() > 10 * clientsBeside)
          .then(() => readSlowly(request))
          .then((digest) => response.end(digest))
      }
      const gateway = await gatewayFor(engine, besideEcho(largeOne))
      const beside = callBeside(gateway)
      const digest = await new Promise<string>((resolve, reject) => {
        const headers = [
          ...bearer(live),
          'Host',
          'a',
          ...(framing === 'chunked' ? ['Transfer-Encoding', 'chunked'] : ['Content-Length', String(size)]),
        ]
        const request = httpRequest(
          { host: '127.0.0.1', port: gateway.port, method: 'PUT', path: '/harbor/items', headers },
          (response) => {
            readAll(response).then((body) => resolve(body.toString()), reject)
          },
        )
        request.once('error', reject)
        void (async () => {
          for (let index = 0; index < blocks; index++)
            if (!request.write(block)) await new Promise((wake) => request.once('drain', wake))
          request.end()
        })()
      })
      await beside.stop()
      expect(digest).toBe(expected)
      await until('logged', () => recordsOf(gateway).length === 1)
      expect(recordsOf(gateway)[0]).toMatchObject({ bytesIn: size, aborted: null })
    },
  )

  test('the first bytes of an answer do not wait for the last', async () => {
    let finish: (() => void) | undefined
    const gateway = await gatewayFor(engine, (_, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      response.write('data: 1\n\n')
      finish = () => response.end('data: 2\n\n')
    })
    const response = await fetch(`${gateway.url}/harbor/items`, {
      headers: { authorization: `Bearer ${live.text}` },
    })
    const reader = response.body!.getReader()
    expect(new TextDecoder().decode((await reader.read()).value)).toBe('data: 1\n\n')
    finish!()
    expect(new TextDecoder().decode((await reader.read()).value)).toBe('data: 2\n\n')
    expect((await reader.read()).done).toBe(true)
  })

  test('the head of an answer does not wait for its body', async () => {
    const gateway = await gatewayFor(engine, (_, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      response.flushHeaders()
    })
    const abort = new AbortController()
    const headers = { authorization: `Bearer ${live.text}` }
    const response = await fetch(`${gateway.url}/harbor/items`, { headers, signal: abort.signal })
    expect(response.status).toBe(200)
    abort.abort()
  })
})
