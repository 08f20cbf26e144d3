import { once } from 'node:events'
import { createServer, type AddressInfo, type Socket } from 'node:net'
import { describe, expect, onTestFinished, test } from 'vitest'
import { service, testGateway } from '../../../test/support/gateway.ts'
import { openClient, readRequests, statusOf, valuesOf } from '../../../test/support/raw-http.ts'
import { engines, type EngineName } from '../engines/index.ts'

// A service dies at every byte of its answer: the client has the whole answer, or a refusal, or sees that it broke off.

const fields = 'HTTP/1.1 200 OK\r\nX-Mark: seven\r\n'
const content = 'hello, you'
/** `ends`: a proper end of the connection is its end. */
const answers: Record<string, { bytes: string; ends: boolean }> = {
  chunks: {
    bytes: `${fields}Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n5;x=1\r\n, you\r\n0\r\n\r\n`,
    ends: false,
  },
  trailers: {
    bytes: `${fields}Transfer-Encoding: chunked\r\nTrailer: X-Sum\r\n\r\na\r\n${content}\r\n0\r\nX-Sum: 10\r\n\r\n`,
    ends: false,
  },
  length: { bytes: `${fields}Content-Length: 10\r\n\r\n${content}`, ends: false },
  interim: {
    bytes: `HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n${fields}Content-Length: 10\r\n\r\n${content}`,
    ends: false,
  },
  end: { bytes: `${fields}Connection: close\r\n\r\n${content}`, ends: true },
}

/** Answers `/<how many bytes>/<which answer>/<how it ends>`. */
async function dyingService(): Promise<{ url: string }> {
  const server = createServer({ noDelay: true }, (socket) => {
    let received = ''
    socket.on('error', () => {}).setEncoding('latin1')
    socket.on('data', (piece: string) => {
      received += piece
      const [request] = readRequests(received).messages
      if (!request) return
      const [, bytes, which, way] = request.start.split(' ')[1]!.split('/')
      die(socket, answers[which!]!.bytes.slice(0, Number(bytes)), way!)
    })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => void server.close())
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }
}

function die(socket: Socket, bytes: string, way: string): void {
  if (way === 'end') return void socket.end(bytes, 'latin1')
  // What was written is on its way before it is reset.
  if (bytes === '') socket.resetAndDestroy()
  else socket.write(bytes, 'latin1', () => setImmediate(() => socket.resetAndDestroy()))
}

/** A service for each number of bytes, in one place: what fails again and again would be left alone (limits/breaker.ts). */
const servicesAt = (url: string, most: number) =>
  Array.from({ length: most + 1 }, (_, bytes) => {
    const path = `/${bytes}/{which}/{way}`
    const routes = [{ method: 'GET', path, operationId: 'die', anonymous: true }]
    return service(`s${bytes}`, { url, routes })
  })

/** undici takes a reset for the end of an answer that has no other end, as it has to on macOS. */
const takesResetForEnd: ReadonlySet<EngineName> = new Set(['node'])

describe.each(Object.keys(engines) as EngineName[])('engine %s: a service that dies', (engine) => {
  test.each(Object.keys(answers).flatMap((which) => ['end', 'reset'].map((way) => [which, way] as const)))(
    'at every byte of an answer with %s, by a connection’s %s',
    async (which, way) => {
      const { bytes, ends } = answers[which]!
      const headBytes = bytes.lastIndexOf('\r\n\r\n', bytes.indexOf('hello')) + 4
      const { url } = await dyingService()
      const gateway = await testGateway(engine, { services: servicesAt(url, bytes.length) })
      const outcomes = await Promise.all(
        Array.from({ length: bytes.length + 1 }, async (_, length) => {
          const client = await openClient(gateway.port)
          // The last one, so that the end of the connection comes whatever becomes of the answer.
          client.send(`GET /${length}/${which}/${way} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`)
          const received = await client.closed()
          client.socket.destroy()
          return { length, answer: received[0], count: received.length }
        }),
      )
      for (const { length, answer, count } of outcomes) {
        const told = `${length} of ${bytes.length} bytes: ${answer?.start ?? 'broken off'}`
        expect(count, told).toBeLessThanOrEqual(1)
        // A reset may take with it what was sent before.
        const isWhole = length === bytes.length && way === 'end'
        if (!answer) expect(isWhole, told).toBe(false)
        else if (statusOf(answer) === 502) {
          expect(isWhole, told).toBe(false)
          expect(valuesOf(answer.headers, 'rockpool-problem')).toEqual(['upstream_failed'])
        } else {
          expect(statusOf(answer), told).toBe(200)
          expect(valuesOf(answer.headers, 'x-mark'), told).toEqual(['seven'])
          if (ends) {
            if (!takesResetForEnd.has(engine)) expect(way, told).toBe('end')
            expect(answer.body, told).toBe(bytes.slice(headBytes, length))
          } else expect([length, answer.body], told).toEqual([bytes.length, content])
        }
      }
      const wholes = outcomes.filter(({ answer }) => answer && statusOf(answer) === 200)
      if (way === 'end') expect(wholes.map(({ length }) => length)).toContain(bytes.length)
    },
  )
})
