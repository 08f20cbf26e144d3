import { once } from 'node:events'
import { connect as connectHttp2 } from 'node:http2'
import { connect, createServer } from 'node:net'
import type { AddressInfo, Socket } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { plainAnswer } from '../../../../test/support/engine.ts'
import { until } from '../../../../test/support/gateway.ts'
import { silentLog } from '../../../kernel/index.ts'
import { noFields } from '../../header-fields.ts'
import type { Duties } from '../engine.ts'
import { createLateHttp2 } from './late.ts'
import { createHttp2Server } from './server.ts'

const duties: Duties = {
  open: () => ({
    plan: { answer: plainAnswer(200, 'here') },
    take: null,
    answered: () => noFields,
    trailers: () => [],
    failed: () => plainAnswer(502),
    ended: () => {},
  }),
  malformed: () => plainAnswer(400),
}

/** A connection that was accepted, and the port at which others are. */
async function accepting(accept: (socket: Socket) => void): Promise<number> {
  const server = createServer(accept).listen(0, '127.0.0.1')
  onTestFinished(() => void server.close())
  await once(server, 'listening')
  return (server.address() as AddressInfo).port
}

/** What a client of its own is answered. */
async function ask(port: number): Promise<string> {
  const session = connectHttp2(`http://127.0.0.1:${port}`).on('error', () => {})
  const stream = session.request({ ':path': '/' })
  let text = ''
  for await (const piece of stream) text += String(piece)
  session.close()
  return text
}

/** One that says nothing, until it is closed. */
async function closed(port: number): Promise<void> {
  const client = connect(port, '127.0.0.1').on('error', () => {})
  client.resume()
  await once(client, 'close')
}

test('connections that come before it is loaded are served as those after', async () => {
  const http2 = createLateHttp2(duties, { log: silentLog })
  const port = await accepting((socket) => http2.serve(socket))
  expect(await Promise.all([ask(port), ask(port)])).toEqual(['here', 'here'])
  expect(await ask(port)).toBe('here')
  await http2.close(1_000)
})

test('a connection that breaks while it is loaded breaks nothing else', async () => {
  const http2 = createLateHttp2(duties, { log: silentLog })
  const port = await accepting((socket) => {
    http2.serve(socket)
    socket.destroy(new Error('broken on purpose'))
  })
  await closed(port)
  await http2.load()
  await http2.close(1_000)
})

test('a gateway that closes while it is loaded serves nobody by it any more', async () => {
  const http2 = createLateHttp2(duties, { log: silentLog })
  let closing: Promise<void> | undefined
  const port = await accepting((socket) => {
    http2.serve(socket)
    closing = http2.close(1_000)
  })
  await closed(port)
  await closing
})

test('one that cannot be loaded costs the connections that waited for it, is told of once, and tried again', async () => {
  const told: unknown[] = []
  let left = 3
  const http2 = createLateHttp2(duties, {
    log: { error: (...words: unknown[]) => void told.push(words) },
    importServer: () => (left-- > 0 ? Promise.reject(tooManyFiles()) : Promise.resolve(createHttp2Server)),
  })
  const port = await accepting((socket) => http2.serve(socket))
  await closed(port)
  await closed(port)
  await expect(http2.load()).rejects.toThrow('EMFILE')
  expect(told).toHaveLength(1)
  expect(await ask(port)).toBe('here')
  await http2.close(1_000)
})

test('a close while it cannot be loaded is one', async () => {
  const failing = Promise.withResolvers<never>()
  const http2 = createLateHttp2(duties, { log: silentLog, importServer: () => failing.promise })
  const port = await accepting((socket) => {
    http2.serve(socket)
    const closing = http2.close(1_000)
    failing.reject(tooManyFiles())
    void closing.then(() => (isClosed = true))
  })
  let isClosed = false
  await closed(port)
  await until('it is closed', () => isClosed)
  await http2.close(1_000)
})

test.each(['retire', 'close'] as const)('after a %s nothing is loaded any more', async (how) => {
  let loaded = 0
  const http2 = createLateHttp2(duties, {
    log: silentLog,
    importServer() {
      loaded += 1
      return Promise.resolve(createHttp2Server)
    },
  })
  await http2[how](1_000)
  await closed(await accepting((socket) => http2.serve(socket)))
  expect(loaded).toBe(0)
  await http2.close(1_000)
})

const tooManyFiles = () => Object.assign(new Error('EMFILE: too many open files'), { code: 'EMFILE' })
