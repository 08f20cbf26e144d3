import type { AddressInfo } from 'node:net'
import { createServer } from 'node:http'
import { connect } from 'node:net'
import type { Readable } from 'node:stream'
import { setTimeout as pause } from 'node:timers/promises'
import { Agent } from 'undici'
import type { Dispatcher } from 'undici'
import { expect, onTestFinished, test } from 'vitest'
import { until, upstream } from '../../../test/support/gateway.ts'
import { noFields } from '../header-fields.ts'
import type { End, Exchange } from './engine.ts'
import { createNodeClient } from './node-client.ts'
import { forwardByUndici } from './node-forward.ts'

test('a client that does not take the rest of an answer is given up, although the service is done', async () => {
  const service = await upstream((_, response) => response.end('all of it'))
  const agent = new Agent()
  const ends: End[] = []
  const forward = { origin: service.url, method: 'GET', target: '/', headers: noFields, deadlineMs: 10_000 }
  const exchange: Exchange = {
    plan: { forward },
    take: null,
    answered: () => noFields,
    trailers: () => [],
    failed: () => ({ status: 502, headers: [], body: '' }),
    ended: (end) => void ends.push(end),
  }
  const server = createServer((request, response) => {
    // No write ever comes to its end, as with a client that reads nothing.
    Object.assign(response.socket!, { _write: () => {}, _writev: () => {} })
    forwardByUndici(exchange, forward, createNodeClient(request, response), agent, {
      slowReaderMs: 100,
      bodyMs: 10_000,
      bodyIdleMs: 10_000,
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(async () => {
    server.closeAllConnections()
    server.close()
    await agent.destroy()
  })
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1')
  socket.on('error', () => {})
  socket.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n')
  await until('it is given up', () => ends.length === 1)
  // An agent of undici’s own does not tell where it went.
  expect(ends).toEqual([
    { bytesIn: 0, bytesOut: 9, aborted: 'client', upstream: null, retries: 0, connectMs: expect.any(Number) },
  ])
})

test('time in which the service takes nothing of a body is not the client’s, though all that it sent is here', async () => {
  const bodyIdleMs = 100
  const ends: End[] = []
  let body: Readable | undefined
  // Takes one piece, and then nothing, as undici does with a connection that is full.
  const agent: Pick<Dispatcher, 'dispatch'> = {
    dispatch(call, handler) {
      body = call.body as Readable
      body.on('data', () => body!.pause())
      handler.onRequestStart!(
        { abort: (error: Error) => handler.onResponseError!({} as never, error) } as never,
        {},
      )
      return true
    },
  }
  const forward = { origin: 'http://a', method: 'POST', target: '/', headers: noFields, deadlineMs: 10_000 }
  const exchange: Exchange = {
    plan: { forward },
    take: null,
    answered: () => noFields,
    trailers: () => [],
    failed: (failure) => ({
      status: failure === 'slow' ? 408 : 502,
      headers: ['Connection', 'close'],
      body: '',
    }),
    ended: (end) => void ends.push(end),
  }
  const server = createServer((request, response) => {
    forwardByUndici(exchange, forward, createNodeClient(request, response), agent, {
      bodyMs: 10_000,
      bodyIdleMs,
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1')
  let received = ''
  socket.on('error', () => {}).on('data', (bytes: Buffer) => (received += bytes.toString()))
  socket.write('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nhalf')
  await until('the service takes no more', () => body?.isPaused() === true)
  await pause(4 * bodyIdleMs)
  expect(received).toBe('')
  body!.resume()
  await until('it is the client that is waited for', () => received.startsWith('HTTP/1.1 408 '))
  await until('told', () => ends.length === 1)
  expect(ends).toMatchObject([{ bytesIn: 4, aborted: 'client' }])
})
