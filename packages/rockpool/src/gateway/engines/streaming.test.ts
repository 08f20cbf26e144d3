import { createHash, randomBytes } from 'node:crypto'
import { request as httpRequest, type IncomingMessage } from 'node:http'
import { setTimeout as pause } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { readAll, until } from '../../../test/support/gateway.ts'
import { bearer, gatewayFor, live } from '../../../test/support/gateway-client.ts'
import { engines, type EngineName } from './index.ts'

describe.each(Object.keys(engines) as EngineName[])('engine %s: streaming', (engine) => {
  const block = randomBytes(64 * 1024)
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

  test('30 MB to a slow reader arrive whole, and the sender is held back meanwhile', async () => {
    let ahead = 0
    let sent = 0
    let received = 0
    const gateway = await gatewayFor(engine, (_, response) => {
      void (async () => {
        for (let index = 0; index < blocks; index++) {
          sent += block.length
          ahead = Math.max(ahead, sent - received)
          if (!response.write(block)) await new Promise((resolve) => response.once('drain', resolve))
        }
        response.end()
      })()
    })
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
        // Nothing is read until the service can get no further.
        let last = -1
        until('the service is held back', async () => {
          const before = last
          last = sent
          await pause(50)
          return before === sent && sent > 0
        })
          .then(() => {
            expect(sent).toBeLessThan(size)
            resolve(readSlowly(response))
          })
          .catch(reject)
      }).end()
    })
    expect(digest).toBe(expected)
    expect(ahead).toBeLessThan(size)
    await until('logged', () => gateway.records.length === 1)
    expect(gateway.records[0]).toMatchObject({ bytesOut: size, aborted: null })
  })

  test.each(['content-length', 'chunked'])('30 MB to a slow service arrive whole (%s)', async (framing) => {
    const gateway = await gatewayFor(engine, (request, response) => {
      void readSlowly(request).then((digest) => response.end(digest))
    })
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
    expect(digest).toBe(expected)
    await until('logged', () => gateway.records.length === 1)
    expect(gateway.records[0]).toMatchObject({ bytesIn: size, aborted: null })
  })

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
