import { once } from 'node:events'
import { connect as connectHttp2 } from 'node:http2'
import { connect, createServer } from 'node:net'
import type { AddressInfo, Socket } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { plainAnswer } from '../../../../test/support/engine.ts'
import { noFields } from '../../header-fields.ts'
import type { Duties } from '../engine.ts'
import { createLateHttp2 } from './late.ts'

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

test('connections that come before it is loaded are served as those after', async () => {
  const http2 = createLateHttp2(duties)
  const port = await accepting((socket) => http2.serve(socket))
  const ask = async () => {
    const session = connectHttp2(`http://127.0.0.1:${port}`)
    const stream = session.request({ ':path': '/' })
    let text = ''
    for await (const piece of stream) text += String(piece)
    session.close()
    return text
  }
  expect(await Promise.all([ask(), ask()])).toEqual(['here', 'here'])
  expect(await ask()).toBe('here')
  await http2.close(1_000)
})

test('a connection that breaks while it is loaded breaks nothing else', async () => {
  const http2 = createLateHttp2(duties)
  const port = await accepting((socket) => {
    http2.serve(socket)
    socket.destroy(new Error('broken on purpose'))
  })
  const client = connect(port, '127.0.0.1').on('error', () => {})
  await once(client, 'close')
  await http2.load()
  await http2.close(1_000)
})

test('a gateway that closes while it is loaded serves nobody by it any more', async () => {
  const http2 = createLateHttp2(duties)
  let closed: Promise<void> | undefined
  const port = await accepting((socket) => {
    http2.serve(socket)
    closed = http2.close(1_000)
  })
  const client = connect(port, '127.0.0.1').on('error', () => {})
  client.resume()
  await once(client, 'close')
  await closed
})
