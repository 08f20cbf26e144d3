import { once } from 'node:events'
import { connect as connectHttp2 } from 'node:http2'
import { connect, type Socket } from 'node:net'
import { describe, expect, onTestFinished, test } from 'vitest'
import { engineTo } from '../../../test/support/engine.ts'
import { until, upstream } from '../../../test/support/gateway.ts'
import { silentLog } from '../../kernel/index.ts'
import { engines } from './index.ts'
import type { EngineName } from './index.ts'
import { createListener } from './listening/listener.ts'
import type { Listener } from './listening/listener.ts'

const request = 'GET /items HTTP/1.1\r\nHost: a\r\n\r\n'

/** In front of a service that answers once `answers` has resolved. */
async function listenerOf(name: EngineName, answers: Promise<void> = Promise.resolve()) {
  const { url } = await upstream((_, response) => {
    void answers.then(() => response.writeHead(200, { 'content-length': 2 }).end('ok'))
  })
  let listener: Listener | undefined
  const { port, asked } = await engineTo(
    (duties, limits = {}) => {
      const engine = engines[name](duties, limits)
      return (listener = createListener({ duties, engine, limits, log: silentLog }))
    },
    { url },
  )
  return { port, asked, listener: listener! }
}

/** A connection, and all that came on it. */
async function open(port: number) {
  const socket: Socket = connect(port, '127.0.0.1')
  onTestFinished(() => void socket.destroy())
  await once(socket, 'connect')
  let received = ''
  let fault: string | undefined
  socket.setEncoding('latin1').on('data', (text: string) => (received += text))
  socket.on('error', (error: NodeJS.ErrnoException) => (fault = error.code))
  return {
    send: () => void socket.write(request),
    end: () => void socket.end(),
    answers: () => received.split('HTTP/1.1 200').length - 1,
    received: () => received,
    ended: () => socket.readableEnded,
    fault: () => fault,
  }
}

describe.each(Object.keys(engines) as EngineName[])('a listener that retires, with the engine %s', (name) => {
  test('accepts nothing more, and answers each connection once more, saying that it ends', async () => {
    const { port, listener } = await listenerOf(name)
    const used = await open(port)
    used.send()
    await until('it is answered', () => used.answers() === 1)
    const fresh = await open(port)
    const again = await open(port)
    again.send()
    await until('it is answered', () => again.answers() === 1)

    const retired = listener.empty()
    await expect(open(port)).rejects.toThrow(/ECONNREFUSED/)
    for (const connection of [used, fresh, again]) {
      const before = connection.answers()
      connection.send()
      await until('it is answered', () => connection.answers() === before + 1)
      expect(connection.received()).toMatch(/\r\nconnection: close\r\n/i)
      await until('it ends', () => connection.ended())
      connection.end()
    }
    await retired
    expect([used, fresh, again].map(({ fault }) => fault())).toEqual([undefined, undefined, undefined])
  })

  test('sends clients of HTTP/2 elsewhere, and finishes their streams', async () => {
    const answers = Promise.withResolvers<void>()
    const { port, asked, listener } = await listenerOf(name, answers.promise)
    const session = connectHttp2(`http://127.0.0.1:${port}`)
    onTestFinished(() => session.destroy())
    await once(session, 'remoteSettings')
    const told = once(session, 'goaway')
    const stream = session.request({ ':path': '/items' })
    let body = ''
    stream.setEncoding('utf8').on('data', (text: string) => (body += text))
    const over = once(stream, 'close')
    await until('it is under way', () => asked.length === 1)
    const retired = listener.empty()
    await told
    answers.resolve()
    await over
    expect([stream.rstCode, body]).toEqual([0, 'ok'])
    await retired
  })
})
